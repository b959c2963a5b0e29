//! Assigns operations to modules by tag. The modules are private, so the lock does not record them.

use foldhash::HashMap;

use super::{case, reserved::CRATES, scope::Scope};
use crate::ir::Api;

/// A file is called after each, and file systems have bounds.
const MAX_CHARS: usize = 48;

/// Of operations without a tag, or with one that has no letter or digit.
const UNTAGGED: &str = "untagged";

/// The most tags that have a module of their own: each is two files, and a disk takes its time for every one.
const MAX_MODULES: usize = 1000;

/// Of operations whose tags are more than these.
const OTHERS: &str = "others";

/// Module names that would fail: the names of the enclosing modules, which clippy rejects, and the device names of Windows.
const RESERVED: &str = "client requests aux con nul prn com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 \
    lpt6 lpt7 lpt8 lpt9";

/// The module of each operation. Tags of the same words share one.
///
/// The modules share a scope with the names of requests, which `requests` re-exports.
pub(super) fn name_modules(api: &Api, requests: &mut Scope) -> Vec<String> {
    requests.reserve(RESERVED.split(' ').chain(CRATES.iter().copied()));
    let mut named: HashMap<String, String> = HashMap::default();
    let tags = api.operations.iter().map(|operation| operation.tag.as_deref().unwrap_or_default());
    tags.map(|tag| {
        let claim = |wanted: &String| requests.claim_first(&[wanted.clone(), format!("{wanted}_")]);
        let own = wanted(tag);
        let wanted = if named.len() < MAX_MODULES || named.contains_key(&own) { own } else { OTHERS.to_owned() };
        named.entry(wanted).or_insert_with_key(claim).clone()
    })
    .collect()
}

fn wanted(tag: &str) -> String {
    let name = case::snake(tag);
    if name.is_empty() {
        return UNTAGGED.to_owned();
    }
    match name.char_indices().nth(MAX_CHARS) {
        None => name,
        // Between two words, where there are several; what is left may be a keyword.
        Some((end, _)) => case::snake(name[..end].rsplit_once('_').map_or(&name[..end], |(words, _)| words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_makes_the_name_of_a_file() {
        assert_eq!(
            (wanted(" Song lists ").as_str(), wanted("•").as_str(), wanted("type").as_str()),
            ("song_lists", "untagged", "type_")
        );
        assert_eq!(wanted(&"word ".repeat(50)), "word_word_word_word_word_word_word_word_word");
        assert_eq!(wanted(&format!("type {}", "x".repeat(50))), "type_");
        assert_eq!(wanted(&"字".repeat(100)), "字".repeat(MAX_CHARS));
    }
}
