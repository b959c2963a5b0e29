//! Reads the documentation of a node.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::report::Report;
use crate::{
    ir::{Docs, Limit, Member, limits_of},
    read::{ledger::Read, member::Members, number::ExactValue, parse::Document, pointer, vocabulary::is_restriction},
};

/// The documentation that a node of the tree carries.
pub(crate) fn docs_of(node: &Value) -> Docs {
    let Some(node) = node.as_object() else { return Docs::default() };
    let text = |value: &Value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut docs = Docs { limits: limits_of(node), ..Docs::default() };
    for (key, value) in node {
        match key.as_str() {
            "title" => docs.summary = text(value),
            "description" => docs.description = text(value),
            "externalDocs" => docs.link = value.get("url").and_then(Value::as_str).map(str::to_owned),
            "deprecated" => docs.deprecated = value.as_bool().unwrap_or(false),
            "default" => docs.default = ExactValue::member(node, "default").and_then(short_json),
            _ => {}
        }
    }
    docs
}

/// Returns the parts of an `allOf` that stand in the schema itself, with their positions. Authors describe a reference by such a part.
pub(crate) fn inline_parts(node: &Value) -> impl Iterator<Item = (usize, &Value)> {
    let parts = node.member("allOf").and_then(Value::as_array).into_iter().flatten().enumerate();
    parts.filter(|(_, part)| part.member("$ref").is_none())
}

/// Returns the documentation of a value: that of its schema, with that of the parts in it, and with the limits of all that it refers
/// to.
pub(crate) fn described(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Docs {
    let node = document.node(at);
    let mut docs = node.map(docs_of).unwrap_or_default();
    if let Some(node) = node {
        note_restrictions(report, node, at);
    }
    for (index, part) in node.into_iter().flat_map(inline_parts) {
        let part_at = pointer::join(&pointer::join(at, "allOf"), &index.to_string());
        note_restrictions(report, part, &part_at);
        let part = docs_of(part);
        docs.description = docs.description.or(part.description);
        docs.link = docs.link.or(part.link);
        docs.default = docs.default.or(part.default);
        docs.deprecated |= part.deprecated;
        add_limits(&mut docs.limits, part.limits);
    }
    if let Ok((target, node)) = document.resolve(at) {
        // The target of most schemas is the schema itself.
        if target != at {
            note_restrictions(report, node, &target);
            add_limits(&mut docs.limits, node.as_object().map(limits_of).unwrap_or_default());
        }
        for member in [Member::Item, Member::Value, Member::Name] {
            if !node.member(member.keyword()).is_some_and(Value::is_object) {
                continue;
            }
            let members = pointer::join(&target, member.keyword());
            let Ok((members, node)) = document.resolve(&members) else { continue };
            let limits = node.as_object().map(limits_of).unwrap_or_default();
            if !limits.is_empty() {
                note_restrictions(report, node, &members);
                docs.limits.push(Limit::Each(member, limits));
            }
        }
    }
    docs
}

/// Adds limits of kinds that are not known yet. The limits of a schema come before those of what it refers to.
fn add_limits(limits: &mut Vec<Limit>, others: Vec<Limit>) {
    let is_known = |limits: &[Limit], other: &Limit| {
        limits.iter().any(|limit| std::mem::discriminant(limit) == std::mem::discriminant(other))
    };
    for other in others {
        if !is_known(limits, &other) {
            limits.push(other);
        }
    }
}

/// Notes that the documentation of a value states the restrictions of a schema.
fn note_restrictions(report: &mut Report<'_>, node: &Value, at: &str) {
    if node.as_object().is_some_and(|node| node.keys().any(|key| is_restriction(key))) {
        report.ledger.note(at, Read::RESTRICTIONS);
    }
}

/// The longest default to keep, in bytes. A comment shows far less.
const MAX_DEFAULT: usize = 4096;

/// Returns a value that is not null as JSON, truncated if it is long.
fn short_json(value: ExactValue<'_>) -> Option<String> {
    if value.value.is_null() {
        return None;
    }
    let mut short = Short(String::new());
    // Writing fails at the limit.
    let _ = write!(short, "{value}");
    Some(short.0)
}

/// A text with a maximal length.
struct Short(String);

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MAX_DEFAULT {
            self.0.push('…');
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
