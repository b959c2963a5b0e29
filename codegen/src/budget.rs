//! How much of a document, and of what is made of it, is followed.
//!
//! A small text can mean a great deal: an alias or a `copy` repeats what is large, a chain of `allOf` gives each type the
//! properties of all before it. Every such growth is counted where it happens and ends with an error that names its place,
//! before it takes much time or memory. The bounds are several times what the largest published documents need.

use serde_json::Value;

use crate::diagnostic::{Findings, code};

/// The longest key of an object, in bytes. Keys are repeated in the pointer of everything below them.
pub(crate) const MAX_KEY: usize = 4 * 1024;

/// The longest text that becomes documentation or a name, in bytes.
pub(crate) const MAX_PROSE: usize = 1024 * 1024;

/// The most fields, values or variants that a type has, and the most inputs or responses that an operation has.
pub(crate) const MAX_MEMBERS: usize = 10_000;

/// The most references that follow each other.
pub(crate) const MAX_REFERENCES: usize = 100;

/// The most steps of work that repeats because several places refer to one.
const MAX_STEPS: usize = 3_000_000;

/// So many bytes of a text that several places repeat are a step.
pub(crate) const STEP_BYTES: usize = 64;

/// The most bytes of generated source, which is estimated before any is made.
pub(crate) const MAX_OUTPUT: usize = 256 * 1024 * 1024;

/// The most values of a tree. Microsoft Graph's beta has 1.5 million, in 47 MB.
const MAX_NODES: usize = 3_000_000;

/// The most bytes of a tree in memory.
const MAX_TREE: usize = 448 * 1024 * 1024;

/// The most bytes of the pointers of all its values together.
const MAX_POINTERS: usize = 512 * 1024 * 1024;

/// What a value takes in a list, and with its key in an object; what an object or a list takes that has something in it.
const ITEM: usize = size_of::<Value>();
const ENTRY: usize = ITEM + size_of::<String>() + 24;
const CONTAINER: usize = 4 * ENTRY;

/// What there is to do about a tree that is too large.
pub(crate) const SMALLER: &str = "split the document, or remove examples and operations that the client does not need";

/// What a tree takes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) nodes: usize,
    bytes: usize,
    pointers: usize,
    pub(crate) depth: usize,
}

impl Tally {
    /// Counts a value that takes so many bytes besides its place, below a pointer of this length.
    pub(crate) fn add(&mut self, bytes: usize, pointer: usize) {
        self.nodes += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.pointers = self.pointers.saturating_add(pointer);
    }

    /// Counts a list or an object that has something in it.
    pub(crate) fn add_container(&mut self) {
        self.bytes = self.bytes.saturating_add(CONTAINER);
    }

    /// The tally with so many copies of another tree, which stand below pointers of this length.
    pub(crate) fn with_copies(mut self, other: &Self, copies: usize, pointer: usize) -> Self {
        self.nodes = self.nodes.saturating_add(other.nodes.saturating_mul(copies));
        self.bytes = self.bytes.saturating_add(other.bytes.saturating_mul(copies));
        let pointers = other.pointers.saturating_mul(copies).saturating_add(other.nodes.saturating_mul(pointer));
        self.pointers = self.pointers.saturating_add(pointers);
        self
    }

    /// What there is too much of; `None` while all is within bounds.
    pub(crate) fn excess(&self) -> Option<String> {
        if self.nodes > MAX_NODES {
            Some(format!("more than {MAX_NODES} values"))
        } else if self.bytes > MAX_TREE {
            Some(format!("more than {} MiB in memory", MAX_TREE >> 20))
        } else if self.pointers > MAX_POINTERS {
            Some(format!("more than {} MiB of JSON pointers", MAX_POINTERS >> 20))
        } else {
            None
        }
    }
}

/// The bytes of an entry of an object, with its key.
pub(crate) fn entry_bytes(key: &str) -> usize {
    ENTRY + key.len()
}

/// The bytes of a scalar besides its place.
pub(crate) fn scalar_bytes(text: &str) -> usize {
    text.len()
}

/// The bytes of an item of a list.
pub(crate) const fn item_bytes() -> usize {
    ITEM
}

/// What a tree takes below a pointer of this length.
pub(crate) fn tally_of(tree: &Value, pointer: usize) -> Tally {
    let mut tally = Tally::default();
    tally.add(0, pointer);
    tally_below(tree, pointer, 0, &mut tally);
    tally
}

fn tally_below(node: &Value, pointer: usize, depth: usize, tally: &mut Tally) {
    tally.depth = tally.depth.max(depth);
    match node {
        Value::String(text) => tally.bytes = tally.bytes.saturating_add(scalar_bytes(text)),
        Value::Array(items) if !items.is_empty() => {
            tally.add_container();
            for item in items {
                tally.add(item_bytes(), pointer + 2);
                tally_below(item, pointer + 2, depth + 1, tally);
            }
        }
        Value::Object(map) if !map.is_empty() => {
            tally.add_container();
            for (key, value) in map {
                let pointer = pointer + key.len() + 1;
                tally.add(entry_bytes(key), pointer);
                tally_below(value, pointer, depth + 1, tally);
            }
        }
        _ => {}
    }
}

/// The steps that are left of work that several places make necessary again.
#[derive(Debug)]
pub(crate) struct Steps {
    left: usize,
    /// Whether the end has been told.
    told: bool,
}

impl Default for Steps {
    fn default() -> Self {
        Self { left: MAX_STEPS, told: false }
    }
}

impl Steps {
    /// Takes steps; `false` where there are not so many left.
    pub(crate) fn take(&mut self, steps: usize) -> bool {
        match self.left.checked_sub(steps) {
            Some(left) => self.left = left,
            None => self.left = 0,
        }
        self.left > 0
    }

    pub(crate) fn are_spent(&self) -> bool {
        self.left == 0
    }

    /// Tells once, at the place where they ended.
    pub(crate) fn tell(&mut self, at: &str, findings: &mut Findings) {
        if !std::mem::replace(&mut self.told, true) {
            let message = "references repeat this part too often: the expanded document exceeds the limit";
            let help = "remove references, or operations that the client does not need, in an overlay";
            findings.add_with_help(code::EXPANSION, at, message, help);
        }
    }
}
