//! Reads the documentation of a node.

use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::{
    ir::{Docs, limits_of},
    read::parse::Document,
};

/// The documentation that a node of the tree carries.
pub(crate) fn docs_of(node: &Value) -> Docs {
    let text = |key: &str| {
        node.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Docs {
        summary: text("title"),
        description: text("description"),
        link: node.pointer("/externalDocs/url").and_then(Value::as_str).map(str::to_owned),
        deprecated: node.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
        default: node.get("default").filter(|default| !default.is_null()).map(short_json),
        limits: limits_of(node),
    }
}

/// Returns the parts of an `allOf` that stand in the schema itself. Authors describe a reference by such a part.
pub(crate) fn inline_parts(node: &Value) -> impl Iterator<Item = &Value> {
    let parts = node.get("allOf").and_then(Value::as_array).into_iter().flatten();
    parts.filter(|part| part.get("$ref").is_none())
}

/// Returns the documentation of a property, with that of the parts in it, and with the limits of its referenced schema.
pub(crate) fn property_docs(document: Document<'_>, at: &str) -> Docs {
    let node = document.node(at);
    let mut docs = node.map(docs_of).unwrap_or_default();
    for part in node.into_iter().flat_map(inline_parts).map(docs_of) {
        docs.description = docs.description.or(part.description);
        docs.link = docs.link.or(part.link);
        docs.default = docs.default.or(part.default);
        docs.deprecated |= part.deprecated;
        docs.limits.extend(part.limits.into_iter().filter(|limit| !docs.limits.contains(limit)).collect::<Vec<_>>());
    }
    match document.resolve(at) {
        Ok((_, node)) if docs.limits.is_empty() => Docs { limits: limits_of(node), ..docs },
        _ => docs,
    }
}

/// The longest default to keep, in bytes. A comment shows far less.
const MAX_DEFAULT: usize = 4096;

/// Returns a value as JSON, truncated if it is long.
fn short_json(value: &Value) -> String {
    let mut short = Short(String::new());
    // Writing fails at the limit.
    let _ = write!(short, "{value}");
    short.0
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
