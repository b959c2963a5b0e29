//! Writes types as JSON Schemas of draft 2020-12. Structs and unions are referred to as `#/$defs/Name`, by their Rust
//! names; enums are written where they are used. A type of both directions has a schema whose properties of one direction are
//! marked `readOnly` or `writeOnly`; the catalogue leaves out those that an input or a result does not have.

use serde_json::{Map, Value, json};

use super::{pattern::is_portable, plain::plain_line};
use crate::{
    emit::model::Model,
    ir::{
        Api, Bound, Constant, Direction, Docs, Enum, Field, IntegerEnum, Limit, Shape, Struct, Type, TypeDef, Union,
        integer_json,
    },
};

/// The schema of a value with its documentation.
pub(super) fn schema_of(model: &Model<'_>, ty: &Type, docs: &Docs) -> Value {
    let mut schema = type_schema(model, ty);
    describe(&mut schema, docs);
    schema
}

/// The schema of a type.
pub(super) fn type_schema(model: &Model<'_>, ty: &Type) -> Value {
    match ty {
        Type::Any => json!({}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Int32 | Type::Int64 | Type::Int128 => json!({"type": "integer"}),
        Type::UInt64 | Type::UInt128 => json!({"type": "integer", "minimum": 0}),
        Type::Number | Type::Decimal => json!({"type": "number"}),
        Type::DecimalText => json!({"type": "string", "format": "decimal"}),
        Type::Text | Type::Binary => json!({"type": "string"}),
        Type::DateTime => json!({"type": "string", "format": "date-time"}),
        Type::Object => json!({"type": "object"}),
        Type::Array(item) => json!({"type": "array", "items": type_schema(model, item)}),
        Type::Tuple(tuple) => {
            let items: Vec<Value> = tuple.items.iter().map(|item| type_schema(model, item)).collect();
            let rest = tuple.rest.as_ref().map_or_else(|| false.into(), |rest| type_schema(model, rest));
            json!({"type": "array", "minItems": items.len(), "prefixItems": items, "items": rest})
        }
        Type::Map(value) => json!({"type": "object", "additionalProperties": type_schema(model, value)}),
        Type::Nullable(inner) => nullable(type_schema(model, inner)),
        Type::Named(id) => {
            let def = model.api.type_def(*id);
            match &def.shape {
                Shape::Enum(shape) => enum_schema(shape),
                Shape::IntegerEnum(shape) => integer_enum_schema(shape),
                Shape::Struct(_) | Shape::Union(_) => {
                    json!({"$ref": format!("#/$defs/{}", model.names.types[id.0].name)})
                }
            }
        }
    }
}

/// The named types that schemas refer to, by name and in the order of names.
pub(super) fn definitions(model: &Model<'_>) -> Vec<(String, Value)> {
    let types = model.api.types.iter().zip(&model.names.types).filter(|(def, _)| def.is_used());
    let mut definitions: Vec<(String, Value)> =
        types.filter_map(|(def, names)| Some((names.name.clone(), definition(model, def)?))).collect();
    definitions.sort_by(|(one, _), (other, _)| one.cmp(other));
    definitions
}

fn definition(model: &Model<'_>, def: &TypeDef) -> Option<Value> {
    let mut schema = match &def.shape {
        Shape::Struct(shape) => struct_schema(model, shape),
        Shape::Union(shape) => union_schema(model, shape),
        Shape::Enum(_) | Shape::IntegerEnum(_) => return None,
    };
    describe(&mut schema, &def.docs);
    Some(schema)
}

fn struct_schema(model: &Model<'_>, shape: &Struct) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in &shape.fields {
        properties.insert(field.wire.clone(), field_schema(model, field));
        if field.required {
            required.push(field.wire.as_str());
        }
    }
    if shape.additional.is_some() {
        // The variants say the value, and the schema of other properties does not apply to it.
        properties.extend(shape.tags.iter().map(|tag| (tag.property.clone(), json!({}))));
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if let Some(additional) = &shape.additional {
        schema["additionalProperties"] = type_schema(model, additional);
    }
    schema
}

fn field_schema(model: &Model<'_>, field: &Field) -> Value {
    let mut schema = match field.constant.as_ref().or(field.only.as_ref()) {
        Some(only) => json!({"const": only.json()}),
        None => type_schema(model, &field.ty),
    };
    describe(&mut schema, &field.docs);
    match field.direction {
        Direction::Response => schema["readOnly"] = true.into(),
        Direction::Request => schema["writeOnly"] = true.into(),
        Direction::Both => {}
    }
    schema
}

fn enum_schema(shape: &Enum) -> Value {
    json!({"type": "string", "enum": shape.values.iter().map(|value| &value.wire).collect::<Vec<_>>()})
}

fn integer_enum_schema(shape: &IntegerEnum) -> Value {
    json!({"type": "integer", "enum": shape.values.iter().map(|value| integer_json(value.wire)).collect::<Vec<_>>()})
}

fn union_schema(model: &Model<'_>, shape: &Union) -> Value {
    let variants = shape.variants.iter().map(|variant| {
        let mut schema = type_schema(model, &variant.ty);
        variant.limits.iter().for_each(|limit| add_limit(&mut schema, limit));
        let Some(tag) = &variant.tag else { return schema };
        let value = match tag.values.as_slice() {
            [only] => json!({"const": only.json()}),
            several => json!({"enum": several.iter().map(Constant::json).collect::<Vec<_>>()}),
        };
        let mut properties = Map::from_iter([(tag.property.clone(), value)]);
        properties.extend(tag.outer.iter().map(|(property, value)| (property.clone(), json!({"const": value.json()}))));
        let required: Vec<String> = properties.keys().cloned().collect();
        json!({"allOf": [schema, {"properties": properties, "required": required}]})
    });
    json!({"anyOf": variants.collect::<Vec<_>>()})
}

/// The schema of what may also be `null`.
fn nullable(mut schema: Value) -> Value {
    let is_plain = schema.get("type").is_some_and(Value::is_string) && schema.get("enum").is_none();
    if is_plain {
        schema["type"] = json!([schema["type"], "null"]);
        return schema;
    }
    if schema.as_object().is_some_and(Map::is_empty) {
        return schema;
    }
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// Adds what the document says of a value.
fn describe(schema: &mut Value, docs: &Docs) {
    let description = docs.description.as_ref().or(docs.summary.as_ref()).map(|text| plain_line(text));
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        schema["description"] = description.into();
    }
    if docs.deprecated {
        schema["deprecated"] = true.into();
    }
    if let Some(default) = docs.default.as_ref().and_then(|text| serde_json::from_str::<Value>(text).ok()) {
        schema["default"] = default;
    }
    for limit in &docs.limits {
        add_limit(schema, limit);
    }
}

fn add_limit(schema: &mut Value, limit: &Limit) {
    if let Limit::Each(member, limits) = limit {
        let members = schema.get_mut(member.keyword()).filter(|members| members.is_object());
        if let Some(members) = members {
            for limit in limits {
                add_limit(members, limit);
            }
        }
        return;
    }
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            schema[key] = value;
        }
    };
    let mut range = |least: &str, most: &str, ends: &(Option<u64>, Option<u64>)| {
        set(least, ends.0.map(Value::from));
        set(most, ends.1.map(Value::from));
    };
    match limit {
        Limit::Length(least, most) => range("minLength", "maxLength", &(*least, *most)),
        Limit::Items(least, most) => range("minItems", "maxItems", &(*least, *most)),
        Limit::Properties(least, most) => range("minProperties", "maxProperties", &(*least, *most)),
        Limit::Value(least, most) => {
            for (bound, inclusive, exclusive) in
                [(least, "minimum", "exclusiveMinimum"), (most, "maximum", "exclusiveMaximum")]
            {
                let Some(Bound { value, exclusive: is_exclusive }) = bound else { continue };
                set(if *is_exclusive { exclusive } else { inclusive }, number(value));
            }
        }
        Limit::MultipleOf(step) => {
            set("multipleOf", number(step).filter(|step| step.as_f64().is_some_and(|step| step > 0.0)));
        }
        Limit::Unique => set("uniqueItems", Some(true.into())),
        Limit::Pattern(pattern) => {
            set("pattern", Some(pattern.as_str()).filter(|it| is_portable(it)).map(Value::from));
        }
        Limit::Format(format) => set("format", Some(format.as_str().into())),
        Limit::Encoding(encoding) => set("contentEncoding", Some(encoding.as_str().into())),
        Limit::MediaType(media_type) => set("contentMediaType", Some(media_type.as_str().into())),
        Limit::Only(value) => set("const", value.parse().ok()),
        Limit::Among(values) => {
            let values: Result<Vec<Value>, _> = values.iter().map(|value| value.parse()).collect();
            set("enum", values.ok().map(Value::Array));
        }
        Limit::Requires(lists) if lists.len() == 1 && schema.get("required").is_none() => {
            schema["required"] = json!(lists[0]);
        }
        Limit::Requires(lists) => {
            let one_of: Vec<Value> = lists.iter().map(|names| json!({"required": names})).collect();
            // Several of these apply together.
            match schema.get_mut("allOf").and_then(Value::as_array_mut) {
                Some(all) => all.push(json!({"anyOf": one_of})),
                None => schema["allOf"] = json!([{"anyOf": one_of}]),
            }
        }
        Limit::Names(_) | Limit::Each(..) => {}
    }
}

/// Returns a number of the document, or the nearest that a schema can hold.
fn number(text: &str) -> Option<Value> {
    text.parse().ok().map(Value::Number)
}

/// Whether the values of a type are objects whose properties are known.
pub(super) fn struct_of<'a>(api: &'a Api, ty: &Type) -> Option<&'a Struct> {
    let (Type::Named(id), _) = ty.split_nullable() else { return None };
    match &api.type_def(*id).shape {
        Shape::Struct(shape) => Some(shape),
        _ => None,
    }
}
