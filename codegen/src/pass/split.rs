//! Gives a schema a type for each direction, where one type cannot say what is required.

use crate::ir::{Api, Direction, Shape, Twin, Type, TypeDef, TypeId, Usage};

use super::usage::mark_usage;

/// A required property of one direction cannot be a field of a type of both: the other direction does not have it. So a type with
/// such a property becomes two, one for responses and one for requests, and so do all types of both directions that hold it. The
/// type of responses keeps its place and its name.
pub(super) fn split_directions(api: &mut Api) {
    let parted = parted(api);
    if parted.is_empty() {
        return;
    }
    let mut sent: Vec<TypeId> = (0..api.types.len()).map(TypeId).collect();
    for (id, is_enough) in parted {
        let twin = TypeId(api.types.len());
        let def = &mut api.types[id.0];
        let other = TypeDef { twin: Some(Twin::Received { id, is_enough }), ..def.clone() };
        def.twin = Some(Twin::Sent(twin));
        drop_fields(def, Direction::Request);
        api.types.push(other);
        sent[id.0] = twin;
        sent.push(twin);
    }
    for def in &mut api.types {
        if def.received().is_some() {
            drop_fields(def, Direction::Response);
        }
        redirect(def, &sent);
    }
    for input in api.operations.iter_mut().flat_map(|operation| &mut operation.inputs) {
        input.ty.redirect(&sent);
    }
    // A type may be held by a property of the other direction alone.
    api.types.iter_mut().for_each(|def| def.usage = Usage::default());
    mark_usage(api);
}

/// The types that become two, in their order, and whether each value that was received is enough for a request.
fn parted(api: &Api) -> Vec<(TypeId, bool)> {
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    let (mut open, mut lacking) = (Vec::new(), Vec::new());
    for (index, def) in api.types.iter().enumerate().filter(|(_, def)| def.usage.request && def.usage.response) {
        for id in shared_parts(def).into_iter().flat_map(Type::all_named) {
            holders[id.0].push(index);
        }
        let Shape::Struct(shape) = &def.shape else { continue };
        for field in shape.fields.iter().filter(|field| field.required && field.direction != Direction::Both) {
            open.push(index);
            // A constant is known.
            if field.direction == Direction::Request && field.only_value(api).is_none() {
                lacking.push(index);
            }
        }
    }
    let parted = reached(open, &holders);
    let lacking = reached(lacking, &holders);
    let ids = parted.iter().enumerate().filter(|(_, is_parted)| **is_parted);
    ids.map(|(index, _)| (TypeId(index), !lacking[index])).collect()
}

/// Marks these types, and those that hold a marked one.
fn reached(mut open: Vec<usize>, holders: &[Vec<usize>]) -> Vec<bool> {
    let mut marks = vec![false; holders.len()];
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut marks[index], true) {
            open.extend(&holders[index]);
        }
    }
    marks
}

/// The types in values of both directions.
fn shared_parts(def: &TypeDef) -> Vec<&Type> {
    match &def.shape {
        Shape::Struct(shape) => {
            let shared = shape.fields.iter().filter(|field| field.direction == Direction::Both);
            shared.map(|field| &field.ty).chain(&shape.additional).collect()
        }
        Shape::Union(shape) => shape.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Enum(_) | Shape::IntegerEnum(_) => Vec::new(),
    }
}

fn drop_fields(def: &mut TypeDef, direction: Direction) {
    let Shape::Struct(shape) = &mut def.shape else { return };
    let dropped = shape.fields.extract_if(.., |field| field.direction == direction);
    shape.foreign = dropped.map(|field| field.wire).collect();
}

/// Makes the type hold the types for requests where its values are in one.
fn redirect(def: &mut TypeDef, sent: &[TypeId]) {
    let is_sent = def.received().is_some() || !def.usage.response;
    match &mut def.shape {
        Shape::Struct(shape) => {
            for field in &mut shape.fields {
                match field.direction {
                    Direction::Request => field.ty.redirect(sent),
                    Direction::Both if is_sent => field.ty.redirect(sent),
                    Direction::Both | Direction::Response => {}
                }
            }
            shape.additional.iter_mut().filter(|_| is_sent).for_each(|ty| ty.redirect(sent));
        }
        Shape::Union(shape) if is_sent => shape.variants.iter_mut().for_each(|variant| variant.ty.redirect(sent)),
        Shape::Union(_) | Shape::Enum(_) | Shape::IntegerEnum(_) => {}
    }
}
