//! The names of operations: the recorded one, else the operation's id, else its summary, else tag and summary, else
//! method and path, else a number. A name that several operations would get is given to none of them, so that names do
//! not depend on the order of the document.

use std::collections::{HashMap, HashSet};

use super::{case, scope::Scope};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, Operation},
    lock::Lock,
};

/// Methods that every generated client has, and the words that cannot be one.
const CLIENT_METHODS: &str = "new from_env builder clone from into default url_format raw_request";

/// A summary of more words than this is prose, and no name.
const MAX_WORDS: usize = 8;

/// The method name of each operation.
pub(super) fn name_operations(api: &Api, lock: &Lock, findings: &mut Findings) -> Vec<String> {
    let mut scope = Scope::reserving(CLIENT_METHODS);
    let current: HashSet<&str> = api.operations.iter().map(|operation| operation.key.as_str()).collect();
    scope.reserve(lock.operations().filter(|(key, _)| !current.contains(key)).map(|(_, it)| it.name.as_str()));
    let mut names: Vec<Option<String>> = api
        .operations
        .iter()
        .map(|operation| lock.operation_name(&operation.key).filter(|name| scope.claim(name)).map(str::to_owned))
        .collect();
    for candidate in [by_id, by_summary, by_tag_and_summary, by_path] {
        let wanted: Vec<(usize, String)> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| name.is_none())
            .filter_map(|(index, _)| candidate(&api.operations[index]).map(|name| (index, name)))
            .collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        for (_, name) in &wanted {
            *count.entry(name).or_default() += 1;
        }
        for (index, name) in &wanted {
            if count[name.as_str()] == 1 && scope.claim(name) {
                names[*index] = Some(name.clone());
            }
        }
    }
    let mut finished = Vec::with_capacity(names.len());
    for (operation, name) in api.operations.iter().zip(names) {
        let name = name.unwrap_or_else(|| {
            let name = scope.claim_first(&[by_path(operation).unwrap_or_else(|| "operation".to_owned())]);
            let message = format!("every name it could have is another operation's too; it is `{name}`");
            findings.add(code::NAME_CLASH, &operation.pointer, message);
            name
        });
        finished.push(name);
    }
    finished
}

fn by_id(operation: &Operation) -> Option<String> {
    usable(case::snake(operation.id.as_deref()?))
}

fn by_summary(operation: &Operation) -> Option<String> {
    usable(case::snake(short(operation.docs.summary.as_deref()?)?))
}

fn by_tag_and_summary(operation: &Operation) -> Option<String> {
    let summary = short(operation.docs.summary.as_deref()?)?;
    usable(case::snake(&format!("{} {summary}", operation.tag.as_deref()?)))
}

fn by_path(operation: &Operation) -> Option<String> {
    let path = operation.path.replace(['{', '}'], "");
    usable(case::snake(&format!("{} {path}", operation.method.to_ascii_lowercase())))
}

fn short(summary: &str) -> Option<&str> {
    let is_prose = summary.split_whitespace().count() > MAX_WORDS || summary.contains(['<', '\n']);
    (!is_prose).then_some(summary)
}

fn usable(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}
