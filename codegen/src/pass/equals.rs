//! Which types that stand inside others are equal, so that one does for all of them?

use std::{collections::HashMap, fmt::Write as _};

use crate::{
    ir::{Api, OriginRoot, Shape, Success, Type, TypeDef, TypeId, Usage, Variant},
    lock::Lock,
};

/// Puts the first of the inline types that are equal, to the documentation of their members, in the place of the others.
/// Components are types of their own. What the lock has given a name keeps it, because callers use it.
///
/// Documents repeat themselves: of Stripe's types, more than half are equal to another one.
pub(super) fn share_equals(api: &mut Api, lock: &Lock) {
    let classes = classes(api);
    let is_locked: Vec<bool> = api.types.iter().map(|def| lock.type_(&def.pointer).is_some()).collect();
    let mut order: Vec<usize> = (0..api.types.len()).filter(|index| api.types[*index].is_used()).collect();
    order.sort_by_key(|index| !is_locked[*index]);
    let mut first: HashMap<usize, TypeId> = HashMap::new();
    let mut shared: Vec<TypeId> = (0..api.types.len()).map(TypeId).collect();
    for index in order {
        let one = *first.entry(classes[index]).or_insert(TypeId(index));
        if one.0 == index || is_locked[index] {
            continue;
        }
        shared[index] = one;
        api.types[index].usage = Usage::default();
        if api.types[index].docs.description != api.types[one.0].docs.description {
            // What is said of one of them does not hold for the others.
            api.types[one.0].docs.description = None;
        }
    }
    each_type(api, &mut |ty| replace(ty, &shared));
    for def in &mut api.types {
        if let Shape::Union(union) = &mut def.shape {
            union.variants = distinct(std::mem::take(&mut union.variants));
        }
    }
}

/// The variants without those whose type has come before; it is told by their discriminators too.
fn distinct(variants: Vec<Variant>) -> Vec<Variant> {
    let mut kept: Vec<Variant> = Vec::new();
    for variant in variants {
        match kept.iter_mut().find(|known| known.ty == variant.ty) {
            None => kept.push(variant),
            Some(known) => {
                if let (Some(known), Some(tag)) = (&mut known.tag, variant.tag)
                    && known.property == tag.property
                {
                    known.values.extend(tag.values);
                }
            }
        }
    }
    kept
}

/// The class of each type: equal types have the same one. All inline types begin in one class, which is split by what they
/// are made of until nothing splits any more; so types that hold themselves can be equal, too.
fn classes(api: &Api) -> Vec<usize> {
    // What is equal to nothing but itself needs no description.
    let descriptions: Vec<Option<(String, Vec<TypeId>)>> =
        api.types.iter().map(|def| (def.is_used() && !is_component(def)).then(|| describe(def))).collect();
    let mut classes = vec![0; api.types.len()];
    let mut count = 0;
    loop {
        let mut found: HashMap<Result<(&str, Vec<usize>), usize>, usize> = HashMap::new();
        let mut next = Vec::with_capacity(classes.len());
        for (index, description) in descriptions.iter().enumerate() {
            let description = description.as_ref().ok_or(index);
            let key = description.map(|(text, ids)| (text.as_str(), ids.iter().map(|id| classes[id.0]).collect()));
            let class = found.len();
            next.push(*found.entry(key).or_insert(class));
        }
        let split = found.len();
        classes = next;
        if split == count {
            return classes;
        }
        count = split;
    }
}

fn is_component(def: &TypeDef) -> bool {
    def.origin.path.is_empty() && matches!(def.origin.root, OriginRoot::Component(_))
}

/// What a type is made of: a text without the types in it, and these.
fn describe(def: &TypeDef) -> (String, Vec<TypeId>) {
    let mut text = format!("{:?} {} ", def.usage, def.docs.deprecated);
    let mut ids = Vec::new();
    // Writing to a string cannot fail.
    match &def.shape {
        Shape::Struct(shape) => {
            for field in &shape.fields {
                let _ = write!(
                    text,
                    "{:?} {:?} {} {:?} {:?} {:?} ",
                    field.wire, field.aliases, field.required, field.direction, field.docs, field.boolean
                );
                describe_type(&field.ty, &mut text, &mut ids);
            }
            if let Some(additional) = &shape.additional {
                text.push_str("additional ");
                describe_type(additional, &mut text, &mut ids);
            }
        }
        Shape::Union(shape) => {
            for variant in &shape.variants {
                let _ = write!(text, "variant {:?} ", variant.tag);
                describe_type(&variant.ty, &mut text, &mut ids);
            }
        }
        shape => {
            let _ = write!(text, "{shape:?}");
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

fn replace(ty: &mut Type, shared: &[TypeId]) {
    match ty {
        Type::Named(id) => *id = shared[id.0],
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => replace(inner, shared),
        _ => {}
    }
}

/// Calls the function with every type that something has.
fn each_type(api: &mut Api, change: &mut dyn FnMut(&mut Type)) {
    for operation in &mut api.operations {
        operation.inputs.iter_mut().for_each(|input| change(&mut input.ty));
        success_types(&mut operation.success, change);
        operation.messages.iter_mut().for_each(|messages| change(&mut messages.item));
        operation.errors.iter_mut().filter_map(|error| error.ty.as_mut()).for_each(&mut *change);
    }
    api.received.iter_mut().for_each(&mut *change);
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
        Success::Json { ty, .. } => change(ty),
        Success::ByStatus(cases) => cases.iter_mut().for_each(|case| success_types(&mut case.success, change)),
        Success::Bytes { .. } | Success::Text { .. } | Success::Empty => {}
    }
}
