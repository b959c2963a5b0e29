//! **bundle**: makes one document of several files, and JSON pointers of all references.
//!
//! What a reference into another file needs becomes a component of the document, under its own name, and the reference
//! becomes the JSON pointer of that component. A part whose kind has no components, such as an operation, is copied to its
//! reference. References by `$id`, `$anchor` or the name of the file become JSON pointers too, so that later stages know only
//! these. A document without such references stays as it is. References in extensions and examples are data.

mod files;
mod index;
mod library;
mod location;
mod resolve;
mod target;
mod walk;

use std::collections::{HashMap, HashSet, VecDeque};

use heck::ToUpperCamelCase as _;
use serde_json::{Map, Value};

pub use self::files::{Files, Folder, Unavailable};
use self::{library::Library, target::Part};
use crate::{
    budget::{self, Tally},
    diagnostic::{Findings, code},
    input::Source,
    read::{place::Place, pointer},
};

/// A file besides the document that was read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PartFile {
    /// The name in diagnostics: the name of the document with this file in place of its own.
    pub name: String,
    /// The path relative to the folder of the document, or the URL.
    pub place: String,
    /// The text.
    pub text: String,
}

/// The reasons why references have no target, by the pointers of the objects with the `$ref`. Empty if already reported.
pub(crate) type Reasons = HashMap<String, String>;

/// A place in a file: the file, and the pointer in it.
type Spot = (String, String);

/// A document and the parts of other files that it consists of.
pub(crate) struct Bundle<'a> {
    library: Library<'a>,
    /// The pointer of each part in the document. For a part without a name yet, it contains a mark with its number.
    assigned: HashMap<Part, String>,
    /// The parts that are not yet in the document, and those of them that are not yet read.
    parts: Vec<Waiting>,
    queue: VecDeque<usize>,
    /// Places of the document that no walk visits but references lead to, with the kind that they need.
    elsewhere: Vec<(String, Place)>,
    seen: HashSet<String>,
    /// Where components of the document are from that are copies of parts and not yet read.
    hoisted: HashMap<String, Spot>,
    /// Where parts of the document are from, by their pointers.
    origins: HashMap<String, Spot>,
    reasons: Reasons,
    copied: Tally,
    /// Whether a limit is exceeded.
    stopped: bool,
}

struct Waiting {
    part: Part,
    section: &'static str,
    place: Place,
    content: Value,
}

/// Stands before the number of a part that has no name yet. No component's name contains it.
const MARK: char = '\u{1}';

impl<'a> Bundle<'a> {
    pub(crate) fn new(document: &Source<'a>, files: Option<&'a dyn Files>) -> Self {
        Self {
            library: Library::new(document.name, files),
            assigned: HashMap::new(),
            parts: Vec::new(),
            queue: VecDeque::new(),
            elsewhere: Vec::new(),
            seen: HashSet::new(),
            hoisted: HashMap::new(),
            origins: HashMap::new(),
            reasons: HashMap::new(),
            copied: Tally::default(),
            stopped: false,
        }
    }

    /// Brings into the document what it refers to in other files. It may be called again after the document has changed.
    pub(crate) fn complete(&mut self, tree: &mut Value, findings: &mut Findings) {
        if !has_other_references(tree) {
            return;
        }
        self.library.open_document(tree);
        let mut cursor = walk::Cursor::new(self.library.document(), "", "");
        self.hoist(tree, &mut cursor, findings);
        self.walk(tree, Place::Document, &mut cursor, findings);
        while !self.stopped {
            if let Some((at, place)) = self.elsewhere.pop() {
                if let Some(node) = tree.pointer_mut(&at) {
                    let mut cursor = walk::Cursor::new(self.library.document(), &at, &at);
                    self.walk(node, place, &mut cursor, findings);
                }
            } else if let Some(number) = self.queue.pop_front() {
                self.read_part(number, findings);
            } else {
                break;
            }
        }
        self.insert_parts(tree);
    }

    /// Copies a part, and follows its references.
    fn read_part(&mut self, number: usize, findings: &mut Findings) {
        let Waiting { part, section, place, .. } = &self.parts[number];
        let (file, at, place) = (part.file.clone(), part.at.clone(), *place);
        let to = format!("/components/{section}/{MARK}{number}");
        let mut content = self.copy((&file, &at), &to, findings);
        self.walk(&mut content, place, &mut walk::Cursor::new(&file, &at, &to), findings);
        self.parts[number].content = content;
    }

    /// Returns a copy of a part, and notes where it is.
    fn copy(&mut self, (file, at): (&str, &str), to: &str, findings: &mut Findings) -> Value {
        let Some(node) = self.library.node(file, at) else { return Value::Null };
        self.copied = self.copied.with_copies(&budget::tally_of(node, 0), 1, to.len());
        let copy = node.clone();
        self.origins.insert(to.to_owned(), (file.to_owned(), at.to_owned()));
        if let Some(excess) = self.copied.excess().filter(|_| !self.stopped) {
            let message = format!("references to other files expand the document to {excess}");
            let help = "refer to smaller parts, or refer to each part once";
            findings.add_in(&self.library.name(file), code::EXPANSION, at.to_owned(), message, help);
            self.stopped = true;
        }
        if self.stopped { Value::Null } else { copy }
    }

    /// Returns the pointer in the document of a place in another file.
    fn pointer_of(&mut self, (file, at): Spot, needed: Place) -> Option<String> {
        // A part of what the document has already is not copied again.
        let mut around = at.as_str();
        loop {
            if let Some(pointer) = self.assigned.get(&Part { file: file.clone(), at: around.to_owned() }) {
                return Some(format!("{pointer}{}", &at[around.len()..]));
            }
            let Some(end) = around.rfind('/') else { break };
            around = &around[..end];
        }
        let (part, section) = target::part_around(&file, &at, self.library.node(&file, "")?, needed);
        let section = section?;
        let rest = at[part.at.len()..].to_owned();
        let place = if rest.is_empty() { needed } else { Place::Components.child(section)?.child("")? };
        let number = self.parts.len();
        let pointer = format!("/components/{section}/{MARK}{number}");
        self.assigned.insert(part.clone(), pointer.clone());
        self.parts.push(Waiting { part, section, place, content: Value::Null });
        self.queue.push_back(number);
        Some(pointer + &rest)
    }

    /// Makes copies of the components that are references to other files, so that parts keep the names that the document
    /// gives them.
    fn hoist(&mut self, tree: &mut Value, cursor: &mut walk::Cursor, findings: &mut Findings) {
        let Some(components) = tree.get_mut("components").and_then(Value::as_object_mut) else { return };
        for (section, entries) in components {
            let Some(place) = Place::Components.child(section) else { continue };
            let of_section = pointer::join("/components", section);
            cursor.at.clone_from(&of_section);
            cursor.within.clone_from(&of_section);
            if let Some((file, at)) = self.other_file(entries, place, cursor, findings) {
                *entries = self.copy((&file, &at), &of_section, findings);
                for key in entries.as_object().into_iter().flatten().map(|(key, _)| key) {
                    let (part, to) = (pointer::join(&at, key), pointer::join(&of_section, key));
                    self.assigned.insert(Part { file: file.clone(), at: part.clone() }, to.clone());
                    self.hoisted.insert(to, (file.clone(), part));
                }
            }
            let Some(place) = place.child("") else { continue };
            for (name, entry) in entries.as_object_mut().into_iter().flatten() {
                let to = pointer::join(&of_section, name);
                let at_entry = match self.hoisted.get(&to) {
                    Some((file, at)) => walk::Cursor::new(file, at, &to),
                    None => walk::Cursor::new(self.library.document(), &to, &to),
                };
                let Some((file, at)) = self.other_file(entry, place, &at_entry, findings) else { continue };
                let part = Part { file: file.clone(), at: at.clone() };
                if self.assigned.get(&part).is_none_or(|known| *known == to) {
                    *entry = self.copy((&file, &at), &to, findings);
                    self.assigned.insert(part, to.clone());
                    self.hoisted.insert(to, (file, at));
                }
            }
        }
        cursor.at.clear();
        cursor.within.clear();
    }

    /// Returns the target of an object that is no more than a reference to another file.
    fn other_file(
        &mut self,
        node: &Value,
        place: Place,
        cursor: &walk::Cursor,
        findings: &mut Findings,
    ) -> Option<Spot> {
        let reference = walk::lone_reference(node, place)?.to_owned();
        match self.resolve(&reference, cursor, place, findings) {
            Ok(resolve::Target::Part(spot)) => Some(spot),
            // The walk reports the others.
            _ => None,
        }
    }

    /// Names the parts and puts them into the document.
    fn insert_parts(&mut self, tree: &mut Value) {
        let parts = std::mem::take(&mut self.parts);
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
        let named = |pointer: &String| named(pointer, &pointers).unwrap_or_else(|| pointer.clone());
        self.assigned.values_mut().for_each(|pointer| *pointer = named(pointer));
        self.origins = self.origins.drain().map(|(at, spot)| (named(&at), spot)).collect();
        self.reasons = self.reasons.drain().map(|(at, reason)| (named(&at), reason)).collect();
    }

    /// Returns the name of the file, and the pointer in it, of a place in the document.
    pub(crate) fn origin(&self, at: &str) -> Option<(String, String)> {
        let mut around = at;
        loop {
            if let Some((file, within)) = self.origins.get(around) {
                return Some((self.library.name(file), format!("{within}{}", &at[around.len()..])));
            }
            around = &around[..around.rfind('/')?];
        }
    }

    /// The other files of the document.
    pub(crate) fn into_files(self) -> Vec<PartFile> {
        self.library.into_files()
    }

    /// Returns why references have no target.
    pub(crate) fn reasons(&self) -> &Reasons {
        &self.reasons
    }
}

/// Returns a name for each part that no other component of its section has. All parts with the same name are told apart, so
/// that no name depends on the order of the references.
fn name_parts(parts: &[Waiting], tree: &Value) -> Vec<String> {
    let mut names = vec![String::new(); parts.len()];
    let mut sections: Vec<&str> = parts.iter().map(|part| part.section).collect();
    sections.sort_unstable();
    sections.dedup();
    for section in sections {
        // Names that differ only in case or separators are the same in Rust.
        let key = |name: &str| name.to_upper_camel_case();
        let own = tree.get("components").and_then(|components| components.get(section)).and_then(Value::as_object);
        let mut taken: HashSet<String> = own.into_iter().flatten().map(|(name, _)| key(name)).collect();
        let mut open: Vec<(usize, Vec<String>)> = (0..parts.len())
            .filter(|number| parts[*number].section == section)
            .map(|number| (number, target::names(&parts[number].part)))
            .collect();
        for level in 0.. {
            let candidate = |names: &[String]| names.get(level).or(names.last()).cloned().unwrap_or_default();
            let mut counts: HashMap<String, usize> = HashMap::new();
            for (_, names) in &open {
                *counts.entry(key(&candidate(names))).or_default() += 1;
            }
            let is_last = |names: &[String]| level + 1 >= names.len();
            let mut left = Vec::new();
            for (number, of_part) in open {
                let name = candidate(&of_part);
                let is_free = counts.get(&key(&name)) == Some(&1) && !taken.contains(&key(&name));
                if is_free {
                    names[number] = name;
                } else if is_last(&of_part) {
                    // Only characters that names cannot have tell the two apart.
                    let numbered = (2..).map(|count| format!("{name}_{count}")).find(|name| !taken.contains(&key(name)));
                    names[number] = numbered.unwrap_or(name);
                    taken.insert(key(&names[number]));
                } else {
                    left.push((number, of_part));
                }
            }
            taken.extend(names.iter().filter(|name| !name.is_empty()).map(|name| key(name)));
            open = left;
            if open.is_empty() {
                break;
            }
        }
    }
    names
}

/// Replaces the mark of a part in a pointer or reference by its name.
fn named(text: &str, pointers: &[String]) -> Option<String> {
    let (_, rest) = text.split_once(MARK)?;
    let (number, rest) = rest.split_once('/').map_or((rest, None), |(number, rest)| (number, Some(rest)));
    let pointer = pointers.get(number.parse::<usize>().ok()?)?;
    let sign = if text.starts_with('#') { "#" } else { "" };
    Some(match rest {
        Some(rest) => format!("{sign}{pointer}/{rest}"),
        None => format!("{sign}{pointer}"),
    })
}

fn name_references(node: &mut Value, pointers: &[String]) {
    match node {
        Value::String(text) => {
            if let Some(name) = named(text, pointers).filter(|_| text.starts_with("#/components/")) {
                *text = name;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_references(item, pointers)),
        Value::Object(map) => map.values_mut().for_each(|value| name_references(value, pointers)),
        _ => {}
    }
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
    targets.into_iter().any(|target| walk::is_mapped_reference(target) && !target.starts_with("#/"))
}
