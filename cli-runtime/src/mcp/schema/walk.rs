//! Visits the schemas in a JSON Schema, and nothing else: a property may be called `description` or `$ref`.

use serde_json::{Map, Value};

/// The keywords whose value is a schema, or a list of schemas.
const SCHEMAS: &[&str] = &[
    "items",
    "additionalProperties",
    "anyOf",
    "oneOf",
    "allOf",
    "prefixItems",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The keywords whose value has a schema for each name.
const NAMED: &[&str] = &["properties", "patternProperties", "$defs", "dependentSchemas"];

/// Calls the function for a schema and for each schema in it, before those in it.
pub(crate) fn each(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(object) = schema else { return };
    visit(object);
    for (keyword, value) in object {
        if NAMED.contains(&keyword.as_str()) {
            if let Value::Object(named) = value {
                named.values_mut().for_each(|schema| each(schema, visit));
            }
        } else if SCHEMAS.contains(&keyword.as_str()) {
            match value {
                Value::Array(schemas) => schemas.iter_mut().for_each(|schema| each(schema, visit)),
                schema => each(schema, visit),
            }
        }
    }
}

/// Returns the name of the definition that a schema refers to.
pub(crate) fn reference(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}
