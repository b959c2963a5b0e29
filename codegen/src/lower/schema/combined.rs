//! The variant of an `anyOf` for values that several of its schemas allow at once.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{
    alternatives::Alternative,
    define::push_struct_of,
    kinds::Kinds,
    meet::{Meet, Part, Start, kinds_of},
};
use crate::{
    ir::{Origin, Type},
    lower::context::Cx,
    read::{
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
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut declared: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut members: Vec<(BTreeSet<&str>, BTreeSet<&str>)> = Vec::new();
    for alternative in alternatives {
        let own = beside.iter().map(|part| Start::Own(part.at.clone()));
        let starts: Vec<Start> = own.chain(alternative.members.iter().cloned().map(Start::Whole)).collect();
        let meet = Meet::of(cx.document, &mut cx.report, &starts);
        let kinds = kinds_of(&meet.parts);
        let is_object = kinds == Kinds::ALL || kinds.without_null() == Kinds::OBJECT;
        // Values of other kinds are none of several objects.
        if !is_object && kinds & Kinds::OBJECT == Kinds::NONE {
            continue;
        }
        if !is_object || !meet.choices.is_empty() || meet.parts.iter().any(|part| part.view.is_closed()) {
            return None;
        }
        let mut names = BTreeSet::new();
        for (name, schema) in meet.parts.iter().filter_map(|part| part.view.properties()).flatten() {
            let target = resolved(cx, schema);
            // Schemas that give a property different values exclude each other, or differ in what they mean by it.
            if !say_same(declared.entry(name).or_insert(target), target) {
                return None;
            }
            names.insert(name.as_str());
        }
        let required = meet.parts.iter().filter_map(|part| part.view.node.get("required")?.as_array()).flatten();
        members.push((names, required.filter_map(Value::as_str).collect()));
        parts.extend(meet.parts);
    }
    if members.len() < 2
        || !cx.report.take_steps(declared.len() * members.len(), place)
        || members.iter().any(|(names, _)| names.len() == declared.len() || names.is_empty())
    {
        return None;
    }
    let count = members.len();
    let required = members.into_iter().map(|(_, required)| required).reduce(|one, other| &one & &other)?;
    let required = required.into_iter().map(str::to_owned).collect();
    let mut seen = HashSet::new();
    parts.retain(|part| seen.insert(part.at.clone()));
    let word = if count == 2 { "both" } else { "several" };
    Some(push_struct_of(cx, &parts, &pointer::join(place, "anyOf"), &origin.child(word), Some(required)))
}

/// Whether two schemas allow the same values, whatever they say about them.
fn say_same(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return one == other };
    let says = |key: &&String| !matches!(meaning(Place::Schema, key), Meaning::Silent | Meaning::Unknown);
    let all =
        |of: &Map<String, Value>, to: &Map<String, Value>| of.keys().filter(says).all(|key| of.get(key) == to.get(key));
    all(one, other) && all(other, one)
}

fn resolved<'t>(cx: &Cx<'t, '_>, schema: &'t Value) -> &'t Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference);
    target.and_then(|target| cx.document.resolve(&target).ok()).map_or(schema, |(_, node)| node)
}
