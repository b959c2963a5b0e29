//! What are the forms of a union whose variants are unions?

use crate::ir::{Api, Shape, Tag, Type, TypeId, Union};

/// Puts the variants of a union in place of the union where it is a variant itself. So no union holds one, and reading a
/// value never leads from union to union in a circle.
pub(super) fn flatten_unions(api: &mut Api) {
    for index in 0..api.types.len() {
        let Shape::Union(union) = &api.types[index].shape else { continue };
        if !union.variants.iter().any(|ty| is_union(api, ty)) {
            continue;
        }
        let mut flat = Union { variants: Vec::new(), tag: None };
        let mut values = Vec::new();
        collect(api, TypeId(index), None, &mut vec![TypeId(index)], &mut flat.variants, &mut values);
        if let Some(tag) = &union.tag {
            flat.tag = Some(Tag { property: tag.property.clone(), values });
        }
        api.types[index].shape = Shape::Union(flat);
    }
}

fn is_union(api: &Api, ty: &Type) -> bool {
    matches!(ty, Type::Named(id) if matches!(api.type_def(*id).shape, Shape::Union(_)))
}

/// The variants of a union, with the outermost discriminator's values for each.
fn collect(
    api: &Api,
    id: TypeId,
    outer: Option<&Vec<String>>,
    seen: &mut Vec<TypeId>,
    into: &mut Vec<Type>,
    values: &mut Vec<Vec<String>>,
) {
    let Shape::Union(union) = &api.type_def(id).shape else { return };
    for (position, ty) in union.variants.iter().enumerate() {
        let own = union.tag.as_ref().and_then(|tag| tag.values.get(position));
        let value = outer.or(own);
        match ty {
            Type::Named(inner) if is_union(api, ty) && seen.contains(inner) => {}
            Type::Named(inner) if is_union(api, ty) => {
                seen.push(*inner);
                collect(api, *inner, value, seen, into, values);
            }
            other if !into.contains(other) => {
                into.push(other.clone());
                values.push(value.cloned().unwrap_or_default());
            }
            _ => {}
        }
    }
}
