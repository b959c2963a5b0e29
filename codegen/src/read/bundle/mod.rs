//! **bundle**: makes one document of several files, and JSON pointers of all references.
//!
//! What a reference into another file needs becomes a component of the document, under its own name, and the reference
//! becomes the JSON pointer of that component. A part whose kind has no components, such as an operation, is copied to its
//! reference. References by `$id`, `$anchor` or the name of the file become JSON pointers too, so that later stages know only
//! these. A document without such references stays as it is. References in extensions and examples are data.

mod index;
mod library;
mod links;
mod names;
mod resolve;
mod state;
mod target;
mod walk;

use serde_json::{Map, Value};

pub(crate) use self::state::Reasons;
use self::{
    names::{name_parts, name_references, named},
    resolve::{Spot, Target, lone_reference},
    state::{MARK, State, Waiting},
    target::Part,
    walk::Cursor,
};
use crate::{
    diagnostic::Findings,
    files::{Files, PartFile},
    input::Source,
    read::{keyword::is_mapped_reference, place::Place, pointer},
};

/// A document of one or several files.
pub(crate) struct Bundle<'a>(State<'a>);

impl<'a> Bundle<'a> {
    /// Prepares the bundling of a document with these other files.
    pub(crate) fn new(document: &Source<'a>, files: Option<&'a dyn Files>) -> Self {
        Self(State::new(document.name, files))
    }

    /// Brings into the document what it refers to in other files. It may be called again after the document has changed.
    pub(crate) fn complete(&mut self, tree: &mut Value, findings: &mut Findings) {
        if !has_other_references(tree) {
            return;
        }
        self.0.library.open_document(tree);
        let mut cursor = Cursor::new(self.0.library.document(), "", "");
        hoist(&mut self.0, tree, &mut cursor, findings);
        self.0.walk(tree, Place::Document, &mut cursor, findings);
        while !self.0.stopped {
            if let Some((at, place)) = self.0.elsewhere.pop() {
                if let Some(node) = tree.pointer_mut(&at) {
                    let mut cursor = Cursor::new(self.0.library.document(), &at, &at);
                    self.0.walk(node, place, &mut cursor, findings);
                }
            } else if let Some(number) = self.0.queue.pop_front() {
                read_part(&mut self.0, number, findings);
            } else {
                break;
            }
        }
        insert_parts(&mut self.0, tree);
        self.0.connect_links(tree);
    }

    /// Returns the name of the file, and the pointer in it, of a place in the document.
    pub(crate) fn origin(&self, at: &str) -> Option<(String, String)> {
        let mut around = at;
        loop {
            if let Some((file, within)) = self.0.origins.get(around) {
                return Some((self.0.library.name(file), format!("{within}{}", &at[around.len()..])));
            }
            around = &around[..around.rfind('/')?];
        }
    }

    /// The other files of the document.
    pub(crate) fn into_files(self) -> Vec<PartFile> {
        self.0.library.into_files()
    }

    /// Returns why references have no target.
    pub(crate) fn reasons(&self) -> &Reasons {
        &self.0.reasons
    }
}

/// Copies a part, and follows its references.
fn read_part(state: &mut State<'_>, number: usize, findings: &mut Findings) {
    let Waiting { part, section, place, .. } = &state.parts[number];
    let (file, at, place) = (part.file.clone(), part.at.clone(), *place);
    let to = format!("/components/{section}/{MARK}{number}");
    let mut content = state.copy((&file, &at), &to, findings);
    state.walk(&mut content, place, &mut Cursor::new(&file, &at, &to), findings);
    state.parts[number].content = content;
}

/// Makes copies of the components that are references to other files, so that parts keep the names that the document
/// gives them.
fn hoist(state: &mut State<'_>, tree: &mut Value, cursor: &mut Cursor, findings: &mut Findings) {
    let Some(components) = tree.get_mut("components").and_then(Value::as_object_mut) else { return };
    for (section, entries) in components {
        let Some(place) = Place::Components.child_with_references(section) else { continue };
        let of_section = pointer::join("/components", section);
        cursor.at.clone_from(&of_section);
        cursor.within.clone_from(&of_section);
        if let Some((file, at)) = other_file(state, entries, place, cursor, findings) {
            *entries = state.copy((&file, &at), &of_section, findings);
            for key in entries.as_object().into_iter().flatten().map(|(key, _)| key) {
                let (part, to) = (pointer::join(&at, key), pointer::join(&of_section, key));
                state.assigned.insert(Part { file: file.clone(), at: part.clone() }, to.clone());
                state.hoisted.insert(to, (file.clone(), part));
            }
        }
        let Some(place) = place.child_with_references("") else { continue };
        for (name, entry) in entries.as_object_mut().into_iter().flatten() {
            let to = pointer::join(&of_section, name);
            let at_entry = match state.hoisted.get(&to) {
                Some((file, at)) => Cursor::new(file, at, &to),
                None => Cursor::new(state.library.document(), &to, &to),
            };
            let Some((file, at)) = other_file(state, entry, place, &at_entry, findings) else { continue };
            let part = Part { file: file.clone(), at: at.clone() };
            if state.assigned.get(&part).is_none_or(|known| *known == to) {
                *entry = state.copy((&file, &at), &to, findings);
                state.assigned.insert(part, to.clone());
                state.hoisted.insert(to, (file, at));
            }
        }
    }
    cursor.at.clear();
    cursor.within.clear();
}

/// Returns the target of an object that is no more than a reference to another file.
fn other_file(
    state: &mut State<'_>,
    node: &Value,
    place: Place,
    cursor: &Cursor,
    findings: &mut Findings,
) -> Option<Spot> {
    let reference = lone_reference(node, place)?.to_owned();
    match state.library.resolve(&reference, cursor.spot(), place, findings) {
        Ok(Target::Part(spot)) => Some(spot),
        // The walk reports the others.
        _ => None,
    }
}

/// Names the parts and puts them into the document.
fn insert_parts(state: &mut State<'_>, tree: &mut Value) {
    let parts = std::mem::take(&mut state.parts);
    if parts.is_empty() {
        return;
    }
    let names = name_parts(&parts, tree);
    let pointers: Vec<String> =
        parts.iter().zip(&names).map(|(part, name)| format!("/components/{}/{name}", part.section)).collect();
    let Some(root) = tree.as_object_mut() else { return };
    let components = root.entry("components").or_insert_with(|| Map::new().into());
    for (part, name) in parts.into_iter().zip(names) {
        let Some(components) = components.as_object_mut() else { continue };
        let section = components.entry(part.section).or_insert_with(|| Map::new().into());
        if let Some(section) = section.as_object_mut() {
            section.insert(name, part.content);
        }
    }
    name_references(tree, &pointers);
    let rename = |pointer: &String| named(pointer, &pointers).unwrap_or_else(|| pointer.clone());
    state.assigned.values_mut().for_each(|pointer| *pointer = rename(pointer));
    state.origins = state.origins.drain().map(|(at, spot)| (rename(&at), spot)).collect();
    state.links.iter_mut().for_each(|(at, _)| *at = rename(at));
    state.reasons = state.reasons.drain().map(|(at, reason)| (rename(&at), reason)).collect();
}

/// Whether a tree may have references that are no JSON pointers of the document.
fn has_other_references(node: &Value) -> bool {
    match node {
        Value::Array(items) => items.iter().any(has_other_references),
        Value::Object(map) => map.iter().any(|(key, value)| match value {
            Value::String(text) => match key.as_str() {
                "$ref" => !text.starts_with("#/"),
                "$id" => true,
                _ => false,
            },
            value => (key == "mapping" && has_other_targets(value)) || has_other_references(value),
        }),
        _ => false,
    }
}

/// Whether the mapping of a discriminator refers to other files.
fn has_other_targets(mapping: &Value) -> bool {
    let targets = mapping.as_object().into_iter().flatten().filter_map(|(_, target)| target.as_str());
    targets.into_iter().any(|target| is_mapped_reference(target) && !target.starts_with("#/"))
}
