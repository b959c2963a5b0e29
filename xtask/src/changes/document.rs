//! Compares two documents by place.

use lowcodeapi_codegen::document::{ADDITIONAL, join, keys};
use serde_json::Value;

use super::Fate;

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentChange {
    pub(super) fate: Fate,
    pub(super) pointer: String,
}

impl DocumentChange {
    /// Returns the operation around the place, as method and path, and the place below it, else the whole document.
    pub(super) fn place(&self) -> (String, String) {
        let keys: Vec<String> = keys(&self.pointer).collect();
        let below = |keys: &[String]| keys.iter().fold(String::new(), |parent, key| join(&parent, key));
        match keys.as_slice() {
            [first, path, group, method, rest @ ..] if first == "paths" && group == ADDITIONAL => {
                (format!("{method} {path}"), below(rest))
            }
            [first, path, method, rest @ ..] if first == "paths" => {
                (format!("{} {path}", method.to_uppercase()), below(rest))
            }
            _ => ("the document".to_owned(), self.pointer.clone()),
        }
    }
}

/// Returns the smallest places that differ, except in added and removed operations.
pub(super) fn compare_trees(before: &Value, after: &Value) -> Vec<DocumentChange> {
    let mut changes = Vec::new();
    compare_nodes(before, after, "", &mut changes);
    changes.retain(|change| {
        let keys: Vec<String> = keys(&change.pointer).collect();
        let whole_path = match keys.as_slice() {
            [first, _, group, _] => first == "paths" && group == ADDITIONAL,
            [first, ..] => first == "paths" && keys.len() <= 3,
            [] => false,
        };
        change.fate == Fate::Changed || !whole_path
    });
    changes
}

fn compare_nodes(before: &Value, after: &Value, at: &str, changes: &mut Vec<DocumentChange>) {
    let mut add = |fate, pointer: String| changes.push(DocumentChange { fate, pointer });
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before.keys().filter(|key| !after.contains_key(*key)) {
                add(Fate::Removed, join(at, key));
            }
            for (key, new) in after {
                match before.get(key) {
                    Some(old) => compare_nodes(old, new, &join(at, key), changes),
                    None => changes.push(DocumentChange { fate: Fate::Added, pointer: join(at, key) }),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (old, new)) in before.iter().zip(after).enumerate() {
                compare_nodes(old, new, &join(at, &index.to_string()), changes);
            }
        }
        _ if before != after => add(Fate::Changed, at.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_smallest_places_are_named_by_operation() {
        let before = json!({"info": {"title": "t"}, "paths": {
            "/a": {"get": {"summary": "x", "tags": ["A"]}, "put": {}, "additionalOperations": {"Link": {"summary": "x"}}},
            "/b": {"get": {}}}});
        let after = json!({"info": {"title": "t", "version": "1"}, "paths": {
            "/a": {"get": {"summary": "y", "tags": ["B"], "x": 1}, "post": {}, "additionalOperations": {"Link": {"summary": "y"},
                "COPY": {}}},
            "/c": {"get": {}}}});
        let places: Vec<_> = compare_trees(&before, &after).iter().map(|it| (it.fate, it.place())).collect();
        let place = |fate, group: &str, below: &str| (fate, (group.to_owned(), below.to_owned()));
        assert_eq!(
            places,
            [
                place(Fate::Added, "the document", "/info/version"),
                place(Fate::Changed, "GET /a", "/summary"),
                place(Fate::Changed, "GET /a", "/tags/0"),
                place(Fate::Added, "GET /a", "/x"),
                place(Fate::Changed, "Link /a", "/summary"),
            ]
        );
    }
}
