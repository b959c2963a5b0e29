//! Finds the types in requests and in responses.

use crate::ir::{Alternative, Api, Direction, Shape, Type, TypeId};

/// Marks each type with its use in calls. What a property of one direction holds is used in that direction, whatever holds the
/// property.
pub(super) fn mark_usage(api: &mut Api) {
    let mut open: Vec<(TypeId, Way)> = Vec::new();
    let mut add = |ty: &Type, way: Way| open.extend(ty.all_named().into_iter().map(|id| (id, way)));
    api.received.iter().for_each(|ty| add(ty, Way::Response));
    api.shared.iter().for_each(|ty| add(ty, Way::Response));
    for operation in &api.operations {
        operation.inputs.iter().for_each(|input| add(&input.ty, Way::Request));
        operation.success.types().into_iter().for_each(|ty| add(ty, Way::Response));
        operation.alternatives.iter().filter_map(Alternative::ty).for_each(|ty| add(ty, Way::Response));
        operation.messages.iter().flat_map(|messages| messages.item.types()).for_each(|ty| add(ty, Way::Response));
        operation.headers.iter().for_each(|header| add(&header.ty, Way::Response));
        operation.errors.iter().filter_map(|error| error.ty.as_ref()).for_each(|ty| add(ty, Way::Response));
    }
    // Requests have the type of their own, once there is one.
    let shared = api.shared.iter().flat_map(Type::all_named);
    open.extend(shared.map(|id| (api.types[id.0].sent().unwrap_or(id), Way::Request)));
    while let Some((id, way)) = open.pop() {
        let def = &mut api.types[id.0];
        let flag = match way {
            Way::Request => &mut def.usage.request,
            Way::Response => &mut def.usage.response,
        };
        if std::mem::replace(flag, true) {
            continue;
        }
        let mut add = |ty: &Type, way: Way| open.extend(ty.all_named().into_iter().map(|id| (id, way)));
        match &def.shape {
            Shape::Struct(shape) => {
                shape.fields.iter().for_each(|field| add(&field.ty, way.of(field.direction)));
                shape.additional.iter().for_each(|ty| add(ty, way));
            }
            Shape::Union(shape) => shape.variants.iter().for_each(|variant| add(&variant.ty, way)),
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}

/// The way of a value.
#[derive(Clone, Copy)]
enum Way {
    Request,
    Response,
}

impl Way {
    /// The way of a property in a value of this one.
    fn of(self, direction: Direction) -> Self {
        match direction {
            Direction::Both => self,
            Direction::Request => Self::Request,
            Direction::Response => Self::Response,
        }
    }
}
