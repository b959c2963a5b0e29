//! Budgets for reading one response: memory of the values, and work on unions.

use std::{
    any::TypeId,
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::HashMap,
};

use crate::model::failure::Failure;

/// The memory for values, as a multiple of the text's length.
const AMPLIFICATION: usize = 8;

/// The memory for untyped JSON, as a multiple of the text's length, and its maximum in bytes. An object with two
/// members needs more than twenty times its text, and results that a document does not describe are read this way.
const UNTYPED_AMPLIFICATION: usize = 32;
const UNTYPED_MEMORY: usize = 512 << 20;

/// The memory that is always allowed for values, in bytes, however short the text is.
const FLOOR: usize = 1 << 20;

/// The work that is always allowed on a tree, and the work per node, in steps.
const FREE_STEPS: u64 = 1 << 16;
const STEPS_A_NODE: u64 = 256;

/// The maximum work on a tree, in steps, unless the tree is so large that reading it a few times needs more.
const MAX_STEPS: u64 = 100_000_000;
const MIN_STEPS_A_NODE: u64 = 8;

/// The initial capacity of a vector, in items.
const FIRST: usize = 4;

/// The allocator's overhead per block, which is also the smallest block, in bytes.
const BLOCK_HEADER: usize = 16;

/// The memory of a table entry for a remembered node, in bytes, while the table grows.
const ENTRY: usize = 128;

/// The selected variant of a union at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The selection is in progress. A union that reaches itself at the same node has no such variant.
    Pending,
    /// The index of the variant, and what it keeps.
    Found(usize, Kept),
}

/// How much of a node is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The number of strings, numbers and booleans.
    pub(crate) leaves: usize,
    /// The number of values that the types keep as unknown.
    pub(crate) unknown: usize,
    /// The number of values that the types write as other JSON: a number as a string, or nothing for `null`.
    pub(crate) altered: usize,
    /// Whether it is certain that nothing is omitted or altered, and that no value is unknown.
    pub(crate) is_whole: bool,
}

impl Kept {
    pub(crate) const NOTHING: Self = Self::of_leaves(0);
    pub(crate) const LEAF: Self = Self::of_leaves(1);
    /// Something was omitted.
    pub(crate) const LOSS: Self = Self { is_whole: false, ..Self::NOTHING };
    /// A value is kept, but the type does not list it.
    pub(crate) const UNKNOWN: Self = Self { unknown: 1, ..Self::LOSS };
    /// A value is written as other JSON.
    pub(crate) const ALTERED: Self = Self { altered: 1, ..Self::LOSS };

    pub(crate) const fn of_leaves(leaves: usize) -> Self {
        Self { leaves, unknown: 0, altered: 0, is_whole: true }
    }

    /// Whether this type keeps more leaves than another one, or as many with fewer unknown or altered values.
    pub(crate) fn is_more_than(self, other: Self) -> bool {
        let rank = |kept: Self| (kept.leaves, Reverse(kept.unknown), Reverse(kept.altered));
        rank(self) > rank(other)
    }
}

/// The address of a node, and the union as which it is read.
type Key = (usize, TypeId);

/// An exhausted limit.
#[derive(Debug, Clone, Copy)]
enum Spent {
    Memory,
    Steps,
}

/// Counts the cost of reading, and fails when a limit is exceeded.
#[derive(Debug)]
pub(crate) struct Meter {
    memory_limit: usize,
    memory_left: Cell<usize>,
    /// The additional memory that is left for untyped JSON.
    untyped_left: Cell<usize>,
    /// The memory of the tables below. They outlive the trials in which they grow.
    tables: Cell<usize>,
    steps_left: Cell<u64>,
    /// The exhausted limit, if any. No alternative is tried after that.
    spent: Cell<Option<Spent>>,
    /// The number of nested trials. A trial builds no values.
    trials: Cell<usize>,
    /// What the current trial has read.
    kept: Cell<Kept>,
    choices: RefCell<HashMap<Key, Choice>>,
    /// The number of leaves in lists and objects of the tree, where it was requested.
    leaves: RefCell<HashMap<usize, usize>>,
    /// The steps on all trees.
    #[cfg(test)]
    pub(crate) steps: Cell<u64>,
}

impl Meter {
    fn new(memory_limit: usize) -> Self {
        Self {
            memory_limit,
            memory_left: Cell::new(memory_limit),
            untyped_left: Cell::new(0),
            tables: Cell::new(0),
            steps_left: Cell::new(u64::MAX),
            spent: Cell::new(None),
            trials: Cell::new(0),
            kept: Cell::new(Kept::NOTHING),
            choices: RefCell::default(),
            leaves: RefCell::default(),
            #[cfg(test)]
            steps: Cell::new(0),
        }
    }

    /// Returns a meter for text of `length` bytes. Half of `response_limit`, the client's limit for responses, is
    /// always allowed for values.
    pub(crate) fn of_text(length: usize, response_limit: usize) -> Self {
        let meter = Self::new(length.saturating_mul(AMPLIFICATION).max(response_limit / 2).max(FLOOR));
        let untyped = length.saturating_mul(UNTYPED_AMPLIFICATION).min(UNTYPED_MEMORY);
        meter.untyped_left.set(untyped.saturating_sub(meter.memory_limit));
        meter
    }

    /// Reads untyped JSON. Its separate budget is used first, so it does not reduce the budget of typed values.
    pub(crate) fn untyped<T>(&self, read: impl FnOnce() -> T) -> T {
        let extra = self.untyped_left.replace(0);
        let before = self.memory_left.get().saturating_add(extra);
        self.memory_left.set(before);
        let result = read();
        let left = self.memory_left.get();
        let unused = extra.saturating_sub(before.saturating_sub(left));
        self.untyped_left.set(unused);
        self.memory_left.set(left.saturating_sub(unused));
        result
    }

    /// Returns a meter for a model that serde reads. Inside of a response it has the response's limit. Otherwise the
    /// caller supplied the text, and memory is unlimited.
    pub(crate) fn ambient() -> Self {
        Self::new(AMBIENT.get())
    }

    /// Calls a function in which models that serde reads have this meter's limit.
    pub(crate) fn around<T>(&self, read: impl FnOnce() -> T) -> T {
        /// Restores the limit, even if a caller's type panics.
        struct Outer(usize);

        impl Drop for Outer {
            fn drop(&mut self) {
                AMBIENT.set(self.0);
            }
        }

        let _outer = Outer(AMBIENT.replace(self.memory_limit));
        read()
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.spent.get().is_some()
    }

    /// Returns the error of the exhausted limit, if any.
    pub(crate) fn refusal(&self) -> Option<Failure> {
        let limit = self.memory_limit;
        Some(match self.spent.get()? {
            Spent::Memory => Failure::new(format_args!(
                "its values need more than {limit} bytes of memory, the limit for a response of this length"
            )),
            Spent::Steps => {
                Failure::new("its unions need more work to resolve than a response of this length may take")
            }
        })
    }

    fn refuse(&self, spent: Spent) -> Failure {
        self.spent.set(Some(spent));
        self.refusal().unwrap_or_else(Failure::incomplete)
    }

    pub(crate) fn is_trial(&self) -> bool {
        self.trials.get() > 0
    }

    /// Charges memory for values, in bytes.
    #[inline]
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), Failure> {
        if let Some(left) = self.memory_left.get().checked_sub(bytes) {
            self.memory_left.set(left);
            return Ok(());
        }
        Err(self.refuse(Spent::Memory))
    }

    /// Charges the content of a string.
    #[inline]
    pub(crate) fn charge_text(&self, length: usize) -> Result<(), Failure> {
        if length == 0 { Ok(()) } else { self.charge(block(length)) }
    }

    /// Charges an item that is pushed to a vector of `length` items, which grows by doubling, as `Vec` does.
    #[inline]
    pub(crate) fn charge_item(&self, length: usize, size: usize) -> Result<(), Failure> {
        match length {
            0 => self.charge(block(FIRST * size)),
            _ if length >= FIRST && length.is_power_of_two() => self.charge(length.saturating_mul(size)),
            _ => Ok(()),
        }
    }

    /// Refunds the spare capacity of a vector with `length` items, which is about to be shrunk to fit.
    pub(crate) fn refund_growth(&self, length: usize, size: usize) {
        /// Allocators return blocks of this size to the system, in bytes. A smaller one leaves a hole.
        const LARGE: usize = 1 << 16;
        if length.saturating_mul(size) > LARGE {
            self.refund((length.next_power_of_two().max(FIRST) - length).saturating_mul(size));
        }
    }

    /// Charges an entry that is inserted into a B-tree map of `length` entries.
    pub(crate) fn charge_entry(&self, length: usize, size: usize) -> Result<(), Failure> {
        /// The entries of a node.
        const NODE: usize = 11;
        match length {
            0 => self.charge(block(NODE * size)),
            1..NODE => Ok(()),
            // Nodes are split in halves, so they may be half empty.
            _ => self.charge(2 * size + BLOCK_HEADER),
        }
    }

    /// Reads a tree with `nodes` nodes, and allows steps for each.
    pub(crate) fn with_tree<T>(&self, nodes: u64, read: impl FnOnce() -> T) -> T {
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

    /// Charges steps for work on a tree.
    #[inline]
    pub(crate) fn step(&self, count: u64) -> Result<(), Failure> {
        if let Some(left) = self.steps_left.get().checked_sub(count) {
            self.steps_left.set(left);
            #[cfg(test)]
            self.steps.set(self.steps.get() + count);
            return Ok(());
        }
        Err(self.refuse(Spent::Steps))
    }

    /// Adds to what the current trial has read.
    #[inline]
    pub(crate) fn keep(&self, more: Kept) {
        let kept = self.kept.get();
        self.kept.set(Kept {
            leaves: kept.leaves.saturating_add(more.leaves),
            unknown: kept.unknown.saturating_add(more.unknown),
            altered: kept.altered.saturating_add(more.altered),
            is_whole: kept.is_whole && more.is_whole,
        });
    }

    /// Tries to read a value without keeping it. Returns how much of it is read, or `None` if it cannot be read.
    pub(crate) fn try_read<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<Option<Kept>, Failure> {
        let kept = self.kept.replace(Kept::NOTHING);
        self.trials.set(self.trials.get() + 1);
        let result = self.attempt(|| read().map(drop));
        self.trials.set(self.trials.get() - 1);
        let read = self.kept.replace(kept);
        Ok(result?.map(|()| read))
    }

    /// Reads a value, or returns `None` and refunds its memory if it cannot be read. Fails only when a limit is
    /// exceeded.
    pub(crate) fn attempt<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<Option<T>, Failure> {
        let (memory, untyped, tables) = (self.memory_left.get(), self.untyped_left.get(), self.tables.get());
        match read() {
            Ok(value) if !self.is_trial() => Ok(Some(value)),
            Err(failure) if self.is_spent() => Err(failure),
            result => {
                self.memory_left.set(memory.saturating_sub(self.tables.get() - tables));
                self.untyped_left.set(untyped);
                Ok(result.ok())
            }
        }
    }

    /// Returns the remaining memory, in bytes.
    pub(crate) fn memory_left(&self) -> usize {
        self.memory_left.get()
    }

    /// Refunds the memory of dropped values, in bytes.
    pub(crate) fn refund(&self, bytes: usize) {
        self.memory_left.set(self.memory_left.get().saturating_add(bytes));
    }

    fn charge_table(&self) -> Result<(), Failure> {
        self.tables.set(self.tables.get() + ENTRY);
        self.charge(ENTRY)
    }

    /// Returns the selected variant of the union `U` for the node at this address.
    pub(crate) fn choice<U: 'static>(&self, address: usize) -> Option<Choice> {
        self.choices.borrow().get(&(address, TypeId::of::<U>())).copied()
    }

    pub(crate) fn remember<U: 'static>(&self, address: usize, choice: Choice) -> Result<(), Failure> {
        let is_new = self.choices.borrow_mut().insert((address, TypeId::of::<U>()), choice).is_none();
        if is_new { self.charge_table() } else { Ok(()) }
    }

    /// Returns the number of leaves of the node at this address, if it has been counted.
    pub(crate) fn known_leaves(&self, address: usize) -> Option<usize> {
        self.leaves.borrow().get(&address).copied()
    }

    pub(crate) fn remember_leaves(&self, address: usize, leaves: usize) -> Result<(), Failure> {
        self.charge_table()?;
        self.leaves.borrow_mut().insert(address, leaves);
        Ok(())
    }
}

thread_local! {
    /// The memory limit, in bytes, for models that serde reads on this thread.
    static AMBIENT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Returns the memory of a block with this length, in bytes.
fn block(length: usize) -> usize {
    length.saturating_add(BLOCK_HEADER)
}
