//! Reads the documentation of a node.

use serde_json::{Map, Value};

use crate::{
    ir::{Docs, Text},
    read::{member::Members, number::ExactValue},
};

/// The documentation that a node of the tree carries.
pub(crate) fn docs_of(node: &Value) -> Docs {
    node.as_object().map(docs_of_object).unwrap_or_default()
}

/// The documentation that an object carries itself, without limits of values.
pub(crate) fn docs_of_object(node: &Map<String, Value>) -> Docs {
    let mut docs = Docs::default();
    for (key, value) in node {
        match key.as_str() {
            "title" => docs.summary = text(value),
            "description" => docs.description = text(value),
            "externalDocs" => docs.link = link(value),
            "deprecated" => docs.deprecated = value.as_bool().unwrap_or(false),
            "default" => docs.default = default_of(node),
            _ => {}
        }
    }
    docs
}

/// Returns a text that says something.
pub(crate) fn text_of(node: &Map<String, Value>, key: &str) -> Option<Text> {
    text(node.member(key)?)
}

/// Returns the URL of `externalDocs`.
pub(crate) fn link_of(node: &Map<String, Value>) -> Option<String> {
    link(node.member("externalDocs")?)
}

/// Returns the default as JSON.
pub(crate) fn default_of(node: &Map<String, Value>) -> Option<String> {
    let default = ExactValue::member(node, "default").filter(|default| !default.value.is_null());
    default.map(|default| default.shortened(MAX_DEFAULT))
}

fn text(value: &Value) -> Option<Text> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(Text::from)
}

fn link(value: &Value) -> Option<String> {
    value.get("url").and_then(Value::as_str).map(str::to_owned)
}

/// The longest default to keep, in bytes. A comment shows far less.
const MAX_DEFAULT: usize = 4096;
