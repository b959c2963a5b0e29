//! Which required properties can have but one value, so that no caller need give it?

use std::collections::HashMap;

use crate::ir::{Api, Constant, Field, Shape, Tag, Type, TypeId};

/// Marks the properties that are an enum of one value, and those by which a union tells the type from its others.
pub(super) fn mark_constants(api: &mut Api) {
    let tags = tags(api);
    for index in 0..api.types.len() {
        let Shape::Struct(shape) = &api.types[index].shape else { continue };
        let constants: Vec<_> = shape
            .fields
            .iter()
            .map(|field| {
                let tags = tags.get(&TypeId(index)).map_or(&[][..], Vec::as_slice);
                let tag = tags.iter().find(|tag| tag.property == field.wire);
                field.required.then(|| constant(api, field, tag)).flatten()
            })
            .collect();
        if let Shape::Struct(shape) = &mut api.types[index].shape {
            for (field, constant) in shape.fields.iter_mut().zip(constants) {
                field.constant = constant;
            }
        }
    }
}

/// What unions tell each type by. A property for which they have several values is among them once, with all of these.
fn tags(api: &Api) -> HashMap<TypeId, Vec<Tag>> {
    let mut tags: HashMap<TypeId, Vec<Tag>> = HashMap::new();
    for def in api.types.iter().filter(|def| def.is_used()) {
        let Shape::Union(union) = &def.shape else { continue };
        for variant in &union.variants {
            let (Type::Named(id), Some(tag)) = (&variant.ty, &variant.tag) else { continue };
            let known = tags.entry(*id).or_default();
            match known.iter_mut().find(|known| known.property == tag.property) {
                Some(known) => known
                    .values
                    .extend(tag.values.iter().filter(|it| !known.values.contains(it)).cloned().collect::<Vec<_>>()),
                None => known.push(tag.clone()),
            }
        }
    }
    tags
}

fn constant(api: &Api, field: &Field, tag: Option<&Tag>) -> Option<Constant> {
    if let Some(only) = field.only_value(api) {
        return Some(only);
    }
    let [value] = tag?.values.as_slice() else { return None };
    let is_known = match &field.ty {
        Type::Text => true,
        Type::Named(id) => match &api.type_def(*id).shape {
            Shape::Enum(shape) => shape.values.iter().any(|known| known.wire == *value),
            _ => false,
        },
        _ => false,
    };
    is_known.then(|| Constant::Text(value.clone()))
}
