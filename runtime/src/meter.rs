//! What reading one response may cost: memory for the values, and work on unions.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ptr,
};

use serde_json::Value;

use crate::{decodable::Failure, form::Form};

/// Values may take this many times the length of the text that they are read from.
const AMPLIFICATION: usize = 8;

/// The memory that values may always take, in bytes, however short the text is.
const FLOOR: usize = 1 << 20;

/// The steps on a tree that are always allowed, and those for each of its nodes.
const FREE_STEPS: u64 = 1 << 16;
const STEPS_A_NODE: u64 = 256;

/// The steps on a tree that are allowed in all, unless the tree is so large that it needs more to be read a few times.
const MAX_STEPS: u64 = 100_000_000;
const MIN_STEPS_A_NODE: u64 = 8;

/// What the allocator takes for a block besides its content, and the least that it gives out, in bytes.
const BLOCK_HEADER: usize = 16;

/// What a remembered node takes in a table.
const ENTRY: usize = 64;

/// Which variant of a union a node is, as far as that has been found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// It is being found out: a union that comes to itself at the same node has no such variant.
    Pending,
    /// The index of the variant, and how many leaves of the node it keeps.
    Found { index: usize, kept: usize },
}

/// A node of a tree and the forms it is read by.
type Key = (usize, usize);

/// Counts what reading costs, and refuses what is over.
#[derive(Debug)]
pub(crate) struct Meter {
    memory_limit: usize,
    memory_left: Cell<usize>,
    /// What of the memory the tables below take, which outlive the trials in which they grow.
    tables: Cell<usize>,
    steps_left: Cell<u64>,
    /// Whether a limit was reached, so that no alternative is worth a try.
    is_spent: Cell<bool>,
    /// How many trials are under way. In a trial nothing is built that will be thrown away.
    trials: Cell<usize>,
    /// The leaves that have been read in the current trial.
    kept: Cell<usize>,
    choices: RefCell<HashMap<Key, Choice>>,
    /// How many leaves stand in each list and object of the tree, counted when it is first asked for.
    leaves: RefCell<HashMap<usize, usize>>,
    /// The steps of all trees.
    #[cfg(test)]
    pub(crate) steps: Cell<u64>,
}

impl Meter {
    fn new(memory_limit: usize) -> Self {
        Self {
            memory_limit,
            memory_left: Cell::new(memory_limit),
            tables: Cell::new(0),
            steps_left: Cell::new(u64::MAX),
            is_spent: Cell::new(false),
            trials: Cell::new(0),
            kept: Cell::new(0),
            choices: RefCell::default(),
            leaves: RefCell::default(),
            #[cfg(test)]
            steps: Cell::new(0),
        }
    }

    /// A meter for a text of this length; `response_limit` is what the client accepts as a response, half of which
    /// values may take whatever the text's length is.
    pub(crate) fn of_text(length: usize, response_limit: usize) -> Self {
        Self::new(length.saturating_mul(AMPLIFICATION).max(response_limit / 2).max(FLOOR))
    }

    /// A meter that lets values take any memory: the caller has the text, and reads it on its own account.
    pub(crate) fn unlimited() -> Self {
        Self::new(usize::MAX)
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    pub(crate) fn is_trial(&self) -> bool {
        self.trials.get() > 0
    }

    /// Takes memory for values.
    #[inline]
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), Failure> {
        if let Some(left) = self.memory_left.get().checked_sub(bytes) {
            self.memory_left.set(left);
            return Ok(());
        }
        self.is_spent.set(true);
        Err(Failure::new(format_args!(
            "its values need more than {} bytes of memory, which is more than a response of this length may take",
            self.memory_limit
        )))
    }

    /// Takes memory for the content of a text.
    #[inline]
    pub(crate) fn charge_text(&self, length: usize) -> Result<(), Failure> {
        if length == 0 { Ok(()) } else { self.charge(block(length)) }
    }

    /// Takes memory for one more item of a vector that has `length` of them, which grows as `Vec` does: by doubling.
    #[inline]
    pub(crate) fn charge_item(&self, length: usize, size: usize) -> Result<(), Failure> {
        const FIRST: usize = 4;
        match length {
            0 => self.charge(block(FIRST * size)),
            _ if length >= FIRST && length.is_power_of_two() => self.charge(length.saturating_mul(size)),
            _ => Ok(()),
        }
    }

    /// Takes memory for one more entry of a B-tree map that has `length` of them.
    pub(crate) fn charge_entry(&self, length: usize, size: usize) -> Result<(), Failure> {
        /// The entries of a node.
        const NODE: usize = 11;
        match length {
            0 => self.charge(block(NODE * size)),
            1..NODE => Ok(()),
            // Nodes are split in halves, so that they may be half empty.
            _ => self.charge(2 * size + BLOCK_HEADER),
        }
    }

    /// Reads a tree, with steps for as many nodes as it has.
    pub(crate) fn with_tree<T>(&self, tree: &Value, read: impl FnOnce() -> T) -> T {
        let nodes = count_nodes(tree);
        let most = MAX_STEPS.max(nodes.saturating_mul(MIN_STEPS_A_NODE));
        let allowed = FREE_STEPS.saturating_add(nodes.saturating_mul(STEPS_A_NODE)).min(most);
        let outer = self.steps_left.replace(allowed);
        let result = read();
        self.steps_left.set(outer);
        self.choices.borrow_mut().clear();
        self.leaves.borrow_mut().clear();
        self.refund(self.tables.take());
        result
    }

    /// Takes steps for work on a tree.
    #[inline]
    pub(crate) fn step(&self, count: u64) -> Result<(), Failure> {
        if let Some(left) = self.steps_left.get().checked_sub(count) {
            self.steps_left.set(left);
            #[cfg(test)]
            self.steps.set(self.steps.get() + count);
            return Ok(());
        }
        self.is_spent.set(true);
        Err(Failure::new("its unions take more work to tell apart than a response of this length may take"))
    }

    /// Counts leaves that the current trial has read.
    #[inline]
    pub(crate) fn keep(&self, leaves: usize) {
        self.kept.set(self.kept.get().saturating_add(leaves));
    }

    /// Tries to read something whose value is not needed. Gives how many leaves it keeps; `None` where it cannot be
    /// read.
    pub(crate) fn try_read<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<Option<usize>, Failure> {
        let kept = self.kept.replace(0);
        self.trials.set(self.trials.get() + 1);
        let result = self.attempt(|| read().map(drop));
        self.trials.set(self.trials.get() - 1);
        let read = self.kept.replace(kept);
        Ok(result?.map(|()| read))
    }

    /// Reads something, or gives its memory back where it cannot be read: `None`. Only that a limit was reached is an
    /// error.
    pub(crate) fn attempt<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<Option<T>, Failure> {
        let (memory, tables) = (self.memory_left.get(), self.tables.get());
        match read() {
            Ok(value) if !self.is_trial() => Ok(Some(value)),
            Err(failure) if self.is_spent() => Err(failure),
            result => {
                self.memory_left.set(memory.saturating_sub(self.tables.get() - tables));
                Ok(result.ok())
            }
        }
    }

    /// The memory that is left.
    pub(crate) fn memory_left(&self) -> usize {
        self.memory_left.get()
    }

    /// Gives memory back that was taken for what has been dropped since.
    pub(crate) fn refund(&self, bytes: usize) {
        self.memory_left.set(self.memory_left.get().saturating_add(bytes));
    }

    fn charge_table(&self) -> Result<(), Failure> {
        self.tables.set(self.tables.get() + ENTRY);
        self.charge(ENTRY)
    }

    pub(crate) fn choice(&self, node: &Value, forms: &[Form]) -> Option<Choice> {
        self.choices.borrow().get(&key(node, forms)).copied()
    }

    pub(crate) fn remember(&self, node: &Value, forms: &[Form], choice: Choice) -> Result<(), Failure> {
        let is_new = self.choices.borrow_mut().insert(key(node, forms), choice).is_none();
        if is_new { self.charge_table() } else { Ok(()) }
    }

    /// How many texts, numbers and booleans stand in a node of the tree.
    pub(crate) fn leaves(&self, node: &Value) -> Result<usize, Failure> {
        if !matches!(node, Value::Array(_) | Value::Object(_)) {
            return Ok(usize::from(!node.is_null()));
        }
        if let Some(leaves) = self.leaves.borrow().get(&address(node)) {
            return Ok(*leaves);
        }
        self.count_leaves(node)
    }

    fn count_leaves(&self, node: &Value) -> Result<usize, Failure> {
        self.step(1)?;
        let mut leaves = 0;
        match node {
            Value::Array(items) => {
                for item in items {
                    leaves += self.leaves(item)?;
                }
            }
            Value::Object(entries) => {
                for value in entries.values() {
                    leaves += self.leaves(value)?;
                }
            }
            Value::Null => return Ok(0),
            _ => return Ok(1),
        }
        self.charge_table()?;
        self.leaves.borrow_mut().insert(address(node), leaves);
        Ok(leaves)
    }
}

/// The memory that a block of this length takes.
fn block(length: usize) -> usize {
    length.saturating_add(BLOCK_HEADER)
}

fn address(node: &Value) -> usize {
    ptr::from_ref(node).addr()
}

fn key(node: &Value, forms: &[Form]) -> Key {
    (address(node), forms.as_ptr().addr())
}

pub(crate) fn count_nodes(tree: &Value) -> u64 {
    match tree {
        Value::Array(items) => 1 + items.iter().map(count_nodes).sum::<u64>(),
        Value::Object(entries) => 1 + entries.values().map(count_nodes).sum::<u64>(),
        _ => 1,
    }
}
