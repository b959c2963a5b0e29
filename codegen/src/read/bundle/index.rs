//! The names of the schemas in a file: `$id` and `$anchor`.

use foldhash::HashMap;
use serde_json::{Map, Value};

use crate::read::{location::join, pointer};

/// The schemas of a file that have a URI of their own, and its anchors.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The pointer and the URI of each resource, parents before children. The file is the first.
    resources: Vec<(String, String)>,
    by_pointer: HashMap<String, usize>,
    /// The pointer of each anchor, by its resource and its name.
    anchors: HashMap<(usize, String), String>,
    /// The pointers of anchors by name alone, or `None` if several resources have it.
    names: HashMap<String, Option<String>>,
}

impl Index {
    /// Indexes a file at this place.
    pub(super) fn of(tree: &Value, place: &str) -> Self {
        let own = tree.get("$self").and_then(Value::as_str).map_or_else(|| place.to_owned(), |uri| join(place, uri));
        let mut index = Self { resources: vec![(String::new(), own)], ..Self::default() };
        index.by_pointer.insert(String::new(), 0);
        index.add(tree, &mut String::new(), 0, false);
        index
    }

    fn add(&mut self, node: &Value, at: &mut String, resource: usize, is_map_of_schemas: bool) {
        let length = at.len();
        match node {
            Value::Object(map) => {
                let resource = if is_map_of_schemas { resource } else { self.add_names(map, at, resource) };
                for (key, child) in map {
                    if !is_map_of_schemas && is_data(key) {
                        continue;
                    }
                    pointer::push(at, key);
                    self.add(child, at, resource, !is_map_of_schemas && is_map(key));
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    pointer::push(at, &index.to_string());
                    self.add(item, at, resource, false);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Adds the names of one object, and returns the resource of its children.
    fn add_names(&mut self, map: &Map<String, Value>, at: &str, resource: usize) -> usize {
        let mut resource = resource;
        if let Some(id) = map.get("$id").and_then(Value::as_str) {
            let (uri, fragment) = id.split_once('#').unwrap_or((id, ""));
            if !uri.is_empty() {
                let uri = join(&self.resources[resource].1, uri);
                resource = self.resources.len();
                self.by_pointer.insert(at.to_owned(), resource);
                self.resources.push((at.to_owned(), uri));
            }
            self.add_anchor(resource, fragment, at);
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            self.add_anchor(resource, map.get(key).and_then(Value::as_str).unwrap_or_default(), at);
        }
        resource
    }

    fn add_anchor(&mut self, resource: usize, name: &str, at: &str) {
        if !name.is_empty() && self.anchors.insert((resource, name.to_owned()), at.to_owned()).is_none() {
            self.names.entry(name.to_owned()).and_modify(|at| *at = None).or_insert_with(|| Some(at.to_owned()));
        }
    }

    /// Whether the file has no more names than its own.
    pub(super) fn is_plain(&self) -> bool {
        self.resources.len() == 1 && self.anchors.is_empty()
    }

    /// Returns the pointer and the URI of the innermost resource that contains this place.
    pub(super) fn resource(&self, at: &str) -> (&str, &str) {
        let mut at = at;
        let index = loop {
            match (self.by_pointer.get(at), at.rfind('/')) {
                (Some(index), _) => break *index,
                (None, Some(end)) => at = &at[..end],
                (None, None) => break 0,
            }
        };
        self.resources.get(index).map_or(("", ""), |(at, uri)| (at, uri))
    }

    /// Returns the URIs of all resources, with their pointers.
    pub(super) fn uris(&self) -> impl Iterator<Item = (&str, &str)> {
        self.resources.iter().map(|(at, uri)| (uri.as_str(), at.as_str()))
    }

    /// Returns the pointer of an anchor in a resource. An anchor that no other resource of the file has is found too.
    pub(super) fn anchor(&self, resource: &str, name: &str) -> Option<&str> {
        let resource = self.by_pointer.get(resource).copied().unwrap_or_default();
        let own = self.anchors.get(&(resource, name.to_owned()));
        own.or_else(|| self.names.get(name)?.as_ref()).map(String::as_str)
    }
}

/// Whether the values of a key are data, whose keys mean nothing.
fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum" | "const" | "value") || key.starts_with("x-")
}

/// Whether the keys of an object under this key are names that the author chose.
fn is_map(key: &str) -> bool {
    matches!(key, "properties" | "patternProperties" | "dependentSchemas" | "definitions" | "$defs" | "schemas")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_belong_to_their_resource() {
        let tree = json!({"$self": "https://a.example/api/openapi.json", "components": {"schemas": {
            "A": {"$id": "schemas/a", "properties": {"$id": {"$anchor": "x"}}, "$defs": {"b": {"$anchor": "b"}}},
            "C": {"$anchor": "c", "example": {"$anchor": "data"}, "items": {"$id": "#d"}}}}});
        let index = Index::of(&tree, "openapi.json");
        let a = "/components/schemas/A";
        assert_eq!(index.resource("/components/schemas/A/$defs/b"), (a, "https://a.example/api/schemas/a"));
        assert_eq!(index.resource("/components/schemas/AB"), ("", "https://a.example/api/openapi.json"));
        assert_eq!(index.anchor(a, "b"), Some("/components/schemas/A/$defs/b"));
        assert_eq!(index.anchor(a, "x"), Some("/components/schemas/A/properties/$id"));
        assert_eq!(index.anchor("", "c"), Some("/components/schemas/C"));
        assert_eq!(index.anchor("", "d"), Some("/components/schemas/C/items"));
        assert_eq!(index.anchor("", "data"), None);
        assert!(!index.is_plain());
    }
}
