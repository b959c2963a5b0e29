//! A document while it is made of its parts.

use std::collections::VecDeque;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use super::{
    library::Library,
    resolve::Spot,
    target::{self, Part, is_visited},
};
use crate::{
    budget::{self, Tally},
    diagnostic::{Findings, code},
    files::Files,
    read::place::Place,
};

/// The reasons why references have no target, by the pointers of the objects with the `$ref`. Empty if already reported.
pub(crate) type Reasons = HashMap<String, String>;

/// A document and the parts of other files that it consists of.
pub(super) struct State<'a> {
    pub(super) library: Library<'a>,
    /// The pointer of each part in the document. For a part without a name yet, it contains a mark with its number.
    pub(super) assigned: HashMap<Part, String>,
    /// The parts that are not yet in the document, and those of them that are not yet read.
    pub(super) parts: Vec<Waiting>,
    pub(super) queue: VecDeque<usize>,
    /// Places of the document that no walk visits but references lead to, with the kind that they need.
    pub(super) elsewhere: Vec<(String, Place)>,
    pub(super) seen: HashSet<String>,
    /// Where components of the document are from that are copies of parts and not yet read.
    pub(super) hoisted: HashMap<String, Spot>,
    /// Where parts of the document are from, by their pointers.
    pub(super) origins: HashMap<String, Spot>,
    pub(super) reasons: Reasons,
    /// The links with an `operationRef`, and what it means.
    pub(super) links: Vec<(String, Spot)>,
    copied: Tally,
    /// Whether a limit is exceeded.
    pub(super) stopped: bool,
}

/// A part that is not yet in the document.
pub(super) struct Waiting {
    pub(super) part: Part,
    pub(super) section: &'static str,
    pub(super) place: Place,
    pub(super) content: Value,
}

/// Stands before the number of a part that has no name yet. No component's name contains it.
pub(super) const MARK: char = '\u{1}';

impl<'a> State<'a> {
    pub(super) fn new(name: &'a str, files: Option<&'a dyn Files>) -> Self {
        Self {
            library: Library::new(name, files),
            assigned: HashMap::default(),
            parts: Vec::new(),
            queue: VecDeque::new(),
            elsewhere: Vec::new(),
            seen: HashSet::default(),
            hoisted: HashMap::default(),
            origins: HashMap::default(),
            reasons: HashMap::default(),
            links: Vec::new(),
            copied: Tally::default(),
            stopped: false,
        }
    }

    /// Returns a copy of a part, and notes where it is.
    pub(super) fn copy(&mut self, (file, at): (&str, &str), to: &str, findings: &mut Findings) -> Value {
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
    pub(super) fn pointer_of(&mut self, (file, at): Spot, needed: Place) -> Option<String> {
        // A part of what the document has already is not copied again, unless no walk visits it there, such as in an extension.
        let mut around = at.as_str();
        loop {
            if let Some(pointer) = self.assigned.get(&Part { file: file.clone(), at: around.to_owned() }) {
                let pointer = format!("{pointer}{}", &at[around.len()..]);
                if is_visited(&pointer) {
                    return Some(pointer);
                }
            }
            let Some(end) = around.rfind('/') else { break };
            around = &around[..end];
        }
        let (part, section) = target::part_around(&file, &at, self.library.node(&file, "")?, needed);
        let section = section?;
        let rest = at[part.at.len()..].to_owned();
        let place = if rest.is_empty() {
            needed
        } else {
            Place::Components.child_with_references(section)?.child_with_references("")?
        };
        let number = self.parts.len();
        let pointer = format!("/components/{section}/{MARK}{number}");
        self.assigned.insert(part.clone(), pointer.clone());
        self.parts.push(Waiting { part, section, place, content: Value::Null });
        self.queue.push_back(number);
        Some(pointer + &rest)
    }
}
