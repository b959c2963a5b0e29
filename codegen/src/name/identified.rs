//! Names operations by extensions that name methods, and by `operationId`.

use foldhash::{HashMap, HashSet};

use super::{
    bounded::{distinct, usable},
    case,
    operation_id::{OperationId, read_ids},
    path::told_by_path,
    summarized::with_subject,
    summary,
};
use crate::ir::Operation;

/// A tag of more words than this is a title, and no part of a name.
const MAX_TAG_WORDS: usize = 3;

/// What extensions and ids call the operations of a document.
pub(super) struct Identified<'a> {
    operations: &'a [Operation],
    given: Vec<Option<String>>,
    /// Whether two groups have a method of the same name, so that a verb alone says too little.
    has_groups: bool,
    ids: Vec<Option<OperationId>>,
    /// How many operations each brief id would fit.
    wanted: HashMap<String, usize>,
    by_path: Vec<Option<String>>,
}

/// The names of an operation from the best one on.
pub(super) type Candidate = fn(&Identified<'_>, usize) -> Option<String>;

/// The candidates in their order.
pub(super) const CANDIDATES: [Candidate; 8] = [
    |names, index| names.given(index),
    |names, index| names.given_in_group(index),
    |names, index| names.id(index).filter(|id| !id.is_made).map(|id| id.whole.clone()),
    |names, index| names.id(index).filter(|id| names.wanted[&id.brief] == 1).map(|id| id.brief.clone()),
    |names, index| names.with_group(index),
    |names, index| names.by_path[index].clone().and_then(distinct),
    |names, index| names.with_method(index),
    |names, index| names.id(index).map(|id| id.whole.clone()),
];

impl<'a> Identified<'a> {
    pub(super) fn of(operations: &'a [Operation]) -> Self {
        let name = |operation: &Operation| usable(case::snake(operation.given.name.as_deref()?));
        let given: Vec<Option<String>> = operations.iter().map(name).collect();
        let ids = read_ids(operations);
        let mut wanted: HashMap<String, usize> = HashMap::default();
        for id in ids.iter().flatten() {
            *wanted.entry(id.brief.clone()).or_default() += 1;
        }
        let briefs: Vec<Option<&str>> = ids.iter().map(|id| id.as_ref().map(|id| id.brief.as_str())).collect();
        let by_path = told_by_path(operations, &briefs);
        let has_groups = have_groups(operations, &given);
        Self { operations, given, has_groups, ids, wanted, by_path }
    }

    pub(super) fn id(&self, index: usize) -> Option<&OperationId> {
        self.ids[index].as_ref()
    }

    /// The name that an extension gives.
    pub(super) fn given(&self, index: usize) -> Option<String> {
        let name = self.given[index].clone()?;
        let is_verb_alone = self.has_groups && !name.contains('_');
        if is_verb_alone { self.given_in_group(index).or(Some(name)) } else { Some(name) }
    }

    pub(super) fn given_in_group(&self, index: usize) -> Option<String> {
        let group = self.operations[index].given.group.as_deref()?;
        in_group(&case::snake(group), self.given[index].as_deref()?)
    }

    /// The brief id with the group, the class or the tag of the operation.
    fn with_group(&self, index: usize) -> Option<String> {
        let (operation, id) = (&self.operations[index], self.id(index)?);
        let group = operation.given.group.as_deref().map(case::snake).or_else(|| id.class.clone());
        if let Some(group) = group {
            return in_group(&group, &id.brief);
        }
        let tag = case::snake(operation.tag.as_deref()?.rsplit('/').next()?);
        let tag = Some(tag.strip_suffix("_controller").unwrap_or(&tag))
            .filter(|tag| tag.split('_').count() <= MAX_TAG_WORDS)?;
        // `get_users_all` is no English.
        let words = id.brief.replace('_', " ");
        match words.strip_suffix(" all") {
            Some(words) => with_subject(operation, words, tag).and_then(|_| distinct(format!("{}_{tag}", id.brief))),
            None => with_subject(operation, &words, tag),
        }
    }

    fn with_method(&self, index: usize) -> Option<String> {
        // Other operations have the same name, with what the paths have of their own; or it is that of a method of all clients.
        let id = self.id(index)?;
        let name = self.by_path[index].as_deref().or(Some(id.brief.as_str()).filter(|_| id.is_made))?;
        let method = self.operations[index].method.to_ascii_lowercase();
        let has_verb = name.split('_').next().is_some_and(summary::is_verb);
        distinct(case::snake(&if has_verb { format!("{name} {method}") } else { format!("{method} {name}") }))
    }

    /// The names that the extensions and the id of an operation have ever given it.
    pub(super) fn all(&self, index: usize) -> impl Iterator<Item = String> {
        CANDIDATES.into_iter().filter_map(move |candidate| candidate(self, index))
    }
}

/// Whether operations of different groups are given the same name.
fn have_groups(operations: &[Operation], given: &[Option<String>]) -> bool {
    let mut groups: HashMap<&str, &str> = HashMap::default();
    let mut named = operations
        .iter()
        .zip(given)
        .filter_map(|(operation, name)| Some((name.as_deref()?, operation.given.group.as_deref()?)));
    named.any(|(name, group)| *groups.entry(name).or_insert(group) != group)
}

fn in_group(group: &str, name: &str) -> Option<String> {
    let said: HashSet<&str> = name.split('_').collect();
    let says_nothing_new = group.is_empty() || group.split('_').all(|word| said.contains(word));
    distinct(if says_nothing_new { name.to_owned() } else { case::snake(&format!("{group} {name}")) })
}
