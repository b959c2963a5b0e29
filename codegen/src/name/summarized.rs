//! Names operations by their summaries.

use super::{
    bounded::{MAX_LENGTH, brief, distinct, usable},
    case,
    path::{by_fixed_path, first_parameter},
    summary,
};
use crate::ir::Operation;

pub(super) fn by_summary(operation: &Operation) -> Option<String> {
    brief(case::snake(&summary::shorten(operation.docs.summary.as_deref()?)?))
}

/// Two summaries may differ in a remark alone.
pub(super) fn by_remark(operation: &Operation) -> Option<String> {
    brief(case::snake(&summary::shorten_all(operation.docs.summary.as_deref()?)?))
}

/// Or in what a name is better without.
pub(super) fn by_whole_summary(operation: &Operation) -> Option<String> {
    let summary = operation.docs.summary.as_deref()?;
    summary::shorten_all(summary).and_then(|_| brief(case::snake(summary)))
}

pub(super) fn by_long_summary(operation: &Operation) -> Option<String> {
    let name = usable(case::snake(&summary::shorten(operation.docs.summary.as_deref()?)?))?;
    let path = by_fixed_path(operation)?;
    (name.len() > MAX_LENGTH && name.len() <= path.len()).then_some(name)
}

/// Of `CMS / Blogs / Blog posts` the last part says what it is about.
pub(super) fn by_summary_and_last_tag(operation: &Operation) -> Option<String> {
    with_tag(operation, operation.tag.as_deref()?.rsplit('/').next()?)
}

pub(super) fn by_summary_and_tag(operation: &Operation) -> Option<String> {
    with_tag(operation, operation.tag.as_deref()?)
}

fn with_tag(operation: &Operation, tag: &str) -> Option<String> {
    with_subject(operation, &shared_summary(operation)?, tag)
}

/// A shortened summary, or the words of a name, with what a tag says that it is about.
pub(super) fn with_subject(operation: &Operation, words: &str, tag: &str) -> Option<String> {
    let (name, tag) = (case::snake(words), case::snake(tag));
    // A tag that the name has already says nothing new.
    let says_nothing_new = format!("_{name}_").contains(&format!("_{tag}_"));
    let adds = !tag.is_empty() && !name.is_empty() && !says_nothing_new;
    let tag = if is_about_one(operation, &name) { summary::singular(&tag) } else { tag };
    adds.then(|| case::snake(&summary::with_subject(words, &tag))).and_then(distinct)
}

/// What is found in two ways is told apart by what it is found by.
pub(super) fn by_summary_and_parameter(operation: &Operation) -> Option<String> {
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
