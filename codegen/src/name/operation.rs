//! The names of operations: the recorded one, else the operation's id, else its summary, else tag and summary, else
//! method and path, each first without what a name is better without; else a number. A name that several operations would get is given to none of them, so that names do
//! not depend on the order of the document.

use std::collections::{HashMap, HashSet};

use super::{case, scope::Scope, summary};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, Operation},
    lock::Lock,
};

/// Methods that every generated client has, and the words that cannot be one.
const CLIENT_METHODS: &str = "new from_env builder clone from into default url_format raw_request";

/// A summary that makes a longer name is left to the words of the path.
const MAX_LENGTH: usize = 60;

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
    let candidates = [by_id, by_summary, by_remark, by_whole_summary, by_tag_and_summary, by_fixed_path, by_path];
    for candidate in candidates {
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
    brief(case::snake(&summary::shorten(operation.docs.summary.as_deref()?)?))
}

/// Two summaries may differ in a remark alone.
fn by_remark(operation: &Operation) -> Option<String> {
    brief(case::snake(&summary::shorten_all(operation.docs.summary.as_deref()?)?))
}

/// Or in what a name is better without.
fn by_whole_summary(operation: &Operation) -> Option<String> {
    let summary = operation.docs.summary.as_deref()?;
    summary::shorten_all(summary).and_then(|_| brief(case::snake(summary)))
}

fn by_tag_and_summary(operation: &Operation) -> Option<String> {
    let summary = case::snake(&summary::shorten(operation.docs.summary.as_deref()?)?);
    let tag = case::snake(operation.tag.as_deref()?);
    // A tag that the summary names already says nothing new.
    let says_nothing_new = format!("_{summary}_").contains(&format!("_{tag}_"));
    let adds = !tag.is_empty() && !summary.is_empty() && !says_nothing_new;
    adds.then(|| case::snake(&format!("{tag} {summary}"))).and_then(brief)
}

/// The method and the fixed words of the path, with the parameter that it ends with: `get_orders_risks_by_id`.
fn by_fixed_path(operation: &Operation) -> Option<String> {
    let segments: Vec<&str> = operation.path.split('/').filter(|segment| !segment.is_empty()).collect();
    let fixed = segments.iter().filter(|segment| !segment.contains('{') && !is_version(segment));
    let mut words: Vec<String> = fixed.map(|segment| case::snake(segment.trim_end_matches(".json"))).collect();
    // `marketing/marketing-events` says it twice.
    let doubled = |at: usize| words.get(at + 1).is_some_and(|next| next.starts_with(&format!("{}_", words[at])));
    words = (0..words.len()).filter(|at| !doubled(*at)).map(|at| words[at].clone()).collect();
    let of = words.last()?.clone();
    if let Some((_, parameter)) = segments.last().and_then(|last| last.split_once('{')) {
        let parameter = case::snake(parameter.split('}').next().unwrap_or_default());
        // So does `orders_by_order_id`.
        let owned = parameter.rsplit_once('_').filter(|(owner, _)| of.ends_with(&format!("{owner}s")));
        let parameter = owned.map_or(parameter.as_str(), |(_, rest)| rest);
        if !of.ends_with(&format!("by_{parameter}")) {
            words.push(format!("by {parameter}"));
        }
    }
    usable(case::snake(&format!("{} {}", operation.method.to_ascii_lowercase(), words.join(" "))))
}

/// A segment that says which version of an API this is, or that it is one: `v1`, `v20.0`, `2024-10`, `api`.
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or(segment);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit());
    segment == "api" || (is_number && number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-'))
}

fn by_path(operation: &Operation) -> Option<String> {
    let path = operation.path.replace(['{', '}'], "");
    usable(case::snake(&format!("{} {path}", operation.method.to_ascii_lowercase())))
}

fn brief(name: String) -> Option<String> {
    usable(name).filter(|name| name.len() <= MAX_LENGTH)
}

fn usable(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}
