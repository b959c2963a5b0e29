//! What the values of keywords must be. The lowering ignores others, so they are told.

use serde_json::Value;

use super::{load, pointer};

/// What the value of a keyword must be.
#[derive(Clone, Copy)]
enum Expected {
    Flag,
    Number,
    Count,
    /// A number since OpenAPI 3.1, a flag before.
    NumberOrFlag,
    Text,
    /// A text or a list of texts.
    Texts,
    /// A list of texts.
    Names,
    List,
    Object,
    Schema,
    /// A schema, or a list of them.
    SchemaOrList,
    /// A list of at least one schema.
    Schemas,
    /// Schemas by name.
    Members,
}

fn expected(keyword: &str) -> Option<Expected> {
    Some(match keyword {
        "deprecated" | "nullable" | "readOnly" | "uniqueItems" | "writeOnly" => Expected::Flag,
        "maximum" | "minimum" | "multipleOf" => Expected::Number,
        "exclusiveMaximum" | "exclusiveMinimum" => Expected::NumberOrFlag,
        "maxItems" | "maxLength" | "maxProperties" | "minItems" | "minLength" | "minProperties" => Expected::Count,
        "$dynamicRef" | "$recursiveRef" | "$ref" | "contentEncoding" | "contentMediaType" | "description"
        | "format" | "pattern" | "title" => Expected::Text,
        "type" => Expected::Texts,
        "required" => Expected::Names,
        "enum" => Expected::List,
        "dependentRequired" | "discriminator" | "externalDocs" | "xml" => Expected::Object,
        "items" => Expected::SchemaOrList,
        "additionalProperties"
        | "contentSchema"
        | "else"
        | "if"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Expected::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Expected::Schemas,
        "dependentSchemas" | "patternProperties" | "properties" => Expected::Members,
        _ => return None,
    })
}

/// Returns the place of a malformed value under a keyword of a schema, and what is wrong with it.
pub(crate) fn defect(keyword: &str, value: &Value) -> Option<(String, String)> {
    let found = |value: &Value, wanted: &str| Some((String::new(), format!("{}, not {wanted}", load::kind(value))));
    match (expected(keyword)?, value) {
        (Expected::Flag, Value::Bool(_))
        | (Expected::Number, Value::Number(_))
        | (Expected::NumberOrFlag, Value::Number(_) | Value::Bool(_))
        | (Expected::Text | Expected::Texts, Value::String(_))
        | (Expected::Object, Value::Object(_))
        | (Expected::Schema | Expected::SchemaOrList, Value::Object(_) | Value::Bool(_)) => None,
        (Expected::Count, Value::Number(number)) if number.is_u64() => None,
        (Expected::Texts | Expected::Names, Value::Array(names)) => {
            first(names.iter(), |name| (!name.is_string()).then(|| format!("{}, not a text", load::kind(name))))
        }
        (Expected::List, Value::Array(values)) if !values.is_empty() => None,
        (Expected::List | Expected::Schemas, Value::Array(items)) if items.is_empty() => {
            Some((String::new(), "empty".to_owned()))
        }
        (Expected::Schemas | Expected::SchemaOrList, Value::Array(schemas)) => first(schemas.iter(), not_schema),
        (Expected::Members, Value::Object(members)) => {
            members.iter().find_map(|(name, member)| Some((pointer::join("", name), not_schema(member)?)))
        }
        (Expected::Flag, _) => found(value, "a boolean"),
        (Expected::Number | Expected::NumberOrFlag, _) => found(value, "a number"),
        (Expected::Count, Value::Number(number)) => Some((String::new(), format!("{number}, not a whole number"))),
        (Expected::Count, _) => found(value, "a whole number"),
        (Expected::Text | Expected::Texts, _) => found(value, "a text"),
        (Expected::Names | Expected::List, _) => found(value, "a list"),
        (Expected::Object | Expected::Members, _) => found(value, "an object"),
        (Expected::Schema | Expected::SchemaOrList, _) => found(value, "a schema"),
        (Expected::Schemas, _) => found(value, "a list of schemas"),
    }
}

/// Returns what is wrong with a value that is no schema.
pub(crate) fn not_schema(value: &Value) -> Option<String> {
    let is_schema = matches!(value, Value::Object(_) | Value::Bool(_));
    (!is_schema).then(|| format!("{}, not a schema", load::kind(value)))
}

fn first<'v>(
    values: impl Iterator<Item = &'v Value>,
    wrong: impl Fn(&Value) -> Option<String>,
) -> Option<(String, String)> {
    values.enumerate().find_map(|(index, value)| Some((format!("/{index}"), wrong(value)?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn malformed_values_are_known() {
        for (keyword, value, expected) in [
            ("minimum", json!("0"), Some(("", "a string, not a number"))),
            ("maxLength", json!(1.5), Some(("", "1.5, not a whole number"))),
            ("maxLength", json!(-1), Some(("", "-1, not a whole number"))),
            ("required", json!(["a", 1]), Some(("/1", "a number, not a text"))),
            ("oneOf", json!([]), Some(("", "empty"))),
            ("enum", json!([]), Some(("", "empty"))),
            ("anyOf", json!([{}, 5]), Some(("/1", "a number, not a schema"))),
            ("allOf", json!({"$ref": "#/a"}), Some(("", "an object, not a list of schemas"))),
            ("properties", json!({"a/b": "string"}), Some(("/a~1b", "a string, not a schema"))),
            ("type", json!(["string", null]), Some(("/1", "null, not a text"))),
            ("readOnly", json!("true"), Some(("", "a string, not a boolean"))),
            ("description", json!(["a"]), Some(("", "an array, not a text"))),
            ("xml", json!("x"), Some(("", "a string, not an object"))),
            ("exclusiveMinimum", json!(true), None),
            ("items", json!([{}, true]), None),
            ("default", json!({}), None),
        ] {
            let found = defect(keyword, &value);
            assert_eq!(found.as_ref().map(|(at, wrong)| (at.as_str(), wrong.as_str())), expected, "{keyword}: {value}");
        }
    }
}
