//! What reading one response may cost: memory for the values, and work on unions.

use std::{
    any::TypeId,
    cell::{Cell, RefCell},
    collections::HashMap,
};

use crate::model::failure::Failure;

/// Values may take this many times the length of the text that they are read from.
const AMPLIFICATION: usize = 8;

/// JSON of no declared type may take this many times the length of its text, and so much memory in all: an object of two
/// members takes more than twenty times its text, and documents that say nothing of their results are read so.
const UNTYPED_AMPLIFICATION: usize = 32;
const UNTYPED_MEMORY: usize = 512 << 20;

/// The memory that values may always take, in bytes, however short the text is.
const FLOOR: usize = 1 << 20;

/// The steps on a tree that are always allowed, and those for each of its nodes.
const FREE_STEPS: u64 = 1 << 16;
const STEPS_A_NODE: u64 = 256;

/// The steps on a tree that are allowed in all, unless the tree is so large that it needs more to be read a few times.
const MAX_STEPS: u64 = 100_000_000;
const MIN_STEPS_A_NODE: u64 = 8;

/// The items for which a vector first makes room.
const FIRST: usize = 4;

/// What the allocator takes for a block besides its content, and the least that it gives out, in bytes.
const BLOCK_HEADER: usize = 16;

/// What a remembered node takes in a table, while it grows.
const ENTRY: usize = 128;

/// Which variant of a union a node is, as far as that has been found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// It is being found out: a union that comes to itself at the same node has no such variant.
    Pending,
    /// The index of the variant, and what it keeps.
    Found(usize, Kept),
}

/// What of a node is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// How many texts, numbers and booleans.
    pub(crate) leaves: usize,
    /// Whether nothing is left out for certain.
    pub(crate) is_whole: bool,
}

impl Kept {
    const NOTHING: Self = Self { leaves: 0, is_whole: true };
    pub(crate) const LEAF: Self = Self { leaves: 1, is_whole: true };
    /// Something was left out.
    pub(crate) const LOSS: Self = Self { leaves: 0, is_whole: false };
}

/// The address of a node of a tree, and the union that it is read as.
type Key = (usize, TypeId);

/// A limit that was reached.
#[derive(Debug, Clone, Copy)]
enum Spent {
    Memory,
    Steps,
}

/// Counts what reading costs, and refuses what is over.
#[derive(Debug)]
pub(crate) struct Meter {
    memory_limit: usize,
    memory_left: Cell<usize>,
    /// What JSON of no declared type may take besides.
    untyped_left: Cell<usize>,
    /// What of the memory the tables below take, which outlive the trials in which they grow.
    tables: Cell<usize>,
    steps_left: Cell<u64>,
    /// Which limit was reached, if one was: no alternative is worth a try then.
    spent: Cell<Option<Spent>>,
    /// How many trials are under way. In a trial nothing is built that will be thrown away.
    trials: Cell<usize>,
    /// What the current trial has read.
    kept: Cell<Kept>,
    choices: RefCell<HashMap<Key, Choice>>,
    /// How many leaves stand in lists and objects of the tree, as far as that was asked for.
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

    /// Returns a meter for a text of this length. Values may always take half of `response_limit`, the client's limit on
    /// responses.
    pub(crate) fn of_text(length: usize, response_limit: usize) -> Self {
        let meter = Self::new(length.saturating_mul(AMPLIFICATION).max(response_limit / 2).max(FLOOR));
        let untyped = length.saturating_mul(UNTYPED_AMPLIFICATION).min(UNTYPED_MEMORY);
        meter.untyped_left.set(untyped.saturating_sub(meter.memory_limit));
        meter
    }

    /// Reads JSON of no declared type. What is set aside for it goes first, so that it takes nothing from what has a type.
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

    /// A meter for a model that serde reads: of what a response is read as, it has the same limit. Otherwise the caller has
    /// the text and reads it on its own account, and values may take any memory.
    pub(crate) fn ambient() -> Self {
        Self::new(AMBIENT.get())
    }

    /// Calls a function in which serde reads models with this meter's limit.
    pub(crate) fn around<T>(&self, read: impl FnOnce() -> T) -> T {
        /// Sets the limit back, also where a caller's type panics.
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

    /// Why reading had to end, where a limit was reached.
    pub(crate) fn refusal(&self) -> Option<Failure> {
        let limit = self.memory_limit;
        Some(match self.spent.get()? {
            Spent::Memory => Failure::new(format_args!(
                "its values need more than {limit} bytes of memory, which is more than a response of this length may take"
            )),
            Spent::Steps => {
                Failure::new("its unions take more work to tell apart than a response of this length may take")
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

    /// Takes memory for values.
    #[inline]
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), Failure> {
        if let Some(left) = self.memory_left.get().checked_sub(bytes) {
            self.memory_left.set(left);
            return Ok(());
        }
        Err(self.refuse(Spent::Memory))
    }

    /// Takes memory for the content of a text.
    #[inline]
    pub(crate) fn charge_text(&self, length: usize) -> Result<(), Failure> {
        if length == 0 { Ok(()) } else { self.charge(block(length)) }
    }

    /// Takes memory for one more item of a vector that has `length` of them, which grows as `Vec` does: by doubling.
    #[inline]
    pub(crate) fn charge_item(&self, length: usize, size: usize) -> Result<(), Failure> {
        match length {
            0 => self.charge(block(FIRST * size)),
            _ if length >= FIRST && length.is_power_of_two() => self.charge(length.saturating_mul(size)),
            _ => Ok(()),
        }
    }

    /// Gives back what a vector has taken beyond its `length` items, once it grows no more and is cut to its length.
    pub(crate) fn refund_growth(&self, length: usize, size: usize) {
        /// What allocators give back to the system; of less, a hole stays between other blocks.
        const LARGE: usize = 1 << 16;
        if length.saturating_mul(size) > LARGE {
            self.refund((length.next_power_of_two().max(FIRST) - length).saturating_mul(size));
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

    /// Reads a tree of so many nodes, with steps for each of them.
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

    /// Takes steps for work on a tree.
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

    /// Counts what the current trial has read.
    #[inline]
    pub(crate) fn keep(&self, more: Kept) {
        let kept = self.kept.get();
        let leaves = kept.leaves.saturating_add(more.leaves);
        self.kept.set(Kept { leaves, is_whole: kept.is_whole && more.is_whole });
    }

    /// Tries to read something whose value is not needed. Gives what it keeps; `None` where it cannot be read.
    pub(crate) fn try_read<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<Option<Kept>, Failure> {
        let kept = self.kept.replace(Kept::NOTHING);
        self.trials.set(self.trials.get() + 1);
        let result = self.attempt(|| read().map(drop));
        self.trials.set(self.trials.get() - 1);
        let read = self.kept.replace(kept);
        Ok(result?.map(|()| read))
    }

    /// Reads something, or gives its memory back where it cannot be read: `None`. Only that a limit was reached is an
    /// error.
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

    /// Which variant of the union `U` the node at this address is.
    pub(crate) fn choice<U: 'static>(&self, address: usize) -> Option<Choice> {
        self.choices.borrow().get(&(address, TypeId::of::<U>())).copied()
    }

    pub(crate) fn remember<U: 'static>(&self, address: usize, choice: Choice) -> Result<(), Failure> {
        let is_new = self.choices.borrow_mut().insert((address, TypeId::of::<U>()), choice).is_none();
        if is_new { self.charge_table() } else { Ok(()) }
    }

    /// How many leaves the node at this address has, where that was counted.
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
    /// The memory that models may take which serde reads on this thread.
    static AMBIENT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The memory that a block of this length takes.
fn block(length: usize) -> usize {
    length.saturating_add(BLOCK_HEADER)
}
