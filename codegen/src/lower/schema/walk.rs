//! Lowers schemas to types. Only the functions in this file are recursive; functions that need no other schema are in the files
//! beside it. Structs end the recursion, because their fields are lowered from a queue (`structs.rs`).

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value};

use super::{
    adding::{adding, items_of},
    additional::{Additional, report_taken_names},
    alternatives::{
        Alternative, Tagged, alternatives_of, class_alone, own_tag, place_of, possible, report_lost_targets, tag_of,
        tags_of,
    },
    condition::{parts_of_some, report_conditions},
    define::{
        choice_of, is_too_deep, lacking_parts, place_of_several, push_base, push_heirs, push_struct, push_type,
        register, within_itself,
    },
    dynamic::{bound_parts, bound_schema, inner_scope, key_of, origin_of, report_unbound},
    enum_::{lower_choice_of_values, lower_values},
    format::format_of,
    kinds::{Kind, Kinds},
    meet::{Meet, Part, Start, has_properties, kinds_of, may_be_null, requires_beside_patterns, unsaid_kinds},
    said::describe_variant,
    same::same_as,
    scalar::{number_type, string_type},
    together::lower_together,
    tuple::{lower_tuple, report_positions},
    undeclared::report_required,
    view::{component_of, is_nullable, leads_back},
    words::{home_of, word_of_list, words_of_alternatives},
};
use crate::{
    diagnostic::code,
    ir::{Constant, Origin, OriginRoot, Shape, Type, Union, Variant},
    lower::context::{Cx, Heir, Merged},
    read::{ledger::Read, pointer},
};

/// Returns the type of the schema at a pointer. `origin` names it if it needs a name and is not a component.
pub(crate) fn lower_schema(cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> Type {
    if !cx.report.take_steps(1, at) {
        return Type::Any;
    }
    let (target, node) = match bound_schema(cx, at) {
        Ok(found) => found,
        Err(unresolved) => {
            cx.report.unresolved(unresolved);
            return Type::Any;
        }
    };
    // 3.0 ignores keywords beside a `$ref`, but servers of such documents send `null`.
    let is_nullable = target != at && cx.document.node(at).is_some_and(is_nullable);
    if *node == Value::Bool(false) {
        let message = "this schema allows no value";
        cx.report.findings.add(code::COMPOSITION.as_note(), at, message);
    }
    let home = if target == at { None } else { home_of(&target) };
    let ty = lower_target(cx, &target, node, home.as_ref().unwrap_or(origin));
    if is_nullable { ty.nullable() } else { ty }
}

/// Returns the type of a schema that is not only a reference.
fn lower_target(cx: &mut Cx<'_, '_>, at: &str, node: &Value, origin: &Origin) -> Type {
    let key = key_of(cx, at);
    match cx.types.by_pointer.get(&key) {
        Some(Some(ty)) => return ty.clone(),
        Some(None) => return within_itself(cx, at),
        None => {}
    }
    let own = origin_of(cx, at);
    let origin = own.as_ref().unwrap_or(origin);
    if is_too_deep(cx, at) {
        return Type::Any;
    }
    cx.types.by_pointer.insert(key.clone(), None);
    let ty = match node {
        Value::Object(_) => lower_sure(cx, &[Start::Whole(at.to_owned())], at, origin),
        // `true` equals `{}`, and `false` has been told.
        _ => Type::Any,
    };
    cx.types.by_pointer.insert(key, Some(ty.clone()));
    ty
}

/// Returns the type of several schemas of one value, or `None` if no value fits all.
fn lower_several(cx: &mut Cx<'_, '_>, places: &[String], origin: &Origin) -> Option<Type> {
    let (last, others) = places.split_last()?;
    let target = |at: &String| Some(cx.document.schema(at).ok()?.0);
    if others.is_empty() || places.iter().filter_map(target).collect::<HashSet<String>>().len() < 2 {
        return Some(lower_schema(cx, last, origin));
    }
    let starts: Vec<Start> = places.iter().cloned().map(Start::Whole).collect();
    let place = place_of_several(cx.document, places);
    lower_merged(cx, &starts, &place, origin)
}

/// Returns the type of a value that fits all schemas in `places`. It also has what the schemas in `some` declare, as optional.
pub(super) fn lower_with(cx: &mut Cx<'_, '_>, places: &[String], some: &[String], origin: &Origin) -> Type {
    if some.is_empty() {
        return lower_all(cx, places, origin);
    }
    let all = places.iter().cloned().map(Start::Whole);
    let starts: Vec<Start> = all.chain(some.iter().cloned().map(Start::Optional)).collect();
    let place = place_of_several(cx.document, places);
    let place = some.iter().fold(pointer::join(&place, "anyOf"), |place, at| pointer::join(&place, at));
    lower_merged(cx, &starts, &place, origin).unwrap_or_else(|| lower_all(cx, places, origin))
}

/// Returns the type of an intersection, which is lowered once.
fn lower_merged(cx: &mut Cx<'_, '_>, starts: &[Start], place: &str, origin: &Origin) -> Option<Type> {
    let key = key_of(cx, place);
    match cx.types.merged.get(&key) {
        Some(Merged::Done(ty)) => return ty.clone(),
        Some(Merged::Open) => return Some(within_itself(cx, place)),
        None => {}
    }
    if is_too_deep(cx, place) {
        return Some(Type::Any);
    }
    cx.types.merged.insert(key.clone(), Merged::Open);
    let ty = lower_starts(cx, starts, place, origin);
    cx.types.merged.insert(key, Merged::Done(ty.clone()));
    ty
}

/// Returns the type of an intersection. If no value fits, it is any value.
fn lower_sure(cx: &mut Cx<'_, '_>, starts: &[Start], place: &str, origin: &Origin) -> Type {
    lower_starts(cx, starts, place, origin).unwrap_or_else(|| {
        let message = "no value fits all schemas that apply here; the client has any JSON value";
        let help = "correct the schema that is wrong in an overlay";
        cx.report.findings.add_with_help(code::COMPOSITION, place, message, help);
        Type::Any
    })
}

/// Returns the type of the values that all these schemas allow, or `None` if there are none.
fn lower_starts(cx: &mut Cx<'_, '_>, given: &[Start], place: &str, origin: &Origin) -> Option<Type> {
    let mut meet = Meet::of(cx.document, &mut cx.report, given);
    if meet.is_empty {
        return None;
    }
    let mut starts = bound_parts(cx, &meet.parts);
    if !starts.is_empty() {
        starts.extend(given.iter().cloned());
        meet = Meet::of(cx.document, &mut cx.report, &starts);
    }
    let starts = if starts.is_empty() { given } else { &starts };
    let is_class = cx.inheritance.is_heir(place);
    for part in &meet.parts {
        cx.report.ledger.note(&part.at, if is_class { Read::DISCRIMINATOR } else { Read::BASE });
        report_conditions(&mut cx.report, part.view.node, &part.at);
        report_lost_targets(cx.document, &mut cx.report, part);
        report_unbound(cx, part);
    }
    cx.types.depth += 1;
    let inner = inner_scope(cx, &meet.parts);
    let outer = std::mem::replace(&mut cx.scope.bindings, inner);
    let ty = match lower_heirs(cx, place, origin) {
        Some(ty) => Some(ty),
        None => lower_meet(cx, &meet, starts, place, origin),
    };
    cx.scope.bindings = outer;
    cx.types.depth -= 1;
    ty.map(|ty| if meet.is_nullable { ty.nullable() } else { ty })
}

fn lower_meet(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, starts: &[Start], place: &str, origin: &Origin) -> Option<Type> {
    if !cx.inheritance.is_heir(place) {
        let in_progress = |at: &str| matches!(cx.types.by_pointer.get(at), Some(None));
        let same = same_as(cx.document, &mut cx.report, meet, starts, |at| at != place && !in_progress(at));
        if let Some(same) = same {
            return Some(lower_schema(cx, &same, origin));
        }
    }
    if meet.choices.is_empty() { lower_parts(cx, meet, place, origin) } else { lower_choices(cx, meet, place, origin) }
}

/// Lowers an intersection with choices by distribution. Each alternative is the intersection of the other parts with one variant
/// of each choice.
fn lower_choices(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, place: &str, origin: &Origin) -> Option<Type> {
    let beside: Vec<&Part<'_>> = meet.parts.iter().filter(|part| part.view.says_more()).collect();
    let Some(alternatives) = alternatives_of(&mut cx.report, &meet.choices, place) else { return Some(Type::Any) };
    let node = cx.document.node(place).and_then(Value::as_object);
    let empty = Map::new();
    let node = node.or_else(|| meet.parts.last().map(|part| part.view.node)).unwrap_or(&empty);
    if let ([choice], true) = (meet.choices.as_slice(), beside.iter().all(|part| !part.view.is_said_object()))
        && let Some(ty) = lower_choice_of_values(cx, &meet.parts, &choice.members, place, origin)
    {
        return Some(ty);
    }
    let tagged = tags_of(cx, meet);
    if tagged.is_some() {
        note_all(cx, &meet.parts, Read::DISCRIMINATOR);
    }
    if let ([only], None) = (alternatives.as_slice(), &tagged) {
        return lower_alternative(cx, meet, &beside, only, place, origin);
    }
    let tags = tagged.as_ref().map(|tagged| &tagged.tags);
    let words = words_of_alternatives(cx, &meet.choices, &alternatives, tags);
    let named: Vec<(&Alternative, String)> = alternatives.iter().zip(words).collect();
    let all = possible(cx, meet, &beside, &named, tagged.as_ref());
    if let [(only, _)] = all.as_slice()
        && tagged.as_ref().is_none_or(|tagged| tagged.is_said(cx, &beside, only))
    {
        return lower_alternative(cx, meet, &beside, only, place, origin);
    }
    let id = push_type(cx, node, place, origin, Shape::Union(Union::default()));
    // Registered before its variants, which may contain it.
    let is_nullable =
        meet.is_nullable || alternatives.iter().flat_map(|one| &one.members).any(|at| may_be_null(cx, at));
    register(cx, place, &if is_nullable { Type::Named(id).nullable() } else { Type::Named(id) });
    let (mut variants, places, nullable) = lower_variants(cx, meet, &beside, &all, tagged.as_ref(), place, origin);
    if variants.len() > 1 {
        variants.extend(lower_together(cx, meet, &beside, &named, tagged.as_ref(), place, origin));
    }
    let types: Vec<Type> = variants.iter().map(|variant| variant.ty.clone()).collect();
    // One variant with a tag is a choice too, because it sends the tag.
    let has_tags = variants.iter().any(|variant| variant.tag.is_some());
    let ty = match cx.types.single_type(&types).filter(|_| !has_tags) {
        // The id stays in use to keep other ids. An unreachable type is not emitted.
        Some(ty) => ty,
        None if variants.is_empty() => return None,
        None => {
            variants.iter_mut().zip(&places).for_each(|(variant, places)| describe_variant(cx, variant, places));
            cx.types.defs[id.0].shape = Shape::Union(Union { variants });
            Type::Named(id)
        }
    };
    let ty = if nullable { ty.nullable() } else { ty };
    register(cx, place, &ty);
    Some(ty)
}

/// Returns the variants of alternatives, the places that limit the values of each, and whether one of them allows `null`.
fn lower_variants(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    beside: &[&Part<'_>],
    alternatives: &[(Alternative, String)],
    tagged: Option<&Tagged<'_>>,
    place: &str,
    origin: &Origin,
) -> (Vec<Variant>, Vec<Vec<String>>, bool) {
    let mut variants: Vec<Variant> = Vec::new();
    let mut places: Vec<Vec<String>> = Vec::new();
    let mut seen: HashMap<(Type, Option<Vec<Constant>>), usize> = HashMap::default();
    let mut nullable = false;
    for (alternative, word) in alternatives {
        let ty = match class_alone(cx, meet, beside, alternative, tagged) {
            Some(class) => Some(lower_base(cx, &class)),
            None => lower_alternative(cx, meet, beside, alternative, place, &origin.child(word)),
        };
        let Some(ty) = ty.map(Type::in_json) else { continue };
        let (ty, null) = ty.split_nullable();
        nullable |= null;
        let is_default = tagged.is_some_and(|tagged| tagged.is_default(cx.document, alternative));
        let tag = tagged.filter(|_| !is_default).and_then(|tagged| tagged.tag_of(cx, alternative));
        // Variants with different tags are not one, even if they have the same type.
        match seen.entry((ty.clone(), tag.as_ref().map(|tag| tag.values.clone()))) {
            Entry::Vacant(entry) => {
                entry.insert(variants.len());
                let word = word_of_list(cx, ty, alternative, word);
                variants.push(Variant { tag, is_default, word, ..Variant::of(ty.clone()) });
                places.push(alternative.members.clone());
            }
            // What limits only some of its values is not stated.
            Entry::Occupied(entry) => places[*entry.get()].clear(),
        }
    }
    // The mapping by default may name a schema that is not listed.
    let default = tagged.and_then(|tagged| tagged.tags.default_target(cx.document));
    if let Some(default) = default.filter(|_| variants.iter().all(|variant| !variant.is_default)) {
        let ty = lower_schema(cx, &default, &origin.child("default")).in_json().split_nullable().0.clone();
        variants.push(Variant { is_default: true, ..Variant::of(ty) });
    }
    (variants, places, nullable)
}

/// Returns the type of an alternative: the intersection of its variants and of the parts `beside` the choices.
fn lower_alternative(
    cx: &mut Cx<'_, '_>,
    meet: &Meet<'_>,
    beside: &[&Part<'_>],
    alternative: &Alternative,
    place: &str,
    origin: &Origin,
) -> Option<Type> {
    let all: Vec<String> = beside.iter().map(|part| &part.at).chain(&alternative.members).cloned().collect();
    let some = adding(cx.document, &mut cx.report, &all, meet.optional.iter().cloned());
    if let ([member], [], []) = (alternative.members.as_slice(), beside, some.as_slice()) {
        return Some(lower_schema(cx, member, origin));
    }
    let own = beside.iter().map(|part| Start::Own(part.at.clone()));
    let whole = alternative.members.iter().cloned().map(Start::Whole);
    let starts: Vec<Start> = own.chain(whole).chain(some.into_iter().map(Start::Optional)).collect();
    lower_merged(cx, &starts, &place_of(meet, alternative, place), origin)
}

/// Lowers schemas whose own keywords all apply.
fn lower_parts(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, place: &str, origin: &Origin) -> Option<Type> {
    let parts = &meet.parts;
    let kinds = kinds_of(parts);
    if kinds.without_null() == Kinds::NONE {
        if kinds == Kinds::NULL {
            return Some(Type::Any);
        }
        // Generators write `type: object` beside any `allOf`.
        let others: Vec<Part<'_>> = parts.iter().filter(|part| !part.view.is_bare_object()).cloned().collect();
        if others.is_empty() || others.len() == parts.len() || kinds_of(&others).without_null() == Kinds::NONE {
            return None;
        }
        let message = "`type: object` contradicts the other schemas that apply here; the client ignores it";
        cx.report.add(code::COMPOSITION, place, message, "correct the type in an overlay");
        let others = Meet { parts: others, optional: meet.optional.clone(), ..Meet::default() };
        return lower_parts(cx, &others, place, origin);
    }
    if let Some(ty) = lower_values(cx, parts, kinds, place, origin)? {
        return Some(ty);
    }
    let mut each = kinds.each();
    if kinds == Kinds::ALL {
        // A list of all types says as little as no type.
        if parts.iter().any(|part| part.view.says_kinds()) {
            return Some(Type::Any);
        }
        let some = parts_of_some(cx.document, &mut cx.report, meet);
        each = unsaid_kinds(parts, &some).each();
        if each.is_empty() {
            let is_object = parts.len() > 1 && parts.iter().any(|part| part.view.is_said_object());
            return Some(if is_object { Type::Object } else { Type::Any });
        }
    }
    let names = parts.iter().map(|part| part.view.type_names()).find(|names| names.len() > 1).unwrap_or_default();
    each.sort_by_key(|kind| names.iter().position(|name| kind.is_named(name)));
    let mut types: Vec<Type> = Vec::new();
    // The name of the schema is that of the choice.
    let inner = if each.len() > 1 { &origin.child("object") } else { origin };
    for kind in each {
        let origin = if kind == Kind::Object { inner } else { origin };
        let ty = lower_kind(cx, meet, kind, place, origin);
        if !types.contains(&ty) {
            types.push(ty);
        }
    }
    if let [only] = types.as_slice() {
        return Some(only.clone());
    }
    let types: Vec<Type> = types.into_iter().map(Type::in_json).collect();
    Some(cx.types.single_type(&types).unwrap_or_else(|| {
        let node = parts.last().map(|part| part.view.node);
        let variants = types.into_iter().map(Variant::of).collect();
        Type::Named(push_type(cx, node.unwrap_or(&Map::new()), place, origin, Shape::Union(Union { variants })))
    }))
}

fn lower_kind(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, kind: Kind, place: &str, origin: &Origin) -> Type {
    let parts = &meet.parts;
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Integer | Kind::Number => number_type(parts, format_of(&mut cx.report, parts), kind),
        Kind::Text => string_type(format_of(&mut cx.report, parts)),
        Kind::Array => lower_array(cx, meet, origin),
        Kind::Object => lower_object(cx, meet, place, origin),
    }
}

/// Notes that keywords of all these schemas are expressed.
fn note_all(cx: &mut Cx<'_, '_>, parts: &[Part<'_>], read: Read) {
    for part in parts {
        cx.report.ledger.note(&part.at, read);
    }
}

fn lower_array(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, origin: &Origin) -> Type {
    let parts = &meet.parts;
    note_all(cx, parts, Read::LIST);
    let some = parts_of_some(cx.document, &mut cx.report, meet);
    note_all(cx, &some, Read::LIST.and(Read::TUPLE));
    if let Some(ty) = lower_tuple(cx, parts, &some, origin, lower_with) {
        return ty;
    }
    report_positions(&mut cx.report, &some);
    let items = |parts: &[Part<'_>]| parts.iter().filter_map(|part| items_of(part.view, &part.at)).collect::<Vec<_>>();
    let (items, some) = (items(parts), items(&some));
    let some = adding(cx.document, &mut cx.report, &items, some);
    Type::Array(Box::new(lower_with(cx, &items, &some, &origin.child("item"))))
}

fn lower_object(cx: &mut Cx<'_, '_>, meet: &Meet<'_>, place: &str, origin: &Origin) -> Type {
    let parts = &meet.parts;
    note_all(cx, parts, Read::OBJECT);
    let some = parts_of_some(cx.document, &mut cx.report, meet);
    // A recursive map needs a name.
    if has_properties(parts)
        || has_properties(&some)
        || leads_back(cx.document, place)
        || requires_beside_patterns(parts)
    {
        return push_struct(cx, meet, place, origin);
    }
    report_required(&mut cx.report, parts);
    match lower_additional(cx, parts, &some, origin) {
        None | Some(Type::Any) => Type::Object,
        Some(ty) => {
            report_taken_names(&mut cx.report, parts);
            Type::Map(Box::new(ty))
        }
    }
}

/// Returns the type of properties that are not declared, if something is said of them. `some` are the schemas of some values.
pub(super) fn lower_additional(
    cx: &mut Cx<'_, '_>,
    parts: &[Part<'_>],
    some: &[Part<'_>],
    origin: &Origin,
) -> Option<Type> {
    let origin = &origin.child("value");
    let Additional { all, each, mut some } = Additional::of(parts, some);
    if let Some(first) = each.first() {
        // A property fits the schema of its pattern, or that of all others.
        let each = each.iter().map(|at| all.iter().chain([at]).cloned().collect::<Vec<_>>());
        let types: Vec<Type> = each.map(|places| lower_all(cx, &places, origin).in_json()).collect();
        return Some(choice_of(cx, &types, first, origin));
    }
    if all.is_empty() {
        return (!some.is_empty()).then_some(Type::Any);
    }
    some = adding(cx.document, &mut cx.report, &all, some);
    Some(lower_with(cx, &all, &some, origin).in_json())
}

/// Returns the type of several schemas of one value. If they contradict each other, it is that of the last.
pub(super) fn lower_all(cx: &mut Cx<'_, '_>, places: &[String], origin: &Origin) -> Type {
    let Some((last, others)) = places.split_last() else { return Type::Any };
    lower_several(cx, places, origin).unwrap_or_else(|| {
        let other = others.last().map_or("", String::as_str);
        let message =
            format!("no value fits this and `{other}`, which apply together; the client has the type given here");
        cx.report.findings.add_with_help(code::COMPOSITION, last, message, "correct one of them in an overlay");
        lower_schema(cx, last, origin)
    })
}

/// Returns the choice between the heirs of a schema, or `None` if it has none. A value with only its own properties is
/// the schema itself.
fn lower_heirs(cx: &mut Cx<'_, '_>, place: &str, origin: &Origin) -> Option<Type> {
    let heirs = cx.inheritance.heirs_of(place, &mut cx.report.steps)?;
    let node = cx.document.node(place)?.as_object()?;
    let id = push_heirs(cx, node, place, origin);
    // Registered before its heirs, which may contain it.
    register(cx, place, &Type::Named(id));
    let mut variants: Vec<Variant> = Vec::new();
    let mut nullable = false;
    for heir in &heirs {
        let Some(ty) = lower_heir(cx, place, heir, origin).map(Type::in_json) else { continue };
        let (ty, null) = ty.split_nullable();
        nullable |= null;
        // No value fits such an heir.
        if *ty == Type::Any {
            continue;
        }
        let selecting = Some(heir.selecting.clone()).filter(|_| !heir.is_default);
        let tag = selecting.and_then(|selecting| tag_of(&mut cx.report, &heir.property, selecting, &heir.at));
        let is_closed = heir.at == place && tag.is_none() && !heir.is_default;
        variants.push(Variant { tag, is_closed, is_default: heir.is_default, ..Variant::of(ty.clone()) });
    }
    if !cx.inheritance.is_middle(place) {
        let own = lower_base(cx, place);
        let is_default = cx.inheritance.defaults.contains(place);
        let tag = own_tag(cx, place).filter(|_| !is_default);
        variants.push(Variant { is_closed: !is_default && tag.is_none(), tag, is_default, ..Variant::of(own) });
    }
    cx.types.defs[id.0].shape = Shape::Union(Union { variants });
    let ty = Type::Named(id);
    Some(if nullable { ty.nullable() } else { ty })
}

/// Returns the type of an heir. One that does not refer to its base has the properties of the base all the same.
fn lower_heir(cx: &mut Cx<'_, '_>, base: &str, heir: &Heir, origin: &Origin) -> Option<Type> {
    if heir.is_base {
        return Some(lower_base(cx, &heir.at));
    }
    let lacking = if heir.is_derived { None } else { lacking_parts(cx, base, heir) };
    let Some(mut starts) = lacking else { return Some(lower_schema(cx, &heir.at, origin)) };
    starts.push(Start::Whole(heir.at.clone()));
    let name = pointer::keys(&heir.at).next_back().unwrap_or_default();
    let place = pointer::join(&pointer::join(base, "discriminator"), &name);
    lower_merged(cx, &starts, &place, &origin.child(&name))
}

/// Returns the struct of a class with heirs.
pub(crate) fn lower_base(cx: &mut Cx<'_, '_>, at: &str) -> Type {
    let root = OriginRoot::Component(component_of(at).unwrap_or_default());
    push_base(cx, at, &Origin { root, path: Vec::new() })
}
