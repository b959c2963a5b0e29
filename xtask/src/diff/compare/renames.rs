//! Types and requests that have another name, so that code which only names them is not told as changed.

use std::collections::BTreeMap;

use super::{
    super::bindings::{Bindings, Operation},
    pair,
};

/// The new names, by the old ones, of types and requests.
#[derive(Debug, Default)]
pub(crate) struct Renames(BTreeMap<String, String>);

impl Renames {
    pub(crate) fn between(old: &Bindings, new: &Bindings) -> Self {
        let types = pair(&old.types, &new.types, |it| it.rust.clone(), |it| it.key.clone());
        let operations = pair(&old.operations, &new.operations, |it| it.rust.clone(), Operation::key);
        let types = types.both.into_iter().map(|(old, new)| (old.name(), new.name()));
        let requests = operations.both.into_iter().map(|(old, new)| (old.request_name(), new.request_name()));
        let differ = types.chain(requests).filter(|(old, new)| old != new);
        Self(differ.map(|(old, new)| (old.to_owned(), new.to_owned())).collect())
    }

    /// Replaces old names in a text. What is part of another word stays.
    pub(crate) fn apply(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for word in words(text) {
            out.push_str(self.0.get(word).map_or(word, String::as_str));
        }
        out
    }

    /// Whether the texts differ in more than names.
    pub(super) fn differ(&self, old: &str, new: &str) -> bool {
        old != new && self.apply(old) != new
    }
}

/// The words of a text in alphabetical order: those of two texts are the same if only the order of their parts differs.
pub(crate) fn sorted_words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = words(text).filter(|word| !word.trim().is_empty()).collect();
    words.sort_unstable();
    words
}

/// Splits a text into words and what is between them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c| is_word(c) != is_word(first)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_renamed() {
        let renames = Renames([("Tone".to_owned(), "Voice".to_owned())].into());
        assert_eq!(renames.apply("Vec<types::Tone>, ToneList"), "Vec<types::Voice>, ToneList");
        assert!(renames.differ("Tone", "ToneList") && !renames.differ("Tone", "Voice"));
    }
}
