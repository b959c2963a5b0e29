//! Names operations by their paths.

use foldhash::{HashMap, HashSet};

use super::{bounded::usable, case, summary};
use crate::ir::Operation;

/// The most segments of a path that tell operations apart.
const MAX_SEGMENTS: usize = 32;

/// The method and the fixed words of the path, with the parameter that it ends with: `get_orders_risks_by_id`.
pub(super) fn by_fixed_path(operation: &Operation) -> Option<String> {
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
pub(super) fn by_fixed_path_and_parameter(operation: &Operation) -> Option<String> {
    let words = fixed_words(operation).join(" ");
    let parameter = first_parameter(operation).filter(|_| !words.is_empty())?;
    usable(case::snake(&format!("{} {words} by {parameter}", operation.method.to_ascii_lowercase())))
}

pub(super) fn first_parameter(operation: &Operation) -> Option<String> {
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
pub(super) fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or(segment);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit());
    segment == "api" || (is_number && number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-'))
}

pub(super) fn by_path(operation: &Operation) -> Option<String> {
    let path = operation.path.replace(['{', '}'], "");
    usable(case::snake(&format!("{} {path}", operation.method.to_ascii_lowercase())))
}

/// The names of operations that want one name, told apart by their paths. An operation whose path has no word of its own
/// keeps the name.
pub(super) fn told_by_path(operations: &[Operation], names: &[Option<&str>]) -> Vec<Option<String>> {
    let mut told = vec![None; operations.len()];
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, name) in names.iter().enumerate() {
        if let Some(name) = name {
            groups.entry(name).or_default().push(index);
        }
    }
    for (name, group) in groups.into_iter().filter(|(_, group)| group.len() > 1) {
        let words: Vec<Vec<Word>> = group.iter().map(|index| path_words(&operations[*index].path)).collect();
        let mut counts: HashMap<&Word, usize> = HashMap::default();
        for word in words.iter().flatten() {
            *counts.entry(word).or_default() += 1;
        }
        for (index, words) in group.iter().zip(&words) {
            let own = words.iter().filter(|word| counts[word] < group.len());
            told[*index] = Some(with_words(name, &own.collect::<Vec<_>>()));
        }
    }
    told
}

/// A word of a path, or one of its parameters.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Word {
    text: String,
    is_parameter: bool,
}

/// The different words of a path.
fn path_words(path: &str) -> Vec<Word> {
    let mut seen = HashSet::default();
    let mut words = Vec::new();
    for segment in path.split('/').take(MAX_SEGMENTS) {
        let is_parameter = segment.starts_with('{');
        let text = case::snake(&segment.replace(['{', '}'], " "));
        let parts: Vec<&str> = if is_parameter { vec![&text] } else { text.split('_').collect() };
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if seen.insert((part.to_owned(), is_parameter)) {
                words.push(Word { text: part.to_owned(), is_parameter });
            }
        }
    }
    words
}

fn with_words(name: &str, own: &[&Word]) -> String {
    let is_said = |text: &str| name.split('_').any(|word| word == text || summary::singular(text) == word);
    let fixed: Vec<&str> =
        own.iter().filter(|word| !word.is_parameter && !is_said(&word.text)).map(|word| word.text.as_str()).collect();
    let parameters: Vec<&str> = own.iter().filter(|word| word.is_parameter).map(|word| word.text.as_str()).collect();
    let is_api_alone = fixed.iter().all(|word| *word == "api");
    let fixed = fixed.into_iter().filter(|word| is_api_alone || *word != "api");
    let words: Vec<&str> = std::iter::once(name).chain(fixed).collect();
    let by = if parameters.is_empty() { String::new() } else { format!(" by {}", parameters.join(" and ")) };
    case::snake(&format!("{}{by}", words.join(" ")))
}
