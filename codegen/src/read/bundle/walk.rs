//! Visits the references of a tree, and replaces them.

use serde_json::{Map, Value};

use super::{
    library::Absent,
    resolve::{Target, lone_reference},
    state::State,
    target::{is_visited, section},
};
use crate::{
    diagnostic::Findings,
    read::{keyword::is_mapped_reference, location::join, place::Place, pointer},
};

/// The most parts that are copied into each other.
const MAX_COPIES: usize = 20;

/// A node: where it will be in the document, and where it is from.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    pub(super) file: String,
    /// The pointer in the file.
    pub(super) within: String,
    /// The pointer in the document.
    pub(super) at: String,
    /// The number of parts around the node that are copied to references.
    copies: usize,
}

impl Cursor {
    pub(super) fn new(file: &str, within: &str, at: &str) -> Self {
        Self { file: file.to_owned(), within: within.to_owned(), at: at.to_owned(), copies: 0 }
    }

    /// Visits a child.
    fn child(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let lengths = (self.within.len(), self.at.len());
        pointer::push(&mut self.within, key);
        pointer::push(&mut self.at, key);
        visit(self);
        self.within.truncate(lengths.0);
        self.at.truncate(lengths.1);
    }

    /// The place of the node in its file.
    pub(super) fn spot(&self) -> (&str, &str) {
        (&self.file, &self.within)
    }
}

impl State<'_> {
    pub(super) fn walk(&mut self, node: &mut Value, place: Place, cursor: &mut Cursor, findings: &mut Findings) {
        if self.stopped {
            return;
        }
        if let Some((file, within)) = self.hoisted.remove(&cursor.at) {
            let copies = cursor.copies;
            return self.walk(node, place, &mut Cursor { copies, ..Cursor::new(&file, &within, &cursor.at) }, findings);
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let reference = reference.to_owned();
            if self.follow(node, &reference, place, cursor, findings) {
                return;
            }
        }
        match node {
            Value::Object(map) => {
                if place == Place::Schema {
                    self.follow_mapping(map, cursor, findings);
                }
                if place == Place::Link {
                    self.note_link(map, cursor);
                }
                for (key, child) in map.iter_mut() {
                    match place.child_with_references(key) {
                        Some(place) => cursor.child(key, |cursor| self.walk(child, place, cursor, findings)),
                        None if key == "examples" => self.copy_examples(child, cursor, findings),
                        None if !is_data(place, key) => {
                            cursor.child(key, |cursor| self.copy_text(child, cursor, findings));
                        }
                        None => {}
                    }
                }
            }
            Value::Array(items) => {
                let Some(place) = (if place == Place::Schema { Some(place) } else { place.child_with_references("") })
                else {
                    return;
                };
                for (index, item) in items.iter_mut().enumerate() {
                    cursor.child(&index.to_string(), |cursor| self.walk(item, place, cursor, findings));
                }
            }
            _ => {}
        }
    }

    /// Follows the reference of an object. Returns whether its target now stands in its place.
    fn follow(
        &mut self,
        node: &mut Value,
        reference: &str,
        place: Place,
        cursor: &Cursor,
        findings: &mut Findings,
    ) -> bool {
        let spot = match self.library.resolve(reference, cursor.spot(), place, findings) {
            Ok(Target::Document(at)) => {
                set_reference(node, &at);
                if !is_visited(&at) && self.seen.insert(at.clone()) {
                    self.elsewhere.push((at, place));
                }
                return false;
            }
            Ok(Target::Part(spot)) => spot,
            Err(absent) => {
                self.note_absent(reference, cursor, absent, findings);
                return false;
            }
        };
        // A path item that is called back may lead to itself, so it is no copy.
        let is_copied =
            place == Place::PathItem && lone_reference(node, place).is_some() && !is_called_back(&cursor.at);
        if section(place).is_some() && !is_copied {
            if let Some(pointer) = self.pointer_of(spot, place) {
                set_reference(node, &pointer);
            }
            return false;
        }
        if cursor.copies == MAX_COPIES {
            let reason = "it leads back to the part that has it, or through too many files".to_owned();
            self.note_absent(reference, cursor, Absent::Missing(reason), findings);
            return false;
        }
        let target = self.copy((&spot.0, &spot.1), &cursor.at, findings);
        let beside = std::mem::replace(node, target);
        // Such as the parameters beside the reference of an operation. What the target says counts.
        if let (Value::Object(node), Value::Object(beside)) = (&mut *node, beside) {
            for (key, value) in beside.into_iter().filter(|(key, _)| key != "$ref") {
                node.entry(key).or_insert(value);
            }
        }
        let mut cursor = Cursor { copies: cursor.copies + 1, ..Cursor::new(&spot.0, &spot.1, &cursor.at) };
        self.walk(node, place, &mut cursor, findings);
        true
    }

    fn note_absent(&mut self, reference: &str, cursor: &Cursor, absent: Absent, findings: &mut Findings) {
        match absent {
            // The lowering reports it, if the client needs it.
            Absent::Missing(reason) => {
                self.reasons.insert(cursor.at.clone(), reason);
            }
            absent => {
                self.library.report(findings, cursor.spot(), reference, &absent);
                self.reasons.insert(cursor.at.clone(), String::new());
            }
        }
    }

    /// Follows the references in the mapping of a discriminator.
    fn follow_mapping(&mut self, schema: &mut Map<String, Value>, cursor: &mut Cursor, findings: &mut Findings) {
        let mapping = schema.get_mut("discriminator").and_then(|it| it.get_mut("mapping"));
        for (key, target) in mapping.and_then(Value::as_object_mut).into_iter().flatten() {
            let Value::String(reference) = target else { continue };
            let is_named = !is_mapped_reference(reference);
            let mut written = reference.clone();
            if is_named {
                // The name of a component of the same file.
                let at = pointer::join("/components/schemas", reference);
                if cursor.file == self.library.document() || self.library.node(&cursor.file, &at).is_none() {
                    continue;
                }
                written = format!("#{at}");
            }
            let found = match self.library.resolve(&written, cursor.spot(), Place::Schema, findings) {
                Ok(Target::Document(at)) => Some(at),
                Ok(Target::Part(spot)) => self.pointer_of(spot, Place::Schema),
                Err(absent) => {
                    let at = format!("{}/discriminator/mapping", cursor.within);
                    let spot = (cursor.file.as_str(), pointer::join(&at, key));
                    self.library.report(findings, (spot.0, &spot.1), reference, &absent);
                    None
                }
            };
            if let Some(at) = found {
                *reference = written_reference(&at);
            }
        }
    }

    /// Copies the examples that are in other files.
    fn copy_examples(&mut self, examples: &mut Value, cursor: &mut Cursor, findings: &mut Findings) {
        cursor.child("examples", |cursor| {
            for (name, example) in examples.as_object_mut().into_iter().flatten() {
                cursor.child(name, |cursor| self.copy_text(example, cursor, findings));
            }
        });
    }

    /// Copies a text or another part without references, such as a `description` in a Markdown file.
    fn copy_text(&mut self, node: &mut Value, cursor: &Cursor, findings: &mut Findings) {
        let Some(reference) = lone_reference(node, Place::Schema).map(str::to_owned) else { return };
        let place = join(&cursor.file, reference.split('#').next().unwrap_or_default());
        let is_text = [".md", ".markdown", ".txt", ".html"].iter().any(|ending| place.ends_with(ending));
        if is_text {
            match self.library.text(&place) {
                Ok(text) => *node = Value::String(text.to_owned()),
                Err(absent) => self.library.report(findings, cursor.spot(), &reference, &absent),
            }
            return;
        }
        match self.library.resolve(&reference, cursor.spot(), Place::Schema, findings) {
            Ok(Target::Document(at)) => set_reference(node, &at),
            Ok(Target::Part((file, at))) => *node = self.copy((&file, &at), &cursor.at, findings),
            Err(absent) => self.library.report(findings, cursor.spot(), &reference, &absent),
        }
    }
}

/// Whether the value of a key is data, or of no use to a client.
fn is_data(place: Place, key: &str) -> bool {
    let data = ["example", "default", "enum", "const", "value", "discriminator", "scopes"];
    let is_of_link = place == Place::Link && matches!(key, "parameters" | "requestBody");
    key.starts_with("x-") || data.contains(&key) || is_of_link
}

/// Whether a path item is in a callback: below `callbacks`, a name and an expression.
fn is_called_back(at: &str) -> bool {
    at.rsplit('/').nth(2) == Some("callbacks")
}

pub(super) fn written_reference(at: &str) -> String {
    format!("#{}", at.replace('%', "%25"))
}

fn set_reference(node: &mut Value, at: &str) {
    if let Some(reference) = node.get_mut("$ref") {
        // A reference that means this already keeps its spelling.
        if reference.as_str().and_then(pointer::from_reference).as_deref() != Some(at) {
            *reference = written_reference(at).into();
        }
    }
}
