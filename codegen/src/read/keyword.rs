//! Keywords of Schema Objects.

use serde_json::Value;

/// Keywords that describe values, or restrict them in a way that Rust types do not express. They do not change which type
/// holds the values.
const SILENT: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "allOf",
    "anyOf",
    "contains",
    "default",
    "definitions",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "propertyNames",
    "readOnly",
    "title",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Whether a keyword has no influence on the type that holds the values of its schema.
pub(crate) fn is_silent(key: &str) -> bool {
    key.starts_with("x-") || key == "$ref" || SILENT.contains(&key)
}

/// Keywords beside a `$ref` that do not belong to the schema itself.
const BESIDE_REFERENCE: &[&str] = &["allOf", "oneOf", "anyOf", "not"];

/// Whether keywords beside a `$ref` say more than the reference, as they do since OpenAPI 3.1.
pub(crate) fn has_siblings(node: &Value) -> bool {
    let Some(node) = node.as_object() else { return false };
    node.contains_key("$ref") && node.keys().any(|key| !is_silent(key) || BESIDE_REFERENCE.contains(&key.as_str()))
}
