//! Finds schemas with a discriminator whose heirs refer to them in `allOf`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::tag::Tags;
use crate::{
    budget::Steps,
    read::{keyword::is_silent, parse::Document, pointer},
};

/// The heirs of components, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Inheritance {
    /// The direct and indirect heirs of each component that has a discriminator but no `oneOf` or `anyOf`.
    pub(crate) heirs: HashMap<String, Vec<Heir>>,
    all: HashSet<String>,
    /// The components that are their own default.
    pub(crate) defaults: HashSet<String>,
}

/// A class below another one.
#[derive(Debug, Clone)]
pub(crate) struct Heir {
    pub(crate) at: String,
    /// Whether the same property also selects its own heirs. Its heirs are variants of their own, so this variant is the struct of
    /// the class.
    pub(crate) is_base: bool,
    /// The property that tells the heirs apart, and its values for this one.
    pub(crate) property: String,
    pub(crate) values: Vec<String>,
    /// Whether it is for values without a known tag.
    pub(crate) is_default: bool,
}

/// The components that take part in inheritance.
struct Classes<'t> {
    children: HashMap<String, Vec<String>>,
    parents: HashMap<String, Vec<String>>,
    tags: HashMap<String, Tags<'t>>,
    /// The classes that say nothing of their own.
    aliases: HashSet<String>,
}

impl Inheritance {
    pub(crate) fn of(document: Document<'_>, steps: &mut Steps) -> Self {
        let (classes, bases) = Classes::of(document);
        let mut inheritance = Self::default();
        for base in bases.iter().filter(|at| classes.tells_apart(at)) {
            let mut heirs = classes.heirs_of(document, base, steps);
            let default = classes.tags.get(base).and_then(|tags| tags.default_target(document));
            for heir in &mut heirs {
                heir.is_default = Some(&heir.at) == default.as_ref();
            }
            inheritance.defaults.extend(default.filter(|default| default == base));
            inheritance.all.extend(heirs.iter().map(|heir| heir.at.clone()));
            if !heirs.is_empty() {
                inheritance.heirs.insert(base.clone(), heirs);
            }
        }
        inheritance
    }

    /// Whether a schema is an heir, so it is more than another name for its base.
    pub(crate) fn is_heir(&self, at: &str) -> bool {
        self.all.contains(at)
    }
}

/// Returns the discriminator of a schema, which may stand in one of its own parts.
fn discriminator_of(schema: &Map<String, Value>) -> Option<Tags<'_>> {
    let inline = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    Tags::of(schema).or_else(|| inline.filter(|part| !part.contains_key("$ref")).find_map(Tags::of))
}

/// Whether a property of a class can have the name of an heir as its value.
fn allows_name(document: Document<'_>, base: &str, property: &str, heir: &str) -> bool {
    let at = pointer::join(&pointer::join(base, "properties"), property);
    let values = document.resolve(&at).ok().and_then(|(_, node)| node.get("enum")?.as_array());
    values.is_none_or(|values| pointer::keys(heir).next_back().is_some_and(|name| values.iter().any(|it| *it == name)))
}

fn inline_parts_say_nothing(schema: &Map<String, Value>) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let mut inline = parts.filter_map(Value::as_object).filter(|part| !part.contains_key("$ref"));
    inline.all(|part| part.keys().all(|key| is_silent(key)))
}

impl<'t> Classes<'t> {
    /// Returns the classes, and the places of those with a discriminator.
    fn of(document: Document<'t>) -> (Self, Vec<String>) {
        let components = document.tree.pointer("/components/schemas").and_then(Value::as_object);
        let mut classes =
            Self { children: HashMap::new(), parents: HashMap::new(), tags: HashMap::new(), aliases: HashSet::new() };
        let mut bases = Vec::new();
        for (name, schema) in components.into_iter().flatten() {
            let Some(schema) = schema.as_object() else { continue };
            let at = pointer::join("/components/schemas", name);
            let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let beside = schema.get("$ref").filter(|_| schema.len() > 1);
            for reference in parts.filter_map(|part| part.get("$ref")).chain(beside) {
                let target = reference.as_str().and_then(pointer::from_reference);
                if let Some((parent, _)) = target.and_then(|target| document.resolve(&target).ok()) {
                    classes.children.entry(parent.clone()).or_default().push(at.clone());
                    classes.parents.entry(at.clone()).or_default().push(parent);
                }
            }
            if schema.keys().all(|key| is_silent(key)) && inline_parts_say_nothing(schema) {
                classes.aliases.insert(at.clone());
            }
            if let Some(tags) = discriminator_of(schema) {
                classes.tags.insert(at.clone(), tags);
                if ["oneOf", "anyOf"].iter().all(|key| !schema.get(*key).is_some_and(Value::is_array)) {
                    bases.push(at);
                }
            }
        }
        (classes, bases)
    }

    /// Whether a discriminator of a class tells its heirs apart.
    fn tells_apart(&self, at: &str) -> bool {
        self.tags.contains_key(at) && self.children.contains_key(at)
    }

    fn property_of(&self, at: &str) -> Option<&str> {
        self.tags.get(at).map(Tags::property)
    }

    fn heirs_of(&self, document: Document<'_>, base: &str, steps: &mut Steps) -> Vec<Heir> {
        let Some(property) = self.property_of(base) else { return Vec::new() };
        let mapping = self.mapping_of(base, property, steps);
        let mut open = vec![base.to_owned()];
        let mut seen: HashSet<String> = HashSet::from([base.to_owned()]);
        let mut heirs = Vec::new();
        let mut next = 0;
        while let Some(at) = open.get(next).cloned() {
            next += 1;
            let children = self.children.get(&at).map_or(&[][..], Vec::as_slice);
            // The lowering reports that no steps are left.
            if !steps.take(children.len() + 1) {
                break;
            }
            for child in children {
                // A schema that adds nothing, and whose name the property cannot have, is another name of its base.
                let is_named = || mapping.iter().any(|tags| !tags.mapped(child).is_empty());
                let is_alias = self.aliases.contains(child) && !self.children.contains_key(child);
                if is_alias && !is_named() && !allows_name(document, base, property, child) {
                    continue;
                }
                if seen.insert(child.clone()) {
                    let is_apart = self.tells_apart(child) && self.property_of(child) != Some(property);
                    if !is_apart {
                        open.push(child.clone());
                    }
                    heirs.push(self.heir(child, property, &mapping, is_apart));
                }
            }
        }
        // A mapping may name a class that does not refer to its base.
        let tags = self.tags.get(base);
        let default = tags.and_then(|tags| tags.default_target(document));
        for target in tags.map(Tags::targets).unwrap_or_default().into_iter().chain(default) {
            if document.node(&target).is_some_and(Value::is_object) && seen.insert(target.clone()) {
                heirs.push(self.heir(&target, property, &mapping, false));
            }
        }
        heirs
    }

    fn heir(&self, at: &str, property: &str, mapping: &[&Tags<'_>], is_apart: bool) -> Heir {
        let mut values: Vec<String> = Vec::new();
        let own = self.tags.get(at).filter(|tags| tags.property() == property);
        for tags in mapping.iter().copied().chain(own) {
            for value in tags.mapped(at) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        // Explicit values come before the name.
        if values.is_empty() {
            values.extend(pointer::keys(at).next_back());
        }
        let is_base = self.tells_apart(at) && !is_apart;
        Heir { at: at.to_owned(), is_base, property: property.to_owned(), values, is_default: false }
    }

    /// The discriminators of a class, of those above and of those below with the same property.
    fn mapping_of(&self, base: &str, property: &str, steps: &mut Steps) -> Vec<&Tags<'t>> {
        let mut found = Vec::new();
        for edges in [&self.parents, &self.children] {
            let mut open = vec![base.to_owned()];
            let mut seen: HashSet<String> = HashSet::from([base.to_owned()]);
            while let Some(at) = open.pop() {
                let next = edges.get(&at).map_or(&[][..], Vec::as_slice);
                if !steps.take(next.len() + 1) {
                    break;
                }
                if let Some(tags) = self.tags.get(&at).filter(|tags| tags.property() == property) {
                    found.push(tags);
                }
                open.extend(next.iter().filter(|at| seen.insert((*at).clone())).cloned());
            }
        }
        found
    }
}
