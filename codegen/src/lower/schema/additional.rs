//! What schemas say of properties that they do not declare.

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::{meet::Part, view::View};
use crate::{
    diagnostic::code,
    lower::context::Report,
    read::{member::Members, pointer},
};

/// The longest expression to read, in bytes, and the most memory for it.
const MAX_PATTERN: usize = 1000;
const MAX_MEMORY: usize = 1 << 18;

/// The places of the schemas of properties that are not declared.
pub(super) struct Additional {
    /// What all of them fit.
    pub(super) all: Vec<String>,
    /// Each also fits one of these: the schema of its pattern, or that of all without a pattern.
    pub(super) each: Vec<String>,
    /// What only some of them may fit.
    pub(super) some: Vec<String>,
}

impl Additional {
    /// Reads schemas that all values fit, and those of some values.
    pub(super) fn of(parts: &[Part<'_>], some: &[Part<'_>]) -> Self {
        let of = |part: &Part<'_>| part.view.additional(&part.at).unwrap_or_default();
        let is_closed = parts.iter().any(|part| part.view.is_closed());
        let mut some: Vec<String> = some.iter().filter(|_| !is_closed).flat_map(of).collect();
        let is_by_pattern = |part: &&Part<'_>| part.view.has_patterns();
        let (by_pattern, others): (Vec<&Part<'_>>, Vec<&Part<'_>>) = parts.iter().partition(is_by_pattern);
        let all: Vec<String> = others.into_iter().flat_map(of).collect();
        let mut each: Vec<String> = by_pattern.iter().copied().flat_map(of).collect();
        // A property that matches no pattern fits what all fit.
        if !all.is_empty() && by_pattern.iter().all(|part| !part.view.says_all_others()) {
            some.append(&mut each);
        }
        Self { all, each, some }
    }
}

/// Patterns that each name matches.
const ALL_NAMES: [&str; 8] = ["", ".*", "^.*", ".*$", "^.*$", ".+", "^.+", "^.+$"];

/// Returns the place of the first pattern, if patterns alone type properties, and those that match none may have any value.
pub(super) fn pattern_beside_others(parts: &[Part<'_>]) -> Option<String> {
    if parts.iter().any(|part| part.view.is_closed() || part.view.says_all_others()) {
        return None;
    }
    let patterns = parts.iter().filter_map(|part| {
        let patterns = part.view.node.member("patternProperties")?.as_object()?;
        Some(patterns.keys().map(|pattern| (pointer::join(&part.at, "patternProperties"), pattern)))
    });
    let patterns: Vec<(String, &String)> = patterns.flatten().collect();
    let takes_all = patterns.iter().any(|(_, pattern)| ALL_NAMES.contains(&pattern.as_str()));
    let (list, pattern) = patterns.first().filter(|_| !takes_all)?;
    Some(pointer::join(list, pattern))
}

/// Reports patterns of a map whose other names may have any value. The map has one type, so it takes them for those that match.
pub(super) fn report_taken_names(report: &mut Report<'_>, parts: &[Part<'_>]) {
    if let Some(at) = pattern_beside_others(parts) {
        let message =
            "properties whose names do not match may have any value; the client takes them for those that match";
        report.add(code::NOT_CHECKED, &at, message, "say what they are by `additionalProperties` in an overlay");
    }
}

/// The schemas that properties fit by their names, whichever schemas declare them.
#[derive(Default)]
pub(super) struct ByName<'t>(Vec<Rules<'t>>);

/// What one schema says of names. `patternProperties` apply to all, and `additionalProperties` to those that the schema itself neither
/// declares nor matches.
struct Rules<'t> {
    view: View<'t>,
    /// An expression that cannot be read matches no name.
    patterns: Vec<(Option<Regex>, String)>,
    others: Option<String>,
}

impl<'t> ByName<'t> {
    /// Reads schemas, and reports expressions that cannot be read.
    pub(super) fn of(report: &mut Report<'_>, parts: &[Part<'t>]) -> Self {
        let rules = parts.iter().map(|Part { at, view }| {
            let list = pointer::join(at, "patternProperties");
            let said = view.node.member("patternProperties").and_then(Value::as_object);
            let said = said.into_iter().flatten();
            let patterns = said.map(|(pattern, _)| {
                let at = pointer::join(&list, pattern);
                (read(report, pattern, &at), at)
            });
            let patterns: Vec<_> = patterns.collect();
            let others = says_values(view.node, "additionalProperties");
            Rules { view: *view, patterns, others: others.then(|| pointer::join(at, "additionalProperties")) }
        });
        Self(rules.filter(|rules| !rules.patterns.is_empty() || rules.others.is_some()).collect())
    }

    /// The places of the schemas that a property fits, apart from those that declare it.
    pub(super) fn places(&self, name: &str) -> Vec<String> {
        self.0.iter().flat_map(|rules| rules.places(name)).collect()
    }
}

impl Rules<'_> {
    fn places(&self, name: &str) -> Vec<String> {
        let is_match = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(name));
        let matching = self.patterns.iter().filter(|(pattern, _)| is_match(pattern));
        let matching: Vec<String> = matching.map(|(_, at)| at.clone()).collect();
        let is_declared = || self.view.properties().is_some_and(|properties| properties.has_member(name));
        let is_other = matching.is_empty() && self.patterns.iter().all(|(pattern, _)| pattern.is_some());
        let others = self.others.iter().filter(|_| is_other && !is_declared()).cloned();
        others.chain(matching).collect()
    }
}

/// Whether a keyword has a schema that says something.
fn says_values(node: &Map<String, Value>, key: &str) -> bool {
    node.member(key).and_then(Value::as_object).is_some_and(|schema| !schema.is_empty())
}

/// Reads an expression of names. If it cannot be read, reports it.
fn read(report: &mut Report<'_>, pattern: &str, at: &str) -> Option<Regex> {
    let is_short = pattern.len() <= MAX_PATTERN && report.take_steps(pattern.len(), at);
    let read = is_short.then(|| RegexBuilder::new(pattern).size_limit(MAX_MEMORY).build().ok()).flatten();
    if read.is_none() {
        let message =
            "the generator cannot read this expression; declared properties with such names lack what it says";
        report.findings.add(code::NOT_CHECKED, at, message);
    }
    read
}
