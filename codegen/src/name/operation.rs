//! Names operations: by the lock, else by `operationId`, summary, summary and tag, summary and parameter, or method and
//! path, else with a number. A name that fits several operations is given to none of them, so names do not depend on
//! the order of the document.

use std::collections::{HashMap, HashSet};

use super::{case, lock::Lock, scope::Scope, summary};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, Operation},
    read::pointer,
};

/// Methods that every generated client has, and the words that cannot be one.
const CLIENT_METHODS: &str = "new from_env builder clone from into default url_format raw_request";

/// A summary that makes a longer name is left to the words of the path, unless these are longer still.
const MAX_LENGTH: usize = 60;

/// What tells operations of one summary apart may make their names this long.
const MAX_DISTINCT_LENGTH: usize = 70;

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
    let candidates = [
        by_id,
        by_summary,
        by_remark,
        by_whole_summary,
        by_long_summary,
        by_summary_and_last_tag,
        by_summary_and_tag,
        by_summary_and_parameter,
        by_fixed_path,
        by_fixed_path_and_parameter,
        by_path,
    ];
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
    report_kept(api, lock, &scope, findings);
    let mut finished = Vec::with_capacity(names.len());
    for (operation, name) in api.operations.iter().zip(names) {
        let is_locked = lock.operation_name(&operation.key).is_some();
        if let (Some(name), Some(wanted), false) = (&name, by_id(operation), is_locked)
            && *name != wanted
        {
            let at = pointer::join(&operation.pointer, "operationId");
            let message =
                format!("`operationId` gives the name `{wanted}`, which is not free; the method becomes `{name}`");
            findings.add_with_help(code::NAME_CLASH, at, message, RENAME);
        }
        let name = name.unwrap_or_else(|| {
            let name = scope.claim_first(&[by_path(operation).unwrap_or_else(|| "operation".to_owned())]);
            let message = format!("each name of the operation fits another one too; the method becomes `{name}`");
            findings.add_with_help(code::NAME_CLASH, &operation.pointer, message, RENAME);
            name
        });
        finished.push(name);
    }
    finished
}

/// Reports operations that keep their recorded name, although their `operationId` gives another free one.
fn report_kept(api: &Api, lock: &Lock, scope: &Scope, findings: &mut Findings) {
    for operation in &api.operations {
        let Some((wanted, kept)) = by_id(operation).zip(lock.operation_name(&operation.key)) else { continue };
        if kept != wanted && !scope.is_taken(&wanted) {
            let message =
                format!("`operationId` gives the name `{wanted}`; the method keeps `{kept}`, as the lock records");
            let help = "to rename the method, change the name in the lock; to keep it, set the old `operationId` in an overlay";
            let at = pointer::join(&operation.pointer, "operationId");
            findings.add_with_help(code::NAME_KEPT, at, message, help);
        }
    }
}

const RENAME: &str = "set another `operationId` in an overlay";

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

fn by_long_summary(operation: &Operation) -> Option<String> {
    let name = usable(case::snake(&summary::shorten(operation.docs.summary.as_deref()?)?))?;
    let path = by_fixed_path(operation)?;
    (name.len() > MAX_LENGTH && name.len() <= path.len()).then_some(name)
}

/// Of `CMS / Blogs / Blog posts` the last part says what it is about.
fn by_summary_and_last_tag(operation: &Operation) -> Option<String> {
    with_tag(operation, operation.tag.as_deref()?.rsplit('/').next()?)
}

fn by_summary_and_tag(operation: &Operation) -> Option<String> {
    with_tag(operation, operation.tag.as_deref()?)
}

fn with_tag(operation: &Operation, tag: &str) -> Option<String> {
    let summary = shared_summary(operation)?;
    let (name, tag) = (case::snake(&summary), case::snake(tag));
    // A tag that the summary names already says nothing new.
    let says_nothing_new = format!("_{name}_").contains(&format!("_{tag}_"));
    let adds = !tag.is_empty() && !name.is_empty() && !says_nothing_new;
    let tag = if is_about_one(operation, &name) { summary::singular(&tag) } else { tag };
    adds.then(|| case::snake(&summary::with_subject(&summary, &tag))).and_then(distinct)
}

/// What is found in two ways is told apart by what it is found by.
fn by_summary_and_parameter(operation: &Operation) -> Option<String> {
    // A verb alone does not say what is found.
    let name =
        Some(case::snake(&shared_summary(operation)?)).filter(|name| name.contains('_') && !name.contains("_by_"))?;
    let parameter = first_parameter(operation)?;
    distinct(case::snake(&format!("{name} by {parameter}")))
}

/// A summary that would do if other operations had not the same. That of a reading operation is one of a change where it
/// was copied from there.
fn shared_summary(operation: &Operation) -> Option<String> {
    let summary = summary::shorten(operation.docs.summary.as_deref()?)?;
    let name = brief(case::snake(&summary))?;
    let is_copied = operation.method == "GET" && ["delete_", "update_"].iter().any(|verb| name.starts_with(verb));
    (!is_copied).then_some(summary)
}

/// Whether a name of a verb alone is that of something done to one of a kind: `delete`, `get_by_id`.
fn is_about_one(operation: &Operation, name: &str) -> bool {
    let (verb, rest) = name.split_once('_').unwrap_or((name, ""));
    let path = operation.path.trim_end_matches('/');
    (rest.is_empty() || rest.starts_with("by_")) && (path.ends_with('}') || ["create", "add"].contains(&verb))
}

/// The method and the fixed words of the path, with the parameter that it ends with: `get_orders_risks_by_id`.
fn by_fixed_path(operation: &Operation) -> Option<String> {
    let mut words = fixed_words(operation);
    let of = words.last()?.clone();
    if let Some((_, parameter)) = operation.path.rsplit('/').find(|it| !it.is_empty())?.split_once('{') {
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

/// The same, with the parameter that comes first in the path.
fn by_fixed_path_and_parameter(operation: &Operation) -> Option<String> {
    let words = fixed_words(operation).join(" ");
    let parameter = first_parameter(operation).filter(|_| !words.is_empty())?;
    usable(case::snake(&format!("{} {words} by {parameter}", operation.method.to_ascii_lowercase())))
}

fn first_parameter(operation: &Operation) -> Option<String> {
    let (_, rest) = operation.path.split_once('{')?;
    usable(case::snake(rest.split('}').next()?))
}

/// The words of the path, without versions and parameters.
fn fixed_words(operation: &Operation) -> Vec<String> {
    let segments = operation.path.split('/').filter(|segment| !segment.is_empty());
    let fixed = segments.filter(|segment| !segment.contains('{') && !is_version(segment));
    let words: Vec<String> = fixed.map(|segment| case::snake(segment.trim_end_matches(".json"))).collect();
    // `marketing/marketing-events` says it twice.
    let doubled = |at: usize| words.get(at + 1).is_some_and(|next| next.starts_with(&format!("{}_", words[at])));
    (0..words.len()).filter(|at| !doubled(*at)).map(|at| words[at].clone()).collect()
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

fn distinct(name: String) -> Option<String> {
    usable(name).filter(|name| name.len() <= MAX_DISTINCT_LENGTH)
}

fn usable(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}
