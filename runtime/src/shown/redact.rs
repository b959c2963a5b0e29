//! Redacts credentials in external text. Servers may echo what they received.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

use crate::shown::{one_line::one_line, spelling};

/// The replacement of a credential.
pub(crate) const REDACTED: &str = "[redacted]";

/// The maximum length of a body's excerpt in an error, in characters.
pub(crate) const EXCERPT: usize = 240;

/// Text of this length, in bytes, does not occur by chance.
pub(crate) const LONG: usize = 12;

/// The most credentials that are learned. The time of a redaction grows with them.
const LEARNED: usize = 32;

/// A secret, and the shell expression that produces it, if there is one.
type Text = (SecretString, Option<Expression>);

/// The secrets to redact: all credentials of a client, in all encodings that are not merely another spelling.
#[derive(Default)]
pub(crate) struct Secrets {
    texts: Vec<Text>,
    /// The encodings of each credential that became known after the client was built, the latest last.
    learned: RwLock<VecDeque<Arc<[Text]>>>,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Text(&'t str),
    /// A secret, and the shell expression that produces it, if there is one.
    Secret(Option<Expression>),
}

/// A shell expression that produces a secret from an environment variable. It displays as text for double quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) variable: &'static str,
    pub(crate) form: Form,
}

/// The part of a variable's value that is the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Whole,
    /// The part after the first occurrence of the character.
    After(char),
    Base64,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.variable;
        match self.form {
            Form::Whole => write!(f, "${variable}"),
            Form::After(separator) => write!(f, "${{{variable}#*{separator}}}"),
            Form::Base64 => write!(f, "$(printf %s \"${variable}\" | base64 | tr -d '\\n')"),
        }
    }
}

impl Secrets {
    /// Adds a secret. Empty text is ignored, because every text contains it.
    pub(crate) fn add(&mut self, text: &str, expression: Option<Expression>) {
        if !text.is_empty() {
            self.texts.push((SecretString::from(text), expression));
        }
    }

    /// Adds the Base64 text of every alignment in which the secret can occur, in both alphabets, and its hexadecimal
    /// digits.
    pub(crate) fn add_encoded(&mut self, text: &str) {
        if text.len() >= LONG {
            let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
            self.add(&digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>(), None);
        }
        // The secret starts at the first, second or third byte of a group, and shares characters with its neighbours.
        for (before, shared) in [(0, 0), (1, 2), (2, 3)] {
            let mut bytes = vec![0; before];
            bytes.extend(text.bytes());
            let encoded = BASE64_STANDARD_NO_PAD.encode(&bytes);
            let end = encoded.len() - usize::from(bytes.len() % 3 > 0);
            let core = encoded.get(shared..end).unwrap_or_default();
            if core.len() < LONG {
                continue;
            }
            self.add(core, None);
            let of_urls = core.replace('+', "-").replace('/', "_");
            if of_urls != core {
                self.add(&of_urls, None);
            }
        }
    }

    /// Adds other secrets.
    pub(crate) fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
    }

    /// Adds the encodings of a credential that became known after the client was built. Those that were used last are
    /// kept.
    pub(crate) fn learn(&self, encodings: Self) {
        if encodings.texts.is_empty() {
            return;
        }
        let is_same = |group: &Arc<[Text]>| exposed(group).eq(exposed(&encodings.texts));
        let mut learned = self.learned.write().unwrap_or_else(PoisonError::into_inner);
        let known = learned.iter().position(is_same).and_then(|at| learned.remove(at));
        learned.push_back(known.unwrap_or_else(|| encodings.texts.into()));
        if learned.len() > LEARNED {
            learned.pop_front();
        }
    }

    /// Returns the secrets that are known now.
    fn known(&self) -> Known<'_> {
        let learned = self.learned.read().unwrap_or_else(PoisonError::into_inner);
        Known { texts: &self.texts, learned: learned.iter().cloned().collect() }
    }

    /// Returns whether a header or host name contains a secret. Names have lost their case.
    pub(crate) fn is_in_name(&self, name: &str) -> bool {
        let known = self.known();
        let begins = |start| {
            let mut secrets = known.secrets();
            secrets.any(|secret| secret_end(name.as_bytes(), start, secret, true).is_some())
        };
        (0..name.len()).any(begins)
    }

    /// Returns the variable whose encoded value is the text.
    pub(crate) fn variable_of(&self, text: &str) -> Option<&'static str> {
        match self.known().pieces(text).as_slice() {
            [Piece::Secret(Some(Expression { variable, form: Form::Base64 }))] => Some(variable),
            _ => None,
        }
    }

    /// Splits the text at secrets.
    pub(crate) fn pieces<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        self.known().pieces(text)
    }
}

fn exposed(texts: &[Text]) -> impl Iterator<Item = &str> {
    texts.iter().map(|(secret, _)| secret.expose_secret())
}

/// The secrets that are known while a text is redacted.
struct Known<'s> {
    texts: &'s [Text],
    learned: Vec<Arc<[Text]>>,
}

impl Known<'_> {
    fn texts(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().chain(self.learned.iter().flat_map(|group| group.iter()))
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        self.texts().map(|(secret, _)| secret.expose_secret())
    }

    /// Returns the end of the longest secret that begins at `start`.
    fn end(&self, text: &[u8], start: usize) -> Option<(usize, Option<Expression>)> {
        let first = *text.get(start)?;
        let found = self.texts().filter_map(|(secret, expression)| {
            let secret = secret.expose_secret();
            let may_begin = spelling::is_sign(first) || secret.as_bytes()[..1].eq_ignore_ascii_case(&[first]);
            let end = if may_begin { secret_end(text, start, secret, folds(secret)) } else { None };
            let end = end?;
            // The shell expression produces the secret in its original case.
            let is_exact = !folds(secret) || secret_end(text, start, secret, false) == Some(end);
            Some((end, expression.filter(|_| is_exact)))
        });
        found.max_by_key(|(end, _)| *end)
    }

    /// Splits the text at secrets.
    fn pieces<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let bytes = text.as_bytes();
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        // Secrets are rare: skip positions at which none of their spellings can begin.
        let firsts = self.secrets().filter_map(|secret| secret.as_bytes().first());
        let firsts: Vec<u8> = firsts.flat_map(|byte| [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]).collect();
        let may_begin = |byte: &u8| firsts.contains(byte) || spelling::is_sign(*byte);
        let push_text = |pieces: &mut Vec<Piece<'t>>, text: Option<&'t str>| {
            pieces.extend(text.filter(|text| !text.is_empty()).map(Piece::Text));
        };
        while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(may_begin)) {
            at += skipped;
            match self.end(bytes, at) {
                Some((end, expression)) => {
                    // Both ends are character boundaries, because a match covers whole characters of the secret.
                    push_text(&mut pieces, text.get(from..at));
                    pieces.push(Piece::Secret(expression));
                    (from, at) = (end, end);
                }
                None => at += 1,
            }
        }
        push_text(&mut pieces, text.get(from..));
        pieces
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("count", &self.known().texts().count()).finish()
    }
}

impl From<&str> for Secrets {
    fn from(text: &str) -> Self {
        let mut secrets = Self::default();
        secrets.add(text, None);
        secrets
    }
}

/// Redacts secrets in the text, in any mixture of spellings of their characters.
pub(crate) fn scrub(text: &str, secrets: &Secrets) -> String {
    let known = secrets.known();
    if known.texts().next().is_none() {
        return text.to_owned();
    }
    let pieces = known.pieces(text);
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { REDACTED }).collect()
}

/// Redacts secrets in the beginning of a text. A possible beginning of a secret at the end is removed, because part of
/// a secret is secret too.
pub(crate) fn scrub_beginning(text: &str, secrets: &Secrets) -> String {
    let mut scrubbed = scrub(text, secrets);
    let known = secrets.known();
    let longest = known.secrets().map(str::len).max().unwrap_or(0);
    let near_end = scrubbed.len().saturating_sub(if longest > 0 { spelling::LONGEST } else { 0 });
    let first = scrubbed.len().saturating_sub(longest.saturating_mul(spelling::LONGEST));
    let may_be_cut_off = |start: &usize| {
        let mut secrets = known.secrets();
        secrets.any(|secret| is_cut_off(scrubbed.as_bytes(), *start, secret, near_end))
    };
    let mut end = (first..near_end).find(may_be_cut_off).unwrap_or(near_end);
    while !scrubbed.is_char_boundary(end) {
        end -= 1;
    }
    scrubbed.truncate(end);
    scrubbed
}

/// Returns the beginning of a body, on one line, with credentials redacted.
pub(crate) fn excerpt(body: &[u8], secrets: &Secrets) -> String {
    /// The number of bytes that are examined. A body may begin with white space, which is not skipped without bound.
    const WINDOW: usize = 64 * 1024;
    let text = String::from_utf8_lossy(body.get(..WINDOW).unwrap_or(body));
    // Redact before truncating: part of a secret is secret too.
    let is_whole = body.len() <= WINDOW;
    let scrubbed = if is_whole { scrub(&text, secrets) } else { scrub_beginning(&text, secrets) };
    one_line(&scrubbed, EXCERPT)
}

/// Returns whether the case of a secret is ignored. A long secret does not occur by chance.
fn folds(secret: &str) -> bool {
    secret.len() >= LONG
}

/// Returns the end of the secret that begins at `start`. Follows all readings of its characters.
fn secret_end(text: &[u8], start: usize, secret: &str, folds: bool) -> Option<usize> {
    let mut ends = vec![start];
    for expected in secret.chars() {
        ends = next_ends(text, &ends, expected, folds);
        if ends.is_empty() {
            return None;
        }
    }
    ends.into_iter().max()
}

/// Returns whether the end of the text may cut off a secret that begins at `start`.
fn is_cut_off(text: &[u8], start: usize, secret: &str, near_end: usize) -> bool {
    let mut ends = vec![start];
    for expected in secret.chars() {
        if ends.iter().any(|end| *end >= near_end) {
            return true;
        }
        ends = next_ends(text, &ends, expected, folds(secret));
        if ends.is_empty() {
            return false;
        }
    }
    false
}

fn next_ends(text: &[u8], ends: &[usize], expected: char, folds: bool) -> Vec<usize> {
    let mut next = Vec::new();
    for end in ends.iter().flat_map(|end| spelling::ends(text, *end, expected, folds)) {
        if !next.contains(&end) {
            next.push(end);
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_secret_goes() {
        let secret = Secrets::from("at_+/é");
        for spelling in [
            "at_+/é",
            "at_%2B%2F%C3%A9",
            "at_%2b%2f%c3%a9",
            "%61t_%252B%252F%25C3%25A9",
            "at_\\u002b\\/é",
            "at_\\\\u002b\\\\/\\u00e9",
            "at_&#43;&#x2F;&#233;",
            "&amp;#97;t_%25252b/%C3%A9",
        ] {
            assert_eq!(scrub(&format!("x{spelling}y{spelling}"), &secret), "x[redacted]y[redacted]", "{spelling}");
        }
    }

    #[test]
    fn the_case_of_a_long_secret_is_no_matter() {
        let secret = Secrets::from("at_Marked/secret");
        assert_eq!(scrub("AT_MARKED/SECRET at%5Fmarked%2fsecret", &secret), "[redacted] [redacted]");
        assert_eq!(scrub("SID", &Secrets::from("sid")), "SID");
    }

    #[test]
    fn every_secret_goes_the_longest_first() {
        let mut secrets = Secrets::from("at");
        secrets.add("at_long", None);
        secrets.add("red", None);
        assert_eq!(scrub("at_long at red", &secrets), "[redacted] [redacted] [redacted]");
        assert!(!format!("{secrets:?}").contains("long"));
    }

    #[test]
    fn what_is_learned_later_goes_too() {
        let secrets = Secrets::from("at_first");
        for index in 0..2 * LEARNED {
            secrets.learn(Secrets::from("at_again"));
            secrets.learn(Secrets::from(format!("at_{index:03}").as_str()));
        }
        assert_eq!(scrub("at_first at_063 at_040 at_000", &secrets), "[redacted] [redacted] [redacted] at_000");
        assert_eq!(secrets.known().learned.len(), LEARNED);
    }

    #[test]
    fn no_part_of_a_secret_stands_at_the_end_of_a_beginning() {
        let secrets = Secrets::from("at_secret");
        let text = "the token é is at_secret, %61t_secret, at_secret";
        for (end, _) in text.char_indices() {
            let beginning = scrub_beginning(&text[..end], &secrets);
            assert!(!beginning.contains("at_") && !beginning.contains("%6"), "{end}: {beginning}");
        }
        assert_eq!(scrub_beginning("whole", &Secrets::default()), "whole");
        // Nothing more is removed.
        let long = Secrets::from("k".repeat(4000).as_str());
        assert!(scrub_beginning(&"text ".repeat(10_000), &long).len() > 49_900);
    }

    #[test]
    fn other_text_stays() {
        assert_eq!(scrub("at_ é %", &Secrets::from("at_1")), "at_ é %");
        assert_eq!(scrub("anything", &Secrets::from("")), "anything");
    }
}
