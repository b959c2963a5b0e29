//! Keywords of Schema Objects that decide the type of its values.

use serde_json::Value;

/// Keywords that change which type holds the values of a schema. All others describe values, or restrict them in a way that Rust
/// types do not express.
const TELLING: &[&str] = &[
    "$dynamicRef",
    "$recursiveRef",
    "additionalProperties",
    "const",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "format",
    "if",
    "items",
    "patternProperties",
    "prefixItems",
    "properties",
    "required",
    "then",
    "type",
    "unevaluatedProperties",
];

/// Whether a keyword has no influence on the type of the values that its schema alone allows.
pub(crate) fn is_silent(key: &str) -> bool {
    !TELLING.contains(&key)
}

/// Keywords beside a `$ref` that compose other schemas.
const COMPOSING: &[&str] = &["allOf", "oneOf", "anyOf", "not"];

/// Whether keywords beside a `$ref` say more than the reference, as they do since OpenAPI 3.1.
pub(crate) fn has_siblings(node: &Value) -> bool {
    let Some(node) = node.as_object() else { return false };
    node.contains_key("$ref") && node.keys().any(|key| !is_silent(key) || COMPOSING.contains(&key.as_str()))
}
