//! Generates plausible, deterministic values from schemas.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use crate::schema::{Kind, Schemas, list, text};

/// The creation time of every item.
pub(crate) const CREATED: &str = "2026-01-01T00:00:00.000Z";
/// The maximum depth. Deeper objects and lists are empty, because a schema may contain itself.
const MAX_DEPTH: usize = 7;
/// The maximum length of a list, whatever `minItems` says.
const MAX_ITEMS: u64 = 10;
/// The maximum number of values. Further objects and lists are empty: mutually recursive schemas grow too fast for a
/// limit of depth.
const MAX_VALUES: u32 = 10_000;

/// Generates values for the responses of one operation.
#[derive(Debug)]
pub(crate) struct Sampler<'a> {
    schemas: &'a Schemas,
    /// The subject of the responses, as in paths: `tones`.
    noun: &'a str,
    /// The ID of the requested item.
    id: Option<&'a str>,
    /// The number of values that may still be generated.
    left: Cell<u32>,
}

/// The place of a value.
#[derive(Debug, Clone, Copy)]
struct Spot<'a> {
    name: &'a str,
    depth: usize,
    /// The position in the nearest enclosing list, from 1.
    number: Option<usize>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(schemas: &'a Schemas, noun: &'a str, id: Option<&'a str>) -> Self {
        Self { schemas, noun, id, left: Cell::new(MAX_VALUES) }
    }
    /// Returns a value that matches the schema.
    pub(crate) fn sample(&self, schema: &Value) -> Value {
        self.value(schema, Spot { name: "", depth: 0, number: None })
    }

    /// Returns the value of a property of an item.
    pub(crate) fn property(&self, name: &str, schema: &Value) -> Value {
        self.value(schema, Spot { name, depth: 1, number: None })
    }

    /// Returns the provider's name for an item: `tone`.
    pub(crate) fn resource(&self) -> &str {
        match self.noun.strip_suffix('s') {
            Some(one) if !one.is_empty() && !one.ends_with('s') => one,
            _ => self.noun,
        }
    }

    /// Returns the prefix of IDs: `ton`.
    pub(crate) fn prefix(&self) -> String {
        self.noun.chars().filter(|character| character.is_alphanumeric()).take(3).collect()
    }

    fn value(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let schema = self.schemas.resolve(schema);
        let kind = self.schemas.kind(schema);
        let given = schema.get("default").or_else(|| list(schema, "enum").next()).or_else(|| schema.get("example"));
        if let Some(given) = given {
            return given.clone();
        }
        self.left.set(self.left.get().saturating_sub(1));
        let ends = spot.depth > MAX_DEPTH || self.left.get() == 0;
        match kind {
            Kind::Object if ends => json!({}),
            Kind::Array if ends => json!([]),
            Kind::Any if ends => Value::Null,
            Kind::Object => self.object(schema, spot),
            Kind::Array => self.array(schema, spot),
            Kind::Any => self.any(schema, spot),
            // `null` is the case that callers forget.
            _ if schema.get("nullable") == Some(&Value::Bool(true)) => Value::Null,
            Kind::String => self.string(schema, spot).into(),
            Kind::Integer | Kind::Number => number(schema),
            Kind::Boolean => true.into(),
        }
    }

    fn object(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let object = self.schemas.object(schema).unwrap_or_default();
        let properties = object.properties.into_iter().map(|(name, property)| {
            let value = self.value(property, Spot { name, depth: spot.depth + 1, ..spot });
            (name.to_owned(), value)
        });
        Value::Object(properties.collect::<Map<_, _>>())
    }

    /// The main list of a response has two items, other lists have one.
    fn array(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
        let wanted = if spot.depth <= 1 { 2 } else { 1 };
        let count =
            wanted.max(limit("minItems").unwrap_or(0)).min(limit("maxItems").unwrap_or(MAX_ITEMS)).min(MAX_ITEMS);
        let items = (1..).take(usize::try_from(count).unwrap_or_default());
        let items = items.map(|number| {
            let number = if spot.depth <= 1 { Some(number) } else { spot.number };
            self.value(self.schemas.items(schema), Spot { depth: spot.depth + 1, number, ..spot })
        });
        Value::Array(items.collect())
    }

    /// Generates a value for a schema without a type: its first alternative, or a harmless default.
    fn any(&self, schema: &Value, spot: Spot<'_>) -> Value {
        let mut alternatives = list(schema, "oneOf").chain(list(schema, "anyOf"));
        match alternatives.next() {
            Some(first) => self.value(first, Spot { depth: spot.depth + 1, ..spot }),
            None if spot.depth == 0 => json!({}),
            None => format!("Sample {}", spot.name).into(),
        }
    }

    fn string(&self, schema: &Value, spot: Spot<'_>) -> String {
        let name = spot.name;
        let text = match text(schema, "format") {
            Some("date-time") => CREATED.to_owned(),
            Some("date") => CREATED.chars().take(10).collect(),
            Some("uri" | "url") => format!("https://example.com/{name}"),
            Some("email") => "someone@example.com".to_owned(),
            Some("uuid") => "00000000-0000-4000-8000-000000000001".to_owned(),
            Some("binary" | "byte") => String::new(),
            _ => self.named(spot),
        };
        let longest = schema.get("maxLength").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        text.chars().take(longest.unwrap_or(usize::MAX)).collect()
    }

    /// Generates text from the property's name if the schema says nothing.
    fn named(&self, spot: Spot<'_>) -> String {
        let number = spot.number.unwrap_or(1);
        match (spot.name, self.id) {
            ("id", Some(id)) if spot.number.is_none() && spot.depth <= 2 => id.to_owned(),
            ("id", _) => format!("{}_{number}", self.prefix()),
            ("requestId", _) => "req_1".to_owned(),
            ("resource", _) => self.resource().to_owned(),
            (name, _) if name.ends_with("Url") || name == "url" => format!("https://example.com/{name}"),
            ("", _) => "Sample text".to_owned(),
            (name, _) => format!("Sample {name}"),
        }
    }
}

/// Returns 1, or the nearest number within the limits.
fn number(schema: &Value) -> Value {
    let limit = |key: &str| schema.get(key).filter(|limit| limit.is_number());
    let beyond =
        |limit: &&Value, least: bool| limit.as_f64().is_some_and(|limit| if least { limit > 1.0 } else { limit < 1.0 });
    let least = limit("minimum").filter(|limit| beyond(limit, true));
    let most = limit("maximum").filter(|limit| beyond(limit, false));
    least.or(most).cloned().unwrap_or_else(|| 1.into())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Sampler;
    use crate::schema::Schemas;

    fn sample(schema: &Value, id: Option<&str>) -> Value {
        let tree = json!({"Node": {"type": "object", "properties": {"next": {"$ref": "#/Node"}}}});
        Sampler::new(&Schemas::new(tree), "tones", id).sample(schema)
    }

    #[test]
    fn a_value_fits_its_schema() {
        let schema = json!({"type": "object", "properties": {
            "resource": {"type": "string"}, "size": {"type": "integer", "minimum": 5}, "next": {"type": "string", "nullable": true},
            "kind": {"type": "string", "enum": ["x", "y"]}, "at": {"type": "string", "format": "date-time"},
            "data": {"type": "array", "items": {"type": "object", "properties": {
                "id": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string", "maxLength": 6}}
            }}}
        }});
        let expected = json!({
            "resource": "tone", "size": 5, "next": null, "kind": "x", "at": "2026-01-01T00:00:00.000Z",
            "data": [{"id": "ton_1", "tags": ["Sample"]}, {"id": "ton_2", "tags": ["Sample"]}]
        });
        assert_eq!(sample(&schema, None), expected);
    }

    #[test]
    fn the_thing_asked_for_has_its_id() {
        let schema = json!({"properties": {"data": {"properties": {"id": {"type": "string"}}}}});
        assert_eq!(sample(&schema, Some("ton_7")), json!({"data": {"id": "ton_7"}}));
    }

    #[test]
    fn schemas_in_each_other_do_not_explode() {
        let properties: serde_json::Map<_, _> =
            (0..50).map(|number| (number.to_string(), json!({"$ref": "#/Wide"}))).collect();
        let schemas = Schemas::new(json!({"Wide": {"type": "object", "properties": properties}}));
        let value = Sampler::new(&schemas, "tones", None).sample(&json!({"$ref": "#/Wide"}));
        assert!(value.to_string().len() < 1_000_000);
    }

    #[test]
    fn recursion_ends() {
        assert!(sample(&json!({"$ref": "#/Node"}), None).pointer("/next/next/next").is_some());
        assert_eq!(sample(&json!({}), None), json!({}));
    }
}
