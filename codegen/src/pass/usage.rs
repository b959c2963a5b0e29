//! Finds the types in requests and in responses.

use crate::ir::{Api, Shape, Type, TypeId, Usage};

/// Marks each type with its use in calls.
pub(super) fn mark_usage(api: &mut Api) {
    let mut requests: Vec<TypeId> = api.shared.iter().flat_map(Type::all_named).collect();
    let mut responses: Vec<TypeId> = api.received.iter().chain(&api.shared).flat_map(Type::all_named).collect();
    for operation in &api.operations {
        requests.extend(operation.inputs.iter().flat_map(|input| input.ty.all_named()));
        responses.extend(operation.success.types().into_iter().flat_map(Type::all_named));
        responses.extend(operation.messages.iter().flat_map(|messages| messages.item.all_named()));
        responses.extend(operation.errors.iter().filter_map(|error| error.ty.as_ref()).flat_map(Type::all_named));
    }
    reach(api, requests, |usage| &mut usage.request);
    reach(api, responses, |usage| &mut usage.response);
}

fn reach(api: &mut Api, mut open: Vec<TypeId>, flag: fn(&mut Usage) -> &mut bool) {
    while let Some(id) = open.pop() {
        let def = &mut api.types[id.0];
        if std::mem::replace(flag(&mut def.usage), true) {
            continue;
        }
        match &def.shape {
            Shape::Struct(shape) => {
                open.extend(shape.fields.iter().flat_map(|field| field.ty.all_named()));
                open.extend(shape.additional.iter().flat_map(Type::all_named));
            }
            Shape::Union(shape) => open.extend(shape.variants.iter().flat_map(|variant| variant.ty.all_named())),
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}
