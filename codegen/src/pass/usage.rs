//! Finds the types in requests and in responses.

use crate::ir::{Api, Shape, Type, TypeId, Usage};

/// Marks each type with its use in calls.
pub(super) fn mark_usage(api: &mut Api) {
    let mut requests: Vec<TypeId> = Vec::new();
    let mut responses: Vec<TypeId> = api.received.iter().filter_map(Type::named).collect();
    for operation in &api.operations {
        requests.extend(operation.inputs.iter().filter_map(|input| input.ty.named()));
        responses.extend(operation.success.types().into_iter().filter_map(Type::named));
        responses.extend(operation.messages.as_ref().and_then(|messages| messages.item.named()));
        responses.extend(operation.errors.iter().filter_map(|error| error.ty.as_ref().and_then(Type::named)));
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
                open.extend(shape.fields.iter().filter_map(|field| field.ty.named()));
                open.extend(shape.additional.as_ref().and_then(Type::named));
            }
            Shape::Union(shape) => open.extend(shape.variants.iter().filter_map(|variant| variant.ty.named())),
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}
