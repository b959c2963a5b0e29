//! The variant of an `anyOf` for values that several of its schemas allow at once.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{
    alternatives::Alternative,
    condition::conditional_parts,
    define::push_struct_of,
    kinds::Kinds,
    meet::{Meet, Part, Start, kinds_of},
    view::View,
};
use crate::{
    diagnostic::code,
    ir::{Origin, Type},
    lower::context::{Combined, Cx},
    read::{
        member::Members,
        place::Place,
        pointer,
        vocabulary::{Meaning, meaning},
    },
};

/// The most schemas that are combined.
const MAX_COMBINED: usize = 16;

/// Returns an object with the properties of all schemas of an `anyOf`, or `None` if no value needs it: the schemas exclude each other,
/// or one of them has all properties. Otherwise a value that fits several would lose the properties that only the others declare.
pub(super) fn lower_combined(
    cx: &mut Cx<'_, '_>,
    beside: &[&Part<'_>],
    alternatives: &[Alternative],
    place: &str,
    origin: &Origin,
) -> Option<Type> {
    if !(2..=MAX_COMBINED).contains(&alternatives.len()) {
        return None;
    }
    let mut all = Meet::default();
    let mut members: Vec<Member<'_>> = Vec::new();
    let mut maps: Vec<Kinds> = Vec::new();
    for alternative in alternatives {
        let own = beside.iter().map(|part| Start::Own(part.at.clone()));
        let starts: Vec<Start> = own.chain(alternative.members.iter().cloned().map(Start::Whole)).collect();
        let meet = Meet::of(cx.document, &mut cx.report, &starts);
        if !takes_others(&meet, beside) {
            continue;
        }
        let member = Member::of(cx, &meet);
        if let Some(kinds) = kinds_of_map(cx, &meet).filter(|_| member.names.is_empty()) {
            maps.push(kinds);
            continue;
        }
        members.push(member);
        all.parts.extend(meet.parts);
        all.optional.extend(meet.optional);
        all.optional.extend(meet.choices.into_iter().flat_map(|choice| choice.members));
    }
    // A choice between scalars has no properties, and an object without properties keeps them all.
    members.retain(|member| !member.is_choice || !member.names.is_empty());
    let names: BTreeSet<&String> = members.iter().flat_map(|member| &member.names).collect();
    if !cx.report.take_steps(names.len() * members.len() * members.len(), place) {
        return None;
    }
    let is_open = maps.iter().any(|values| members.iter().any(|member| member.may_be_map(*values)));
    let has_all = |member: &Member<'_>| !is_open && !member.is_choice && member.names.len() == names.len();
    if members.len() + usize::from(is_open) < 2
        || members.iter().any(|member| member.names.is_empty() || has_all(member))
    {
        return None;
    }
    let differing = differing(cx, &members, &pointer::join(place, "anyOf"))?;
    let word = if members.len() + usize::from(is_open) == 2 { "both" } else { "several" };
    let required = members.iter().map(|member| member.required.clone()).reduce(|one, other| &one & &other)?;
    let needed = if is_open { None } else { needed(&members, &required) };
    let mut seen = HashSet::default();
    all.parts.retain(|part| seen.insert(part.at.clone()));
    all.required.extend(needed);
    let combined = Combined { required: required.into_iter().collect(), differing, is_open };
    let at = pointer::join(place, "anyOf");
    Some(push_struct_of(cx, &all, &at, &origin.child(word), Some(combined)))
}

/// Whether values of an alternative may have properties that only others declare. Those of closed objects may not.
///
/// `unevaluatedProperties` beside the choice allows the properties of all its schemas.
fn takes_others(meet: &Meet<'_>, beside: &[&Part<'_>]) -> bool {
    let is_closed = |part: &Part<'_>| {
        let is_beside = beside.iter().any(|it| it.at == part.at);
        if is_beside { part.view.allows_no_others() } else { part.view.is_closed() }
    };
    kinds_of(&meet.parts) & Kinds::OBJECT != Kinds::NONE && !meet.parts.iter().any(is_closed)
}

/// The kinds of the values of properties that are not declared, if something is said of them.
fn kinds_of_map(cx: &Cx<'_, '_>, meet: &Meet<'_>) -> Option<Kinds> {
    let kinds =
        |at: &String| cx.document.schema(at).ok().and_then(|(_, node)| View::of(node)).map_or(Kinds::ALL, View::kinds);
    let said = meet.parts.iter().filter_map(|part| part.view.additional(&part.at));
    said.map(|places| places.iter().map(kinds).fold(Kinds::NONE, |all, own| all | own)).reduce(|one, other| one & other)
}

/// An alternative that takes part.
struct Member<'t> {
    /// The properties that its values may have.
    names: BTreeSet<String>,
    /// The schemas of the properties that all of its values may have.
    declared: BTreeMap<&'t str, Vec<&'t Value>>,
    required: BTreeSet<String>,
    /// Whether it is a choice itself, so that no type has all of its properties.
    is_choice: bool,
}

impl<'t> Member<'t> {
    fn of(cx: &mut Cx<'t, '_>, meet: &Meet<'t>) -> Self {
        let variants = meet.choices.iter().flat_map(|choice| &choice.members).chain(&meet.optional);
        let variants: Vec<String> = variants.cloned().collect();
        let places = meet.places();
        let some = conditional_parts(cx.document, &mut cx.report, &places, &variants);
        let views = places.iter().chain(&some).filter_map(|at| View::of(cx.document.node(at)?));
        let names = views.filter_map(View::properties).flat_map(Map::keys).cloned().collect();
        let required = meet.parts.iter().filter_map(|part| part.view.node.member("required")?.as_array()).flatten();
        let required = required.filter_map(Value::as_str).map(str::to_owned).collect();
        let mut declared: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (name, schema) in meet.parts.iter().filter_map(|part| part.view.properties()).flatten() {
            declared.entry(name).or_default().push(resolved(cx, schema));
        }
        Self { names, declared, required, is_choice: !meet.choices.is_empty() }
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
    fn may_be_map(&self, values: Kinds) -> bool {
        self.required.iter().all(|name| (self.kinds(name) & values).without_null() != Kinds::NONE)
    }

    /// How the declarations of a property in two alternatives are related.
    fn relation(&self, other: &Self, name: &str) -> Relation {
        let (Some(ours), Some(theirs)) = (self.declared.get(name), other.declared.get(name)) else {
            return Relation::Same;
        };
        let are_in =
            |these: &[&Value], those: &[&Value]| these.iter().all(|one| those.iter().any(|other| say_same(one, other)));
        if are_in(ours, theirs) && are_in(theirs, ours) {
            return Relation::Same;
        }
        let lists = |schemas: &[&'t Value]| -> Vec<&'t Value> {
            schemas.iter().filter_map(|schema| View::of(schema)?.values()).flatten().collect()
        };
        let (our_values, their_values) = (lists(ours), lists(theirs));
        let are_listed = !our_values.is_empty() && !their_values.is_empty();
        if are_listed && our_values.iter().all(|value| !their_values.contains(value)) {
            return Relation::Exclusive;
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
enum Relation {
    /// They allow the same values.
    Same,
    /// They allow different values, and one type holds them all.
    Differing,
    /// They allow different objects or lists: the schemas differ in what they mean by the property.
    Unlike,
    /// No value fits both schemas.
    Exclusive,
}

/// Returns the properties that schemas declare differently, or `None` if the schemas are not to be combined. Tells of that unless
/// they exclude each other.
fn differing(cx: &mut Cx<'_, '_>, members: &[Member<'_>], at: &str) -> Option<Vec<String>> {
    let mut found: BTreeMap<&str, Relation> = BTreeMap::new();
    for (index, one) in members.iter().enumerate() {
        for other in &members[index + 1..] {
            for name in one.declared.keys() {
                match one.relation(other, name) {
                    Relation::Same => {}
                    Relation::Exclusive => return None,
                    Relation::Unlike => {
                        found.insert(name, Relation::Unlike);
                    }
                    Relation::Differing => {
                        found.entry(name).or_insert(Relation::Differing);
                    }
                }
            }
        }
    }
    let unlike: Vec<&str> = found.iter().filter(|(_, it)| **it == Relation::Unlike).map(|(name, _)| *name).collect();
    if unlike.is_empty() {
        return Some(found.into_keys().map(str::to_owned).collect());
    }
    let message = format!(
        "the schemas differ in `{}`; a value that fits several has the properties of one of them in the client",
        unlike.join("`, `")
    );
    cx.report.findings.add(code::COMPOSITION.as_note(), at, message);
    None
}

/// Returns what values of some schema have besides what all require, or `None` if one requires nothing more.
fn needed(members: &[Member<'_>], common: &BTreeSet<String>) -> Option<Vec<Vec<String>>> {
    let mut needed: Vec<Vec<String>> = Vec::new();
    for member in members {
        let own: Vec<String> = (&member.required - common).into_iter().collect();
        if own.is_empty() {
            return None;
        }
        if !needed.contains(&own) {
            needed.push(own);
        }
    }
    Some(needed)
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

fn resolved<'t>(cx: &Cx<'t, '_>, schema: &'t Value) -> &'t Value {
    let target = schema.member("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
    target.and_then(|target| cx.document.resolve(&target).ok()).map_or(schema, |(_, node)| node)
}
