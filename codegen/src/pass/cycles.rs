//! Which fields would make a type infinitely large?

use crate::ir::{Api, Shape, Type, TypeId};

/// Boxes every field by which a type holds itself, directly or through others. Lists, maps and unions, whose models are
/// boxed, are indirect already.
pub(super) fn box_cycles(api: &mut Api) {
    for index in 0..api.types.len() {
        let Shape::Struct(shape) = &api.types[index].shape else { continue };
        let boxed: Vec<bool> =
            shape.fields.iter().map(|field| held(&field.ty).is_some_and(|id| holds(api, id, TypeId(index)))).collect();
        if let Shape::Struct(shape) = &mut api.types[index].shape {
            for (field, boxed) in shape.fields.iter_mut().zip(boxed) {
                field.boxed = boxed;
            }
        }
    }
}

/// The named type that a value of this type holds in place.
fn held(ty: &Type) -> Option<TypeId> {
    match ty.split_nullable().0 {
        Type::Named(id) => Some(*id),
        _ => None,
    }
}

fn holds(api: &Api, from: TypeId, target: TypeId) -> bool {
    let mut open = vec![from];
    let mut seen = vec![false; api.types.len()];
    while let Some(id) = open.pop() {
        if id == target {
            return true;
        }
        if std::mem::replace(&mut seen[id.0], true) {
            continue;
        }
        if let Shape::Struct(shape) = &api.type_def(id).shape {
            open.extend(shape.fields.iter().filter(|field| !field.boxed).filter_map(|field| held(&field.ty)));
        }
    }
    false
}
