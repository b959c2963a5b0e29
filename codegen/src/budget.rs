//! Limits of the size of a document and of the client.
//!
//! A small text can expand to a large client: an alias or a `copy` repeats a large part, and a chain of `allOf` copies
//! all properties into each type. Each expansion is counted where it happens and fails with an error at its place,
//! before it takes much time or memory. The limits are several times the needs of the largest published documents.

use serde_json::Value;

use crate::diagnostic::{Findings, code};

/// The longest key of an object, in bytes. The pointers of all values below a key repeat it.
pub(crate) const MAX_KEY: usize = 4 * 1024;

/// The longest text that becomes documentation or a name, in bytes.
pub(crate) const MAX_PROSE: usize = 1024 * 1024;

/// The most fields, values or variants that a type has, and the most inputs or responses that an operation has.
pub(crate) const MAX_MEMBERS: usize = 10_000;

/// The most members of all types and operations together. Microsoft Graph has 86,000 and its beta 178,000; EC2 has 17,000, and
/// Kubernetes, Stripe and GitHub have half of that. The bytes of the output do not tell the time that it takes: the code of a
/// field is short, but many tokens.
pub(crate) const MAX_ALL_MEMBERS: usize = 250_000;

/// The longest chain of references.
pub(crate) const MAX_REFERENCES: usize = 100;

/// The number of steps for work that several references repeat.
const MAX_STEPS: usize = 3_000_000;

/// The bytes of repeated text that count as one step.
pub(crate) const STEP_BYTES: usize = 64;

/// The most bytes of generated source, which is estimated before emission.
pub(crate) const MAX_OUTPUT: usize = 256 * 1024 * 1024;

/// The most values of a tree. Microsoft Graph's beta has 1.5 million, in 47 MB.
const MAX_NODES: usize = 3_000_000;

/// The most bytes of a tree in memory.
const MAX_TREE: usize = 448 * 1024 * 1024;

/// The most bytes of the pointers of all its values together.
const MAX_POINTERS: usize = 512 * 1024 * 1024;

/// The memory of a value in a list, of a value with its key in an object, and of a list or object that is not empty.
const ITEM: usize = size_of::<Value>();
const ENTRY: usize = ITEM + size_of::<String>() + 24;
const CONTAINER: usize = 4 * ENTRY;

/// The help for a tree that is too large.
pub(crate) const SMALLER: &str = "split the document, or remove examples and operations that the client does not need";

/// The size of a tree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) nodes: usize,
    bytes: usize,
    pointers: usize,
    pub(crate) depth: usize,
    /// The bytes of the longest text.
    pub(crate) longest: usize,
}

impl Tally {
    /// Counts a value of `bytes` below a pointer of this length.
    pub(crate) fn add(&mut self, bytes: usize, pointer: usize) {
        self.nodes += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.pointers = self.pointers.saturating_add(pointer);
    }

    /// Counts a list or an object that is not empty.
    pub(crate) fn add_container(&mut self) {
        self.bytes = self.bytes.saturating_add(CONTAINER);
    }

    /// Returns the tally with copies of another tree below pointers of this length.
    pub(crate) fn with_copies(mut self, other: &Self, copies: usize, pointer: usize) -> Self {
        self.nodes = self.nodes.saturating_add(other.nodes.saturating_mul(copies));
        self.bytes = self.bytes.saturating_add(other.bytes.saturating_mul(copies));
        let pointers = other.pointers.saturating_mul(copies).saturating_add(other.nodes.saturating_mul(pointer));
        self.pointers = self.pointers.saturating_add(pointers);
        self
    }

    /// The steps of reading the tree.
    pub(crate) fn steps(&self) -> usize {
        self.nodes.saturating_add(self.bytes / STEP_BYTES)
    }

    /// Returns the exceeded limit, or `None`.
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

/// Returns the size of a tree below a pointer of this length.
pub(crate) fn tally_of(tree: &Value, pointer: usize) -> Tally {
    let mut tally = Tally::default();
    tally.add(0, pointer);
    tally_below(tree, pointer, 0, &mut tally);
    tally
}

fn tally_below(node: &Value, pointer: usize, depth: usize, tally: &mut Tally) {
    tally.depth = tally.depth.max(depth);
    match node {
        Value::String(text) => {
            tally.bytes = tally.bytes.saturating_add(scalar_bytes(text));
            tally.longest = tally.longest.max(text.len());
        }
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

/// The remaining steps for work that several references repeat.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    left: usize,
    /// Whether the end is already reported.
    told: bool,
}

impl Default for Steps {
    fn default() -> Self {
        Self { left: MAX_STEPS, told: false }
    }
}

impl Steps {
    /// Takes steps. Returns `false` if not enough are left.
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

    /// Reports the end once, at the place where it was reached.
    pub(crate) fn tell(&mut self, at: &str, findings: &mut Findings) {
        if !std::mem::replace(&mut self.told, true) {
            let message = "references repeat this part too often: the expanded document exceeds the limit";
            let help = "remove references, or operations that the client does not need, in an overlay";
            findings.add_with_help(code::EXPANSION, at, message, help);
        }
    }
}
