//! What tells the variants of a union apart: the tag, or a property that has one value in each of them.

use std::cmp::Reverse;

use foldhash::HashMap;

use super::{Api, Constant, OriginRoot, Shape, Type, TypeDef, Union, Variant};

/// A property of a variant with the only value that it has there. The property of a variant that is a value itself is empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fixed {
    pub(crate) property: String,
    pub(crate) value: Constant,
}

/// The most words and characters of a text that names a variant. Longer ones are sentences.
const MAX_WORDS: usize = 6;
const MAX_CHARS: usize = 80;

impl Fixed {
    fn is_name(&self) -> bool {
        !matches!(&self.value, Constant::Text(text)
            if text.len() > MAX_CHARS || text.split_whitespace().count() > MAX_WORDS)
    }
}

/// What tells a variant from the others of its union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The text that names the variant.
    pub(crate) word: String,
    /// Whether the text says more than a title: other variants have other texts in the same property, or it is all that the
    /// variant allows.
    pub(crate) is_distinguishing: bool,
}

/// Returns for each variant what tells it apart, given the properties with one value that each of them has. The
/// discriminator comes before other properties. Of these, one of shorter values comes first, which are names rather than
/// sentences, then the first by name: the order of properties says nothing.
pub(crate) fn tell_apart(variants: &[Vec<Fixed>], discriminator: Option<&str>) -> Vec<Option<Told>> {
    let names = |all: &Vec<Fixed>| all.iter().filter(|it| it.is_name()).cloned().collect();
    let variants: &[Vec<Fixed>] = &variants.iter().map(names).collect::<Vec<_>>();
    if variants.iter().all(Vec::is_empty) {
        return vec![None; variants.len()];
    }
    let counts = count(variants);
    let is_alone = |fixed: &Fixed| counts[&key_of(fixed)] == 1;
    let lengths = lengths_of(variants);
    let order = |one: &&Fixed, other: &&Fixed| {
        let [one, other] = [one, other].map(|it| (lengths[it.property.as_str()], it.property.as_str()));
        one.cmp(&other)
    };
    let first = distinguishing(variants, discriminator, &is_alone);
    let pairs = first.map(|first| count_pairs(variants, first)).unwrap_or_default();
    let words = variants.iter().map(|fixed| {
        let of_first = fixed.iter().find(|it| Some(it.property.as_str()) == first);
        if let Some(value) = of_first.filter(|it| is_alone(it)) {
            return Some(told(vec![value], true));
        }
        let own = fixed.iter().filter(|it| is_alone(it)).min_by(order);
        match (of_first, own) {
            // Another value completes a value that several variants share.
            (Some(shared), Some(own)) => Some(told(vec![shared, own], true)),
            (None, Some(own)) => Some(told(vec![own], false)),
            // Two values that several variants share may be those of one alone together.
            (Some(shared), None) => {
                let completes = |it: &&Fixed| pairs.get(&(key_of(shared), key_of(it))) == Some(&1);
                let other = fixed.iter().filter(completes).min_by(order)?;
                Some(Told { is_distinguishing: false, ..told(vec![shared, other], true) })
            }
            (None, None) => None,
        }
    });
    let words: Vec<Option<Told>> = words.collect();
    let mut uses: HashMap<String, usize> = HashMap::default();
    for told in words.iter().flatten() {
        *uses.entry(told.word.clone()).or_default() += 1;
    }
    let is_name = |told: &Told| uses[&told.word] == 1 && told.word.contains(char::is_alphanumeric);
    words.into_iter().map(|told| told.filter(is_name)).collect()
}

fn key_of(fixed: &Fixed) -> (&str, String) {
    (&fixed.property, fixed.value.to_string())
}

fn count(variants: &[Vec<Fixed>]) -> HashMap<(&str, String), usize> {
    let mut counts = HashMap::default();
    for fixed in variants.iter().flatten() {
        *counts.entry(key_of(fixed)).or_default() += 1;
    }
    counts
}

/// The length of all values of each property.
fn lengths_of(variants: &[Vec<Fixed>]) -> HashMap<&str, usize> {
    let mut lengths = HashMap::default();
    for fixed in variants.iter().flatten() {
        *lengths.entry(fixed.property.as_str()).or_default() += fixed.value.to_string().len();
    }
    lengths
}

/// A value, and another one beside it.
type Pair<'f> = ((&'f str, String), (&'f str, String));

/// How many variants have each pair of a value of this property and another value.
fn count_pairs<'f>(variants: &'f [Vec<Fixed>], property: &str) -> HashMap<Pair<'f>, usize> {
    let mut counts = HashMap::default();
    for fixed in variants {
        for one in fixed.iter().filter(|it| it.property == property) {
            for other in fixed.iter().filter(|it| it.property != property) {
                *counts.entry((key_of(one), key_of(other))).or_default() += 1;
            }
        }
    }
    counts
}

/// Returns the property that tells most variants apart by a text, at least two, and of several the one of the shortest texts.
fn distinguishing<'f>(
    variants: &'f [Vec<Fixed>],
    discriminator: Option<&str>,
    is_alone: &dyn Fn(&Fixed) -> bool,
) -> Option<&'f str> {
    let mut properties: HashMap<&str, [usize; 2]> = HashMap::default();
    for fixed in variants.iter().flatten().filter(|it| matches!(it.value, Constant::Text(_))) {
        let counts = properties.entry(&fixed.property).or_default();
        counts[0] += usize::from(is_alone(fixed));
        counts[1] += 1;
    }
    let lengths = lengths_of(variants);
    let told = properties.into_iter().filter(|(_, [alone, all])| *alone > 0 && *all > 1);
    let told = told.max_by_key(|(property, counts)| {
        (Some(*property) == discriminator, *counts, Reverse((lengths[property], *property)))
    });
    told.map(|(property, _)| property)
}

/// A text says what it is; a number or a boolean says it with the name of its property.
fn told(fixed: Vec<&Fixed>, is_first: bool) -> Told {
    let is_text = |it: &&Fixed| matches!(it.value, Constant::Text(_));
    let is_whole = fixed.iter().all(|it| it.property.is_empty());
    let is_distinguishing = (is_first || is_whole) && fixed.iter().all(is_text);
    let words = fixed.into_iter().map(|it| match &it.value {
        Constant::Text(text) => text.clone(),
        other if it.property.is_empty() => format!("value {other}"),
        other => format!("{} {other}", it.property),
    });
    Told { word: words.collect::<Vec<_>>().join(" "), is_distinguishing }
}

impl Union {
    /// Returns the property whose text tells most variants apart.
    pub(crate) fn telling_property(&self, api: &Api) -> Option<String> {
        let fixed: Vec<Vec<Fixed>> = self.variants.iter().map(|variant| fixed_of(api, variant)).collect();
        let counts = count(&fixed);
        let property = distinguishing(&fixed, None, &|it| counts[&key_of(it)] == 1)?;
        (!property.is_empty()).then(|| property.to_owned())
    }

    /// Returns for each variant what it is known by, if the document says it. A component is known by its own name, unless the
    /// text distinguishes the variants, or several of them have the component.
    pub(crate) fn told(&self, api: &Api) -> Vec<Option<Told>> {
        let fixed: Vec<Vec<Fixed>> = self.variants.iter().map(|variant| fixed_of(api, variant)).collect();
        let mut tags = self.variants.iter().filter_map(|variant| variant.tag.as_ref());
        let discriminator = tags.next().map(|tag| tag.property.as_str());
        let mut counts: HashMap<&Type, usize> = HashMap::default();
        for variant in &self.variants {
            *counts.entry(&variant.ty).or_default() += 1;
        }
        let is_needed = |told: &Told, ty: &Type| told.is_distinguishing || is_inline(api, ty) || counts[ty] > 1;
        let told = tell_apart(&fixed, discriminator).into_iter().zip(&self.variants);
        told.map(|(told, variant)| told.filter(|told| is_needed(told, &variant.ty))).collect()
    }
}

fn is_inline(api: &Api, ty: &Type) -> bool {
    matches!(ty, Type::Named(id) if !api.type_def(*id).is_component())
}

/// The tag, and the properties with one value.
fn fixed_of(api: &Api, variant: &Variant) -> Vec<Fixed> {
    let Type::Named(id) = &variant.ty else { return Vec::new() };
    let mut all = Vec::new();
    // A variant of several tags is not called by one of them.
    if let Some(tag) = &variant.tag {
        let property = tag.property.clone();
        match tag.values.as_slice() {
            [value] => all.push(Fixed { property, value: value.clone() }),
            _ => return all,
        }
    }
    let tag = variant.tag.as_ref().map(|tag| tag.property.as_str());
    match &api.type_def(*id).shape {
        Shape::Struct(shape) => {
            let held = shape.tags.iter().filter(|held| Some(held.property.as_str()) != tag);
            all.extend(
                held.filter_map(|held| Some(Fixed { property: held.property.clone(), value: held.value.clone()? })),
            );
            let fields = shape.fields.iter().filter(|field| Some(field.wire.as_str()) != tag);
            all.extend(fields.filter_map(|field| {
                let value = field.only_value(api).filter(|value| *value != Constant::Null)?;
                Some(Fixed { property: field.wire.clone(), value })
            }));
        }
        _ => all.extend(api.only_value(&variant.ty).map(|value| Fixed { property: String::new(), value })),
    }
    all
}

impl TypeDef {
    /// Whether the type is that of the values of a class that are of none of its heirs.
    pub(crate) fn is_base(&self) -> bool {
        self.is_of_class("base")
    }

    /// Whether the type is the choice between a class, which has the name, and its heirs.
    pub(crate) fn is_with_heirs(&self) -> bool {
        self.is_of_class("or heir")
    }

    fn is_of_class(&self, word: &str) -> bool {
        self.origin.path.last().is_some_and(|last| last == word) && self.pointer.ends_with("/discriminator")
    }

    /// Whether the type is a schema of the document's components, and not one inside another.
    pub(crate) fn is_component(&self) -> bool {
        self.origin.path.is_empty() && matches!(self.origin.root, OriginRoot::Component(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(variants: &[&[(&str, &str)]], discriminator: Option<&str>) -> Vec<Option<String>> {
        let fixed = |(property, text): &(&str, &str)| Fixed {
            property: (*property).to_owned(),
            value: Constant::Text((*text).to_owned()),
        };
        let variants: Vec<Vec<Fixed>> = variants.iter().map(|all| all.iter().map(fixed).collect()).collect();
        tell_apart(&variants, discriminator).into_iter().map(|told| told.map(|told| told.word)).collect()
    }

    #[test]
    fn variants_are_known_by_the_property_that_tells_most_apart() {
        let some = |word: &str| Some(word.to_owned());
        let shared = ("object", "event");
        let events: [&[(&str, &str)]; 3] = [&[shared, ("type", "opened")], &[shared, ("type", "closed")], &[shared]];
        assert_eq!(words(&events, None), [some("opened"), some("closed"), None]);
        let states: [&[(&str, &str)]; 3] =
            [&[("kind", "a"), ("state", "on")], &[("kind", "a"), ("state", "off")], &[("kind", "b")]];
        assert_eq!(words(&states, None), [some("on"), some("off"), some("b")]);
        assert_eq!(words(&states, Some("kind")), [some("a on"), some("a off"), some("b")]);
        let twins: &[(&str, &str)] = &[("kind", "a"), ("state", "on")];
        assert_eq!(words(&[twins, twins, &[("kind", "b")]], None), [None, None, some("b")]);
        let squares: [&[(&str, &str)]; 5] = [
            &[("kind", "a"), ("state", "on")],
            &[("kind", "a"), ("state", "off")],
            &[("kind", "b"), ("state", "on")],
            &[("kind", "b"), ("state", "off")],
            &[("kind", "c")],
        ];
        assert_eq!(words(&squares, Some("kind")), ["a on", "a off", "b on", "b off", "c"].map(some));
        assert_eq!(words(&[&[], &[("type", "function")]], None), [None, some("function")]);
        let issues: [&[(&str, &str)]; 2] = [
            &[("description", "The amount must be more than zero."), ("issue", "TOO_SMALL")],
            &[("description", "The amount must be less than the limit."), ("issue", "TOO_BIG")],
        ];
        assert_eq!(words(&issues, None), [some("TOO_SMALL"), some("TOO_BIG")]);
    }

    #[test]
    fn the_order_of_properties_does_not_decide() {
        let some = |word: &str| Some(word.to_owned());
        // Of properties that tell all apart, the one of the shortest texts is taken, then the first by name.
        let first: [&[(&str, &str)]; 2] = [
            &[("about", "The file is missing."), ("issue", "MISSING")],
            &[("about", "It is late."), ("issue", "LATE")],
        ];
        let twins: [&[(&str, &str)]; 2] = [&[("b", "x"), ("a", "y")], &[("b", "z"), ("a", "w")]];
        // A value that two share needs another one.
        let shared: [&[(&str, &str)]; 3] =
            [&[("kind", "a"), ("of", "x"), ("in", "t")], &[("kind", "a"), ("of", "y"), ("in", "u")], &[("kind", "b")]];
        for (variants, expected) in [
            (first.as_slice(), ["MISSING", "LATE"].map(some).to_vec()),
            (&twins, ["y", "w"].map(some).to_vec()),
            (&shared, [some("a t"), some("a u"), some("b")].to_vec()),
        ] {
            let discriminator = Some("kind");
            assert_eq!(words(variants, discriminator), expected);
            let reversed: Vec<Vec<(&str, &str)>> =
                variants.iter().map(|all| all.iter().rev().copied().collect()).collect();
            let reversed: Vec<&[(&str, &str)]> = reversed.iter().map(Vec::as_slice).collect();
            assert_eq!(words(&reversed, discriminator), expected);
        }
    }

    #[test]
    fn a_number_is_said_with_its_property() {
        let fixed = |value| vec![Fixed { property: "version".to_owned(), value: Constant::Integer(value) }];
        let told = tell_apart(&[fixed(1), fixed(2)], None);
        let words: Vec<_> = told.into_iter().flatten().map(|told| (told.word, told.is_distinguishing)).collect();
        assert_eq!(words, [("version 1".to_owned(), false), ("version 2".to_owned(), false)]);
    }
}
