//! Checks results against relaxed schemas.

use serde_json::{Map, Value};

use super::walk::reference;

/// How deeply references may lead to references before a schema counts as one that allows everything.
const DEPTH: usize = 256;

/// Returns whether a value has the form that a relaxed schema describes, whose definitions are in `root`.
pub(crate) fn conforms(value: &Value, schema: &Value, root: &Value) -> bool {
    Check { root }.schema(value, schema, 0)
}

struct Check<'r> {
    root: &'r Value,
}

impl Check<'_> {
    fn schema(&self, value: &Value, schema: &Value, depth: usize) -> bool {
        let Value::Object(schema) = schema else { return true };
        if depth > DEPTH {
            return true;
        }
        let depth = depth + 1;
        let is_typed = match schema.get("type") {
            Some(Value::String(kind)) => is_of(value, kind),
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(|kind| is_of(value, kind)),
            _ => true,
        };
        is_typed
            && self.referred(value, schema, depth)
            && self.alternatives(value, schema, depth)
            && self.members(value, schema, depth)
    }

    fn referred(&self, value: &Value, schema: &Map<String, Value>, depth: usize) -> bool {
        let Some(name) = reference(schema) else { return true };
        self.root["$defs"].get(name).is_none_or(|definition| self.schema(value, definition, depth))
    }

    fn alternatives(&self, value: &Value, schema: &Map<String, Value>, depth: usize) -> bool {
        let of = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        of("anyOf").is_none_or(|any| any.iter().any(|schema| self.schema(value, schema, depth)))
            && of("allOf").is_none_or(|all| all.iter().all(|schema| self.schema(value, schema, depth)))
    }

    fn members(&self, value: &Value, schema: &Map<String, Value>, depth: usize) -> bool {
        match value {
            Value::Array(items) => {
                schema.get("items").is_none_or(|schema| items.iter().all(|item| self.schema(item, schema, depth)))
            }
            Value::Object(members) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                members.iter().all(|(name, member)| {
                    match properties.and_then(|it| it.get(name)).or_else(|| schema.get("additionalProperties")) {
                        Some(schema) => self.schema(member, schema, depth),
                        None => true,
                    }
                })
            }
            _ => true,
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::conforms;

    #[test]
    fn values_of_other_types_are_found_at_any_depth() {
        let schema = json!({
            "type": "object",
            "properties": {
                "tree": {"$ref": "#/$defs/Tree"},
                "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            },
            "$defs": {
                "Tree": {"type": ["object", "null"], "properties": {
                    "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}
                }, "additionalProperties": {"type": "number"}},
                "Loop": {"$ref": "#/$defs/Loop"}
            }
        });
        let is_valid = |value| conforms(&value, &schema, &schema);
        assert!(is_valid(json!({"tree": {"children": [{"children": []}, null], "n": 1.5}, "either": 2.0, "new": 1})));
        assert!(!is_valid(json!([])));
        assert!(!is_valid(json!({"tree": {"children": [{"children": [1]}]}})));
        assert!(!is_valid(json!({"tree": {"n": "one"}})));
        assert!(!is_valid(json!({"either": true})));
        let looping = json!({"$ref": "#/$defs/Loop"});
        assert!(conforms(&json!(1), &looping, &schema));
    }
}
