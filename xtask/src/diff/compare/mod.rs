//! Compares two clients. Each difference of names and meaning is an entry, which takes the lines of the public surface that it
//! explains. What no entry explains becomes an entry of its own, so that nothing that differs is lost.

mod client;
mod inputs;
mod members;
mod operations;
mod renames;
mod rest;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::renames::{Renames, sorted_words, words};
use super::{
    bindings::{Bindings, Operation, Type},
    entry::Entry,
    surface::{Lines, Surface},
};

/// One side of a comparison: a generated client.
#[derive(Debug, Default)]
pub(crate) struct Generated {
    pub(crate) bindings: Bindings,
    pub(crate) surface: Surface,
    /// The code of each item, without documentation.
    pub(crate) code: BTreeMap<String, String>,
}

impl Generated {
    /// The structs that callers write with all of their fields.
    pub(crate) fn exhaustive(&self) -> BTreeSet<String> {
        let requests = self.bindings.operations.iter().filter_map(|it| it.required.clone());
        requests.chain(self.bindings.types.iter().filter_map(|it| it.required.clone())).collect()
    }
}

/// What the parts of a comparison share.
struct Comparison<'a> {
    old: &'a Generated,
    new: &'a Generated,
    renames: Renames,
    lines: Lines,
    entries: Vec<Entry>,
}

/// Returns the entries, those with the most important effects first.
pub(crate) fn compare(old: &Generated, new: &Generated) -> Vec<Entry> {
    let mut comparison = Comparison {
        old,
        new,
        renames: Renames::between(&old.bindings, &new.bindings),
        lines: Lines::between(&old.surface, &new.surface, &old.exhaustive()),
        entries: Vec::new(),
    };
    client::compare_clients(&mut comparison);
    operations::compare_operations(&mut comparison);
    types::compare_types(&mut comparison);
    let mut entries = rest::explain_rest(comparison);
    entries.sort_by(|one, other| {
        (one.effect(), &one.item, one.rule.id, &one.now).cmp(&(other.effect(), &other.item, other.rule.id, &other.now))
    });
    entries
}

impl<'a> Comparison<'a> {
    fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The pairs of operations: a method that stays, or the operation of the document under another name.
    fn operations(&self) -> Pairs<'a, Operation> {
        pair(&self.old.bindings.operations, &self.new.bindings.operations, |it| it.rust.clone(), Operation::key)
    }

    /// The pairs of types: a name that stays, or the schema under another name.
    fn types(&self) -> Pairs<'a, Type> {
        pair(&self.old.bindings.types, &self.new.bindings.types, |it| it.rust.clone(), |it| it.key.clone())
    }
}

/// Items of two sides that belong together, and those of one side alone.
struct Pairs<'a, T> {
    both: Vec<(&'a T, &'a T)>,
    old: Vec<&'a T>,
    new: Vec<&'a T>,
}

/// Pairs items by their names in Rust. Of the rest, those belong together that have the same identity in the document.
fn pair<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&T) -> String,
    identity: impl Fn(&T) -> String,
) -> Pairs<'a, T> {
    let mut left: BTreeMap<String, &T> = new.iter().map(|it| (name(it), it)).collect();
    let mut both = Vec::new();
    let mut alone = Vec::new();
    for it in old {
        match left.remove(&name(it)) {
            Some(other) => both.push((it, other)),
            None => alone.push(it),
        }
    }
    let mut known: BTreeMap<String, Vec<&T>> = BTreeMap::new();
    for it in left.values() {
        known.entry(identity(it)).or_default().push(it);
    }
    let mut gone = Vec::new();
    for it in alone {
        // Several of one identity would only be told apart by their order.
        match known.get(&identity(it)).map(Vec::as_slice) {
            Some([other]) if left.remove(&name(other)).is_some() => both.push((it, *other)),
            _ => gone.push(it),
        }
    }
    let is_left = |it: &&T| left.contains_key(&name(it));
    Pairs { both, old: gone, new: new.iter().filter(is_left).collect() }
}

/// A value of a document in a sentence.
fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// Limits in a sentence.
fn in_words(limits: &[String]) -> String {
    if limits.is_empty() { "none".to_owned() } else { limits.join("; ") }
}

fn or_none(text: Option<&str>) -> String {
    text.map_or_else(|| "nothing".to_owned(), quoted)
}
