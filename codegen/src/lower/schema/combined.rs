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
    ir::{Origin, Type},
    lower::context::Cx,
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
    let mut declared: BTreeMap<String, &Value> = BTreeMap::new();
    let mut members: Vec<Member> = Vec::new();
    for alternative in alternatives {
        let own = beside.iter().map(|part| Start::Own(part.at.clone()));
        let starts: Vec<Start> = own.chain(alternative.members.iter().cloned().map(Start::Whole)).collect();
        let meet = Meet::of(cx.document, &mut cx.report, &starts);
        if !loses_others(&meet, beside) {
            continue;
        }
        for (name, schema) in meet.parts.iter().filter_map(|part| part.view.properties()).flatten() {
            let target = resolved(cx, schema);
            // Schemas that give a property different values exclude each other, or differ in what they mean by it.
            if !say_same(declared.entry(name.clone()).or_insert(target), target) {
                return None;
            }
        }
        members.push(Member::of(cx, &meet));
        all.parts.extend(meet.parts);
        all.optional.extend(meet.optional);
        all.optional.extend(meet.choices.into_iter().flat_map(|choice| choice.members));
    }
    // A choice between scalars has no properties, and an object without properties keeps them all.
    members.retain(|member| !member.is_choice || !member.names.is_empty());
    let names: BTreeSet<&String> = members.iter().flat_map(|member| &member.names).collect();
    if members.len() < 2
        || !cx.report.take_steps(names.len() * members.len(), place)
        || members
            .iter()
            .any(|member| member.names.is_empty() || (!member.is_choice && member.names.len() == names.len()))
    {
        return None;
    }
    let word = if members.len() == 2 { "both" } else { "several" };
    let required = members.into_iter().map(|member| member.required).reduce(|one, other| &one & &other)?;
    let mut seen = HashSet::default();
    all.parts.retain(|part| seen.insert(part.at.clone()));
    Some(push_struct_of(
        cx,
        &all,
        &pointer::join(place, "anyOf"),
        &origin.child(word),
        Some(required.into_iter().collect()),
    ))
}

/// Whether values of an alternative may have properties that only others declare, and lose them in its type. Closed objects do not
/// have them, and maps keep them.
///
/// `unevaluatedProperties` beside the choice allows the properties of all its schemas.
fn loses_others(meet: &Meet<'_>, beside: &[&Part<'_>]) -> bool {
    let is_closed = |part: &Part<'_>| {
        let is_beside = beside.iter().any(|it| it.at == part.at);
        if is_beside { part.view.allows_no_others() } else { part.view.is_closed() }
    };
    let any = |is: fn(&Part<'_>) -> bool| meet.parts.iter().any(is);
    let is_map = !any(|part| part.view.properties().is_some()) && any(|part| part.view.additional(&part.at).is_some());
    let has_objects = kinds_of(&meet.parts) & Kinds::OBJECT != Kinds::NONE;
    has_objects && !is_map && !meet.parts.iter().any(is_closed)
}

/// An alternative that takes part.
struct Member {
    /// The properties that its values may have.
    names: BTreeSet<String>,
    required: BTreeSet<String>,
    /// Whether it is a choice itself, so that no type has all of its properties.
    is_choice: bool,
}

impl Member {
    fn of(cx: &mut Cx<'_, '_>, meet: &Meet<'_>) -> Self {
        let variants = meet.choices.iter().flat_map(|choice| &choice.members).chain(&meet.optional);
        let variants: Vec<String> = variants.cloned().collect();
        let places = meet.places();
        let some = conditional_parts(cx.document, &mut cx.report, &places, &variants);
        let views = places.iter().chain(&some).filter_map(|at| View::of(cx.document.node(at)?));
        let names = views.filter_map(View::properties).flat_map(Map::keys).cloned().collect();
        let required = meet.parts.iter().filter_map(|part| part.view.node.member("required")?.as_array()).flatten();
        let required = required.filter_map(Value::as_str).map(str::to_owned).collect();
        Self { names, required, is_choice: !meet.choices.is_empty() }
    }
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
