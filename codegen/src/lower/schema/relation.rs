//! How the properties that two schemas declare are related, and whether a value may fit both.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value};

use super::{
    alternatives::tags_of,
    kinds::Kinds,
    meet::{Meet, Start, kinds_of},
    view::View,
};
use crate::{
    lower::context::Cx,
    read::{
        member::Members,
        place::Place,
        pointer,
        vocabulary::{Meaning, meaning},
    },
};

/// The most choices in each other whose variants are looked at.
const MAX_CHOICES: usize = 3;

/// What schemas that apply together say of properties.
pub(super) struct Said<'t> {
    kinds: Kinds,
    /// The schemas of the properties that all values may have.
    declared: BTreeMap<&'t str, Vec<&'t Value>>,
    pub(super) required: BTreeSet<String>,
    /// The kinds of the values of all undeclared properties.
    others: Kinds,
    /// The property that selects the schema as a variant of its choice, with its values.
    tag: Option<(String, Vec<String>)>,
    /// What the variants of each choice say besides.
    choices: Vec<Vec<Said<'t>>>,
}

impl<'t> Said<'t> {
    pub(super) fn of(cx: &mut Cx<'t, '_>, meet: &Meet<'t>) -> Self {
        Self::within(cx, meet, MAX_CHOICES)
    }

    /// `depth` is how many more choices in each other are looked at.
    fn within(cx: &mut Cx<'t, '_>, meet: &Meet<'t>, depth: usize) -> Self {
        let required = meet.parts.iter().filter_map(|part| part.view.node.member("required")?.as_array()).flatten();
        let required = required.filter_map(Value::as_str).map(str::to_owned).collect();
        let mut declared: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (name, schema) in meet.parts.iter().filter_map(|part| part.view.properties()).flatten() {
            declared.entry(name).or_default().push(resolved(cx, schema));
        }
        let choices = if depth == 0 { Vec::new() } else { Self::choices(cx, meet, depth - 1) };
        let others = meet.parts.iter().map(|part| kinds_of_others(cx, part.view));
        let others = others.fold(Kinds::ALL, |all, own| all & own);
        Self { kinds: kinds_of(&meet.parts), declared, required, others, tag: None, choices }
    }

    fn choices(cx: &mut Cx<'t, '_>, meet: &Meet<'t>, depth: usize) -> Vec<Vec<Self>> {
        let tagged = if meet.choices.is_empty() { None } else { tags_of(cx, meet) };
        let mut choices = Vec::new();
        for (index, choice) in meet.choices.iter().enumerate() {
            if !cx.report.take_steps(choice.members.len(), &choice.at) {
                break;
            }
            let tagged = tagged.as_ref().filter(|tagged| tagged.choice == index);
            let mut variants = Vec::new();
            for at in &choice.members {
                let own = Meet::of(cx.document, &mut cx.report, &[Start::Whole(at.clone())]);
                let tag = tagged.map(|tagged| (tagged.tags.property().to_owned(), tagged.values_of(cx.document, at)));
                variants.push(Self { tag, ..Self::within(cx, &own, depth) });
            }
            choices.push(variants);
        }
        choices
    }

    /// The names of the properties that it declares.
    pub(super) fn names(&self) -> impl Iterator<Item = &'t str> {
        self.declared.keys().copied()
    }

    /// How many schemas it says this of. Those of two are compared with each other.
    pub(super) fn size(&self) -> usize {
        1 + self.choices.iter().flatten().map(Self::size).sum::<usize>()
    }

    /// Whether no value fits both: their kinds, their tags or the values of a property exclude each other, also in each variant of a
    /// choice.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let tag = self.tag.iter().map(|(name, _)| name.as_str());
        let mut names = self.names().chain(tag);
        (self.kinds & other.kinds).without_null() == Kinds::NONE
            || names.any(|name| self.relation(other, name) == Relation::Exclusive)
            || self.excludes_undeclared(other)
            || other.excludes_undeclared(self)
            || self.choices.iter().any(|variants| variants.iter().all(|variant| variant.excludes(other)))
            || other.choices.iter().any(|variants| variants.iter().all(|variant| self.excludes(variant)))
    }

    /// Whether another schema requires a property whose values those of undeclared ones exclude here.
    fn excludes_undeclared(&self, other: &Self) -> bool {
        let is_other = |name: &&String| !self.declared.contains_key(name.as_str());
        let mut required = other.required.iter().filter(is_other);
        self.others != Kinds::ALL
            && required.any(|name| (self.others & other.kinds(name)).without_null() == Kinds::NONE)
    }

    /// The values that the tag or the schemas of a property list, as texts.
    fn listed(&self, name: &str) -> Vec<Cow<'_, str>> {
        let text = |value: &'t Value| value.as_str().map_or_else(|| value.to_string().into(), Cow::Borrowed);
        match &self.tag {
            Some((tag, values)) if tag == name && !values.is_empty() => {
                values.iter().map(|value| value.as_str().into()).collect()
            }
            _ => {
                let schemas = self.declared.get(name).into_iter().flatten();
                schemas.filter_map(|schema| View::of(schema)?.values()).flatten().map(text).collect()
            }
        }
    }

    /// The kinds of the values of a property.
    fn kinds(&self, name: &str) -> Kinds {
        let schemas = self.declared.get(name).into_iter().flatten();
        let kinds = |schema: &&Value| match schema {
            Value::Bool(false) => Kinds::NONE,
            schema => View::of(schema).map_or(Kinds::ALL, View::kinds),
        };
        schemas.map(kinds).fold(Kinds::ALL, |all, own| all & own)
    }

    /// Whether a value of it may be a map to values of these kinds.
    pub(super) fn may_be_map(&self, values: Kinds) -> bool {
        self.required.iter().all(|name| (self.kinds(name) & values).without_null() != Kinds::NONE)
    }

    /// How the declarations of a property in two alternatives are related.
    pub(super) fn relation(&self, other: &Self, name: &str) -> Relation {
        let (our_values, their_values) = (self.listed(name), other.listed(name));
        let are_listed = !our_values.is_empty() && !their_values.is_empty();
        if are_listed && our_values.iter().all(|value| !their_values.contains(value)) {
            return Relation::Exclusive;
        }
        let (Some(ours), Some(theirs)) = (self.declared.get(name), other.declared.get(name)) else {
            return Relation::Same;
        };
        let are_in =
            |these: &[&Value], those: &[&Value]| these.iter().all(|one| those.iter().any(|other| say_same(one, other)));
        if are_in(ours, theirs) && are_in(theirs, ours) {
            return Relation::Same;
        }
        let is_required = self.required.contains(name) || other.required.contains(name);
        if is_required && (self.kinds(name) & other.kinds(name)).without_null() == Kinds::NONE {
            return Relation::Exclusive;
        }
        let is_structure =
            |schemas: &[&Value]| schemas.iter().filter_map(|schema| View::of(schema)).any(View::says_structure);
        if is_structure(ours) && is_structure(theirs) { Relation::Unlike } else { Relation::Differing }
    }
}

/// How the declarations of a property in two schemas are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// They allow the same values.
    Same,
    /// They allow different values, and one type holds them all.
    Differing,
    /// They allow different objects or lists: the schemas differ in what they mean by the property.
    Unlike,
    /// No value fits both schemas.
    Exclusive,
}

/// Whether two schemas allow the same values, whatever they say about them.
fn say_same(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return one == other };
    let says = |key: &&String| !matches!(meaning(Place::Schema, key), Meaning::Silent | Meaning::Unknown);
    let all = |of: &Map<String, Value>, to: &Map<String, Value>| {
        of.keys().filter(says).all(|key| of.member(key) == to.member(key))
    };
    all(one, other) && all(other, one)
}

/// The kinds of the values of properties that a schema does not declare. Its patterns are not read.
fn kinds_of_others<'t>(cx: &Cx<'t, '_>, view: View<'t>) -> Kinds {
    let others = view.node.member("additionalProperties").filter(|_| !view.has_patterns());
    others.and_then(|others| View::of(resolved(cx, others))).map_or(Kinds::ALL, View::kinds)
}

fn resolved<'t>(cx: &Cx<'t, '_>, schema: &'t Value) -> &'t Value {
    let target = schema.member("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
    target.and_then(|target| cx.document.resolve(&target).ok()).map_or(schema, |(_, node)| node)
}
