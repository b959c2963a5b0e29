//! Names the variants of a union.

use foldhash::{HashMap, HashSet};

use super::{
    case,
    key::{sent_words, variant_word},
};
use crate::ir::{Api, Type, Union, Variant};

/// Names that a variant made shorter does not take.
const RESERVED: [&str; 2] = ["Self", "Unknown"];

/// Returns the candidates of each variant: what it is known by, else its word, else its type, with the tag where other variants have
/// the type, too. What all of them say is left out of the first candidate.
pub(super) fn union_candidates(api: &Api, shape: &Union, types: &[String], union: &str) -> Vec<Vec<String>> {
    let told = shape.told(api).into_iter().zip(&shape.variants);
    let mut counts: HashMap<&Type, usize> = HashMap::default();
    for variant in &shape.variants {
        *counts.entry(&variant.ty).or_default() += 1;
    }
    let candidates = told.map(|(told, variant)| {
        let word = variant_word(&variant.ty, types);
        let rest = without_union(&word, union).map(str::to_owned);
        let told = told
            .filter(|told| told.is_distinguishing)
            .map(|told| case::value(&told.word))
            .filter(|name| !name.is_empty());
        let own = variant.word.as_deref().map(case::pascal).filter(|name| !name.is_empty());
        let own = own.map(unreserved);
        let tagged = if counts[&variant.ty] > 1 { tagged_words(variant, &word, union) } else { Vec::new() };
        let said: Vec<String> = told.map(unreserved).into_iter().chain(own).chain(tagged).collect();
        let is_of_type = said.is_empty();
        (is_of_type, said.into_iter().chain(rest).chain([word]).collect())
    });
    let (are_of_types, mut candidates): (Vec<bool>, Vec<Vec<String>>) = candidates.unzip();
    // A text that shares no words with the names of types says nothing of the words that these share.
    let shorter =
        shortened(shape, &candidates, |_| true).or_else(|| shortened(shape, &candidates, |index| are_of_types[index]));
    if let Some(shorter) = shorter {
        for (names, shorter) in candidates.iter_mut().zip(shorter) {
            names.splice(0..0, shorter);
        }
    }
    candidates
}

/// The type and the tag of a variant: without the words of the type that the tag and the union say, and with them.
fn tagged_words(variant: &Variant, word: &str, union: &str) -> Vec<String> {
    let tag = case::value(&sent_words(variant));
    if tag.is_empty() {
        return Vec::new();
    }
    let said: HashSet<&str> = words_of(&tag).into_iter().chain(words_of(union)).collect();
    let own: String = words_of(word).into_iter().filter(|word| !said.contains(word)).collect();
    // Behind another word, a number needs no letter before it.
    let number = tag.strip_prefix('N').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let behind = |own: &str| if own.is_empty() { tag.clone() } else { case::joined(own, number.unwrap_or(&tag)) };
    [own.as_str(), word].map(behind).map(unreserved).into()
}

/// The variant's type without the union's name before it, which callers write anyway.
fn without_union<'w>(word: &'w str, union: &str) -> Option<&'w str> {
    word.strip_prefix(union).filter(|rest| rest.starts_with(char::is_uppercase) && *rest != "Self")
}

fn unreserved(name: String) -> String {
    if RESERVED.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Returns the names of variants that have own types, without the words that all of these share at one end. `None` where
/// nothing is shared or the rest is no name of its own.
fn shortened(
    shape: &Union,
    candidates: &[Vec<String>],
    takes_part: impl Fn(usize) -> bool,
) -> Option<Vec<Option<String>>> {
    let named = shape.variants.iter().zip(candidates).enumerate().map(|(index, (variant, names))| {
        let has_own = matches!(variant.ty, Type::Named(_)) && !variant.is_combined;
        names.first().map(String::as_str).filter(|_| has_own && takes_part(index))
    });
    let named: Vec<Option<&str>> = named.collect();
    let words: Vec<Vec<&str>> = named.iter().flatten().map(|name| words_of(name)).collect();
    let [first, _, ..] = words.as_slice() else { return None };
    let shortest = words.iter().map(Vec::len).min()?;
    let is_shared = |at: &dyn Fn(&[&str]) -> Option<String>| words.iter().all(|words| at(words) == at(first));
    let leading = (0..shortest).take_while(|index| is_shared(&|words| words.get(*index).map(ToString::to_string)));
    let trailing =
        (0..shortest).take_while(|index| is_shared(&|words| words.iter().rev().nth(*index).map(ToString::to_string)));
    // A variant that has no other words keeps them, and so do all.
    let less = |count: usize| if count < shortest { count } else { 0 };
    let (leading, trailing) = (less(leading.count()), less(trailing.count()));
    let trailing = if leading + trailing < shortest { trailing } else { 0 };
    if leading + trailing == 0 {
        return None;
    }
    let mut seen: HashSet<String> = RESERVED.map(str::to_owned).into_iter().collect();
    let mut shorter = Vec::with_capacity(named.len());
    for (name, names) in named.iter().zip(candidates) {
        let short = name.map(|name| {
            let words = words_of(name);
            words[leading..words.len() - trailing].concat()
        });
        if !seen.insert(short.clone().or_else(|| names.first().cloned()).unwrap_or_default()) {
            return None;
        }
        shorter.push(short);
    }
    Some(shorter)
}

/// The words of a name: each begins with a capital.
fn words_of(name: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = name.char_indices().filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at).collect();
    starts.push(name.len());
    starts.windows(2).map(|ends| &name[ends[0]..ends[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{TypeId, Variant};

    fn shorter(names: &[&str]) -> Option<Vec<String>> {
        let variant = |index| Variant::of(Type::Named(TypeId(index)));
        let shape = Union { variants: (0..names.len()).map(variant).collect() };
        let candidates: Vec<Vec<String>> = names.iter().map(|name| vec![(*name).to_owned()]).collect();
        Some(shortened(&shape, &candidates, |_| true)?.into_iter().flatten().collect())
    }

    #[test]
    fn words_that_all_variants_share_are_left_out() {
        let some = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(
            shorter(&["ChatRequestUserMessage", "ChatRequestSystemMessage", "ChatRequestToolCallMessage"]),
            some(&["User", "System", "ToolCall"])
        );
        assert_eq!(shorter(&["OrderCreated", "OrderDeleted"]), some(&["Created", "Deleted"]));
        assert_eq!(shorter(&["Category", "Cat"]), None);
        assert_eq!(shorter(&["ToolCallDelta", "ToolCall"]), None);
        assert_eq!(shorter(&["EventUnknown", "EventOpen"]), None);
        assert_eq!(shorter(&["Alone"]), None);
        assert_eq!(shorter(&["Model1", "Model2"]), None);
    }
}
