//! Words for types: for those of variants, by what the document says of each, and for schemas inside components, by their places.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    alternatives::Alternative,
    kinds::{Kind, Kinds},
    meet::{Choice, parts_of},
    view::{View, component_of},
};
use crate::{
    ir::{Constant, Fixed, KIND, Origin, OriginRoot, POSITION, Type, tell_apart},
    lower::context::{Cx, Tags, listed_values, single_value},
    read::{member::Members, parse::Document, pointer},
};

/// Returns the origin of a schema inside a component by its place, for references to it. Without references it has the same origin.
pub(super) fn home_of(at: &str) -> Option<Origin> {
    let ends = at.match_indices('/').map(|(end, _)| end).skip(2).take(2);
    let (name, rest) = ends.map(|end| at.split_at(end)).find_map(|(start, rest)| Some((component_of(start)?, rest)))?;
    let mut path = Vec::new();
    let mut keys = pointer::keys(rest);
    while let Some(key) = keys.next() {
        match key.as_str() {
            "properties" | "$defs" | "definitions" => path.push(keys.next()?),
            "items" => path.push("item".to_owned()),
            "additionalProperties" => path.push("value".to_owned()),
            "allOf" => drop(keys.next()?),
            // What variants are called depends on the others.
            _ => return None,
        }
    }
    (!path.is_empty()).then_some(Origin { root: OriginRoot::Component(name), path })
}

/// Returns the words of alternatives.
pub(super) fn words_of_alternatives(
    cx: &mut Cx<'_, '_>,
    choices: &[Choice],
    alternatives: &[Alternative],
    tags: Option<&Tags<'_>>,
) -> Vec<String> {
    let words: Vec<Vec<String>> = choices.iter().map(|choice| words_of(cx, &choice.members, tags)).collect();
    let said = |one: &Alternative| {
        let words = words.iter().zip(&one.positions).filter_map(|(words, position)| words.get(*position));
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    alternatives.iter().map(said).collect()
}

/// Returns the word that an inline list or map is called by. Its position says less than the kind of its members, and so does its own
/// kind, unless these are of a type inside it.
pub(super) fn word_of_list(cx: &Cx<'_, '_>, ty: &Type, alternative: &Alternative, word: &str) -> Option<String> {
    let is_inline = |at: &String| cx.document.node(at).is_some_and(|node| node.get("$ref").is_none());
    let is_own = ty.named().and_then(|id| cx.types.defs.get(id.0)).is_some_and(|def| !def.is_component());
    let is_list = matches!(ty, Type::Array(_) | Type::Map(_) | Type::Tuple(_));
    let says_more = !word.starts_with(POSITION) && (is_own || !word.ends_with(KIND));
    (is_list && says_more && alternative.members.iter().all(is_inline)).then(|| word.to_owned())
}

/// A variant, and the places of the parts of its schema.
struct Parted<'v> {
    at: &'v String,
    parts: Vec<String>,
}

impl Parted<'_> {
    fn nodes<'t>(&self, document: Document<'t>) -> impl Iterator<Item = &'t Value> {
        self.parts.iter().filter_map(move |at| document.node(at))
    }

    /// Whether its values have no properties, and no other schema says what they are.
    fn is_plain(&self, document: Document<'_>) -> bool {
        let keys = ["$ref", "allOf", "properties", "required"];
        self.nodes(document).all(|node| !keys.iter().any(|key| node.has_member(key)))
    }
}

/// Returns a word for each variant: the text that tells it from the others, its title, its target, another constant, the only property
/// that it requires, the only schema that it alone says more about, the values that it alone lists for a property, its kind if no other
/// is of that, the properties that it alone has, also among variants that share a text, a description of few words, else its position.
fn words_of(cx: &mut Cx<'_, '_>, variants: &[String], tags: Option<&Tags<'_>>) -> Vec<String> {
    let document = cx.document;
    let own = |at: &String| own_word(document, at);
    let is_inline = |at: &String| document.node(at).is_some_and(|node| node.get("$ref").is_none());
    if !variants.iter().any(is_inline) {
        // The properties of targets need not be read.
        return or_positions(variants.iter().map(own));
    }
    let parted = |at| Parted { at, parts: parts_of(document, &mut cx.report, at) };
    let variants: Vec<Parted<'_>> = variants.iter().map(parted).collect();
    let fixed: Vec<Vec<Fixed>> = variants.iter().map(|variant| fixed_of(cx, variant)).collect();
    let told = tell_apart(&fixed, tags.map(Tags::property));
    let words = variants.iter().zip(told).map(|(variant, told)| match told {
        Some(told) if told.is_distinguishing => Some(told.word),
        told => own(variant.at).or_else(|| Some(told?.word)),
    });
    let words: Vec<Option<String>> = words.collect();
    let unnamed: Vec<&Parted<'_>> =
        variants.iter().zip(&words).filter(|(_, word)| word.is_none()).map(|(variant, _)| variant).collect();
    if unnamed.is_empty() {
        return words.into_iter().flatten().collect();
    }
    let others = if unnamed.iter().all(|variant| variant.is_plain(document)) {
        vec![only_of_kind(document, &variants, &words), described(document, &variants)]
    } else {
        let [only_required, only_own] = only_had(document, &variants.iter().collect::<Vec<_>>());
        let only_extended = only_extended(document, &variants);
        let only_listed = only_listed(cx, &variants, tags.map(Tags::property));
        let only_of_kind = only_of_kind(document, &variants, &words);
        let [shared, described] = [shared_and_had(document, &variants, &fixed), described(document, &variants)];
        vec![only_required, only_extended, only_listed, only_of_kind, only_own, shared, described]
    };
    let other = |index: usize| others.iter().find_map(|others| others.get(index).cloned().flatten());
    or_positions(words.into_iter().enumerate().map(|(index, word)| word.or_else(|| other(index))))
}

/// Variants without a word are called by their positions.
fn or_positions(words: impl Iterator<Item = Option<String>>) -> Vec<String> {
    words.enumerate().map(|(index, word)| word.unwrap_or_else(|| format!("{POSITION}{}", index + 1))).collect()
}

/// Returns for each variant the only property that it requires, if no other variant has it, else what it has of its own: up to two
/// properties that it requires, the first of more, or one that it declares.
fn only_had(document: Document<'_>, variants: &[&Parted<'_>]) -> [Vec<Option<String>>; 2] {
    let all: Vec<Had<'_>> = variants.iter().map(|variant| Had::of(document, variant)).collect();
    let mut uses: HashMap<&str, usize> = HashMap::default();
    for name in all.iter().flat_map(|had| had.declared.union(&had.required)) {
        *uses.entry(name).or_default() += 1;
    }
    let is_alone = |name: &&str| uses[name] == 1 && name.contains(char::is_alphanumeric);
    let own = |names: &BTreeSet<&str>| names.iter().copied().filter(is_alone).map(str::to_owned).collect::<Vec<_>>();
    // Serialisers of enums write variants in this form: `{"created": …}`.
    let only = |had: &Had<'_>| if had.required.len() == 1 { own(&had.required).pop() } else { None };
    let several = |had: &Had<'_>| match (own(&had.required).as_slice(), own(&had.declared).as_slice()) {
        (required @ ([_] | [_, _]), _) => Some(required.join(" and ")),
        ([first, ..], _) => Some(first.clone()),
        ([], [declared]) => Some(declared.clone()),
        _ => None,
    };
    [all.iter().map(only).collect(), all.iter().map(several).collect()]
}

/// Returns for each variant that shares a text with others the text, and what it has that these lack, or its position among them.
fn shared_and_had(document: Document<'_>, variants: &[Parted<'_>], fixed: &[Vec<Fixed>]) -> Vec<Option<String>> {
    let mut texts: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (index, fixed) in fixed.iter().enumerate() {
        for Fixed { property, value } in fixed {
            if let Constant::Text(text) = value {
                texts.entry(property).or_default().entry(text).or_default().push(index);
            }
        }
    }
    // The property that most variants have, and of several the first by name.
    let having = |texts: &BTreeMap<&str, Vec<usize>>| texts.values().map(Vec::len).sum::<usize>();
    let most = texts.into_values().rev().max_by_key(having).unwrap_or_default();
    let mut words = vec![None; variants.len()];
    for (text, sharing) in most.into_iter().filter(|(_, sharing)| sharing.len() > 1) {
        let group: Vec<&Parted<'_>> = sharing.iter().map(|index| &variants[*index]).collect();
        let [only, several] = only_had(document, &group);
        for (position, index) in sharing.into_iter().enumerate() {
            let had = only[position].as_ref().or(several[position].as_ref());
            words[index] = Some(had.map_or_else(|| format!("{text} {}", position + 1), |had| format!("{text} {had}")));
        }
    }
    words
}

/// The most words and characters of a description that names a variant. Longer ones are sentences.
const MAX_DESCRIBED: (usize, usize) = (4, 30);

/// Returns the descriptions of variants that are short and differ.
fn described(document: Document<'_>, variants: &[Parted<'_>]) -> Vec<Option<String>> {
    let said = |at: &String| document.node(at)?.get("description")?.as_str().map(str::trim);
    let is_inside = |part: &&String, at: &str| part.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'));
    let texts = variants.iter().map(|variant| {
        let mut parts = variant.parts.iter().filter(|part| is_inside(part, variant.at));
        let text = said(variant.at).or_else(|| parts.find_map(said))?.trim_end_matches('.');
        let is_short = text.len() <= MAX_DESCRIBED.1 && text.split_whitespace().count() <= MAX_DESCRIBED.0;
        (is_short && text.contains(char::is_alphabetic)).then_some(text)
    });
    let texts: Vec<Option<&str>> = texts.collect();
    let is_alone = |text: &&str| texts.iter().flatten().filter(|other| *other == text).count() == 1;
    texts.iter().map(|text| text.filter(is_alone).map(str::to_owned)).collect()
}

/// The properties of a variant.
#[derive(Default)]
struct Had<'t> {
    declared: BTreeSet<&'t str>,
    required: BTreeSet<&'t str>,
}

impl<'t> Had<'t> {
    fn of(document: Document<'t>, variant: &Parted<'_>) -> Self {
        let mut had = Self::default();
        for node in variant.nodes(document) {
            let declared = node.get("properties").and_then(Value::as_object).into_iter().flatten();
            had.declared.extend(declared.map(|(name, _)| name.as_str()));
            let required = node.get("required").and_then(Value::as_array).into_iter().flatten();
            had.required.extend(required.filter_map(Value::as_str));
        }
        had
    }
}

/// Returns for each inline variant the name of the only schema that it refers to in `allOf`, without those that other variants refer
/// to.
fn only_extended(document: Document<'_>, variants: &[Parted<'_>]) -> Vec<Option<String>> {
    let references = |variant: &Parted<'_>| {
        let node = document.node(variant.at);
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

/// The most values, and the most characters of them, that name a variant.
const MAX_LISTED: (usize, usize) = (3, 40);

/// Returns for each variant the values that it lists for a property, if other variants list others: of the discriminator, else of the
/// first such property.
fn only_listed(cx: &mut Cx<'_, '_>, variants: &[Parted<'_>], discriminator: Option<&str>) -> Vec<Option<String>> {
    let lists: Vec<Vec<(&str, Vec<&Value>)>> = variants.iter().map(|variant| lists_of(cx, variant)).collect();
    let mut uses: HashMap<(&str, String), usize> = HashMap::default();
    let mut having: HashMap<&str, usize> = HashMap::default();
    for (property, values) in lists.iter().flatten() {
        *having.entry(property).or_default() += 1;
        for value in values.iter().map(ToString::to_string).collect::<HashSet<_>>() {
            *uses.entry((property, value)).or_default() += 1;
        }
    }
    let tells = |(property, values): &&(&str, Vec<&Value>)| {
        let is_alone = |value: &&Value| uses.get(&(*property, value.to_string())) == Some(&1);
        (2..=MAX_LISTED.0).contains(&values.len()) && having[property] > 1 && values.iter().all(is_alone)
    };
    let words = lists.iter().map(|lists| {
        let own = lists.iter().find(|(property, _)| Some(*property) == discriminator).filter(|own| tells(own));
        let (property, values) = own.or_else(|| lists.iter().find(tells))?;
        let texts: Option<Vec<&str>> = values.iter().map(|value| value.as_str()).collect();
        let numbers: Option<Vec<String>> = values.iter().map(|value| Some(value.as_i64()?.to_string())).collect();
        let (words, before) = match (texts, numbers) {
            (Some(texts), _) => (texts.into_iter().map(str::to_owned).collect(), ""),
            (None, Some(numbers)) => (numbers, *property),
            (None, None) => return None,
        };
        let (last, others) = words.split_last()?;
        let word = format!("{before} {} or {last}", others.join(" "));
        let is_name = words.iter().all(|word| word.contains(char::is_alphanumeric)) && word.len() <= MAX_LISTED.1;
        is_name.then_some(word)
    });
    words.collect()
}

/// Returns the values that a variant lists for each of its properties.
fn lists_of<'t>(cx: &mut Cx<'t, '_>, variant: &Parted<'_>) -> Vec<(&'t str, Vec<&'t Value>)> {
    let document = cx.document;
    let mut lists: Vec<(&str, Vec<&Value>)> = Vec::new();
    for at in &variant.parts {
        let properties = document.node(at).and_then(|node| node.get("properties")?.as_object());
        for (property, schema) in properties.into_iter().flatten() {
            let Some(values) = listed_values(document, schema) else { continue };
            if !cx.report.take_steps(values.len() + lists.len(), at) {
                return lists;
            }
            // A later part overrides an earlier one.
            lists.retain(|(known, _)| known != property);
            lists.push((property, values));
        }
    }
    lists
}

/// Returns for each variant its kind, if no other variant is of the kind, nor called so. Of several lists, the kind of their items tells.
fn only_of_kind(document: Document<'_>, variants: &[Parted<'_>], words: &[Option<String>]) -> Vec<Option<String>> {
    let kinds: Vec<Option<&str>> = variants.iter().map(|variant| kind_word(document, variant)).collect();
    let are_lists = kinds.iter().flatten().filter(|kind| **kind == LIST).count() > 1;
    let kinds = kinds.iter().zip(variants).map(|(kind, variant)| match kind {
        Some(LIST) if are_lists => Some(format!("{} {LIST}", items_word(document, variant).unwrap_or("item"))),
        kind => kind.map(str::to_owned),
    });
    let kinds: Vec<Option<String>> = kinds.collect();
    let mut uses: HashMap<&String, usize> = HashMap::default();
    for kind in kinds.iter().flatten() {
        *uses.entry(kind).or_default() += 1;
    }
    let is_free =
        |kind: &&String| uses[*kind] == 1 && words.iter().flatten().all(|word| !word.eq_ignore_ascii_case(kind));
    kinds.iter().map(|kind| kind.as_ref().filter(is_free).map(|kind| format!("{kind}{KIND}"))).collect()
}

const LIST: &str = "list";

/// Returns a word for the kind of the items of a list.
fn items_word(document: Document<'_>, variant: &Parted<'_>) -> Option<&'static str> {
    let items = variant.nodes(document).find_map(|node| node.get("items").filter(|items| items.is_object()))?;
    let target = items.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
    let items = target.and_then(|at| document.schema(&at).ok()).map_or(items, |(_, node)| node);
    kind_word_of(&[View::of(items)?])
}

/// Returns a word for the kind of the values of a variant, if they are of one kind.
fn kind_word(document: Document<'_>, variant: &Parted<'_>) -> Option<&'static str> {
    kind_word_of(&variant.nodes(document).filter_map(View::of).collect::<Vec<_>>())
}

/// Returns a word for the kind of the values that fit all these schemas.
fn kind_word_of(views: &[View<'_>]) -> Option<&'static str> {
    let any = |is: fn(&View<'_>) -> bool| views.iter().any(is);
    let kinds = views.iter().fold(Kinds::ALL, |kinds, view| kinds & view.kinds());
    match kinds.without_null().each().as_slice() {
        [Kind::Bool] => Some("bool"),
        [Kind::Integer] => Some("integer"),
        [Kind::Number] => Some("number"),
        [Kind::Text] => Some("text"),
        [Kind::Array] => Some(LIST),
        [Kind::Object] if any(|view| view.properties().is_some()) => Some("object"),
        [Kind::Object] => Some("map"),
        _ if any(|view| view.properties().is_some()) => Some("object"),
        _ => None,
    }
}

/// Returns the title of a variant, or the name of what it refers to.
fn own_word(document: Document<'_>, variant: &str) -> Option<String> {
    let node = document.node(variant)?;
    if let Some(title) = node.get("title").and_then(Value::as_str) {
        return Some(title.to_owned());
    }
    let target = pointer::from_reference(node.get("$ref")?.as_str()?)?;
    pointer::keys(&target).next_back()
}

/// The most positions of a list that tell it from others.
const MAX_POSITIONS: usize = 4;

/// The properties of a variant, and the positions of its list, that have one value.
fn fixed_of(cx: &mut Cx<'_, '_>, variant: &Parted<'_>) -> Vec<Fixed> {
    let own = cx.document.node(variant.at).and_then(|node| single_value(cx.document, node));
    if let Some(value) = own {
        return vec![Fixed { property: String::new(), value }];
    }
    let mut all: Vec<Fixed> = Vec::new();
    for at in &variant.parts {
        let properties = cx.document.node(at).and_then(|node| node.get("properties")?.as_object());
        if !cx.report.take_steps(1 + properties.map_or(0, Map::len), at) {
            break;
        }
        let items = cx.document.node(at).and_then(|node| node.get("prefixItems")?.as_array());
        let items = items.into_iter().flatten().take(MAX_POSITIONS).enumerate();
        let items = items.map(|(position, schema)| (position.to_string(), schema));
        for (property, schema) in properties.into_iter().flatten().map(|(name, it)| (name.clone(), it)).chain(items) {
            // A later part overrides an earlier one.
            all.retain(|known| known.property != property);
            all.extend(single_value(cx.document, schema).map(|value| Fixed { property, value }));
        }
    }
    all
}
