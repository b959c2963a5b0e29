//! Keywords of Schema Objects that decide the type of its values.

use serde_json::{Map, Value};

use super::{member::Members, vocabulary::is_of_shape};

/// Keywords that refer to other schemas, compose them, or allow `null`. They do not change the type of the values that their
/// schema alone allows.
const COMPOSING: &[&str] = &["$ref", "allOf", "anyOf", "discriminator", "not", "nullable", "oneOf"];

/// Whether a keyword has no influence on the type of the values that its schema alone allows.
pub(crate) fn is_silent(key: &str) -> bool {
    !is_of_shape(key) || COMPOSING.contains(&key)
}

/// Whether a keyword bounds integers beyond those of 64 bits with a sign, so that it changes their type.
pub(crate) fn is_wide_bound(key: &str, value: &Value) -> bool {
    let is_bound = matches!(key, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum");
    is_bound && value.as_i64().is_none() && value.as_f64().is_some_and(|bound| bound.abs() > 9e18)
}

/// Keywords beside a `$ref` that compose other schemas.
const BESIDE: &[&str] = &["allOf", "oneOf", "anyOf", "not"];

/// Whether keywords beside a `$ref` say more than the reference, as they do since OpenAPI 3.1.
pub(crate) fn has_siblings(node: &Value) -> bool {
    let Some(node) = node.as_object() else { return false };
    node.has_member("$ref") && says_beside(node, &[])
}

/// Whether keywords beside a dynamic reference say more than the reference.
pub(crate) fn has_dynamic_siblings(node: &Map<String, Value>) -> bool {
    node.has_member("$ref") || says_beside(node, &DYNAMIC_REFERENCES)
}

fn says_beside(node: &Map<String, Value>, references: &[&str]) -> bool {
    node.iter().filter(|(key, _)| !references.contains(&key.as_str())).any(|(key, value)| {
        !is_silent(key)
            || is_wide_bound(key, value)
            || BESIDE.contains(&key.as_str())
            || (key == "$defs" && binds_anchors(value))
    })
}

/// The references whose targets depend on the schemas that lead to them.
pub(crate) const DYNAMIC_REFERENCES: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// Returns the anchor of a schema that dynamic references may name. That of `$recursiveAnchor` is empty.
pub(crate) fn dynamic_anchor(schema: &Map<String, Value>) -> Option<&str> {
    let recursive = schema.member("$recursiveAnchor") == Some(&Value::Bool(true));
    schema.member("$dynamicAnchor").and_then(Value::as_str).or_else(|| recursive.then_some(""))
}

/// Whether definitions bind anchors for the schemas that are referred to beside them.
pub(crate) fn binds_anchors(definitions: &Value) -> bool {
    let mut schemas = definitions.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    schemas.any(|schema| dynamic_anchor(schema).is_some())
}

/// Whether a value in the mapping of a discriminator is a reference, and not the name of a schema.
pub(crate) fn is_mapped_reference(value: &str) -> bool {
    let endings = [".yaml", ".yml", ".json"];
    value.contains(['/', '#']) || endings.iter().any(|ending| value.ends_with(ending))
}

/// The name that OpenAPI's registry has for a format. Generators write the names of their own types.
pub(crate) fn registered_format(format: &str) -> &str {
    match format {
        "BigDecimal" | "bigdecimal" | "big-decimal" => "decimal",
        format => format,
    }
}
