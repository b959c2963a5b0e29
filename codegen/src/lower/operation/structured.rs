//! Bodies that consist of properties.

use std::collections::HashSet;

use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use crate::{
    lower::context::Report,
    read::{media_type::Form, parse::Document, pointer},
};

/// A body that consists of properties.
#[derive(Clone, Copy)]
pub(super) struct Structured<'a> {
    pub(super) form: Form,
    pub(super) body: &'a RequestBody,
    pub(super) media: &'a MediaType,
    pub(super) media_type: &'a str,
    pub(super) at: &'a str,
}

/// Whether an object explicitly allows undeclared properties.
pub(super) fn is_open(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|it| *it != Value::Bool(false))
}

/// Whether a schema is an object with only its own properties, which can be inputs.
pub(super) fn is_plain_object(document: Document<'_>, at: &str) -> bool {
    let Ok((_, node)) = document.resolve(at) else { return false };
    let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
    let has_properties = node.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
    has_properties && !composed && !is_open(node)
}

/// Returns the pointers of the properties of a schema and its parts, and whether each is required. Properties of
/// variants are optional.
pub(super) fn writable_properties(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Vec<(String, bool)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut names: HashSet<&str> = HashSet::new();
    let mut required: HashSet<&str> = HashSet::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut open = vec![(at.to_owned(), true)];
    while let Some((at, is_sure)) = open.pop() {
        let Ok((at, Value::Object(schema))) = document.resolve(&at) else { continue };
        let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let properties = schema.get("properties").and_then(Value::as_object);
        let steps = members("allOf") + members("oneOf") + members("anyOf") + properties.map_or(0, Map::len);
        if !seen.insert(at.clone()) || !report.take_steps(1 + steps, &at) {
            continue;
        }
        let listed = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        required.extend(listed.filter_map(Value::as_str).filter(|_| is_sure));
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (wire, property) in properties {
            let is_read_only = property.get("readOnly") == Some(&Value::Bool(true));
            if !is_read_only && names.insert(wire) {
                found.push((wire.clone(), pointer::join(&pointer::join(&at, "properties"), wire)));
            }
        }
        for (key, is_sure) in [("anyOf", false), ("oneOf", false), ("allOf", is_sure)] {
            let list = pointer::join(&at, key);
            open.extend((0..members(key)).rev().map(|index| (pointer::join(&list, &index.to_string()), is_sure)));
        }
    }
    found.into_iter().map(|(wire, at)| (at, required.contains(&wire.as_str()))).collect()
}
