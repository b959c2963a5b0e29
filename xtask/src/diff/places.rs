//! The places in which two documents differ, for what has no effect on callers.

use std::collections::{BTreeSet, HashSet};

use lowcodeapi_codegen::document::{ADDITIONAL, join, keys};
use serde_json::Value;

use super::entry::Entry;

/// What has happened to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Added,
    Removed,
    Changed,
}

impl Fate {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) fate: Fate,
    pub(crate) pointer: String,
}

impl Place {
    /// Returns the operation around the place, as method and path, and the place below it, else the whole document.
    pub(crate) fn of_operation(&self) -> (String, String) {
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

/// Lets the pointers of entries lead to the nearest places that the documents have. What a type takes over from another one is not
/// below its own schema.
pub(super) fn settle(entries: &mut [Entry], before: &Value, after: &Value) {
    for entry in entries {
        for (pointer, document) in [(&mut entry.old_pointer, before), (&mut entry.new_pointer, after)] {
            let Some(pointer) = pointer else { continue };
            while document.pointer(pointer).is_none()
                && let Some(end) = pointer.rfind('/')
            {
                pointer.truncate(end);
            }
        }
    }
}

/// Returns the places that differ, except those that entries are about.
pub(super) fn others(before: &Value, after: &Value, entries: &[Entry]) -> Vec<Place> {
    // An entry about an operation that stays says nothing of the places in it.
    let is_whole = |pointer: &str| pointer.starts_with("/paths/") && pointer.matches('/').count() <= 3;
    let is_alone = |entry: &Entry| entry.old_pointer.is_none() || entry.new_pointer.is_none();
    let told: HashSet<&str> = entries
        .iter()
        .flat_map(|entry| {
            let pointers = [&entry.old_pointer, &entry.new_pointer].into_iter().flatten();
            pointers.filter(|pointer| is_alone(entry) || !is_whole(pointer))
        })
        .map(String::as_str)
        .collect();
    // A name in the list of required properties belongs to the entry about the property.
    let is_told_name = |schema: &str, name: &&str| told.contains(join(&join(schema, "properties"), name).as_str());
    let is_told = |place: &Place| {
        let list = place.pointer.rsplit_once("/required");
        let list = list.filter(|(_, rest)| rest.is_empty() || rest[1..].bytes().all(|byte| byte.is_ascii_digit()));
        if let Some((schema, _)) = list {
            let (was, now) = (required_at(before, schema), required_at(after, schema));
            let mut differing = was.symmetric_difference(&now).peekable();
            if differing.peek().is_some() && differing.all(|name| is_told_name(schema, name)) {
                return true;
            }
        }
        let ends = place.pointer.match_indices('/').map(|(at, _)| at).chain([place.pointer.len()]);
        ends.into_iter().any(|end| end > 0 && told.contains(&place.pointer[..end]))
    };
    let mut places = compare_trees(before, after);
    places.retain(|place| !is_told(place));
    places
}

/// The names of the required properties of a schema.
fn required_at<'d>(document: &'d Value, schema: &str) -> BTreeSet<&'d str> {
    let list = document.pointer(&join(schema, "required")).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Returns the smallest places that differ, except in added and removed operations.
fn compare_trees(before: &Value, after: &Value) -> Vec<Place> {
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

fn compare_nodes(before: &Value, after: &Value, at: &str, changes: &mut Vec<Place>) {
    let mut add = |fate, pointer: String| changes.push(Place { fate, pointer });
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before.keys().filter(|key| !after.contains_key(*key)) {
                add(Fate::Removed, join(at, key));
            }
            for (key, new) in after {
                match before.get(key) {
                    Some(old) => compare_nodes(old, new, &join(at, key), changes),
                    None => changes.push(Place { fate: Fate::Added, pointer: join(at, key) }),
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

    use super::{super::rules, *};

    #[test]
    fn the_smallest_places_are_named_by_operation() {
        let before = json!({"info": {"title": "t"}, "paths": {
            "/a": {"get": {"summary": "x", "tags": ["A"]}, "put": {}, "additionalOperations": {"Link": {"summary": "x"}}},
            "/b": {"get": {}}}});
        let after = json!({"info": {"title": "t", "version": "1"}, "paths": {
            "/a": {"get": {"summary": "y", "tags": ["B"], "x": 1}, "post": {}, "additionalOperations": {"Link": {"summary": "y"},
                "COPY": {}}},
            "/c": {"get": {}}}});
        let places: Vec<_> = compare_trees(&before, &after).iter().map(|it| (it.fate, it.of_operation())).collect();
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

    #[test]
    fn a_required_name_is_told_by_the_entry_of_its_property() {
        let schema = |required: &[&str]| json!({"properties": {"a": {}, "b": {}}, "required": required});
        let mut entry = Entry::new(&rules::FIELD_REQUIRED, "types::T::a", "");
        entry = entry.at(Some("/properties/a"), Some("/properties/a"));
        let others = |now: &[&str]| others(&schema(&["c"]), &schema(now), std::slice::from_ref(&entry)).len();
        assert_eq!((others(&["c", "a"]), others(&["a"]), others(&["c", "a", "b"])), (0, 1, 1));
    }
}
