//! Types and their members.

use serde_json::{Value, json};

use super::{
    docs::{docs_text, limits},
    wire,
};
use crate::{
    emit::{
        model::Model,
        rust::{call::type_text, example},
    },
    ir::{Constant, Direction, Field, Known, Shape, Struct, Type, TypeDef, TypeId, Variant, integer_json},
    name::TypeNames,
};

pub(super) fn bind_type(model: &Model<'_>, id: TypeId, def: &TypeDef) -> Value {
    let names = &model.names.types[id.0];
    let (kind, members): (_, Vec<Value>) = match &def.shape {
        Shape::Struct(shape) => {
            let fields =
                shape.fields.iter().zip(&names.members).map(|(field, name)| bind_field(model, def, field, name));
            ("struct", fields.collect())
        }
        Shape::Enum(shape) => ("enum", bind_values(&shape.values, names, |value| value.as_str().into())),
        Shape::IntegerEnum(shape) => ("enum", bind_values(&shape.values, names, |value| integer_json(*value))),
        Shape::Union(shape) => {
            let variants = shape.variants.iter().zip(&names.members);
            ("union", variants.map(|(variant, name)| bind_variant(model, variant, name)).collect())
        }
    };
    let additional = match &def.shape {
        Shape::Struct(Struct { additional: Some(ty), .. }) => Some(wire::type_text(model, ty)),
        _ => None,
    };
    json!({
        "pointer": def.pointer,
        "key": def.entry(),
        "rust": format!("types::{}", names.name),
        "former": names.former.as_ref().map(|name| format!("types::{name}")),
        "kind": kind,
        "sent": def.usage.request,
        "received": def.usage.response,
        "deprecated": def.docs.deprecated,
        "docs": docs_text(&def.docs),
        "limits": limits(&def.docs.limits),
        "additional": additional,
        "required": names.required.as_ref().map(|name| format!("types::{name}")),
        "members": members,
        "example": example::exact_text(model, &Type::Named(id), "text"),
    })
}

fn bind_field(model: &Model<'_>, def: &TypeDef, field: &Field, name: &str) -> Value {
    let direction = match field.direction {
        Direction::Both => None,
        Direction::Response => Some("readOnly"),
        Direction::Request => Some("writeOnly"),
    };
    json!({
        "name": field.wire,
        "rust": name,
        "type": type_text(model, &field.ty),
        "required": field.required,
        "deprecated": field.docs.deprecated,
        "default": field.docs.default,
        "limits": limits(&field.docs.limits),
        "docs": docs_text(&field.docs),
        "sends": {
            "type": wire::type_text(model, &field.ty),
            "constant": field.constant.as_ref().map(ToString::to_string),
            "aliases": field.aliases,
            "direction": direction,
            "withheld": field.is_withheld(def),
        },
        "example": example::argument_text(model, field.ty.split_nullable().0, &field.wire),
    })
}

fn bind_variant(model: &Model<'_>, variant: &Variant, name: &str) -> Value {
    let values = variant.tag.as_ref().map(
        |tag| json!({"property": tag.property, "values": tag.values.iter().map(Constant::json).collect::<Vec<_>>()}),
    );
    json!({
        "rust": name,
        "type": type_text(model, &variant.ty),
        "tag": values,
        "limits": limits(&variant.limits),
        "sends": {"type": wire::type_text(model, &variant.ty), "closed": variant.is_closed},
    })
}

fn bind_values<T>(values: &[Known<T>], names: &TypeNames, json: impl Fn(&T) -> Value) -> Vec<Value> {
    let values = values.iter().zip(&names.members);
    values.map(|(value, name)| json!({"value": json(&value.wire), "rust": name, "docs": value.description})).collect()
}
