//! Words for the types of variants, by what the document says of each.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    alternatives::Alternative,
    meet::{Choice, parts_of},
};
use crate::{
    ir::{Fixed, POSITION, tell_apart},
    lower::context::{Cx, Tags, single_value},
    read::{parse::Document, pointer},
};

/// Returns the words of alternatives. `is_own` says whether variants that are references become types of their own.
pub(super) fn words_of_alternatives(
    cx: &mut Cx<'_, '_>,
    choices: &[Choice],
    alternatives: &[Alternative],
    tags: Option<&Tags<'_>>,
    is_own: bool,
) -> Vec<String> {
    let words: Vec<Vec<String>> = choices.iter().map(|choice| words_of(cx, &choice.members, tags, is_own)).collect();
    let said = |one: &Alternative| {
        let words = words.iter().zip(&one.positions).filter_map(|(words, position)| words.get(*position));
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    alternatives.iter().map(said).collect()
}

/// Returns a word for each variant: the text that tells it from the others, its title, its target if it becomes a type of its
/// own, another constant, the only property that it requires, the only schema that it alone says more about, else its position.
fn words_of(cx: &mut Cx<'_, '_>, variants: &[String], tags: Option<&Tags<'_>>, is_own: bool) -> Vec<String> {
    let is_inline = |at: &String| cx.document.node(at).is_some_and(|node| node.get("$ref").is_none());
    // A variant that is a reference has the name of its target, so its properties need not be read.
    let told = if variants.iter().any(is_inline) {
        let fixed: Vec<Vec<Fixed>> = variants.iter().map(|at| fixed_of(cx, at)).collect();
        tell_apart(&fixed, tags.map(Tags::property))
    } else {
        vec![None; variants.len()]
    };
    let words: Vec<Option<String>> = variants
        .iter()
        .zip(told)
        .map(|(at, told)| match told {
            Some(told) if told.is_distinguishing => Some(told.word),
            told => own_word(cx.document, at, is_own).or_else(|| Some(told?.word)),
        })
        .collect();
    let is_unsaid = words.contains(&None);
    let only = if is_unsaid { only_required(cx, variants) } else { Vec::new() };
    let extended = if is_unsaid { only_extended(cx.document, variants) } else { Vec::new() };
    let words = words.into_iter().enumerate();
    words
        .map(|(index, word)| {
            let word = word.or_else(|| only.get(index).cloned().flatten());
            let word = word.or_else(|| extended.get(index).cloned().flatten());
            word.unwrap_or_else(|| format!("{POSITION}{}", index + 1))
        })
        .collect()
}

/// Returns for each variant the only property that it requires, if no other variant declares it. Serialisers of enums write
/// variants in this form: `{"created": …}`.
fn only_required(cx: &mut Cx<'_, '_>, variants: &[String]) -> Vec<Option<String>> {
    let mut uses: HashMap<&str, usize> = HashMap::default();
    let mut found: Vec<Option<&str>> = Vec::new();
    for variant in variants {
        let parts = parts_of(cx.document, &mut cx.report, variant);
        let nodes = || parts.iter().filter_map(|at| cx.document.node(at));
        let declared = nodes().filter_map(|node| node.get("properties")?.as_object()).flatten();
        for name in declared.map(|(name, _)| name.as_str()).collect::<HashSet<_>>() {
            *uses.entry(name).or_default() += 1;
        }
        let required = nodes().filter_map(|node| node.get("required")?.as_array()).flatten().filter_map(Value::as_str);
        let mut required = required.collect::<HashSet<_>>().into_iter();
        found.push(required.next().filter(|_| required.next().is_none()));
    }
    let is_alone = |name: &&str| uses.get(name) == Some(&1) && name.contains(char::is_alphanumeric);
    found.into_iter().map(|name| name.filter(is_alone).map(str::to_owned)).collect()
}

/// Returns for each inline variant the name of the only schema that it refers to in `allOf`, without those that other variants refer
/// to.
fn only_extended(document: Document<'_>, variants: &[String]) -> Vec<Option<String>> {
    let references = |at: &String| {
        let node = document.node(at);
        let parts = node.and_then(|node| node.get("allOf")?.as_array()).map_or(&[][..], Vec::as_slice);
        let all = node.into_iter().chain(parts).filter_map(|part| part.get("$ref")?.as_str());
        all.collect::<HashSet<_>>()
    };
    let all: Vec<HashSet<&str>> = variants.iter().map(references).collect();
    let mut uses: HashMap<&str, usize> = HashMap::default();
    for reference in all.iter().flatten() {
        *uses.entry(reference).or_default() += 1;
    }
    let name = |references: &HashSet<&str>| {
        let mut alone = references.iter().filter(|reference| uses[*reference] == 1);
        let only = alone.next().filter(|_| alone.next().is_none())?;
        pointer::keys(&pointer::from_reference(only)?).next_back()
    };
    all.iter().map(name).collect()
}

fn own_word(document: Document<'_>, variant: &str, is_own: bool) -> Option<String> {
    let node = document.node(variant)?;
    if let Some(title) = node.get("title").and_then(Value::as_str) {
        return Some(title.to_owned());
    }
    let target = pointer::from_reference(node.get("$ref")?.as_str()?)?;
    pointer::keys(&target).next_back().filter(|_| is_own)
}

/// The properties of a variant that have one value.
fn fixed_of(cx: &mut Cx<'_, '_>, variant: &str) -> Vec<Fixed> {
    let own = cx.document.node(variant).and_then(|node| single_value(cx.document, node));
    if let Some(value) = own {
        return vec![Fixed { property: String::new(), value }];
    }
    let parts = parts_of(cx.document, &mut cx.report, variant);
    let mut all: Vec<Fixed> = Vec::new();
    for at in parts {
        let properties = cx.document.node(&at).and_then(|node| node.get("properties")?.as_object());
        if !cx.report.take_steps(1 + properties.map_or(0, Map::len), &at) {
            break;
        }
        for (property, schema) in properties.into_iter().flatten() {
            // A later part overrides an earlier one.
            all.retain(|known| known.property != *property);
            all.extend(single_value(cx.document, schema).map(|value| Fixed { property: property.clone(), value }));
        }
    }
    all
}
