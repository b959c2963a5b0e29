//! Compares two documents and the public surfaces of their clients, by operation and model.

mod document;
mod markdown;
mod surface;

use std::collections::{BTreeMap, BTreeSet};

use lowcodeapi_codegen::{
    Output, Severity,
    document::{join, method_pointer},
};
use serde_json::Value;

use self::surface::{Owner, Surface};
pub(crate) use self::{document::DocumentChange, markdown::markdown};
use crate::{document::operations, finding::Finding};

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    Added,
    Removed,
    Changed,
}

impl Fate {
    fn of<T>(before: Option<&T>, after: Option<&T>) -> Self {
        match (before, after) {
            (None, _) => Self::Added,
            (Some(_), None) => Self::Removed,
            (Some(_), Some(_)) => Self::Changed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A line of the public surface, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    before: Option<String>,
    after: Option<String>,
}

impl Line {
    fn fate(&self) -> Fate {
        Fate::of(self.before.as_ref(), self.after.as_ref())
    }

    /// Whether callers' code may no longer compile.
    fn breaks_callers(&self) -> bool {
        self.before.is_some()
    }
}

/// An operation or a model, and the changes of its public surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    fate: Fate,
    /// The method and path of an operation, or the name of a type.
    title: String,
    /// The client's method for an operation, if there is one.
    method: Option<String>,
    lines: Vec<Line>,
}

/// All changes.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    operations_before: Option<usize>,
    operations_after: usize,
    operations: Vec<Group>,
    models: Vec<Group>,
    client: Vec<Line>,
    document: Vec<DocumentChange>,
    /// Whether a client was generated from the old document, so Rust names can be compared.
    surface_compared: bool,
}

/// One side of a comparison: a document and its client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) tree: &'a Value,
    pub(crate) output: Option<&'a Output>,
}

/// Compares two sides. Without `before`, everything is added.
pub(crate) fn compare(before: Option<Side<'_>>, after: Side<'_>) -> Changes {
    let keys = |side: Side<'_>| -> BTreeSet<String> {
        operations(side.tree).map(|(method, path)| format!("{method} {path}")).collect()
    };
    let old_keys = before.map(keys).unwrap_or_default();
    let new_keys = keys(after);
    let mut changes = Changes {
        operations_before: before.map(|_| old_keys.len()),
        operations_after: new_keys.len(),
        document: before.map(|before| document::compare_trees(before.tree, after.tree)).unwrap_or_default(),
        surface_compared: before.is_none_or(|before| before.output.is_some()) && after.output.is_some(),
        ..Changes::default()
    };
    let mut by_operation: BTreeMap<String, Group> = BTreeMap::new();
    for (fate, keys) in [(Fate::Added, new_keys.difference(&old_keys)), (Fate::Removed, old_keys.difference(&new_keys))]
    {
        for key in keys {
            by_operation.insert(key.clone(), Group { fate, title: key.clone(), method: None, lines: Vec::new() });
        }
    }
    if changes.surface_compared {
        let old = before.and_then(|side| side.output).map(|output| Surface::new(output, &old_keys)).unwrap_or_default();
        let new = after.output.map(|output| Surface::new(output, &new_keys)).unwrap_or_default();
        sort_lines(&old, &new, &mut by_operation, &mut changes);
        for (key, group) in &mut by_operation {
            group.method = new.method(key).or_else(|| old.method(key)).map(str::to_owned);
        }
    }
    changes.operations = by_operation.into_values().collect();
    changes
}

/// Groups the changed lines by operation or model.
fn sort_lines(old: &Surface, new: &Surface, by_operation: &mut BTreeMap<String, Group>, changes: &mut Changes) {
    let mut models: BTreeMap<String, Group> = BTreeMap::new();
    let identities: BTreeSet<_> = old.lines.keys().chain(new.lines.keys()).collect();
    for identity in identities {
        let line = Line { before: old.lines.get(identity).cloned(), after: new.lines.get(identity).cloned() };
        if line.before == line.after {
            continue;
        }
        let text = line.after.as_ref().or(line.before.as_ref()).map_or("", String::as_str);
        match surface::owner(text) {
            Owner::Request(name) => {
                let title = new.operation(name).or_else(|| old.operation(name)).unwrap_or(name).to_owned();
                let group = Group { fate: Fate::Changed, title: title.clone(), method: None, lines: Vec::new() };
                by_operation.entry(title).or_insert(group).lines.push(line);
            }
            Owner::Model(name) => {
                let fate = match (old.types.contains(name), new.types.contains(name)) {
                    (false, _) => Fate::Added,
                    (true, false) => Fate::Removed,
                    (true, true) => Fate::Changed,
                };
                let group = Group { fate, title: format!("types::{name}"), method: None, lines: Vec::new() };
                models.entry(name.to_owned()).or_insert(group).lines.push(line);
            }
            Owner::Client => changes.client.push(line),
        }
    }
    changes.models = models.into_values().collect();
}

impl Changes {
    /// Counts the lines that may break callers.
    pub(crate) fn breaking(&self) -> usize {
        self.lines().filter(|line| line.breaks_callers()).count()
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.operations.iter().chain(&self.models).flat_map(|group| &group.lines).chain(&self.client)
    }

    /// Returns the changes as findings. Those that break callers are warnings, the others notes.
    pub(crate) fn findings(&self, file: &str) -> Vec<Finding> {
        let note = |code, pointer: String, message: String| {
            Finding::error(code, file, message).severity(Severity::Note).at(pointer)
        };
        let mut findings = Vec::new();
        for group in self.operations.iter().filter(|group| group.fate != Fate::Changed) {
            let code = if group.fate == Fate::Added { "operation-added" } else { "operation-removed" };
            findings.push(note(code, operation_pointer(&group.title), group.title.clone()));
        }
        for line in self.lines() {
            let code = match line.fate() {
                Fate::Added => "surface-added",
                Fate::Removed => "surface-removed",
                Fate::Changed => "surface-changed",
            };
            let texts: Vec<&str> = line.before.iter().chain(&line.after).map(String::as_str).collect();
            let severity = if line.breaks_callers() { Severity::Warning } else { Severity::Note };
            findings.push(note(code, String::new(), texts.join(" => ")).severity(severity));
        }
        findings.extend(self.document.iter().map(|change| {
            let code = match change.fate {
                Fate::Added => "document-added",
                Fate::Removed => "document-removed",
                Fate::Changed => "document-changed",
            };
            note(code, change.pointer.clone(), format!("{} upstream", change.fate.word()))
        }));
        findings
    }
}

/// Returns the pointer of `GET /v1/tones` in the document.
fn operation_pointer(key: &str) -> String {
    let pointer = |(method, path)| format!("{}{}", join("/paths", path), method_pointer(method));
    key.split_once(' ').map(pointer).unwrap_or_default()
}
