//! The IDs of items, by the path of their collection.

use std::collections::HashMap;

use lowcodeapi_runtime::catalogue::{Operation, Place};
use serde_json::Value;

/// IDs of items that exist: `/v1/tones` has that of a tone.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<&'static str, Value>);

impl Ids {
    /// Keeps the ID in the result of an operation that creates or lists the items of a collection. The ID that was
    /// created is preferred to one that was listed.
    pub(super) fn learn(&mut self, operation: &'static Operation, result: &Value) {
        if operation.path.ends_with('}') || (operation.method != "POST" && self.0.contains_key(operation.path)) {
            return;
        }
        if let Some(id) = id_in(result) {
            self.0.insert(operation.path, id.clone());
        }
    }

    /// Returns the inputs of the path whose value is known: `/v1/tones/{tone_id}` needs the ID of a tone.
    pub(super) fn inputs(&self, operation: &'static Operation) -> Vec<(&'static str, Value)> {
        let known = |wire: &str| self.0.get(collection(operation.path, wire)?).cloned();
        let in_path = operation.inputs.iter().filter(|input| input.place == Place::Path);
        in_path.filter_map(|input| Some((input.name, known(input.wire)?))).collect()
    }
}

/// Returns the path of the collection whose item an input of the path selects.
fn collection<'p>(path: &'p str, wire: &str) -> Option<&'p str> {
    path.split_once(&format!("/{{{wire}}}")).map(|(before, _)| before)
}

/// Returns the ID of an item, of the item in an envelope, or of the first item of a list.
fn id_in(result: &Value) -> Option<&Value> {
    id_of(result).or_else(|| match result {
        Value::Array(items) => id_of(items.first()?),
        // An envelope has one level.
        Value::Object(members) => members.values().find_map(|value| match value {
            Value::Array(items) => id_of(items.first()?),
            other => id_of(other),
        }),
        _ => None,
    })
}

fn id_of(item: &Value) -> Option<&Value> {
    item.get("id").filter(|id| id.is_string() || id.is_number())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::CATALOGUE;

    #[test]
    fn the_id_of_a_created_item_is_that_of_later_paths() {
        let operation = |name| CATALOGUE.operation(name).unwrap();
        let mut ids = Ids::default();
        assert!(ids.inputs(operation("get_note")).is_empty());
        ids.learn(operation("list_notes"), &json!({"data": [{"id": "listed"}, {"id": "other"}]}));
        assert_eq!(ids.inputs(operation("get_note")), [("note_id", json!("listed"))]);
        ids.learn(operation("create_note"), &json!({"id": "created"}));
        ids.learn(operation("list_notes"), &json!([{"id": "listed"}]));
        ids.learn(operation("get_note"), &json!({"id": "got"}));
        assert_eq!(ids.inputs(operation("delete_note")), [("note_id", json!("created"))]);
        assert!(ids.inputs(operation("get_file")).is_empty());
    }
}
