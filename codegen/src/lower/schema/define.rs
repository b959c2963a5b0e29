//! Definitions of types, and the queue of structs.

use std::{collections::BTreeMap, slice};

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{
    dynamic::{key_of, pointer_of},
    meet::{Meet, Part, Start},
    said::direction_at,
    view::MAX_DEPTH,
};
use crate::{
    diagnostic::code,
    ir::{
        Direction, Docs, Limit, Origin, Shape, Struct, Type, TypeDef, TypeId, Union, Usage, Variant, meet_limits,
        names_of,
    },
    lower::context::{Combined, Cx, Heir, Merged, Pending, docs_of_object},
    read::{ledger::Read, member::Members, parse::Document, pointer},
};

pub(super) fn push_type(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    at: &str,
    origin: &Origin,
    shape: Shape,
) -> TypeId {
    let docs = Docs { default: None, ..docs_of_object(schema) };
    cx.report.take_text(docs.bytes(), at);
    let pointer = pointer_of(cx, at);
    cx.types.defs.push(TypeDef {
        pointer,
        identity: None,
        number: 0,
        origin: origin.clone(),
        docs,
        shape,
        usage: Usage::default(),
        same: None,
        twin: None,
    });
    TypeId(cx.types.defs.len() - 1)
}

/// Adds a struct of the properties of several schemas, whose fields are lowered later.
pub(super) fn push_struct(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, place: &str, origin: &Origin) -> Type {
    push_struct_of(cx, meet, place, origin, None)
}

/// Adds a struct. Its values may fit any of its schemas, not all.
pub(super) fn push_struct_of(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    place: &str,
    origin: &Origin,
    combined: Option<Combined>,
) -> Type {
    let own = cx.document.node(place).and_then(Value::as_object);
    let empty = Map::new();
    // The words of one schema do not describe values of the others.
    let last = meet.parts.last().filter(|_| combined.is_none());
    let node = own.or_else(|| last.map(|part| part.view.node)).unwrap_or(&empty);
    let id = push_type(cx, node, place, origin, Shape::Struct(Struct::default()));
    cx.types.defs[id.0].docs.limits = limits_of_struct(cx, meet);
    let (parts, optional) = (meet.places(), meet.optional.clone());
    let bindings = cx.scope.bindings.clone();
    cx.types.pending.push_back(Pending { id, parts, optional, origin: origin.clone(), bindings, combined });
    Type::Named(id)
}

/// Returns the limits of an object that apply to several of its properties.
fn limits_of_struct(cx: &mut Cx<'_, '_>, meet: &Meet<'_>) -> Vec<Limit> {
    let mut limits = Vec::new();
    for part in meet.parts.iter().filter(|part| part.view.has_patterns()) {
        cx.report.ledger.note(&part.at, Read::PATTERNS);
        meet_limits(&mut limits, names_of(part.view.node).into_iter().collect());
    }
    // Who does not send a property need not have it. One that is not declared is a field, too, unless the object has no others.
    let is_closed = meet.parts.iter().any(|part| part.view.is_closed());
    let is_of_both = |name: &String| {
        let declares = |part: &&Part<'_>| part.view.properties().is_some_and(|all| all.has_member(name));
        let places = meet.parts.iter().filter(declares).map(|part| pointer::join(&part.at, "properties"));
        let places: Vec<String> = places.map(|list| pointer::join(&list, name)).collect();
        (!is_closed || !places.is_empty()) && places.iter().all(|at| direction_at(cx.document, at) == Direction::Both)
    };
    let required = meet.required.iter().filter(|lists| lists.iter().flatten().all(is_of_both));
    meet_limits(&mut limits, required.cloned().map(Limit::Requires).collect());
    limits
}

/// Adds the choice between a class and its heirs. A class that tells its heirs apart gives it its name; of another one, the struct
/// has the name.
pub(super) fn push_heirs(cx: &mut Cx<'_, '_>, node: &Map<String, Value>, at: &str, origin: &Origin) -> TypeId {
    let shape = Shape::Union(Union::default());
    if cx.inheritance.is_middle(at) {
        push_type(cx, node, &pointer::join(at, "discriminator"), &origin.child("or heir"), shape)
    } else {
        push_type(cx, node, at, origin, shape)
    }
}

/// Returns the struct of a class that is also the choice between its heirs.
pub(super) fn push_base(cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> Type {
    let place = pointer::join(at, "discriminator");
    if let Some(Merged::Done(Some(known))) = cx.types.merged.get(&place) {
        return known.clone();
    }
    let meet = Meet::of(cx.document, &mut cx.report, &[Start::Whole(at.to_owned())]);
    for part in &meet.parts {
        cx.report.ledger.note(&part.at, Read::DISCRIMINATOR);
    }
    let ty = if cx.inheritance.is_middle(at) {
        push_struct(cx, &meet, at, origin)
    } else {
        push_struct(cx, &meet, &place, &origin.child("base"))
    };
    cx.types.merged.insert(place, Merged::Done(Some(ty.clone())));
    ty
}

/// Returns the parts of a class whose properties an heir has only by referring to them, or `None` if the heir declares all itself.
/// The variant writes the property that tells heirs apart.
pub(super) fn lacking_parts(cx: &mut Cx<'_, '_>, base: &str, heir: &Heir) -> Option<Vec<Start>> {
    let mut meet = |at: &str| Meet::of(cx.document, &mut cx.report, &[Start::Whole(at.to_owned())]);
    let (base, own) = (meet(base), meet(&heir.at));
    let names = |meet: &Meet<'_>| -> HashSet<String> {
        meet.parts.iter().filter_map(|part| part.view.properties()).flat_map(Map::keys).cloned().collect()
    };
    let own = names(&own);
    let mut lacking = names(&base).into_iter().filter(|name| *name != heir.property && !own.contains(name));
    lacking.next()?;
    Some(base.parts.into_iter().map(|part| Start::Own(part.at)).collect())
}

/// Sets the type of a schema or an intersection that is being lowered.
pub(super) fn register(cx: &mut Cx<'_, '_>, place: &str, ty: &Type) {
    let key = key_of(cx, place);
    if let Some(known) = cx.types.by_pointer.get_mut(&key) {
        *known = Some(ty.clone());
    } else {
        cx.types.merged.insert(key, Merged::Done(Some(ty.clone())));
    }
}

/// Returns the type that holds values of any of these types.
pub(crate) fn choice_of(cx: &mut Cx<'_, '_>, types: &[Type], at: &str, origin: &Origin) -> Type {
    let nullable = types.iter().any(|ty| ty.split_nullable().1);
    let mut inner: Vec<Type> = Vec::new();
    for ty in types.iter().map(|ty| ty.split_nullable().0) {
        if !inner.contains(ty) {
            inner.push(ty.clone());
        }
    }
    let ty = cx.types.single_type(&inner).unwrap_or_else(|| {
        let variants = inner.iter().cloned().map(Variant::of).collect();
        push_choice(cx, &inner, variants, at, origin)
    });
    if nullable { ty.nullable() } else { ty }
}

/// Returns the type that holds values of this type, and others unread.
pub(super) fn with_others(cx: &mut Cx<'_, '_>, ty: Type, at: &str, origin: &Origin) -> Type {
    let is_union = |id: TypeId| matches!(cx.types.defs[id.0].shape, Shape::Union(_));
    let (inner, nullable) = ty.split_nullable();
    let choice = match inner {
        Type::Any => return ty,
        Type::Named(id) if is_union(*id) => return ty,
        inner => {
            // A struct would lose what it does not declare.
            let variant = Variant { is_closed: true, ..Variant::of(inner.clone()) };
            push_choice(cx, slice::from_ref(inner), vec![variant], at, origin)
        }
    };
    if nullable { choice.nullable() } else { choice }
}

fn push_choice(cx: &mut Cx<'_, '_>, types: &[Type], variants: Vec<Variant>, at: &str, origin: &Origin) -> Type {
    give_way(cx, types, origin);
    let shape = Shape::Union(Union { variants });
    Type::Named(push_type(cx, &Map::new(), &pointer::join(at, "anyOf"), origin, shape))
}

/// Gives the types of a choice that have its origin others, so that the choice has the name.
fn give_way(cx: &mut Cx<'_, '_>, types: &[Type], origin: &Origin) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in types.iter().filter_map(Type::named) {
        let def = &mut cx.types.defs[id.0];
        if def.origin != *origin {
            continue;
        }
        let word = match def.shape {
            Shape::Enum(_) => "value",
            Shape::IntegerEnum(_) => "number",
            Shape::Struct(_) => "object",
            Shape::Union(_) => "choice",
        };
        let count = counts.entry(word).or_default();
        *count += 1;
        let own = if *count == 1 { origin.child(word) } else { origin.child(&format!("{word} {count}")) };
        for pending in cx.types.pending.iter_mut().filter(|pending| pending.id == id) {
            pending.origin = own.clone();
        }
        def.origin = own;
    }
}

/// Returns a place for the type of several schemas. Intersections of the same schemas have the same one, so recursive types are not
/// lowered endlessly.
pub(super) fn place_of_several(document: Document<'_>, places: &[String]) -> String {
    let target = |at: &String| document.schema(at).map_or_else(|_| at.clone(), |(target, _)| target);
    let mut targets: Vec<String> = Vec::new();
    for target in places.iter().rev().map(target) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let mut targets = targets.into_iter();
    let last = pointer::join(&targets.next().unwrap_or_default(), "allOf");
    targets.rev().fold(last, |place, target| pointer::join(&place, &target))
}

/// The type of a schema inside itself.
pub(super) fn within_itself(cx: &mut Cx<'_, '_>, at: &str) -> Type {
    let message = "the schema contains itself without an object between; the inner one becomes any JSON value";
    cx.report.add(code::RECURSIVE_SCHEMA, at, message, "to type it, put an object between in an overlay");
    Type::Any
}

/// Whether a schema is nested too deep to be lowered. Reports it.
pub(super) fn is_too_deep(cx: &mut Cx<'_, '_>, at: &str) -> bool {
    if cx.types.depth < MAX_DEPTH {
        return false;
    }
    let message = format!("the schema is nested more than {MAX_DEPTH} levels deep; it becomes any JSON value");
    cx.report.add(code::NESTED_SCHEMA, at, message, "to type it, flatten the schemas around it in an overlay");
    true
}
