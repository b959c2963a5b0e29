//! Adds variants for values that match several schemas of an `anyOf`, with or without other choices beside it.

use std::collections::BTreeMap;

use super::{
    alternatives::{Alternative, Tagged, is_contradictory},
    combined::lower_combined,
    meet::{Choice, Meet, Part},
    words::words_of_alternatives,
};
use crate::{
    ir::{Origin, Variant},
    lower::context::Cx,
    read::pointer,
};

/// Returns variants for values that fit several schemas of each `anyOf`, for each combination of the other choices. An `anyOf` with tags
/// needs none, because a value has one tag.
pub(super) fn lower_together(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    beside: &[&Part<'_>],
    alternatives: &[Named<'_>],
    tagged: Option<&Tagged<'_>>,
    place: &str,
    origin: &Origin,
) -> Vec<Variant> {
    let is_any_of = |index: &usize| meet.choices.get(*index).is_some_and(|choice| choice.key == "anyOf");
    let (any, others): (Vec<usize>, Vec<usize>) = (0..meet.choices.len()).partition(is_any_of);
    if any.is_empty() || tagged.is_some_and(|tagged| is_any_of(&tagged.choice)) {
        return Vec::new();
    }
    let mut variants = Vec::new();
    for (one, mut group) in groups_of(alternatives, &others) {
        if !others.is_empty() {
            group.retain(|(one, _)| !is_contradictory(cx, &meet.choices, beside, one, tagged));
            let own: Vec<Alternative> = group.iter().map(|(one, _)| one.of_choices(&any)).collect();
            let words = words_of_alternatives(cx, &choices_of(meet, &any), &own, None);
            group.iter_mut().zip(words).for_each(|((_, known), word)| *known = word);
        }
        let (place, origin) = (place_of(place, &one), origin_of(cx, meet, &others, &one, tagged, origin));
        let types = lower_combined(cx, beside, &group, &place, &origin);
        let first = group.first().map(|(first, _)| *first).filter(|_| tagged.is_some());
        let is_default = first.is_some_and(|first| tagged.is_some_and(|it| it.is_default(cx.document, first)));
        let tag = first.filter(|_| !is_default).and_then(|first| tagged?.tag_of(cx, first));
        let variant = |ty| Variant { tag: tag.clone(), is_default, is_combined: true, ..Variant::of(ty) };
        variants.extend(types.into_iter().map(variant));
    }
    variants
}

fn choices_of(meet: &Meet<'_>, indices: &[usize]) -> Vec<Choice> {
    indices.iter().filter_map(|index| meet.choices.get(*index)).cloned().collect()
}

/// An alternative, and the word that names it.
type Named<'a> = (&'a Alternative, String);

/// Returns each combination of variants of these choices, with the alternatives that have it.
fn groups_of<'a>(alternatives: &[Named<'a>], choices: &[usize]) -> Vec<(Alternative, Vec<Named<'a>>)> {
    let mut groups: BTreeMap<Vec<usize>, (Alternative, Vec<Named<'a>>)> = BTreeMap::new();
    for (alternative, word) in alternatives {
        let one = alternative.of_choices(choices);
        let group = groups.entry(one.positions.clone()).or_insert_with(|| (one, Vec::new()));
        group.1.push((alternative, word.clone()));
    }
    groups.into_values().collect()
}

fn place_of(place: &str, one: &Alternative) -> String {
    one.members.iter().fold(place.to_owned(), |place, member| pointer::join(&place, member))
}

fn origin_of(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    choices: &[usize],
    one: &Alternative,
    tagged: Option<&Tagged<'_>>,
    origin: &Origin,
) -> Origin {
    if choices.is_empty() {
        return origin.clone();
    }
    let words =
        words_of_alternatives(cx, &choices_of(meet, choices), std::slice::from_ref(one), tagged.map(|it| &it.tags));
    words.into_iter().next().map_or_else(|| origin.clone(), |word| origin.child(&word))
}
