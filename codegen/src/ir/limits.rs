//! Limits of values that Rust types do not express.

use serde_json::{Map, Value};

use crate::read::{member::Members, number::ExactValue};

/// A limit of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Limit {
    /// Characters of a text.
    Length(Option<u64>, Option<u64>),
    /// The range of a number.
    Value(Option<Bound>, Option<Bound>),
    /// The number as JSON, as the document writes it.
    MultipleOf(String),
    /// Items of a list.
    Items(Option<u64>, Option<u64>),
    /// No two items of the list are equal.
    Unique,
    /// Properties of an object.
    Properties(Option<u64>, Option<u64>),
    /// The regular expression that a text matches.
    Pattern(String),
    /// The format of a text, if its type does not express it.
    Format(String),
    /// The encoding of bytes as a text, such as `base64`.
    Encoding(String),
    /// The limits of each member.
    Each(Member, Vec<Limit>),
}

/// A kind of member of a list or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    Item,
    /// The value of a property that is not declared.
    Value,
    /// The name of a property.
    Name,
}

impl Member {
    /// The keyword of the schema of the members.
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Self::Item => "items",
            Self::Value => "additionalProperties",
            Self::Name => "propertyNames",
        }
    }
}

/// An end of a range of numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    /// The number as JSON, as the document writes it.
    pub(crate) value: String,
    /// Whether the number itself is not allowed.
    pub(crate) exclusive: bool,
}

/// The longest pattern or format to keep, in bytes.
const MAX_TEXT: usize = 200;

/// Formats that a type expresses.
const TYPED: &[&str] =
    &["date-time", "binary", "int32", "int64", "uint64", "float", "double", "decimal", "decimal128", "password"];

/// The keywords of limits.
const KEYWORDS: [&str; 15] = [
    "contentEncoding",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Returns the limits of a schema, in a fixed order.
pub(crate) fn limits_of(schema: &Map<String, Value>) -> Vec<Limit> {
    // Most schemas have none.
    if !schema.keys().any(|key| KEYWORDS.contains(&key.as_str())) {
        return Vec::new();
    }
    let count = |key: &str| schema.member(key).and_then(Value::as_u64);
    let text = |key: &str| {
        schema.member(key).and_then(Value::as_str).filter(|text| !text.is_empty() && text.len() <= MAX_TEXT)
    };
    // A minimum of zero is no limit.
    let range = |least: &str, most: &str| (count(least).filter(|least| *least > 0), count(most));
    let mut limits = Vec::new();
    let mut push_range = |limit: fn(Option<u64>, Option<u64>) -> Limit, range: (Option<u64>, Option<u64>)| {
        if range != (None, None) {
            limits.push(limit(range.0, range.1));
        }
    };
    push_range(Limit::Length, range("minLength", "maxLength"));
    push_range(Limit::Items, range("minItems", "maxItems"));
    push_range(Limit::Properties, range("minProperties", "maxProperties"));
    let bounds = (bound(schema, "minimum", "exclusiveMinimum"), bound(schema, "maximum", "exclusiveMaximum"));
    if bounds != (None, None) {
        limits.push(Limit::Value(bounds.0, bounds.1));
    }
    limits.extend(number(schema, "multipleOf").map(Limit::MultipleOf));
    if schema.member("uniqueItems") == Some(&Value::Bool(true)) {
        limits.push(Limit::Unique);
    }
    limits.extend(text("pattern").map(|pattern| Limit::Pattern(pattern.to_owned())));
    let format = text("format").filter(|format| !TYPED.contains(format));
    limits.extend(format.map(|format| Limit::Format(format.to_owned())));
    limits.extend(text("contentEncoding").map(|encoding| Limit::Encoding(encoding.to_owned())));
    limits
}

/// Returns one end of a range. The exclusive keyword is a boolean in OpenAPI 3.0 and a number in 3.1.
fn bound(schema: &Map<String, Value>, inclusive: &str, exclusive: &str) -> Option<Bound> {
    if let Some(value) = number(schema, exclusive) {
        return Some(Bound { value, exclusive: true });
    }
    let exclusive = schema.member(exclusive) == Some(&Value::Bool(true));
    number(schema, inclusive).map(|value| Bound { value, exclusive })
}

fn number(schema: &Map<String, Value>, key: &str) -> Option<String> {
    ExactValue::member(schema, key)?.number()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limits_of(schema: &Value) -> Vec<Limit> {
        super::limits_of(schema.as_object().unwrap())
    }

    #[test]
    fn limits_are_read_in_both_spellings() {
        let bound = |value: i64, exclusive| Some(Bound { value: value.to_string(), exclusive });
        let schema = json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 9});
        assert_eq!(limits_of(&schema), [Limit::Value(bound(1, true), bound(9, false))]);
        assert_eq!(limits_of(&json!({"exclusiveMinimum": 1})), [Limit::Value(bound(1, true), None)]);
        let schema =
            json!({"minLength": 0, "maxLength": 5, "pattern": "^a$", "format": "date-time", "uniqueItems": true});
        assert_eq!(limits_of(&schema), [Limit::Length(None, Some(5)), Limit::Unique, Limit::Pattern("^a$".to_owned())]);
        assert_eq!(limits_of(&json!({"minLength": "many", "minItems": 0})), []);
    }
}
