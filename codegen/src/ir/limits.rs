//! Limits of values that Rust types do not express.

use std::{cmp::Ordering, mem::discriminant};

use serde_json::{Map, Value};

use crate::read::{
    keyword::registered_format,
    member::Members,
    number::{ExactValue, compare, integer},
};

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
    /// The media type of what a text holds.
    MediaType(String),
    /// The only value as JSON, if its type does not express it.
    Only(String),
    /// The only values as JSON, if they are of no common type that has enums.
    Among(Vec<String>),
    /// Lists of property names. An object has all properties of at least one list.
    Requires(Vec<Vec<String>>),
    /// Regular expressions. The name of each undeclared property matches at least one of them.
    Names(Vec<String>),
    /// The limits of each member.
    Each(Member, Vec<Limit>),
}

impl Limit {
    /// A keyword that sets the limit.
    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Self::Length(..) => "maxLength",
            Self::Value(..) => "maximum",
            Self::MultipleOf(_) => "multipleOf",
            Self::Items(..) => "maxItems",
            Self::Unique => "uniqueItems",
            Self::Properties(..) => "maxProperties",
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::Encoding(_) => "contentEncoding",
            Self::MediaType(_) => "contentMediaType",
            Self::Only(_) => "const",
            Self::Among(_) => "enum",
            Self::Requires(_) => "required",
            Self::Names(_) => "patternProperties",
            Self::Each(member, _) => member.keyword(),
        }
    }
}

impl Limit {
    /// Whether no value is within the limit.
    pub(crate) fn excludes_all(&self) -> bool {
        match self {
            Self::Length(Some(least), Some(most))
            | Self::Items(Some(least), Some(most))
            | Self::Properties(Some(least), Some(most)) => least > most,
            Self::Value(Some(least), Some(most)) => match compare(&least.value, &most.value) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => least.exclusive || most.exclusive,
                Some(Ordering::Less) | None => false,
            },
            _ => false,
        }
    }
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

/// The longest pattern, format or value to keep, in bytes.
const MAX_TEXT: usize = 200;

/// The most limits of one kind to keep, such as patterns.
const MAX_ALIKE: usize = 4;

/// Formats that the types of strings express, or that say nothing of the value.
const TYPED_TEXTS: [&str; 5] = ["date-time", "binary", "decimal", "decimal128", "password"];

/// Formats that the types of numbers express.
const TYPED_NUMBERS: [&str; 7] = ["int32", "int64", "uint64", "float", "double", "decimal", "decimal128"];

/// The keywords of limits.
const KEYWORDS: [&str; 20] = [
    "const",
    "contentEncoding",
    "contentMediaType",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
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
    "patternProperties",
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
    let (least, most) = range("minItems", "maxItems");
    let has_none = schema.member("items") == Some(&Value::Bool(false)) && !schema.has_member("prefixItems");
    push_range(Limit::Items, (least, if has_none { Some(0) } else { most }));
    push_range(Limit::Properties, range("minProperties", "maxProperties"));
    let bounds = (
        bound(schema, ("minimum", "exclusiveMinimum"), Ordering::Greater),
        bound(schema, ("maximum", "exclusiveMaximum"), Ordering::Less),
    );
    if bounds != (None, None) {
        limits.push(Limit::Value(bounds.0, bounds.1));
    }
    limits.extend(number(schema, "multipleOf").map(Limit::MultipleOf));
    if schema.member("uniqueItems") == Some(&Value::Bool(true)) {
        limits.push(Limit::Unique);
    }
    limits.extend(text("pattern").map(|pattern| Limit::Pattern(pattern.to_owned())));
    let format = text("format").filter(|format| !is_expressed(registered_format(format), schema));
    limits.extend(format.map(|format| Limit::Format(format.to_owned())));
    limits.extend(text("contentEncoding").map(|encoding| Limit::Encoding(encoding.to_owned())));
    limits.extend(text("contentMediaType").map(|media_type| Limit::MediaType(media_type.to_owned())));
    limits.extend(only_value(schema).and_then(|only| only.within(MAX_TEXT)).map(Limit::Only));
    limits.extend(mixed_values(schema).and_then(|values| texts_of(&values)).map(Limit::Among));
    // That of a struct stands where its other properties do.
    limits.extend(names_of(schema).filter(|_| !schema.has_member("properties")));
    limits
}

/// Whether the type of a schema expresses a format. That of an integer in a string, as some generators write it, is documented.
fn is_expressed(format: &str, schema: &Map<String, Value>) -> bool {
    (is_of(schema, &["string"]) && TYPED_TEXTS.contains(&format))
        || (is_of(schema, &["integer", "number"]) && TYPED_NUMBERS.contains(&format))
}

/// Whether the type of a schema is one of these, or not said.
fn is_of(schema: &Map<String, Value>, names: &[&str]) -> bool {
    match schema.member("type") {
        Some(Value::String(name)) => names.contains(&name.as_str()),
        Some(Value::Array(listed)) => listed.iter().filter_map(Value::as_str).any(|name| names.contains(&name)),
        _ => true,
    }
}

/// Returns the limit of an object that has no property: a schema excludes those that it does not declare, and none of the schemas of
/// the value declares any.
pub(crate) fn emptiness_of<'t>(mut schemas: impl Iterator<Item = &'t Map<String, Value>> + Clone) -> Option<Limit> {
    const DECLARING: [&str; 8] =
        ["properties", "patternProperties", "oneOf", "anyOf", "if", "dependentSchemas", "$dynamicRef", "$recursiveRef"];
    let is_closed = |schema: &Map<String, Value>| schema.member("additionalProperties") == Some(&Value::Bool(false));
    let declares = |schema: &Map<String, Value>| DECLARING.iter().any(|key| schema.has_member(key));
    let is_empty = schemas.clone().any(is_closed) && !schemas.any(declares);
    is_empty.then_some(Limit::Properties(None, Some(0)))
}

/// Returns the limit that `patternProperties` sets for the names of undeclared properties, or `None` if
/// `additionalProperties` gives other names a type, or the patterns are too long or too many.
pub(crate) fn names_of(schema: &Map<String, Value>) -> Option<Limit> {
    let patterns: Vec<String> = patterns_of(schema).cloned().collect();
    (!patterns.is_empty() && is_stated(schema, "patternProperties")).then_some(Limit::Names(patterns))
}

/// The regular expressions of the names of properties that a schema allows.
fn patterns_of(schema: &Map<String, Value>) -> impl Iterator<Item = &String> {
    let patterns = schema.member("patternProperties").and_then(Value::as_object).into_iter().flatten();
    patterns.filter(|(_, schema)| **schema != Value::Bool(false)).map(|(pattern, _)| pattern)
}

/// Returns the names that schemas of one value require, if they are short enough to keep.
pub(crate) fn required_of<'t>(schemas: impl Iterator<Item = &'t Map<String, Value>>) -> Option<Limit> {
    let lists = schemas.filter_map(|schema| schema.member("required")?.as_array());
    let mut names: Vec<String> = Vec::new();
    for name in lists.flatten().filter_map(Value::as_str) {
        if names.iter().map(String::len).sum::<usize>() + name.len() > MAX_TEXT {
            return None;
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    (!names.is_empty()).then_some(Limit::Requires(vec![names]))
}

/// Whether limits state a keyword, or it sets none. They do not state what is too long.
pub(crate) fn is_stated(schema: &Map<String, Value>, key: &str) -> bool {
    match key {
        "pattern" | "contentEncoding" | "contentMediaType" => {
            schema.member(key).and_then(Value::as_str).is_none_or(|text| text.len() <= MAX_TEXT)
        }
        "patternProperties" => {
            let are_all = |key: &str| schema.member(key).is_none_or(|others| *others == Value::Bool(false));
            let are_few =
                patterns_of(schema).all(|it| it.len() <= MAX_TEXT) && patterns_of(schema).count() <= MAX_ALIKE;
            are_few && are_all("additionalProperties") && are_all("unevaluatedProperties")
        }
        "const" | "enum" => {
            only_value(schema).is_none_or(|only| only.within(MAX_TEXT).is_some())
                && mixed_values(schema).is_none_or(|values| texts_of(&values).is_some())
        }
        _ => true,
    }
}

/// Returns the only value of a schema, if no constant of Rust expresses it: a list, an object, or a number that is no integer of
/// 128 bits.
fn only_value(schema: &Map<String, Value>) -> Option<ExactValue<'_>> {
    let is_one = |listed: &ExactValue<'_>| listed.value.as_array().is_some_and(|values| values.len() == 1);
    let listed = || ExactValue::member(schema, "enum").filter(is_one);
    let only = ExactValue::member(schema, "const").or_else(|| listed()?.items().next())?;
    let is_unexpressed = match only.value {
        Value::Array(_) | Value::Object(_) => true,
        Value::Number(_) => only.number().is_some_and(|number| integer(&number).is_none()),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    };
    is_unexpressed.then_some(only)
}

/// Returns the values that a schema lists, apart from `null`, if there are several and no enum of Rust expresses them.
fn mixed_values(schema: &Map<String, Value>) -> Option<Vec<ExactValue<'_>>> {
    let values: Vec<ExactValue<'_>> =
        ExactValue::member(schema, "enum")?.items().filter(|value| !value.value.is_null()).collect();
    let all = |is: fn(&ExactValue<'_>) -> bool| values.iter().all(is);
    let is_integer = |value: &ExactValue<'_>| value.number().is_some_and(|number| integer(&number).is_some());
    let is_expressed =
        all(|value| value.value.is_string()) || all(|value| value.value.is_boolean()) || values.iter().all(is_integer);
    (values.len() > 1 && !is_expressed).then_some(values)
}

/// Returns the texts of values, if they are short together.
fn texts_of(values: &[ExactValue<'_>]) -> Option<Vec<String>> {
    let mut left = MAX_TEXT;
    let texts = values.iter().map(|value| {
        let text = value.within(left)?;
        left = left.checked_sub(text.len())?;
        Some(text)
    });
    texts.collect()
}

/// Adds limits that apply besides. Of two ends of a range, the stricter one counts. Returns `false` if there are too many to keep.
pub(crate) fn meet_limits(limits: &mut Vec<Limit>, others: Vec<Limit>) -> bool {
    let mut are_kept = true;
    for other in others {
        if !limits.iter_mut().any(|limit| meets(limit, &other)) {
            if limits.iter().filter(|limit| discriminant(*limit) == discriminant(&other)).count() < MAX_ALIKE {
                limits.push(other);
            } else {
                are_kept = false;
            }
        }
    }
    are_kept
}

/// Makes a limit say what another one says besides. Returns `false` if it cannot.
fn meets(limit: &mut Limit, other: &Limit) -> bool {
    match (limit, other) {
        (Limit::Length(least, most), Limit::Length(other_least, other_most))
        | (Limit::Items(least, most), Limit::Items(other_least, other_most))
        | (Limit::Properties(least, most), Limit::Properties(other_least, other_most)) => {
            *least = (*least).max(*other_least);
            *most = (*most).into_iter().chain(*other_most).min();
            true
        }
        (Limit::Value(least, most), Limit::Value(other_least, other_most)) => {
            tighten(least, other_least.clone(), Ordering::Greater);
            tighten(most, other_most.clone(), Ordering::Less);
            true
        }
        (Limit::Each(member, limits), Limit::Each(other_member, others)) if member == other_member => {
            meet_limits(limits, others.clone());
            true
        }
        (Limit::Names(patterns), Limit::Names(others)) => {
            patterns.extend(others.iter().filter(|pattern| !patterns.contains(pattern)).cloned().collect::<Vec<_>>());
            true
        }
        // A value has one format, one encoding and one media type.
        (Limit::Format(_), Limit::Format(_))
        | (Limit::Encoding(_), Limit::Encoding(_))
        | (Limit::MediaType(_), Limit::MediaType(_)) => true,
        (limit, other) => limit == other,
    }
}

/// Replaces an end of a range by a stricter one, which compares like this with it. What cannot be compared stays.
fn tighten(own: &mut Option<Bound>, other: Option<Bound>, stricter: Ordering) {
    let Some(other) = other else { return };
    let is_other = own.as_ref().is_none_or(|own| match compare(&other.value, &own.value) {
        Some(Ordering::Equal) => other.exclusive && !own.exclusive,
        order => order == Some(stricter),
    });
    if is_other {
        *own = Some(other);
    }
}

/// Returns one end of a range. The exclusive keyword is a boolean in OpenAPI 3.0 and a number in 3.1, where both can be ends.
fn bound(schema: &Map<String, Value>, (inclusive, exclusive): (&str, &str), stricter: Ordering) -> Option<Bound> {
    let is_exclusive = schema.member(exclusive) == Some(&Value::Bool(true));
    let mut end = number(schema, inclusive).map(|value| Bound { value, exclusive: is_exclusive });
    tighten(&mut end, number(schema, exclusive).map(|value| Bound { value, exclusive: true }), stricter);
    end
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
        let schema = json!({"minimum": 5, "exclusiveMinimum": 1, "maximum": 20, "exclusiveMaximum": 20});
        assert_eq!(limits_of(&schema), [Limit::Value(bound(5, false), bound(20, true))]);
    }

    #[test]
    fn of_two_limits_the_stricter_one_counts() {
        let met = |one: Value, other: Value| {
            let mut limits = limits_of(&one);
            meet_limits(&mut limits, limits_of(&other));
            limits
        };
        let bound = |value: &str, exclusive| Some(Bound { value: value.to_owned(), exclusive });
        assert_eq!(
            met(json!({"minimum": 1, "maximum": 9}), json!({"exclusiveMinimum": 1, "maximum": 10})),
            [Limit::Value(bound("1", true), bound("9", false))]
        );
        assert_eq!(
            met(json!({"maximum": 5}), json!({"minimum": 1})),
            [Limit::Value(bound("1", false), bound("5", false))]
        );
        assert_eq!(
            met(json!({"maxItems": 5}), json!({"minItems": 1, "maxItems": 3})),
            [Limit::Items(Some(1), Some(3))]
        );
        let patterns = met(json!({"pattern": "a"}), json!({"pattern": "b"}));
        assert_eq!(patterns, [Limit::Pattern("a".to_owned()), Limit::Pattern("b".to_owned())]);
        assert_eq!(met(json!({"format": "uri"}), json!({"format": "email"})), [Limit::Format("uri".to_owned())]);
    }

    #[test]
    fn names_that_a_map_requires_are_stated_together() {
        let schemas = [json!({"required": ["a", "b"]}), json!({"type": "object"}), json!({"required": ["b", "c", 1]})];
        let required = |schemas: &[Value]| required_of(schemas.iter().filter_map(Value::as_object));
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(required(&schemas), Some(Limit::Requires(vec![names])));
        assert_eq!(required(&schemas[1..2]), None);
        assert_eq!(required(&[json!({"required": ["a".repeat(MAX_TEXT + 1)]})]), None);
    }

    #[test]
    fn few_limits_of_one_kind_are_kept() {
        let patterns = |range: std::ops::Range<usize>| range.map(|count| Limit::Pattern(count.to_string())).collect();
        let mut limits: Vec<Limit> = patterns(0..MAX_ALIKE);
        assert!(!meet_limits(&mut limits, patterns(MAX_ALIKE..2 * MAX_ALIKE)));
        assert!(meet_limits(&mut limits, vec![Limit::Pattern("0".to_owned()), Limit::Unique]));
        assert_eq!(limits.len(), MAX_ALIKE + 1);
    }

    #[test]
    fn values_that_have_no_members_are_limited() {
        let none = [Limit::Items(None, Some(0))];
        assert_eq!(limits_of(&json!({"items": false})), none);
        assert_eq!(limits_of(&json!({"items": false, "prefixItems": [{}]})), []);
        let is_empty = |schemas: &[Value]| emptiness_of(schemas.iter().filter_map(Value::as_object)).is_some();
        let closed = json!({"type": "object", "additionalProperties": false});
        assert!(is_empty(&[closed.clone(), json!({"description": "d"})]));
        for other in [json!({"properties": {"a": {}}}), json!({"anyOf": []}), json!({"patternProperties": {}})] {
            assert!(!is_empty(&[closed.clone(), other]));
        }
        assert!(!is_empty(&[json!({"additionalProperties": true})]));
    }

    #[test]
    fn long_limits_are_not_stated() {
        let long = "a".repeat(MAX_TEXT + 1);
        let schema = json!({"pattern": long, "const": [long], "maxLength": 3});
        assert_eq!(limits_of(&schema), [Limit::Length(None, Some(3))]);
        let is_stated = |key: &str| is_stated(schema.as_object().unwrap(), key);
        assert_eq!(["pattern", "const", "maxLength"].map(is_stated), [false, false, true]);
    }

    #[test]
    fn values_that_no_constant_expresses_are_limits() {
        for (schema, only) in [
            (json!({"const": 1.5}), "1.5"),
            (json!({"const": [1, "a"]}), "[1,\"a\"]"),
            (json!({"type": "number", "enum": [0.5]}), "0.5"),
        ] {
            assert_eq!(limits_of(&schema), [Limit::Only(only.to_owned())]);
        }
        for schema in
            [json!({"const": 1}), json!({"const": "a"}), json!({"enum": [1, 2, null]}), json!({"const": null})]
        {
            assert_eq!(limits_of(&schema), []);
        }
        let among = |values: &[&str]| [Limit::Among(values.iter().map(ToString::to_string).collect())];
        assert_eq!(limits_of(&json!({"enum": [0.5, 1, null]})), among(&["0.5", "1"]));
        assert_eq!(limits_of(&json!({"enum": ["a", 1, [2]]})), among(&["\"a\"", "1", "[2]"]));
        let long = json!({"enum": [1, "a".repeat(MAX_TEXT + 1)]});
        assert_eq!(limits_of(&long), []);
        assert!(!is_stated(long.as_object().unwrap(), "enum"));
    }
}
