//! Lowers a schema to its type. Only the functions in this file are recursive; functions that need no other schema are
//! in the files beside it. Structs end the recursion, because their fields are lowered from a queue (`structs.rs`).

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    condition::{conditional_members, report_conditions},
    define::{push_struct, push_struct_of, push_type},
    enum_::{lower_choice_of_values, lower_enum},
    parts::parts_of,
    same::{Same, same_as},
    scalar::{TYPES, integer_type, number_type, string_type},
    tag::{Tags, tag_of},
    tuple::lower_tuple,
    view::{
        MAX_DEPTH, choice_with_properties, component_of, is_null_at, is_nullable, is_only_restricted, is_said_object,
        leads_back, members_of, only_restricts, variants_only_restrict,
    },
    words::words_of,
};
use crate::{
    diagnostic::code,
    ir::{Origin, OriginRoot, Shape, Type, Union, Variant},
    lower::context::Cx,
    read::pointer,
};

/// Returns the type of the schema at a pointer. `origin` names it if it needs a name and is not a component.
pub(crate) fn lower_schema(cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> Type {
    if !cx.report.take_steps(1, at) {
        return Type::Any;
    }
    let (target, node) = match cx.document.resolve(at) {
        Ok(resolved) => resolved,
        Err(unresolved) => {
            cx.report.unresolved(unresolved);
            return Type::Any;
        }
    };
    // 3.0 ignores keywords beside a `$ref`, but servers of such documents send `null`.
    let is_nullable = target != at && cx.document.node(at).is_some_and(is_nullable);
    let ty = lower_target(cx, target, node, origin);
    if is_nullable { ty.nullable() } else { ty }
}

/// Returns the type of a schema that is not a reference.
fn lower_target(cx: &mut Cx<'_, '_>, at: String, node: &Value, origin: &Origin) -> Type {
    match cx.types.by_pointer.get(&at) {
        Some(Some(ty)) => return ty.clone(),
        Some(None) => {
            let message = "the schema contains itself without an object between; the inner one becomes any JSON value";
            cx.report.unsupported(&at, message, "to type it, put an object between in an overlay");
            return Type::Any;
        }
        None => {}
    }
    let origin = component_of(&at)
        .map_or_else(|| origin.clone(), |name| Origin { root: OriginRoot::Component(name), path: Vec::new() });
    if cx.types.depth >= MAX_DEPTH {
        let message = format!("the schema is nested more than {MAX_DEPTH} levels deep; it becomes any JSON value");
        cx.report.unsupported(&at, message, "to type it, flatten the schemas around it in an overlay");
        return Type::Any;
    }
    cx.types.by_pointer.insert(at.clone(), None);
    cx.types.depth += 1;
    let ty = match node {
        Value::Object(schema) => lower_object_schema(cx, schema, &at, &origin),
        // `true` equals `{}`. `false`, which accepts nothing, occurs only where nothing is sent.
        _ => Type::Any,
    };
    cx.types.depth -= 1;
    cx.types.by_pointer.insert(at, Some(ty.clone()));
    ty
}

fn lower_object_schema(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    report_conditions(&mut cx.report, schema, at);
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    let ty = match lower_composition(cx, schema, at, origin) {
        Some(ty) => ty,
        None => lower_plain_schema(cx, schema, at, origin),
    };
    if nullable { ty.nullable() } else { ty }
}

fn lower_plain_schema(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    if let Some(values) = schema.get("enum").and_then(Value::as_array)
        && let Some(ty) = lower_enum(cx, schema, values, at, origin)
    {
        return ty;
    }
    match schema.get("type") {
        Some(Value::String(type_)) => match type_.as_str() {
            "string" => string_type(format),
            "integer" => integer_type(schema, format),
            "number" => number_type(schema, format),
            "boolean" => Type::Bool,
            "array" => lower_array(cx, at, origin),
            "object" => lower_object(cx, schema, at, origin),
            // Repairs leave no other type.
            _ => Type::Any,
        },
        Some(Value::Array(types)) => lower_type_list(cx, schema, types, at, origin),
        None if schema.contains_key("properties") || schema.contains_key("additionalProperties") => {
            lower_object(cx, schema, at, origin)
        }
        None if ["items", "prefixItems"].iter().any(|key| schema.contains_key(*key)) => lower_array(cx, at, origin),
        // The schema has no type, or one that repairs cannot read.
        None | Some(_) => Type::Any,
    }
}

/// Lowers the list of types of 3.1, which is a choice.
fn lower_type_list(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    types: &[Value],
    at: &str,
    origin: &Origin,
) -> Type {
    let mut variants = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for type_ in types {
        // Unknown types are any value, which is added once.
        let name = type_.as_str().filter(|name| TYPES.contains(name)).unwrap_or_default();
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let mut one = schema.clone();
        one.insert("type".to_owned(), type_.clone());
        let variant = lower_plain_schema(cx, &one, at, origin).in_json();
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    cx.types.single_type(&variants).unwrap_or_else(|| {
        let variants = variants.into_iter().map(|ty| Variant { ty, tag: None, is_closed: false }).collect();
        let shape = Shape::Union(Union { variants });
        Type::Named(push_type(cx, schema, at, origin, shape))
    })
}

fn lower_array(cx: &mut Cx<'_, '_>, at: &str, origin: &Origin) -> Type {
    if let Some(ty) = lower_tuple(cx, at, origin, lower_schema) {
        return ty;
    }
    let item = lower_schema(cx, &pointer::join(at, "items"), &origin.child("item"));
    Type::Array(Box::new(item))
}

fn lower_object(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    let additional = schema.get("additionalProperties");
    let has_properties = schema.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
    // A recursive map needs a name.
    if has_properties || leads_back(cx.document, at) {
        return push_struct(cx, schema, at, origin);
    }
    match additional {
        Some(Value::Object(_)) => match lower_additional(cx, additional, at, origin) {
            Type::Any => Type::Object,
            ty => Type::Map(Box::new(ty)),
        },
        _ => Type::Object,
    }
}

pub(super) fn lower_additional(cx: &mut Cx<'_, '_>, additional: Option<&Value>, at: &str, origin: &Origin) -> Type {
    match additional {
        Some(Value::Object(_)) => {
            let ty = lower_schema(cx, &pointer::join(at, "additionalProperties"), &origin.child("value"));
            ty.in_json()
        }
        _ => Type::Any,
    }
}

/// Returns the type of a composed schema, or `None` if it is not composed.
fn lower_composition(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Option<Type> {
    if let Some(ty) = lower_heirs(cx, schema, at, origin) {
        return Some(ty);
    }
    let count = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    if is_only_restricted(cx.document, schema, at) {
        let message = "`allOf`, `oneOf` or `anyOf` only restricts the values; the client does not check it";
        cx.report.findings.add(code::NOT_CHECKED, at, message);
        return None;
    }
    if count("allOf") > 0 {
        return Some(lower_all_of(cx, schema, at, origin));
    }
    let key = match (count("oneOf"), count("anyOf")) {
        (0, 0) => {
            if schema.contains_key("not") {
                cx.report.findings.add(code::NOT_CHECKED, at, "`not` excludes values; the client does not check it");
            }
            return None;
        }
        _ if schema.contains_key("properties") && variants_only_restrict(cx.document, schema, at) => {
            let message = "`oneOf` or `anyOf` restricts which properties occur together; the client does not check it";
            cx.report.findings.add(code::NOT_CHECKED, at, message);
            return None;
        }
        (0, _) => "anyOf",
        (_, any) => {
            if any > 0 {
                let message = "`anyOf` beside `oneOf` is ignored; the type has the variants of `oneOf`";
                cx.report.unsupported(at, message, "to have both, write one `oneOf` in an overlay");
            }
            "oneOf"
        }
    };
    let (nulls, variants): (Vec<_>, Vec<_>) =
        members_of(schema, at, key).partition(|variant| is_null_at(cx.document, variant));
    if variants.is_empty() {
        return Some(lower_plain_schema(cx, schema, at, origin).nullable());
    }
    let ty = lower_union(cx, schema, &variants, at, origin);
    Some(if nulls.is_empty() { ty } else { ty.nullable() })
}

fn lower_union(
    cx: &mut Cx<'_, '_>,
    schema: &Map<String, Value>,
    variants: &[String],
    at: &str,
    origin: &Origin,
) -> Type {
    if let [only] = variants {
        return lower_variant(cx, only, at, origin);
    }
    if let Some(ty) = lower_choice_of_values(cx, schema, variants, at, origin) {
        return ty;
    }
    let id = push_type(cx, schema, at, origin, Shape::Union(Union::default()));
    // Registered before its variants, which may contain the type itself.
    cx.types.by_pointer.insert(at.to_owned(), Some(Type::Named(id)));
    let mut types: Vec<Type> = Vec::new();
    let mut seen: HashSet<Type> = HashSet::new();
    let mut pointers = Vec::new();
    let mut nullable = false;
    let tags = Tags::of(schema);
    let words = words_of(cx, variants, tags.as_ref());
    for (variant, word) in variants.iter().zip(words) {
        let ty = lower_variant(cx, variant, at, &origin.child(&word)).in_json();
        let (ty, null) = ty.split_nullable();
        nullable |= null;
        if seen.insert(ty.clone()) {
            types.push(ty.clone());
            pointers.push(variant);
        }
    }
    let ty = if let Some(ty) = cx.types.single_type(&types) {
        // The id stays in use to keep other ids. An unreachable type is not emitted.
        cx.types.by_pointer.insert(at.to_owned(), Some(ty.clone()));
        ty
    } else {
        let tag = |at: &str| tags.as_ref().and_then(|tags| tag_of(cx.document, tags, at));
        let variants = types.into_iter().zip(pointers);
        let variants = variants.map(|(ty, at)| Variant { ty, tag: tag(at), is_closed: false }).collect();
        cx.types.defs[id.0].shape = Shape::Union(Union { variants });
        Type::Named(id)
    };
    if nullable { ty.nullable() } else { ty }
}

/// Returns the type of a variant. An object also has the properties beside the choice.
fn lower_variant(cx: &mut Cx<'_, '_>, variant: &str, choice: &str, origin: &Origin) -> Type {
    if choice_with_properties(cx.document, variant).is_none() {
        return lower_schema(cx, variant, origin);
    }
    let is_object = parts_of(cx.document, &mut cx.report, variant).1;
    match cx.document.resolve(variant) {
        Ok((_, Value::Object(schema))) if is_object => {
            let ty = push_struct(cx, schema, variant, origin);
            cx.types.by_pointer.insert(variant.to_owned(), Some(ty.clone()));
            if schema.get("nullable") == Some(&Value::Bool(true)) { ty.nullable() } else { ty }
        }
        _ => {
            let message = "`properties` beside `oneOf` or `anyOf` are added only to variants that are objects";
            cx.report.unsupported(choice, message, "if other variants have them, make these objects in an overlay");
            lower_schema(cx, variant, origin)
        }
    }
}

/// Lowers an `allOf`. A part to which the others add nothing is the type. Objects become one struct.
fn lower_all_of(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    if !cx.inheritance.is_heir(at)
        && let Some(Same { part, is_nullable }) = same_as(cx.document, &mut cx.report, schema, at)
    {
        let ty = lower_schema(cx, &part, origin);
        return if is_nullable { ty.nullable() } else { ty };
    }
    let mut members = members_of(schema, at, "allOf");
    let adds = ["properties", "required", "additionalProperties"].iter().any(|key| schema.contains_key(*key))
        || !conditional_members(schema, at).is_empty();
    if let (Some(only), None, false) = (members.next(), members.next(), adds || cx.inheritance.is_heir(at)) {
        return lower_schema(cx, &only, origin);
    }
    let (parts, is_object) = parts_of(cx.document, &mut cx.report, at);
    if !is_object {
        return lower_all_of_others(cx, schema, at, origin);
    }
    let tree = cx.document.tree;
    let has = |at: &str, key: &str| tree.pointer(at).and_then(|node| node.get(key)).is_some_and(Value::is_object);
    if parts.iter().any(|at| has(at, "properties")) {
        return push_struct(cx, schema, at, origin);
    }
    // A map stays a map.
    match parts.iter().find(|at| has(at, "additionalProperties")) {
        Some(map) if map != at => lower_schema(cx, map, origin),
        Some(_) => lower_plain_schema(cx, schema, at, origin),
        None if parts.iter().any(|at| is_said_object(cx.document.node(at))) => Type::Object,
        None => Type::Any,
    }
}

/// Returns the type of an `allOf` that is not an object: the common type, if the other parts only restrict it.
fn lower_all_of_others(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Type {
    let mut types: Vec<Type> = Vec::new();
    let mut seen: HashSet<Type> = HashSet::new();
    let mut is_whole = !schema.contains_key("properties");
    if schema.contains_key("enum") || schema.get("type").is_some_and(|type_| type_ != "object") {
        let own = lower_plain_schema(cx, schema, at, origin);
        seen.insert(own.clone());
        types.push(own);
    }
    for at in members_of(schema, at, "allOf") {
        let part = lower_schema(cx, &at, origin);
        if part == Type::Any {
            // A restriction can be omitted, but an unsupported type cannot.
            let node = cx.document.resolve(&at).ok().and_then(|(_, node)| node.as_object());
            is_whole &= node.is_some_and(only_restricts);
        } else if seen.insert(part.clone()) {
            types.push(part);
        }
    }
    if types.is_empty() && is_whole {
        return Type::Any;
    }
    cx.types.single_type(&types).filter(|_| is_whole).unwrap_or_else(|| {
        let message = "`allOf` combines schemas that are not all objects; it becomes any JSON value";
        cx.report.unsupported(at, message, "to type it, replace the `allOf` by one schema in an overlay");
        Type::Any
    })
}

/// Returns the choice between the heirs of a schema, or `None` if it has none. A value with only its own properties is
/// the schema itself.
fn lower_heirs(cx: &mut Cx<'_, '_>, schema: &Map<String, Value>, at: &str, origin: &Origin) -> Option<Type> {
    let heirs = cx.inheritance.heirs.get(at)?.clone();
    let tags = Tags::of(schema);
    let id = push_type(cx, schema, at, origin, Shape::Union(Union::default()));
    // Registered before its heirs, which may contain it.
    cx.types.by_pointer.insert(at.to_owned(), Some(Type::Named(id)));
    let mut variants: Vec<Variant> = Vec::new();
    let mut seen: HashSet<Type> = HashSet::new();
    for heir in &heirs {
        let ty = lower_schema(cx, heir, origin);
        if seen.insert(ty.clone()) {
            let tag = tags.as_ref().and_then(|tags| tag_of(cx.document, tags, heir));
            variants.push(Variant { ty, tag, is_closed: false });
        }
    }
    let place = pointer::join(at, "discriminator");
    let own = push_struct_of(cx, schema, &place, at.to_owned(), Vec::new(), &origin.child("base"));
    variants.push(Variant { ty: Type::Named(own), tag: None, is_closed: true });
    cx.types.defs[id.0].shape = Shape::Union(Union { variants });
    Some(Type::Named(id))
}
