//! Puts definitions that are used once where they are used, which saves tokens and spares hosts the reference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::walk::{each, reference};

/// Puts definitions that are used once where they are used. Recursive ones stay.
pub(crate) fn inline(schema: &mut Value) {
    let once = used_once(schema);
    let Some(Value::Object(definitions)) = schema.get_mut("$defs") else { return };
    let mut taken: BTreeMap<String, Value> =
        once.iter().filter_map(|name| definitions.shift_remove_entry(name)).collect();
    if definitions.is_empty()
        && let Some(object) = schema.as_object_mut()
    {
        object.shift_remove("$defs");
    }
    // A definition is put in before the schemas in it are visited, so that those that it alone refers to follow.
    each(schema, &mut |schema| {
        while let Some(definition) = reference(schema).map(str::to_owned).and_then(|name| taken.remove(&name)) {
            put(schema, definition);
        }
    });
}

/// Returns the names of the definitions that one reference leads to, which has only annotations beside it.
fn used_once(schema: &mut Value) -> BTreeSet<String> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    each(schema, &mut |schema| {
        if let Some(name) = reference(schema) {
            let is_bare = schema.keys().all(|keyword| matches!(keyword.as_str(), "$ref" | "description" | "default"));
            // Other keywords apply beside those of the definition, and must not replace them.
            *uses.entry(name.to_owned()).or_default() += if is_bare { 1 } else { 2 };
        }
    });
    uses.into_iter().filter(|(_, count)| *count == 1).map(|(name, _)| name).collect()
}

fn put(schema: &mut Map<String, Value>, definition: Value) {
    schema.shift_remove("$ref");
    let Value::Object(definition) = definition else { return };
    let annotations = std::mem::take(schema);
    *schema = definition;
    schema.extend(annotations);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::inline;

    #[test]
    fn definitions_are_put_where_their_only_use_is() {
        let mut schema = json!({
            "properties": {
                "a": {"$ref": "#/$defs/A", "description": "An A."},
                "b": {"$ref": "#/$defs/B"},
                "c": {"$ref": "#/$defs/B"},
                "$ref": {"type": "string"},
                "tree": {"$ref": "#/$defs/Tree"},
            },
            "$defs": {
                "A": {"type": "object", "properties": {"inner": {"$ref": "#/$defs/Inner"}}, "description": "No."},
                "B": {"type": "string"},
                "Inner": {"type": "integer"},
                "Tree": {"properties": {"left": {"$ref": "#/$defs/Tree"}}},
            }
        });
        inline(&mut schema);
        assert_eq!(
            schema,
            json!({
                "properties": {
                    "a": {"type": "object", "properties": {"inner": {"type": "integer"}}, "description": "An A."},
                    "b": {"$ref": "#/$defs/B"},
                    "c": {"$ref": "#/$defs/B"},
                    "$ref": {"type": "string"},
                    "tree": {"$ref": "#/$defs/Tree"},
                },
                "$defs": {
                    "B": {"type": "string"},
                    "Tree": {"properties": {"left": {"$ref": "#/$defs/Tree"}}},
                }
            })
        );
    }

    #[test]
    fn chains_of_references_are_followed() {
        let mut schema = json!({
            "items": {"$ref": "#/$defs/A"},
            "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"type": "string"}}
        });
        inline(&mut schema);
        assert_eq!(schema, json!({"items": {"type": "string"}}));
    }
}
