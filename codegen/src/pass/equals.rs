//! Merges equal inline types.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use foldhash::{HashMap, HashSet};

use crate::{
    diagnostic::Findings,
    ir::{
        AlternativeForm, Api, Direction, Docs, Enum, IntegerEnum, Known, Limit, Shape, Success, Tag, Type, TypeDef,
        TypeId, Usage, Variant,
    },
    name::{lock::Lock, moved::follow_shared, recorded::recorded_keys},
    thread,
};

/// Replaces equal inline types, including the documentation of their members, by the first one, and an inline enum by the
/// component that equals it. Components and types with a name in the lock stay, because callers use them. Where the lock says
/// which component an inline enum is, it stays that one, even if another component equals it, too.
///
/// More than half of Stripe's types equal another one.
pub(super) fn share_equals(api: &mut Api, lock: &mut Lock, findings: &mut Findings) {
    let classes = classes(api);
    follow_shared(api, &classes, lock, findings);
    let names: Vec<Option<&str>> = {
        let keys = recorded_keys(api, lock).into_iter();
        keys.map(|key| lock.type_(key?).map(|recorded| recorded.name.as_str())).collect()
    };
    let recorded = recorded_components(api, lock);
    let mut order: Vec<usize> = (0..api.types.len()).filter(|index| api.types[*index].is_used()).collect();
    order.sort_by_cached_key(|index| {
        let def = &api.types[*index];
        // What has a name gives it to what has none. Of others, the shortest place, whatever the order of the document.
        let place = (def.origin.path.len(), def.pointer.len(), def.pointer.as_str());
        (!def.is_component(), names[*index].is_none(), def.origin.is_position_or_kind(), place)
    });
    // Several schemas of one name are those that shared a type which is gone.
    let mut first: HashMap<(usize, Option<&str>), TypeId> = HashMap::default();
    let mut shared: Vec<TypeId> = (0..api.types.len()).map(TypeId).collect();
    for index in order {
        let (class, name) = (classes[index], names[index]);
        let one = match recorded.get(&index) {
            Some(component) if name.is_none() => *component,
            _ => *first.entry((class, name)).or_insert(TypeId(index)),
        };
        if one.0 == index && name.is_some() {
            first.entry((class, None)).or_insert(one);
        }
        if one.0 == index {
            continue;
        }
        shared[index] = one;
        api.types[index].same = Some(one);
        let usage = std::mem::take(&mut api.types[index].usage);
        api.types[one.0].usage = api.types[one.0].usage.and(usage);
        let is_inline = !api.types[one.0].is_component();
        if is_inline && api.types[index].docs.description != api.types[one.0].docs.description {
            // The documentation of one does not apply to the others.
            api.types[one.0].docs.description = None;
        }
        if let Ok([one, other]) = api.types.get_disjoint_mut([one.0, index])
            && let (Shape::Struct(one), Shape::Struct(other)) = (&mut one.shape, &other.shape)
        {
            one.is_closed &= other.is_closed;
        }
        if api.types[index].docs.limits != api.types[one.0].docs.limits {
            // Only those of enums may differ, which their values imply.
            api.types[one.0].docs.limits.clear();
        }
    }
    keep_words(api, &shared);
    each_type(api, &mut |ty| ty.redirect(&shared));
    for def in &mut api.types {
        if let Shape::Union(union) = &mut def.shape {
            union.variants = distinct(std::mem::take(&mut union.variants));
        }
    }
}

/// Keeps the words of variants whose types are replaced by those of other places. A position says less than such a type, unless that
/// is called by its position too.
fn keep_words(api: &mut Api, shared: &[TypeId]) {
    for index in 0..api.types.len() {
        let def = &api.types[index];
        let Shape::Union(union) = &def.shape else { continue };
        let word = |variant: &Variant| {
            let Type::Named(id) = variant.ty else { return None };
            let (own, other) = (api.type_def(id), api.type_def(shared[id.0]));
            let is_kept = id == shared[id.0]
                || other.is_component()
                || def.origin.word_of(&other.origin).is_some()
                || (own.origin.is_position() && !other.origin.is_position());
            if is_kept { None } else { def.origin.word_of(&own.origin).map(str::to_owned) }
        };
        let words: Vec<Option<String>> = union.variants.iter().map(word).collect();
        let Shape::Union(union) = &mut api.types[index].shape else { continue };
        for (variant, word) in union.variants.iter_mut().zip(words) {
            variant.word = word.or(variant.word.take());
        }
    }
}

/// Returns for inline enums the component that the lock says they are, if they still equal it.
fn recorded_components(api: &Api, lock: &Lock) -> HashMap<usize, TypeId> {
    let components =
        api.types.iter().enumerate().filter(|(_, def)| def.is_used() && def.is_component() && is_enum(def));
    let components: HashMap<&str, usize> = components.map(|(index, def)| (def.key(), index)).collect();
    let component_of = |def: &TypeDef| {
        let component = *components.get(lock.shared(&def.entry())?)?;
        (describe(def) == describe(&api.types[component])).then_some(TypeId(component))
    };
    let inline = api.types.iter().enumerate().filter(|(_, def)| def.is_used() && !def.is_component() && is_enum(def));
    inline.filter_map(|(index, def)| Some((index, component_of(def)?))).collect()
}

/// Removes variants with the type and the tag of an earlier one, and variants without a tag where one with a tag has the type.
fn distinct(variants: Vec<Variant>) -> Vec<Variant> {
    let tagged: HashSet<Type> =
        variants.iter().filter(|variant| variant.tag.is_some()).map(|variant| variant.ty.clone()).collect();
    let mut seen: HashSet<(Type, Option<Tag>)> = HashSet::default();
    let is_new = |variant: &Variant| {
        let is_covered = variant.tag.is_none() && tagged.contains(&variant.ty);
        !is_covered && seen.insert((variant.ty.clone(), variant.tag.clone()))
    };
    variants.into_iter().filter(is_new).collect()
}

/// The tags by which unions hold each type. Types of different tags stay apart, so that each variant has a type of its own.
fn tags(api: &Api) -> HashMap<TypeId, BTreeSet<&Tag>> {
    let mut tags: HashMap<TypeId, BTreeSet<&Tag>> = HashMap::default();
    for def in api.types.iter().filter(|def| def.is_used()) {
        let Shape::Union(union) = &def.shape else { continue };
        for variant in &union.variants {
            if let (Type::Named(id), Some(tag)) = (&variant.ty, &variant.tag) {
                tags.entry(*id).or_default().insert(tag);
            }
        }
    }
    tags
}

/// The class of each type: equal types have the same one. Inline types begin in one class for each text, which is split by
/// the classes of what they are made of until nothing splits any more; so types that hold themselves can be equal, too.
fn classes(api: &Api) -> Vec<usize> {
    let mut first: HashMap<Result<String, usize>, usize> = HashMap::default();
    let mut classes = Vec::with_capacity(api.types.len());
    let mut made_of = Vec::with_capacity(api.types.len());
    let (components, tags) = (component_enums(api), tags(api));
    let indices: Vec<usize> = (0..api.types.len()).collect();
    let described = thread::map(&indices, |index| {
        let def = &api.types[*index];
        // A type that equals no other needs no description. A base is its class, as a component is.
        let is_own = def.is_component() && !components.contains(index) || def.is_base();
        (def.is_used() && !is_own).then(|| describe(def))
    });
    for (index, described) in described.into_iter().enumerate() {
        let is_described = described.is_some();
        let (mut text, ids) = described.unwrap_or_default();
        if let Some(tags) = tags.get(&TypeId(index)) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{tags:?}");
        }
        let next = first.len();
        classes.push(*first.entry(if is_described { Ok(text) } else { Err(index) }).or_insert(next));
        made_of.push(ids);
    }
    refine(classes, &made_of)
}

/// The components that are enums and equal no other component. Where two are equal, neither is the one that an inline enum means.
fn component_enums(api: &Api) -> HashSet<usize> {
    let mut found: HashMap<String, Option<usize>> = HashMap::default();
    for (index, def) in api.types.iter().enumerate() {
        if def.is_used() && def.is_component() && is_enum(def) {
            found.entry(describe(def).0).and_modify(|only| *only = None).or_insert(Some(index));
        }
    }
    found.into_values().flatten().collect()
}

/// Whether the type is an enum with a choice. That of one value is a constant, and says where it stands by its name.
fn is_enum(def: &TypeDef) -> bool {
    match &def.shape {
        Shape::Enum(shape) => shape.values.len() > 1,
        Shape::IntegerEnum(shape) => shape.values.len() > 1,
        Shape::Struct(_) | Shape::Union(_) => false,
    }
}

/// The positions at which a type refers to a class that has changed, and the new class.
type News = Vec<(usize, usize)>;

/// Splits the classes until the members of each are made of the same classes, in the same order. Of the parts of a class, the
/// largest one keeps its number, so that each member changes its own a logarithm of times at most.
fn refine(mut classes: Vec<usize>, made_of: &[Vec<TypeId>]) -> Vec<usize> {
    let mut members = Members::of(&classes);
    let mut holders: Vec<Vec<(usize, usize)>> = vec![Vec::new(); classes.len()];
    for (index, ids) in made_of.iter().enumerate() {
        for (position, id) in ids.iter().enumerate() {
            holders[id.0].push((index, position));
        }
    }
    let mut changed: Vec<usize> = (0..classes.len()).collect();
    while !changed.is_empty() {
        // What each one is made of that is of another class than before. Members of one class were equal until then.
        let mut news: BTreeMap<usize, News> = BTreeMap::new();
        for index in changed.drain(..) {
            for (holder, position) in &holders[index] {
                news.entry(*holder).or_default().push((*position, classes[index]));
            }
        }
        let mut parts: BTreeMap<usize, HashMap<News, Vec<usize>>> = BTreeMap::new();
        for (index, mut new) in news {
            new.sort_unstable();
            parts.entry(classes[index]).or_default().entry(new).or_default().push(index);
        }
        for (class, parts) in parts {
            changed.extend(members.split(class, parts.into_values().collect(), &mut classes));
        }
    }
    classes
}

/// The members of each class. Some of those that are listed may have gone into another class since.
struct Members {
    listed: Vec<Vec<usize>>,
    counts: Vec<usize>,
}

impl Members {
    fn of(classes: &[usize]) -> Self {
        let count = classes.iter().max().map_or(0, |last| last + 1);
        let (mut listed, mut counts) = (vec![Vec::new(); count], vec![0; count]);
        for (index, class) in classes.iter().enumerate() {
            listed[*class].push(index);
            counts[*class] += 1;
        }
        Self { listed, counts }
    }

    /// Splits a class into these parts and the rest. Returns the members that have moved to another class.
    fn split(&mut self, class: usize, mut parts: Vec<Vec<usize>>, classes: &mut [usize]) -> Vec<usize> {
        let all = self.counts[class];
        let rest = all - parts.iter().map(Vec::len).sum::<usize>();
        let largest = parts.iter().enumerate().max_by_key(|(_, part)| part.len()).map(|(at, part)| (at, part.len()));
        let Some((at, length)) = largest.filter(|(_, length)| *length < all) else { return Vec::new() };
        if length >= rest {
            let kept = parts.swap_remove(at);
            if rest > 0 {
                let known: HashSet<usize> = kept.iter().chain(parts.iter().flatten()).copied().collect();
                let listed = self.listed[class].iter().copied();
                parts.push(listed.filter(|index| classes[*index] == class && !known.contains(index)).collect());
            }
            self.counts[class] = kept.len();
            self.listed[class] = kept;
        } else {
            self.counts[class] = rest;
        }
        for part in &parts {
            for index in part {
                classes[*index] = self.listed.len();
            }
            self.counts.push(part.len());
            self.listed.push(part.clone());
        }
        parts.concat()
    }
}

/// Appends the documentation to compare.
fn push_said(docs: &Docs, into: &mut String) {
    let texts = [docs.summary.as_deref(), docs.description.as_deref(), docs.link.as_deref(), docs.default.as_deref()];
    for text in texts {
        push_text(text, into);
    }
    push_limits(&docs.limits, into);
    push_flags([docs.deprecated], into);
}

/// Appends limits, which the documentation of a type states wherever the type stands.
fn push_limits(limits: &[Limit], into: &mut String) {
    if !limits.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(into, "{limits:?}");
    }
}

fn push_known<T>(value: &Known<T>, wire: &str, into: &mut String) {
    for text in [Some(wire), value.name.as_deref(), value.description.as_deref()] {
        push_text(text, into);
    }
}

fn push_flags<const N: usize>(flags: [bool; N], into: &mut String) {
    into.extend(flags.map(|flag| if flag { '+' } else { '-' }));
}

fn push_texts(texts: &[String], into: &mut String) {
    for text in texts {
        push_text(Some(text), into);
    }
    into.push(';');
}

/// Appends a text behind its length, which takes less time than its escapes.
fn push_text(text: Option<&str>, into: &mut String) {
    match text {
        // Writing to a string cannot fail.
        Some(text) => drop(write!(into, "{}:{text}", text.len())),
        None => into.push('-'),
    }
}

/// Describes a type by a text without the types in it, and by these types.
fn describe(def: &TypeDef) -> (String, Vec<TypeId>) {
    // Enums are the same in requests and responses.
    let usage = if is_enum(def) { Usage::default() } else { def.usage };
    let mut text = String::new();
    let mut ids = Vec::new();
    push_flags([usage.request, usage.response, def.docs.deprecated], &mut text);
    if !is_enum(def) {
        push_limits(&def.docs.limits, &mut text);
    }
    match &def.shape {
        Shape::Struct(shape) => {
            text.push_str("struct ");
            for field in &shape.fields {
                push_text(Some(&field.wire), &mut text);
                push_said(&field.docs, &mut text);
                push_texts(&field.aliases, &mut text);
                let is_of = |direction: Direction| field.direction == direction;
                let has_only = field.only.is_some();
                push_flags(
                    [field.required, is_of(Direction::Response), is_of(Direction::Request), has_only],
                    &mut text,
                );
                if let Some(only) = &field.only {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{only:?} ");
                }
                describe_type(&field.ty, &mut text, &mut ids);
            }
            for tag in &shape.tags {
                let _ = write!(text, "{tag:?} ");
            }
            if let Some(additional) = &shape.additional {
                text.push_str("additional ");
                describe_type(additional, &mut text, &mut ids);
            }
        }
        Shape::Union(shape) => {
            text.push_str("union ");
            for variant in &shape.variants {
                // Writing to a string cannot fail.
                let _ = write!(text, "variant {:?} ", variant.tag);
                push_text(variant.description.as_deref(), &mut text);
                push_limits(&variant.limits, &mut text);
                describe_type(&variant.ty, &mut text, &mut ids);
            }
        }
        Shape::Enum(Enum { values, is_open }) => {
            text.push_str("enum ");
            push_flags([*is_open], &mut text);
            for value in values {
                push_known(value, &value.wire, &mut text);
            }
        }
        Shape::IntegerEnum(IntegerEnum { values, is_open }) => {
            text.push_str("integers ");
            push_flags([*is_open], &mut text);
            for value in values {
                push_known(value, &value.wire.to_string(), &mut text);
            }
        }
    }
    (text, ids)
}

fn describe_type(ty: &Type, text: &mut String, ids: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => {
            ids.push(*id);
            text.push_str("named ");
        }
        Type::Array(inner) => {
            text.push_str("array ");
            describe_type(inner, text, ids);
        }
        Type::Tuple(tuple) => {
            let _ = write!(text, "tuple {} ", tuple.items.len());
            tuple.types().for_each(|inner| describe_type(inner, text, ids));
            text.push_str("end ");
        }
        Type::Map(inner) => {
            text.push_str("map ");
            describe_type(inner, text, ids);
        }
        Type::Nullable(inner) => {
            text.push_str("nullable ");
            describe_type(inner, text, ids);
        }
        plain => {
            let _ = write!(text, "{plain:?} ");
        }
    }
}

/// Calls the function with each type inside.
fn each_type(api: &mut Api, change: &mut dyn FnMut(&mut Type)) {
    for operation in &mut api.operations {
        operation.inputs.iter_mut().for_each(|input| change(&mut input.ty));
        success_types(&mut operation.success, change);
        for alternative in &mut operation.alternatives {
            if let AlternativeForm::Json { ty, .. } = &mut alternative.form {
                change(ty);
            }
        }
        operation.messages.iter_mut().for_each(|messages| messages.item.each_type(change));
        operation.headers.iter_mut().for_each(|header| change(&mut header.ty));
        operation.errors.iter_mut().filter_map(|error| error.ty.as_mut()).for_each(&mut *change);
    }
    api.received.iter_mut().chain(&mut api.shared).for_each(&mut *change);
    for def in &mut api.types {
        match &mut def.shape {
            Shape::Struct(shape) => {
                shape.fields.iter_mut().for_each(|field| change(&mut field.ty));
                shape.additional.iter_mut().for_each(&mut *change);
            }
            Shape::Union(shape) => shape.variants.iter_mut().for_each(|variant| change(&mut variant.ty)),
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}

fn success_types(success: &mut Success, change: &mut dyn FnMut(&mut Type)) {
    match success {
        Success::Json { ty, .. } | Success::Text { ty, .. } => change(ty),
        Success::ByStatus(cases) => cases.iter_mut().for_each(|case| success_types(&mut case.success, change)),
        Success::Bytes { .. } | Success::Empty | Success::Redirect => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits all classes by what their members are made of until nothing splits any more.
    fn split_all(mut classes: Vec<usize>, made_of: &[Vec<TypeId>]) -> Vec<usize> {
        loop {
            let mut found: HashMap<(usize, Vec<usize>), usize> = HashMap::default();
            let mut next = Vec::new();
            for (class, ids) in classes.iter().zip(made_of) {
                let count = found.len();
                next.push(*found.entry((*class, ids.iter().map(|id| classes[id.0]).collect())).or_insert(count));
            }
            let count = classes.iter().collect::<HashSet<_>>().len();
            classes = next;
            if found.len() == count {
                return classes;
            }
        }
    }

    #[test]
    fn classes_are_split_as_if_all_were_looked_at_again() {
        let mut state = 1_u64;
        let mut random = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % bound
        };
        for _ in 0..2000 {
            let (count, texts) = (1 + random(12), 1 + random(3));
            let classes: Vec<usize> = (0..count).map(|_| random(texts)).collect();
            // Types with one text have the same number of parts.
            let made_of: Vec<Vec<TypeId>> =
                classes.iter().map(|class| (0..*class).map(|_| TypeId(random(count))).collect()).collect();
            let (found, expected) = (refine(classes.clone(), &made_of), split_all(classes, &made_of));
            for one in 0..count {
                for other in 0..count {
                    assert_eq!(found[one] == found[other], expected[one] == expected[other], "{made_of:?}");
                }
            }
        }
    }
}
