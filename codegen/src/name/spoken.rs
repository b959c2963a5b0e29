//! Names of values and properties that have signs alone, or signs that change what they mean.

use super::{case, signs};

/// The name of a property or an input, with the words for its signs where `$` or `½` would have no other.
pub(super) fn snake(wire: &str) -> String {
    let name = case::snake(wire);
    of_signs(wire, &name).map_or(name, |spoken| case::snake(&spoken))
}

/// The name that a text has by its signs, where `name`, which leaves them out, says nothing or the opposite.
pub(super) fn of_signs(wire: &str, name: &str) -> Option<String> {
    let is_signs = name.is_empty() || wire.starts_with('!') || signs::has_said(wire);
    let spelled = is_signs.then(|| case::spelled(wire)).flatten();
    spelled.or_else(|| name.is_empty().then(|| symbols(wire)))
}

/// The most characters of a name by code points.
const MAX_CODE_POINTS: usize = 8;

/// The name of a value without letters, digits and signs that have a word: `👍` is `ThumbsUp`, `⌘` is `U2318`.
fn symbols(wire: &str) -> String {
    let emoji = signs::emoji(wire).map(case::pascal).filter(|name| !name.is_empty());
    emoji.unwrap_or_else(|| code_points(wire))
}

fn code_points(wire: &str) -> String {
    let points = wire.trim().chars().take(MAX_CODE_POINTS).map(|c| format!("U{:04X}", u32::from(c)));
    let name: String = points.collect();
    if name.is_empty() { "Empty".to_owned() } else { name }
}
