//! Validates values against their schemas.

use std::fmt;

use serde_json::Value;

use crate::schema::{Kind, Object, Schemas, list};

/// The maximum depth of validation; deeper values are accepted.
const MAX_DEPTH: usize = 64;

/// The location of a value, for messages.
#[derive(Debug, Clone)]
pub(crate) struct At {
    what: &'static str,
    path: String,
}

impl At {
    pub(crate) fn new(what: &'static str, path: &str) -> Self {
        Self { what, path: path.to_owned() }
    }

    fn property(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { what: self.what, path }
    }

    fn item(&self, index: usize) -> Self {
        Self { what: self.what, path: format!("{}[{index}]", self.path) }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str("the body") } else { write!(f, "{} `{}`", self.what, self.path) }
    }
}

/// Returns all problems of a value.
pub(crate) fn check_value(schemas: &Schemas, schema: &Value, value: &Value, at: &At) -> Vec<String> {
    let mut check = Check { schemas, problems: Vec::new() };
    check.value(schema, value, at, MAX_DEPTH);
    check.problems
}

struct Check<'a> {
    schemas: &'a Schemas,
    problems: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Value, value: &Value, at: &At, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let schema = self.schemas.resolve(schema);
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        let kind = self.schemas.kind(schema);
        if !is_of(kind, value) {
            self.problems.push(format!("{at} must be {}, but is {}", kind_name(kind), value_name(value)));
            return;
        }
        self.choice(schema, value, at);
        match value {
            Value::String(text) => {
                self.length(schema, text.chars().count(), ["minLength", "maxLength"], "characters", at);
            }
            Value::Number(_) => self.bounds(schema, value, at),
            Value::Array(items) => {
                self.length(schema, items.len(), ["minItems", "maxItems"], "items", at);
                for (index, item) in items.iter().enumerate() {
                    self.value(self.schemas.items(schema), item, &at.item(index), depth);
                }
            }
            Value::Object(_) => self.object(schema, value, at, depth),
            Value::Null | Value::Bool(_) => {}
        }
        self.alternatives(schema, value, at, depth);
    }

    fn choice(&mut self, schema: &Value, value: &Value, at: &At) {
        let choices: Vec<_> = list(schema, "enum").collect();
        if !choices.is_empty() && !choices.contains(&value) {
            let choices: Vec<_> = choices.into_iter().map(ToString::to_string).collect();
            self.problems.push(format!("{at} must be one of {}, but is {value}", choices.join(", ")));
        }
    }

    fn length(&mut self, schema: &Value, length: usize, [least, most]: [&str; 2], unit: &str, at: &At) {
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        if let Some(limit) = limit(least).filter(|limit| length < *limit) {
            self.problems.push(format!("{at} has {length} {unit}, but at least {limit} are required"));
        }
        if let Some(limit) = limit(most).filter(|limit| length > *limit) {
            self.problems.push(format!("{at} has {length} {unit}, but at most {limit} are allowed"));
        }
    }

    fn bounds(&mut self, schema: &Value, value: &Value, at: &At) {
        let Some(number) = value.as_f64() else { return };
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let excludes = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        if let Some(limit) = limit("minimum")
            && (number < limit || (excludes("exclusiveMinimum") && number <= limit))
        {
            self.problems.push(format!("{at} is {value}, below its minimum of {limit}"));
        }
        if let Some(limit) = limit("maximum")
            && (number > limit || (excludes("exclusiveMaximum") && number >= limit))
        {
            self.problems.push(format!("{at} is {value}, above its maximum of {limit}"));
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, at: &At, depth: usize) {
        let (Some(object), Some(fields)) = (self.schemas.object(schema), value.as_object()) else { return };
        self.length(schema, fields.len(), ["minProperties", "maxProperties"], "properties", at);
        for name in object.required.iter().filter(|name| !fields.contains_key(**name)) {
            self.problems.push(format!("{} is required", at.property(name)));
        }
        for (name, field) in fields {
            let at = at.property(name);
            match object.property(name).or(object.additional) {
                Some(property) => self.value(property, field, &at, depth),
                // An enclosing alternative may know the property.
                None if has_alternatives(schema) => {}
                None => self.problems.push(format!("{at} is unknown; expected one of {}", known(&object))),
            }
        }
    }

    /// One valid alternative suffices, for `oneOf` too, because documents rarely mean the exclusion. If the schema also
    /// has properties of its own, no alternative knows the whole value, so alternatives are not checked.
    fn alternatives(&mut self, schema: &Value, value: &Value, at: &At, depth: usize) {
        if schema.get("properties").is_some() {
            return;
        }
        for key in ["oneOf", "anyOf"] {
            let mut first = None;
            for alternative in list(schema, key) {
                let mut check = Check { schemas: self.schemas, problems: Vec::new() };
                check.value(alternative, value, at, depth);
                if check.problems.is_empty() {
                    first = None;
                    break;
                }
                first = first.or(Some(check.problems));
            }
            self.problems.extend(first.into_iter().flatten());
        }
    }
}

fn has_alternatives(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

fn known(object: &Object<'_>) -> String {
    let names: Vec<_> = object.properties.iter().map(|(name, _)| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Any => true,
        Kind::Object => value.is_object(),
        Kind::Array => value.is_array(),
        Kind::String => value.is_string(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Number => value.is_number(),
        Kind::Boolean => value.is_boolean(),
    }
}

pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "any value",
        Kind::Object => "an object",
        Kind::Array => "an array",
        Kind::String => "a string",
        Kind::Integer => "an integer",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
    }
}

fn value_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{At, check_value};
    use crate::schema::Schemas;

    fn problems(schema: &Value, value: &Value) -> Vec<String> {
        let schemas = Schemas::new(json!({"Tree": {"properties": {"next": {"$ref": "#/Tree"}}}}));
        check_value(&schemas, schema, value, &At::new("field", ""))
    }

    #[test]
    fn a_message_names_the_place_and_the_fault() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string", "maxLength": 2}, "b": {"type": "array", "maxItems": 1, "items": {"type": "integer"}},
            "c": {"type": "number", "minimum": 1, "maximum": 5}, "d": {"enum": ["x", "y"]},
            "n": {"type": "string", "nullable": true}, "m": {"type": "object", "maxProperties": 1}
        }});
        let wrong = json!({"b": [1.5, 2], "c": 7, "d": "z", "n": null, "m": {"p": 1, "q": 2}, "extra": 1});
        assert_eq!(
            problems(&schema, &wrong),
            [
                "field `a` is required",
                "field `b` has 2 items, but at most 1 are allowed",
                "field `b[0]` must be an integer, but is a number with a fraction",
                "field `c` is 7, above its maximum of 5",
                "field `d` must be one of \"x\", \"y\", but is \"z\"",
                "field `m` has 2 properties, but at most 1 are allowed",
                "field `extra` is unknown; expected one of `a`, `b`, `c`, `d`, `n`, `m`",
            ]
        );
        assert_eq!(problems(&schema, &json!([])), ["the body must be an object, but is an array"]);
        assert_eq!(problems(&schema, &json!({"a": "äöü"})), ["field `a` has 3 characters, but at most 2 are allowed"]);
        assert!(problems(&schema, &json!({"a": "äö", "b": [1], "c": 1, "m": {"p": 1}})).is_empty());
    }

    #[test]
    fn one_alternative_is_enough() {
        let schema = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        assert!(problems(&schema, &json!(1)).is_empty());
        assert_eq!(problems(&schema, &json!(true)), ["the body must be a string, but is true or false"]);
    }

    #[test]
    fn recursion_follows_the_value() {
        let schema = json!({"$ref": "#/Tree"});
        assert!(problems(&schema, &json!({"next": {"next": {}}})).is_empty());
        assert_eq!(
            problems(&schema, &json!({"next": {"nxt": 1}})),
            ["field `next.nxt` is unknown; expected one of `next`"]
        );
    }
}
