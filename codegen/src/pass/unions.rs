//! What are the forms of a union whose variants are unions?

use crate::ir::{Api, Shape, Tag, Type, TypeId, Union, Variant};

/// Puts the variants of a union in place of the union where it is a variant itself. So no union holds one, and reading a
/// value never leads from union to union in a circle.
pub(super) fn flatten_unions(api: &mut Api) {
    for index in 0..api.types.len() {
        let Shape::Union(union) = &api.types[index].shape else { continue };
        if !union.variants.iter().any(|variant| is_union(api, &variant.ty)) {
            continue;
        }
        let mut variants = Vec::new();
        collect(api, TypeId(index), None, &mut vec![TypeId(index)], &mut variants);
        api.types[index].shape = Shape::Union(Union { variants });
    }
}

fn is_union(api: &Api, ty: &Type) -> bool {
    matches!(ty, Type::Named(id) if matches!(api.type_def(*id).shape, Shape::Union(_)))
}

/// The variants of a union, each with the discriminator nearest to it: within a union of its own, that one tells it apart.
fn collect(api: &Api, id: TypeId, outer: Option<&Tag>, seen: &mut Vec<TypeId>, into: &mut Vec<Variant>) {
    let Shape::Union(union) = &api.type_def(id).shape else { return };
    for Variant { ty, tag, is_closed } in &union.variants {
        let tag = tag.as_ref().or(outer);
        match ty {
            Type::Named(inner) if is_union(api, ty) && seen.contains(inner) => {}
            Type::Named(inner) if is_union(api, ty) => {
                seen.push(*inner);
                collect(api, *inner, tag, seen, into);
            }
            other if into.iter().all(|had| had.ty != *other) => {
                into.push(Variant { ty: other.clone(), tag: tag.cloned(), is_closed: *is_closed });
            }
            _ => {}
        }
    }
}
