//! Schemas that apply to some values only: `then`, `else`, `dependentSchemas`.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{
    meet::{Meet, Part},
    view::{View, members_of},
};
use crate::{
    diagnostic::code,
    lower::context::Report,
    read::{member::Members, parse::Document, pointer},
};

/// Returns the pointers of the schemas under the conditional keywords of a schema.
pub(crate) fn conditional_members(schema: &Map<String, Value>, at: &str) -> Vec<String> {
    let branches = ["then", "else"].into_iter().filter(|key| schema.has_member(key));
    let mut found: Vec<String> = branches.map(|key| pointer::join(at, key)).collect();
    let dependent = pointer::join(at, "dependentSchemas");
    let schemas = schema.member("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
    found.extend(schemas.map(|(key, _)| pointer::join(&dependent, key)));
    found
}

/// Returns the pointers of the schemas that apply to some values of an object with these parts, `optional` ones among them, with
/// their own parts and variants.
pub(super) fn conditional_parts(
    document: Document<'_>,
    report: &mut Report<'_>,
    parts: &[String],
    optional: &[String],
) -> Vec<String> {
    let members = |at: &str| document.node(at).and_then(Value::as_object).map(|it| conditional_members(it, at));
    let mut open: Vec<String> = optional.iter().rev().cloned().collect();
    open.extend(parts.iter().rev().flat_map(|at| members(at).into_iter().flatten().rev()));
    let mut seen: HashSet<String> = parts.iter().cloned().collect();
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        let Ok((at, Value::Object(schema))) = document.schema(&at) else { continue };
        if !seen.insert(at.clone()) {
            continue;
        }
        let target = schema.member("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
        let lists = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| members_of(schema, &at, key));
        let inner: Vec<String> = target.into_iter().chain(lists).chain(conditional_members(schema, &at)).collect();
        if !report.take_steps(1 + inner.len(), &at) {
            break;
        }
        open.extend(inner.into_iter().rev());
        found.push(at);
    }
    found
}

/// Returns the schemas that apply to some values of an intersection.
pub(super) fn parts_of_some<'t>(document: Document<'t>, report: &mut Report<'_>, meet: &Meet<'_>) -> Vec<Part<'t>> {
    let is_sure = |part: &Part<'_>| conditional_members(part.view.node, &part.at).is_empty();
    if meet.optional.is_empty() && meet.parts.iter().all(is_sure) {
        return Vec::new();
    }
    let places = conditional_parts(document, report, &meet.places(), &meet.optional).into_iter();
    places.filter_map(|at| Some(Part { view: View::of(document.node(&at)?)?, at })).collect()
}

/// Reports conditions of a schema, and values that it excludes.
pub(crate) fn report_conditions(report: &mut Report<'_>, schema: &Map<String, Value>, at: &str) {
    let view = View { node: schema };
    let excludes_known = view.values().is_some() && !view.excluded_values().is_empty();
    if schema.has_member("not") && !excludes_known {
        report.findings.add(code::NOT_CHECKED, at, "`not` excludes values; the client does not check it");
    }
    let is_object = |key: &str| schema.member(key).is_some_and(Value::is_object);
    let is_branched = is_object("if") && ["then", "else"].iter().any(|key| schema.has_member(key));
    let mut keys = Vec::new();
    if is_branched {
        keys.extend(["if", "then", "else"].into_iter().filter(|key| schema.has_member(key)));
    }
    keys.extend(["dependentSchemas", "dependentRequired"].into_iter().filter(|key| is_object(key)));
    if keys.is_empty() {
        return;
    }
    let restrict = if keys.len() == 1 { "restricts" } else { "restrict" };
    let keys = keys.join("`, `");
    let message = format!(
        "`{keys}` {restrict} values by a condition, which the client does not check; properties declared there are optional"
    );
    report.findings.add(code::NOT_CHECKED, at, message);
}
