//! Queries of schemas that need only the document.

use serde_json::{Map, Value};

use crate::{
    ir::Direction,
    read::{parse::Document, pointer},
};

/// The deepest nesting of lists, maps, unions and references. Structs end it, because their fields are lowered later.
pub(super) const MAX_DEPTH: usize = 100;

/// The pointers of the parts of an `allOf`, or of the variants of a `oneOf` or `anyOf`.
pub(super) fn members_of(schema: &Map<String, Value>, at: &str, key: &str) -> impl Iterator<Item = String> + use<> {
    let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let list = pointer::join(at, key);
    (0..count).map(move |index| pointer::join(&list, &index.to_string()))
}

/// Whether a schema allows only `null`. Repairs translate the type `null` of 3.1 to `{nullable: true}`.
pub(crate) fn is_null(schema: &Value) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    values.map_or_else(
        || is_nullable(schema) && schema.as_object().is_some_and(only_restricts),
        |values| !values.is_empty() && values.iter().all(Value::is_null),
    )
}

pub(super) fn is_null_at(document: Document<'_>, at: &str) -> bool {
    document.node(at).is_some_and(is_null)
}

/// Whether a schema declares neither types nor properties.
pub(super) fn only_restricts(schema: &Map<String, Value>) -> bool {
    let says = ["type", "$ref", "enum", "properties", "additionalProperties", "items", "allOf", "oneOf", "anyOf"];
    says.iter().all(|key| !schema.contains_key(*key))
}

/// Whether the schema declares its type itself, and its parts and variants only restrict it.
pub(super) fn is_only_restricted(document: Document<'_>, schema: &Map<String, Value>, at: &str) -> bool {
    let says_type = schema.get("type").is_some_and(|type_| type_ != "object")
        || ["enum", "items", "additionalProperties"].iter().any(|key| schema.contains_key(*key));
    let mut parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| members_of(schema, at, key)).peekable();
    says_type
        && !schema.contains_key("properties")
        && parts.peek().is_some()
        && parts.all(|at| {
            let part = document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
            part.is_some_and(|part| only_restricts(part) && !is_null_at(document, &at))
        })
}

/// Whether all variants only require or exclude properties of the object.
pub(super) fn variants_only_restrict(document: Document<'_>, schema: &Map<String, Value>, at: &str) -> bool {
    let mut variants = ["oneOf", "anyOf"].into_iter().flat_map(|key| members_of(schema, at, key));
    let restricts = |at: String| {
        let node = document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
        node.is_some_and(|node| only_restricts(node) && (node.contains_key("required") || node.contains_key("not")))
    };
    variants.all(restricts)
}

/// Whether a schema has keywords of objects.
pub(super) fn is_said_object(schema: Option<&Value>) -> bool {
    let Some(schema) = schema.and_then(Value::as_object) else { return false };
    let of_objects = ["required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"];
    schema.get("type").is_some_and(|type_| type_ == "object") || of_objects.iter().any(|key| schema.contains_key(*key))
}

/// Returns the schema around a variant, if it declares properties beside its `oneOf` or `anyOf`.
pub(super) fn choice_with_properties(document: Document<'_>, variant: &str) -> Option<String> {
    let (list, _) = variant.rsplit_once('/')?;
    let choice = list.strip_suffix("/oneOf").or_else(|| list.strip_suffix("/anyOf"))?;
    let schema = document.node(choice)?.as_object()?;
    let additional = schema.get("additionalProperties").is_some_and(Value::is_object);
    (additional || schema.contains_key("properties")).then(|| choice.to_owned())
}

pub(crate) fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Returns the name of the component at a pointer, if it is one.
pub(super) fn component_of(at: &str) -> Option<String> {
    let name = at.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| pointer::decode(name))
}

/// Returns the direction of a property, from its own keywords and those of its target.
pub(super) fn direction_of(nodes: &[&Value]) -> Direction {
    let is = |key: &str| nodes.iter().any(|node| node.get(key) == Some(&Value::Bool(true)));
    match (is("readOnly"), is("writeOnly")) {
        (true, false) => Direction::Response,
        (false, true) => Direction::Request,
        _ => Direction::Both,
    }
}

pub(super) fn only_boolean(schema: &Value) -> Option<bool> {
    match schema.get("enum")?.as_array()?.as_slice() {
        [Value::Bool(only)] => Some(*only),
        _ => None,
    }
}

/// Whether a map contains itself without a named type between, up to the maximal depth.
pub(super) fn leads_back(document: Document<'_>, start: &str) -> bool {
    let mut at = pointer::join(start, "additionalProperties");
    let mut seen: Vec<String> = Vec::new();
    while seen.len() <= MAX_DEPTH
        && let Ok((pointer, node)) = document.resolve(&at)
    {
        if pointer == start {
            return true;
        }
        let has = |key: &str| node.get(key).is_some();
        if seen.contains(&pointer) || has("properties") {
            return false;
        }
        at = pointer::join(&pointer, if has("items") { "items" } else { "additionalProperties" });
        seen.push(pointer);
    }
    false
}
