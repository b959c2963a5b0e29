//! Estimates of tokens.
//!
//! Models count tokens differently, and none of their tokenizers is at hand. Four characters to a token is the usual
//! estimate for English and JSON. It is rounded up.

use serde_json::Value;

/// The characters of a token.
pub(crate) const CHARACTERS: usize = 4;

/// Returns the estimated tokens of a text.
fn of_text(text: &str) -> usize {
    text.chars().count().div_ceil(CHARACTERS)
}

/// Returns the estimated tokens of a value as compact JSON.
pub(crate) fn of_json(value: &Value) -> usize {
    of_text(&value.to_string())
}
