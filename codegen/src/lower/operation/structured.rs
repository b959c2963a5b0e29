//! Bodies that consist of properties.

use foldhash::HashSet;
use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use crate::{
    lower::{
        context::Report,
        schema::{Listed, Others, View, conditional_members, is_read_only, listed_names, undeclared_names},
    },
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
    /// The place of the media type.
    pub(super) media_at: &'a str,
}

impl Structured<'_> {
    /// Returns the place of the encoding of a property.
    pub(super) fn encoding_at(&self, wire: &str) -> String {
        pointer::join(&pointer::join(self.media_at, "encoding"), wire)
    }
}

/// Whether an object explicitly allows undeclared properties.
pub(super) fn is_open(schema: &Value) -> bool {
    View::of(schema).is_some_and(|view| view.additional("").is_some())
}

/// Whether a schema is an object with only its own properties, which can be inputs.
pub(super) fn is_plain_object(document: Document<'_>, at: &str) -> bool {
    let Ok((_, node)) = document.schema(at) else { return false };
    let composed = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
    let has_properties = View::of(node).is_some_and(|view| view.properties().is_some());
    has_properties && !composed && !is_open(node)
}

/// A property that becomes an input.
pub(super) struct Property {
    pub(super) wire: String,
    /// The place of its schema.
    pub(super) at: String,
    pub(super) required: bool,
}

/// Properties that the document does not declare.
pub(super) struct Undeclared {
    /// The place of their schema; any value without one.
    pub(super) at: Option<String>,
}

/// The properties of a body that callers send.
pub(super) struct Writable {
    pub(super) properties: Vec<Property>,
    /// All names that are required, by any part.
    listed: Vec<Listed>,
    /// All names that are declared, also of properties that callers do not send.
    declared: HashSet<String>,
    /// The place of the schema of other properties.
    additional: Option<String>,
    /// Whether the schema says that there may be others.
    is_open: bool,
    is_closed: bool,
    /// Whether some part of the schema has `properties`.
    lists_properties: bool,
}

impl Writable {
    /// Returns the properties of other names, if callers may send some. An object without `properties` may have any.
    pub(super) fn others(&self) -> Option<Undeclared> {
        let is_open = self.is_open || !self.lists_properties;
        (is_open && !self.is_closed).then(|| Undeclared { at: self.additional.clone() })
    }

    /// Returns the properties, with those that are required and not declared.
    pub(super) fn with_undeclared(self, report: &mut Report<'_>) -> Vec<Property> {
        let Self { mut properties, listed, declared, additional, is_closed, .. } = self;
        let others = match &additional {
            _ if is_closed => Others::Excluded,
            Some(_) => Others::Typed,
            None => Others::Any,
        };
        for Listed { name, at, is_sure, .. } in undeclared_names(report, listed, &declared, others) {
            // The place of the name has no schema, so its type is any value.
            properties.push(Property { wire: name, at: additional.clone().unwrap_or(at), required: is_sure });
        }
        properties
    }
}

/// Returns the properties of a schema and its parts. Properties of variants and of conditional parts are optional.
pub(super) fn writable_properties(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Writable {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut names: HashSet<&str> = HashSet::default();
    let mut seen: HashSet<String> = HashSet::default();
    let (mut listed, mut declared) = (Vec::new(), HashSet::default());
    let (mut additional, mut is_open, mut is_closed, mut lists_properties) = (None, false, false, false);
    let mut open = vec![(at.to_owned(), true)];
    while let Some((at, is_sure)) = open.pop() {
        let Ok((at, Value::Object(schema))) = document.schema(&at) else { continue };
        let view = View { node: schema };
        let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let properties = schema.get("properties").and_then(Value::as_object);
        let conditional = conditional_members(schema, &at);
        let composed = members("allOf") + members("oneOf") + members("anyOf") + conditional.len();
        let steps = composed + members("required") + properties.map_or(0, Map::len);
        if !seen.insert(at.clone()) || !report.take_steps(1 + steps, &at) {
            continue;
        }
        // Variants may only restrict which properties occur together.
        if is_sure {
            listed.extend(listed_names(schema, &at, true));
            is_closed |= view.is_closed();
            let others = view.additional(&at);
            is_open |= others.is_some();
            let others = others.unwrap_or_default();
            let mut others = others.into_iter().filter(|at| document.node(at).is_some_and(Value::is_object));
            additional = additional.or_else(|| others.next());
        }
        lists_properties |= properties.is_some();
        for wire in properties.into_iter().flat_map(Map::keys) {
            declared.insert(wire.clone());
            let place = pointer::join(&pointer::join(&at, "properties"), wire);
            if !is_read_only(document, &place) && names.insert(wire) {
                found.push((wire.clone(), place));
            }
        }
        let beside = schema.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
        open.extend(beside.map(|target| (target, is_sure)));
        open.extend(conditional.into_iter().rev().map(|at| (at, false)));
        for (key, is_sure) in [("anyOf", false), ("oneOf", false), ("allOf", is_sure)] {
            let list = pointer::join(&at, key);
            open.extend((0..members(key)).rev().map(|index| (pointer::join(&list, &index.to_string()), is_sure)));
        }
    }
    let required: HashSet<&str> = listed.iter().filter(|it| it.is_sure).map(|it: &Listed| it.name.as_str()).collect();
    let properties = found.into_iter().map(|(wire, at)| {
        let required = required.contains(wire.as_str());
        Property { wire, at, required }
    });
    Writable { properties: properties.collect(), listed, declared, additional, is_open, is_closed, lists_properties }
}
