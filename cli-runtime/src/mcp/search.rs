//! Finds operations by words.

use std::collections::{BTreeMap, BTreeSet};

use lowcodeapi_runtime::catalogue::Operation;
use serde_json::{Value, json};

use super::{prose, selection::Offered, tool};

/// The weights of the places where a word may be.
const NAME: f64 = 8.0;
const GROUP: f64 = 4.0;
const SUMMARY: f64 = 4.0;
const PATH: f64 = 2.0;
const DESCRIPTION: f64 = 1.0;

/// What a word counts that only begins like the one that was asked for.
const BEGINNING: f64 = 0.5;

/// Words that tell nothing of an operation.
const FILLERS: &[&str] = &["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"];

/// The characters of a summary in the matches at most.
const LINE: usize = 160;

/// The words of the operations.
#[derive(Debug)]
pub(crate) struct Index {
    /// For each operation, the weight of each of its words.
    words: Vec<BTreeMap<String, f64>>,
    /// How many operations have a word.
    frequency: BTreeMap<String, usize>,
}

impl Index {
    /// Indexes operations.
    pub(crate) fn new(offered: &[Offered]) -> Self {
        let words: Vec<_> = offered.iter().map(|it| weights(it.operation)).collect();
        let mut frequency = BTreeMap::new();
        for word in words.iter().flat_map(BTreeMap::keys) {
            *frequency.entry(word.clone()).or_default() += 1;
        }
        Self { words, frequency }
    }

    /// Returns the indices of the operations that have a word of the query, best first.
    pub(crate) fn find(&self, query: &str) -> Vec<usize> {
        let asked: BTreeSet<String> = split(query).filter(|word| !FILLERS.contains(&word.as_str())).collect();
        let mut found: Vec<(f64, usize)> = self
            .words
            .iter()
            .enumerate()
            .map(|(index, words)| (self.score(words, &asked), index))
            .filter(|(score, _)| *score > 0.0)
            .collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        found.into_iter().map(|(_, index)| index).collect()
    }

    fn score(&self, words: &BTreeMap<String, f64>, asked: &BTreeSet<String>) -> f64 {
        let mut found = 0;
        let mut score = 0.0;
        for word in asked {
            let best = words
                .range(word.clone()..)
                .take_while(|(known, _)| known.starts_with(word.as_str()))
                .map(|(known, weight)| if known == word { *weight } else { weight * BEGINNING })
                .fold(0.0, f64::max);
            if best > 0.0 {
                found += 1;
                score += best * self.rarity(word);
            }
        }
        // An operation that has all the words precedes one that has a single word in its name, and `create_issue` one
        // whose name says more than was asked for.
        score * f64::from(found) * (1.0 + Self::coverage(words, asked))
    }

    /// Returns which part of the name's words was asked for.
    fn coverage(words: &BTreeMap<String, f64>, asked: &BTreeSet<String>) -> f64 {
        let name = words.iter().filter(|(word, weight)| **weight >= NAME && !FILLERS.contains(&word.as_str()));
        let (mut all, mut common) = (0, 0);
        for (word, _) in name {
            all += 1;
            common += u32::from(asked.contains(word));
        }
        f64::from(common) / f64::from(all.max(1))
    }

    /// Words that most operations have, such as `list`, tell little.
    fn rarity(&self, word: &str) -> f64 {
        let having = self.frequency.get(word).copied().unwrap_or(1).max(1);
        // The counts are of operations, far below where a float loses precision.
        #[expect(clippy::cast_precision_loss, reason = "the counts are small")]
        let ratio = self.words.len() as f64 / having as f64;
        ratio.ln_1p()
    }
}

/// Returns what a model is told of the operations that match.
pub(crate) fn matches(index: &Index, offered: &[Offered], query: &str, limit: usize) -> Value {
    let found = index.find(query);
    let operations: Vec<Value> = found
        .iter()
        .take(limit)
        .map(|&at| {
            let it = &offered[at];
            let summary = prose::short(&prose::joined(it.operation.summary, it.operation.description), LINE);
            json!({"name": it.name, "summary": summary, "effect": tool::effect(it.operation)})
        })
        .collect();
    let mut result = json!({"operations": operations, "found": found.len()});
    if found.is_empty() {
        result["note"] = "No operation has any of these words. Try others.".into();
    }
    result
}

fn weights(operation: &Operation) -> BTreeMap<String, f64> {
    let places = [
        (operation.name, NAME),
        (operation.group, GROUP),
        (operation.summary, SUMMARY),
        (operation.path, PATH),
        (operation.description, DESCRIPTION),
    ];
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    for (text, weight) in places {
        for word in split(text) {
            let known = weights.entry(word).or_default();
            *known = known.max(weight);
        }
    }
    weights
}

/// Returns the words of a text in lower case and in the singular.
fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let word = word.to_lowercase();
        match word.strip_suffix('s') {
            Some(singular) if singular.len() > 2 && !singular.ends_with('s') => singular.to_owned(),
            _ => word,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::CATALOGUE,
        mcp::{options::McpOptions, selection::Selection},
    };

    fn found(query: &str) -> Vec<String> {
        let options = McpOptions { allow_writes: true, allow_deletes: true, ..McpOptions::default() };
        let offered = Selection::new(&CATALOGUE, &options).offered;
        Index::new(&offered).find(query).into_iter().map(|at| offered[at].name.clone()).collect()
    }

    #[test]
    fn the_operation_with_all_words_is_first() {
        assert_eq!(found("delete a note")[0], "delete_note");
        assert_eq!(found("List NOTES")[0], "list_notes");
        assert_eq!(found("upl fil")[0], "upload_file");
        assert_eq!(found("unique title")[0], "create_note");
        assert!(found("weather").is_empty());
        assert!(found("").is_empty());
    }

    #[test]
    fn the_name_that_says_no_more_than_was_asked_for_is_first() {
        static LONG: Operation = Operation::new("create_issue_type_for_organization", "POST", "/types");
        static SHORT: Operation = Operation::new("create_issue", "POST", "/issues").summary("Creates one.");
        let offered = [&LONG, &SHORT].map(|operation| Offered { name: operation.name.to_owned(), operation });
        assert_eq!(Index::new(&offered).find("create an issue"), [1, 0]);
    }
}
