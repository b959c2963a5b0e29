//! Finds required properties with a single value, which callers need not pass.

use foldhash::{HashMap, HashSet};

use crate::ir::{Api, Constant, Field, Shape, Type, TypeId};

/// Marks properties with an enum of one value, and discriminators of unions.
pub(super) fn mark_constants(api: &mut Api) {
    let tags = tags(api);
    for index in 0..api.types.len() {
        let Shape::Struct(shape) = &api.types[index].shape else { continue };
        let constants: Vec<_> = shape
            .fields
            .iter()
            .map(|field| {
                let values = tags.get(&TypeId(index)).and_then(|tags| tags.get(field.wire.as_str()));
                field.required.then(|| constant(api, field, values)).flatten()
            })
            .collect();
        if let Shape::Struct(shape) = &mut api.types[index].shape {
            for (field, constant) in shape.fields.iter_mut().zip(constants) {
                field.constant = constant;
            }
        }
    }
}

/// The discriminator values of a type, by property.
type Tags = HashMap<String, HashSet<Constant>>;

/// Returns the discriminator values of each type.
fn tags(api: &Api) -> HashMap<TypeId, Tags> {
    let mut tags: HashMap<TypeId, Tags> = HashMap::default();
    for def in api.types.iter().filter(|def| def.is_used()) {
        let Shape::Union(union) = &def.shape else { continue };
        for variant in &union.variants {
            let (Type::Named(id), Some(tag)) = (&variant.ty, &variant.tag) else { continue };
            let values = tags.entry(*id).or_default().entry(tag.property.clone()).or_default();
            values.extend(tag.values.iter().cloned());
        }
    }
    tags
}

fn constant(api: &Api, field: &Field, values: Option<&HashSet<Constant>>) -> Option<Constant> {
    if let Some(only) = field.only_value(api) {
        return Some(only);
    }
    let values = values?;
    let value = values.iter().next().filter(|_| values.len() == 1)?;
    let is_known = match (&field.ty, value) {
        (Type::Text, Constant::Text(_))
        | (Type::Bool, Constant::Boolean(_))
        | (Type::Int64, Constant::Integer(_))
        | (Type::Number, Constant::Number(_)) => true,
        (Type::Int32, Constant::Integer(value)) => i32::try_from(*value).is_ok(),
        (Type::Named(id), value) => match (&api.type_def(*id).shape, value) {
            (Shape::Enum(shape), Constant::Text(value)) => shape.values.iter().any(|known| known.wire == *value),
            (Shape::IntegerEnum(shape), Constant::Integer(value)) => {
                shape.values.iter().any(|known| known.wire == i128::from(*value))
            }
            _ => false,
        },
        _ => false,
    };
    is_known.then(|| value.clone())
}
