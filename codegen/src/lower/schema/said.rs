//! What a place says of its values: its own keywords, and those of all schemas that its values fit.

use std::slice;

use serde_json::{Map, Value};

use super::{
    format::chosen_format,
    kinds::Kinds,
    meet::{Meet, Start},
    view::{View, is_null_at, members_of},
};
use crate::{
    diagnostic::code,
    ir::{
        self, Direction, Docs, Limit, Member, Text, Type, Variant, emptiness_of, limits_of, meet_limits, required_of,
    },
    lower::context::{Cx, Report, default_of, docs_of_object, link_of, text_of},
    read::{
        ledger::Read,
        member::Members,
        parse::Document,
        pointer,
        vocabulary::{is_of_shape, is_restriction},
    },
};

/// The most schemas that are read for one place, and for the members of its values.
const MAX_SCHEMAS: usize = 32;

/// The most levels of lists and maps whose members' limits are stated.
const MAX_LEVELS: usize = 3;

/// A schema that all values of a place fit.
struct Said<'t> {
    at: String,
    node: &'t Map<String, Value>,
    /// Whether no reference leads to it.
    is_inline: bool,
}

/// Returns the schemas that all values of these places fit, but for `null`: their own, what they refer to, the parts of an `allOf`, and the
/// only variant of a choice. A schema comes before those that it refers to.
fn said_of<'t>(document: Document<'t>, places: &[String]) -> Vec<Said<'t>> {
    if let [at] = places
        && let Some(node) = document.node(at).and_then(Value::as_object)
        && ["$ref", "oneOf", "anyOf", "allOf"].iter().all(|key| !node.has_member(key))
    {
        // Most schemas stand alone.
        return vec![Said { at: at.clone(), node, is_inline: true }];
    }
    let mut said: Vec<Said<'t>> = Vec::new();
    let mut open: Vec<_> = places.iter().take(MAX_SCHEMAS).rev().map(|at| (at.clone(), true)).collect();
    while let Some((at, is_inline)) = open.pop().filter(|_| said.len() < MAX_SCHEMAS) {
        let Some(node) = document.node(&at).and_then(Value::as_object) else { continue };
        if said.iter().any(|known| known.at == at) {
            continue;
        }
        let first = open.len();
        if let Some(reference) = node.member("$ref").and_then(Value::as_str) {
            open.extend(pointer::from_reference(reference).map(|target| (target, false)));
        }
        // Which one of more variants is not `null` takes too long to find out.
        let has_few =
            |key: &&str| node.member(key).and_then(Value::as_array).is_some_and(|all| all.len() <= MAX_SCHEMAS);
        for key in ["oneOf", "anyOf"].into_iter().filter(has_few) {
            let mut members = members_of(node, &at, key).filter(|member| !is_null_at(document, member));
            if let (Some(only), None) = (members.next(), members.next()) {
                open.push((only, is_inline));
            }
        }
        open.extend(members_of(node, &at, "allOf").take(MAX_SCHEMAS).map(|part| (part, is_inline)));
        // The first one is the next.
        open[first..].reverse();
        said.push(Said { at, node, is_inline });
    }
    // What stands in the schema itself describes what it refers to.
    said.sort_by_key(|one| !one.is_inline);
    said
}

/// Returns the documentation of a value of this type: that of its schema, and what all that it refers to says besides.
pub(crate) fn described(cx: &mut Cx<'_, '_>, at: &str, ty: &Type) -> Docs {
    described_by_all(cx, &[at.to_owned()], ty)
}

/// Returns the documentation of a value that fits the schemas of all these places. An earlier one comes before a later one.
pub(crate) fn described_by_all(cx: &mut Cx<'_, '_>, places: &[String], ty: &Type) -> Docs {
    let said = said_of(cx.document, places);
    documented(cx, &said, places, ty)
}

/// Returns the documentation of a property, and who sends it.
pub(super) fn described_property(cx: &mut Cx<'_, '_>, at: &str, ty: &Type) -> (Docs, Direction) {
    let places = [at.to_owned()];
    let said = said_of(cx.document, &places);
    let docs = documented(cx, &said, &places, ty);
    let direction = direction_of(&said);
    // What one schema says alone is reported with its keys.
    if direction.is_none() && said.iter().all(|one| direction_of(slice::from_ref(one)).is_some()) {
        report_both_directions(&mut cx.report, at);
    }
    (docs, direction.unwrap_or_default())
}

/// Reports that schemas disagree about who sends a value.
pub(super) fn report_both_directions(report: &mut Report<'_>, at: &str) {
    let message = "schemas that hold together make this both `readOnly` and `writeOnly`; it is neither in the client";
    report.findings.add_with_help(code::COMPOSITION, at, message, "correct one of them in an overlay");
}

fn documented<'t>(cx: &mut Cx<'t, '_>, said: &[Said<'t>], places: &[String], ty: &Type) -> Docs {
    let mut docs = words_of_said(cx, said, ty);
    docs.limits = limits_of_said(cx.document, &mut cx.report, said, places, 0);
    if matches!(ty.split_nullable().0, Type::Map(_) | Type::Object) {
        docs.limits.extend(required_of(said.iter().map(|one| one.node)));
    }
    cx.report.take_text(docs.bytes(), places.first().map_or("", String::as_str));
    docs
}

/// Returns the description of a value of this type, without its limits.
pub(crate) fn description_at(cx: &Cx<'_, '_>, at: &str, ty: &Type) -> Option<Text> {
    words_of_said(cx, &said_of(cx.document, &[at.to_owned()]), ty).description
}

/// Returns the limits of the values that fit the schemas of all these places.
pub(crate) fn limits_at(cx: &mut Cx<'_, '_>, places: &[String]) -> Vec<Limit> {
    let said = said_of(cx.document, places);
    limits_of_said(cx.document, &mut cx.report, &said, places, 0)
}

/// Sets the documentation of a variant, whose values fit the schemas of all these places. A type with a name has its own.
pub(super) fn describe_variant(cx: &mut Cx<'_, '_>, variant: &mut Variant, places: &[String]) {
    let said = said_of(cx.document, places);
    variant.limits = limits_of_said(cx.document, &mut cx.report, &said, places, 0);
    if !matches!(variant.ty, Type::Named(_)) {
        variant.description = words_of_said(cx, &said, &variant.ty).description;
        let bytes = variant.description.as_deref().map_or(0, str::len);
        cx.report.take_text(bytes, places.first().map_or("", String::as_str));
    }
}

/// Whether only the server sends a property.
pub(crate) fn is_read_only(document: Document<'_>, at: &str) -> bool {
    direction_at(document, at) == Direction::Response
}

/// Returns who sends a property.
pub(super) fn direction_at(document: Document<'_>, at: &str) -> Direction {
    direction_of(&said_of(document, &[at.to_owned()])).unwrap_or_default()
}

/// Returns who sends the values of a place, or `None` if schemas contradict each other.
fn direction_of(said: &[Said<'_>]) -> Option<Direction> {
    let is = |key: &str| said.iter().any(|one| one.node.member(key) == Some(&Value::Bool(true)));
    match (is("readOnly"), is("writeOnly")) {
        (true, true) => None,
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        (false, false) => Some(Direction::Both),
    }
}

/// Returns the documentation without the limits.
fn words_of_said(cx: &Cx<'_, '_>, said: &[Said<'_>], ty: &Type) -> Docs {
    let Some((own, others)) = said.split_first() else { return Docs::default() };
    let mut docs = docs_of_object(own.node);
    // A type with a name has documentation of its own.
    let type_at = match ty.split_nullable().0 {
        Type::Named(id) => cx.types.defs.get(id.0).map(|def| def.pointer.as_str()),
        _ => None,
    };
    // The first schema with a default decides. A default of `null` is not documented.
    docs.default = said.iter().find(|one| one.node.has_member("default")).and_then(|one| default_of(one.node));
    let type_index = type_at.map(|at| said.iter().position(|one| one.at == at).unwrap_or_default());
    for (index, one) in others.iter().enumerate() {
        if one.is_inline || type_index.is_none_or(|type_index| index + 1 < type_index) {
            docs.description = docs.description.or_else(|| text_of(one.node, "description"));
            docs.link = docs.link.or_else(|| link_of(one.node));
        }
        docs.deprecated |= one.is_inline && one.node.member("deprecated") == Some(&Value::Bool(true));
    }
    docs
}

/// Returns the limits that the schemas of places set together, and notes that documentation states them.
fn limits_of_said<'t>(
    document: Document<'t>,
    report: &mut Report<'_>,
    said: &[Said<'t>],
    places: &[String],
    level: usize,
) -> Vec<Limit> {
    let mut limits = Vec::new();
    let first = places.first().map_or("", String::as_str);
    if !report.take_steps(said.len(), first) {
        return limits;
    }
    let kinds = said.iter().fold(Kinds::ALL, |kinds, one| kinds & View { node: one.node }.kinds());
    // What contradicts itself has a finding of its own.
    let kinds = if kinds.without_null() == Kinds::NONE { Kinds::ALL } else { kinds };
    let format = format_of_said(document, report, said, places);
    let is_own = |limit: &Limit| match limit {
        Limit::Format(own) => format.is_none_or(|format| own == format),
        limit => kinds.are_restricted_by(limit.keyword()),
    };
    for one in said {
        let own = limits_of(one.node).into_iter().filter(is_own);
        if meet_limits(&mut limits, own.collect())
            && one.node.keys().any(|key| is_restriction(key) && kinds.are_restricted_by(key))
        {
            report.ledger.note(&one.at, Read::RESTRICTIONS);
        }
        if one.node.has_member("patternProperties") {
            report.ledger.note(&one.at, Read::PATTERNS);
        }
    }
    let emptiness = emptiness_of(said.iter().map(|one| one.node));
    meet_limits(&mut limits, emptiness.into_iter().filter(is_own).collect());
    if let Some(limit) = limits.iter().find(|limit| limit.excludes_all()) {
        let most = limit.keyword();
        let message = format!("`{}` and `{most}` exclude all values", most.replacen("max", "min", 1));
        report.findings.add(code::COMPOSITION.as_note(), first, message);
    }
    for member in [Member::Item, Member::Value, Member::Name].into_iter().filter(|_| level < MAX_LEVELS) {
        if !kinds.are_restricted_by(member.keyword()) {
            continue;
        }
        let having: Vec<_> = said.iter().filter(|one| one.node.has_member(member.keyword())).collect();
        if having.is_empty() {
            continue;
        }
        let places: Vec<String> = having.iter().map(|one| pointer::join(&one.at, member.keyword())).collect();
        let members = said_of(document, &places);
        let each = limits_of_said(document, report, &members, &places, level + 1);
        if member == Member::Name && are_stated(document, &members, &places) {
            for one in having {
                report.ledger.note(&one.at, Read::PROPERTY_NAMES);
            }
        }
        if !each.is_empty() {
            limits.push(Limit::Each(member, each));
        }
    }
    limits
}

/// Returns the format that the type of values has, if schemas have several.
fn format_of_said<'t>(
    document: Document<'t>,
    report: &mut Report<'_>,
    said: &[Said<'t>],
    places: &[String],
) -> Option<&'t str> {
    if said.len() < 2 {
        return None;
    }
    let mut formats = said.iter().map(|one| View { node: one.node }.format()).filter(|format| !format.is_empty());
    let first = formats.next()?;
    if formats.all(|format| format == first) {
        return None;
    }
    let starts: Vec<Start> = places.iter().cloned().map(Start::Whole).collect();
    let format = chosen_format(&Meet::of(document, report, &starts).parts, |_, _, _, _| {});
    Some(format).filter(|format| !format.is_empty())
}

/// Whether limits state all that the schemas of names say.
fn are_stated(document: Document<'_>, said: &[Said<'_>], places: &[String]) -> bool {
    let is_stated = |node: &Map<String, Value>, key: &str| match key {
        "$ref" | "allOf" | "format" | "type" => true,
        _ => !is_of_shape(key) && (!is_restriction(key) || ir::is_stated(node, key)),
    };
    said.len() < MAX_SCHEMAS
        && said.iter().all(|one| one.node.keys().all(|key| is_stated(one.node, key)))
        && places.iter().all(|at| document.node(at) != Some(&Value::Bool(false)))
}
