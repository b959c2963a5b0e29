//! Finds everything that the selected operations refer to.

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::read::{
    method::{ADDITIONAL, is_method, sites_of},
    parse::Document,
    pointer,
};

/// The units of a document that are kept or removed as a whole: operations, path items without their operations, components.
pub(super) struct Reach<'t> {
    document: Document<'t>,
    /// The schemas that extend another one by `allOf`, by the unit of the latter.
    heirs: HashMap<String, Vec<String>>,
    open: Vec<Open>,
    kept: HashSet<String>,
    /// The path items of kept operations.
    items: HashSet<String>,
    /// The units that are variants of what they extend.
    classes: HashSet<String>,
}

/// What is kept, and not read yet.
enum Open {
    Unit(String),
    /// A path item without its operations.
    Item(String),
}

/// Returns the unit that a pointer leads into.
pub(super) fn unit_of(at: &str) -> String {
    let segments: Vec<&str> = at.split('/').collect();
    let (start, is_item) = match segments[..] {
        [_, "paths" | "webhooks", ..] => (3, true),
        [_, "components", "pathItems", ..] => (4, true),
        [_, "components", ..] => (4, false),
        _ => (3, false),
    };
    let beyond = match segments.get(start) {
        Some(key) if is_item && *key == ADDITIONAL => 2,
        Some(key) if is_item && is_method(key) => 1,
        _ => 0,
    };
    segments[..segments.len().min(start + beyond)].join("/")
}

/// Returns the path item that a unit is, or that its operation is in.
fn item_of(unit: &str) -> Option<&str> {
    let length = match unit.split('/').collect::<Vec<_>>()[..] {
        [_, "paths" | "webhooks", _, ..] => 2,
        [_, "components", "pathItems", _, ..] => 3,
        _ => return None,
    };
    let end = unit.match_indices('/').nth(length).map_or(unit.len(), |(end, _)| end);
    Some(&unit[..end])
}

impl<'t> Reach<'t> {
    /// Enters what belongs to every client of the document.
    pub(super) fn new(document: Document<'t>) -> Self {
        let [kept, items, classes] = <[HashSet<_>; 3]>::default();
        let mut reach = Self { document, heirs: heirs_of(document), open: Vec::new(), kept, items, classes };
        reach.enter("/components/securitySchemes");
        reach
    }

    /// Enters the unit at a pointer. A path item has its operations, unless the pointer leads to a part of it.
    pub(super) fn enter(&mut self, at: &str) {
        let unit = unit_of(at);
        match item_of(&unit) {
            Some(item) if item == unit && at != unit => return self.enter_item(item),
            Some(item) if item != unit => self.enter_item(item),
            _ => {}
        }
        if self.kept.insert(unit.clone()) {
            self.open.push(Open::Unit(unit));
        }
    }

    /// Enters a path item without its operations.
    pub(super) fn enter_item(&mut self, at: &str) {
        if self.items.insert(at.to_owned()) {
            self.open.push(Open::Item(at.to_owned()));
        }
    }

    /// Follows all references, and returns the units that are kept.
    pub(super) fn finish(mut self) -> HashSet<String> {
        while let Some(open) = self.open.pop() {
            match open {
                Open::Unit(unit) => self.read_unit(&unit),
                Open::Item(item) => self.read_item(&item),
            }
        }
        self.kept.extend(self.items);
        self.kept
    }

    fn read_unit(&mut self, unit: &str) {
        let Some(node) = self.document.node(unit) else { return };
        if item_of(unit) == Some(unit) {
            for site in sites_of(node) {
                self.enter(&format!("{unit}{}", site.pointer));
            }
        }
        self.walk(node);
        if has_discriminator(node) || self.classes.contains(unit) {
            for heir in self.heirs.get(unit).cloned().unwrap_or_default() {
                // A schema that is kept already comes to have heirs of its own.
                let is_new_class = self.classes.insert(heir.clone());
                if self.kept.insert(heir.clone()) || is_new_class {
                    self.open.push(Open::Unit(heir));
                }
            }
        }
    }

    fn read_item(&mut self, at: &str) {
        for (key, node) in self.document.node(at).and_then(Value::as_object).into_iter().flatten() {
            let target = node.as_str().filter(|_| key == "$ref").and_then(pointer::from_reference);
            match target {
                // The selection applies to the operations there too, so they are entered one by one.
                Some(target) if item_of(&target) == Some(&target) => self.enter_item(&target),
                Some(target) => self.enter(&target),
                None if !is_method(key) && key != ADDITIONAL => self.walk(node),
                None => {}
            }
        }
    }

    fn walk(&mut self, node: &Value) {
        match node {
            Value::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference) {
                    self.enter(&target);
                }
                let mapping = map.get("discriminator").map(|discriminator| {
                    let names = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
                    names.map(|(_, target)| target).chain(discriminator.get("defaultMapping"))
                });
                for target in mapping.into_iter().flatten().filter_map(Value::as_str) {
                    let component = || pointer::join("/components/schemas", target);
                    self.enter(&pointer::from_reference(target).unwrap_or_else(component));
                }
                map.values().for_each(|node| self.walk(node));
            }
            Value::Array(nodes) => nodes.iter().for_each(|node| self.walk(node)),
            _ => {}
        }
    }
}

/// Whether a schema has a discriminator, also in one of its own parts.
fn has_discriminator(schema: &Value) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(schema).chain(parts).any(|schema| schema.get("discriminator").is_some())
}

/// Returns the components that extend each schema, by reference in `allOf` or beside other keywords.
fn heirs_of(document: Document<'_>) -> HashMap<String, Vec<String>> {
    let mut heirs: HashMap<String, Vec<String>> = HashMap::default();
    let schemas = document.node("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let references = std::iter::once(schema).chain(parts).filter_map(|schema| schema.get("$ref")?.as_str());
        for target in references.filter_map(pointer::from_reference) {
            if let Ok((base, _)) = document.resolve(&target) {
                heirs.entry(unit_of(&base)).or_default().push(pointer::join("/components/schemas", name));
            }
        }
    }
    heirs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_an_operation_a_path_item_or_a_component() {
        for (at, unit, item) in [
            ("/paths/~1a/get/responses/200", "/paths/~1a/get", Some("/paths/~1a")),
            ("/paths/~1a/get", "/paths/~1a/get", Some("/paths/~1a")),
            ("/paths/~1a/parameters/0", "/paths/~1a", Some("/paths/~1a")),
            ("/paths/~1a", "/paths/~1a", Some("/paths/~1a")),
            ("/webhooks/a/additionalOperations/LINK/x", "/webhooks/a/additionalOperations/LINK", Some("/webhooks/a")),
            ("/components/pathItems/A/put/x", "/components/pathItems/A/put", Some("/components/pathItems/A")),
            ("/components/schemas/A/properties/get", "/components/schemas/A", None),
            ("/components/schemas", "/components/schemas", None),
            ("/definitions/A/properties", "/definitions/A", None),
            ("/paths", "/paths", None),
            ("", "", None),
        ] {
            assert_eq!((unit_of(at).as_str(), item_of(&unit_of(at))), (unit, item), "{at}");
        }
    }
}
