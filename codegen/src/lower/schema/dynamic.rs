//! Resolves `$dynamicRef` and `$recursiveRef`, whose targets depend on the schemas that lead to them.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{
    meet::{Part, Start},
    view::component_of,
};
use crate::{
    budget::MAX_REFERENCES,
    diagnostic::code,
    ir::{Origin, OriginRoot},
    lower::context::Cx,
    read::{
        keyword::{DYNAMIC_REFERENCES, dynamic_anchor, has_dynamic_siblings},
        member::Members,
        parse::Unresolved,
        place::{Place, child_of_schema},
        pointer,
    },
};

/// Returns the schema at a pointer, after following the references that are all that their schemas say.
pub(super) fn bound_schema<'t>(cx: &Cx<'t, '_>, at: &str) -> Result<(String, &'t Value), Unresolved> {
    let (mut place, mut node) = cx.document.schema(at)?;
    let mut seen: Vec<String> = Vec::new();
    while let Some(schema) = node.as_object()
        && let Some(target) = dynamic_target(cx, &place, schema)
        && !has_dynamic_siblings(schema)
    {
        if seen.contains(&place) || seen.len() == MAX_REFERENCES {
            return Err(Unresolved::Circular { at: at.to_owned() });
        }
        seen.push(place);
        (place, node) = cx.document.schema(&target)?;
    }
    Ok((place, node))
}

/// Returns the places that dynamic references among the parts of an intersection name.
pub(super) fn bound_parts(cx: &Cx<'_, '_>, parts: &[Part<'_>]) -> Vec<Start> {
    if !cx.scope.is_needed {
        return Vec::new();
    }
    parts.iter().filter_map(|part| dynamic_target(cx, &part.at, part.view.node)).map(Start::Whole).collect()
}

/// Reports a dynamic reference of a schema that names nothing.
pub(super) fn report_unbound(cx: &mut Cx<'_, '_>, part: &Part<'_>) {
    let found = DYNAMIC_REFERENCES.iter().find_map(|key| Some((*key, part.view.node.member(key)?.as_str()?)));
    let Some((key, reference)) = found else { return };
    if dynamic_target(cx, &part.at, part.view.node).is_none() {
        let message = format!("`{key}: {reference}` names no anchor of the document; the client ignores it");
        let help = "correct the reference, or add the anchor, in an overlay";
        cx.report.add(code::DANGLING_REF, &part.at, message, help);
    }
}

/// Returns the place that a dynamic reference of a schema names.
fn dynamic_target(cx: &Cx<'_, '_>, at: &str, schema: &Map<String, Value>) -> Option<String> {
    let reference = DYNAMIC_REFERENCES.iter().find_map(|key| schema.member(key)?.as_str())?;
    let fragment = reference.strip_prefix('#')?;
    if fragment.starts_with('/') {
        return pointer::from_reference(reference);
    }
    let bound = cx.scope.bindings.iter().find(|(anchor, _)| anchor == fragment);
    let found = bound.map(|(_, place)| place.clone()).or_else(|| cx.scope.anchors.get(fragment).cloned());
    // Without an anchor, the reference names the schema that it stands in.
    found.or_else(|| root_of(at).filter(|_| fragment.is_empty()))
}

/// The component that a place is in.
fn root_of(at: &str) -> Option<String> {
    let rest = at.strip_prefix("/components/schemas/")?;
    let name = rest.split('/').next()?;
    Some(format!("/components/schemas/{name}"))
}

/// Returns the scope inside an intersection. What an outer schema binds stays.
pub(super) fn inner_scope(cx: &Cx<'_, '_>, parts: &[Part<'_>]) -> Vec<(String, String)> {
    let mut bindings = cx.scope.bindings.clone();
    if !cx.scope.is_needed {
        return bindings;
    }
    for part in parts.iter().rev() {
        bind(&mut bindings, part.view.node, &part.at);
    }
    bindings
}

/// Adds what a schema binds, except for what an outer one binds.
fn bind(bindings: &mut Vec<(String, String)>, schema: &Map<String, Value>, at: &str) {
    for (anchor, place) in anchors_of(schema, at) {
        if bindings.iter().all(|(known, _)| *known != anchor) {
            bindings.push((anchor, place));
        }
    }
}

/// The dynamic anchors of a schema and of its definitions, with their places.
fn anchors_of(schema: &Map<String, Value>, at: &str) -> Vec<(String, String)> {
    let own = dynamic_anchor(schema).map(|anchor| (anchor.to_owned(), at.to_owned()));
    let definitions = ["$defs", "definitions"].into_iter().flat_map(|key| {
        let list = pointer::join(at, key);
        let schemas = schema.member(key).and_then(Value::as_object).into_iter().flatten();
        schemas.filter_map(move |(name, schema)| {
            let anchor = dynamic_anchor(schema.as_object()?)?;
            Some((anchor.to_owned(), pointer::join(&list, name)))
        })
    });
    own.into_iter().chain(definitions).collect()
}

/// The key of a schema in the tables of types. A schema whose type depends on the scope has one for each scope.
pub(super) fn key_of(cx: &mut Cx<'_, '_>, at: &str) -> String {
    if !cx.scope.is_needed || !depends(cx, at) {
        return at.to_owned();
    }
    let mut bindings = cx.scope.bindings.clone();
    if let Some(schema) = cx.document.node(at).and_then(Value::as_object) {
        bind(&mut bindings, schema, at);
    }
    bindings.iter().flat_map(|(anchor, place)| [anchor, place]).fold(at.to_owned(), |key, part| key + "\0" + part)
}

/// The pointer that identifies the type of a schema. A schema whose type depends on what schemas outside of its component bind has
/// one for each of them.
pub(super) fn pointer_of(cx: &mut Cx<'_, '_>, at: &str) -> String {
    if cx.scope.bindings.is_empty() || !depends(cx, at) {
        return at.to_owned();
    }
    let outside = outside_of(cx, at);
    outside
        .into_iter()
        .fold(at.to_owned(), |pointer, place| pointer::join(&pointer::join(&pointer, DYNAMIC_REFERENCES[0]), place))
}

/// Returns the places of what schemas outside of the component of a schema bind.
fn outside_of<'c>(cx: &'c Cx<'_, '_>, at: &str) -> Vec<&'c String> {
    let root = root_of(at).unwrap_or_default();
    let is_outside =
        |place: &str| place.strip_prefix(&root).is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/'));
    cx.scope.bindings.iter().map(|(_, place)| place).filter(|place| is_outside(place)).collect()
}

/// Returns the origin of a component. A component whose type depends on what other schemas bind has one for each of them.
pub(super) fn origin_of(cx: &mut Cx<'_, '_>, at: &str) -> Option<Origin> {
    let name = component_of(at)?;
    Some(Origin { root: OriginRoot::Component(name), path: word_of_bindings(cx, at).into_iter().collect() })
}

/// Returns the word that tells the type of a component from those for other bindings: `of User`.
fn word_of_bindings(cx: &mut Cx<'_, '_>, at: &str) -> Option<String> {
    if cx.scope.bindings.is_empty() || !depends(cx, at) {
        return None;
    }
    let name = |place: &String| {
        let bound = cx.document.schema(place).ok().and_then(|(target, _)| component_of(&target));
        bound.or_else(|| component_of(&root_of(place)?))
    };
    let names: Vec<String> = outside_of(cx, at).into_iter().filter_map(name).collect();
    (!names.is_empty()).then(|| format!("of {}", names.join(" ")))
}

/// Whether a dynamic reference stands in a schema, or in one that it refers to.
fn depends(cx: &mut Cx<'_, '_>, start: &str) -> bool {
    if let Some(known) = cx.scope.depends.get(start) {
        return *known;
    }
    let mut open = vec![start.to_owned()];
    let mut seen: HashSet<String> = HashSet::default();
    let mut found = false;
    while let Some(at) = open.pop() {
        let Ok((at, node)) = cx.document.schema(&at) else { continue };
        if !seen.insert(at.clone()) || !cx.report.take_steps(1, start) {
            continue;
        }
        let Some(schema) = node.as_object() else { continue };
        if DYNAMIC_REFERENCES.iter().any(|key| schema.has_member(key)) {
            found = true;
            break;
        }
        open.extend(schema.member("$ref").and_then(Value::as_str).and_then(pointer::from_reference));
        for (key, child) in schema {
            let place = pointer::join(&at, key);
            match (child_of_schema(key), child) {
                (Some(Place::Schema), _) => open.push(place),
                (Some(_), Value::Object(map)) => open.extend(map.keys().map(|key| pointer::join(&place, key))),
                (Some(_), Value::Array(items)) => {
                    open.extend((0..items.len()).map(|index| pointer::join(&place, &index.to_string())));
                }
                _ => {}
            }
        }
    }
    cx.scope.depends.insert(start.to_owned(), found);
    found
}
