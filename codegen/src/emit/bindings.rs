//! The back end of the bindings: a JSON file that says which Rust name each operation, input, type and member of the document
//! has. Other tools read it, such as those that write documentation or further bindings.

use serde_json::{Value, json};

use crate::{
    emit::{
        model::{Backend, Draft, Model},
        rust::call::{call_of, type_text},
    },
    ir::{ErrorCase, Input, Known, Operation, Shape, Slot, TypeDef, integer_json},
    name::{OperationNames, TypeNames},
};

/// The version of the form. Members are added without a new one.
const VERSION: u32 = 1;

/// The bindings.
pub(super) struct Bindings;

impl Backend for Bindings {
    fn files(&self, model: &Model<'_>) -> Vec<Draft> {
        let operations = model.api.operations.iter().zip(&model.names.operations);
        let operations: Vec<Value> =
            operations.map(|(operation, names)| bind_operation(model, operation, names)).collect();
        let types = model.api.used_types().map(|(id, def)| bind_type(model, def, &model.names.types[id.0]));
        let types: Vec<Value> = types.collect();
        let schemes = model.api.schemes.iter().zip(&model.names.schemes);
        let credentials: Vec<Value> = schemes
            .map(|(scheme, names)| json!({"scheme": scheme.name, "rust": names.setter, "variable": names.variable}))
            .collect();
        let bindings = json!({
            "version": VERSION,
            "package": model.names.package,
            "operations": operations,
            "types": types,
            "credentials": credentials,
        });
        let source = serde_json::to_string_pretty(&bindings).map_err(|error| error.to_string());
        vec![Draft { path: "bindings.json".to_owned(), source: source.map(|text| text + "\n") }]
    }
}

fn bind_operation(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Value {
    let call = call_of(model, operation, names);
    let given = call.required.iter().map(|given| (given, true)).chain(call.optional.iter().map(|given| (given, false)));
    let inputs: Vec<Value> = given
        .map(|(given, is_argument)| {
            let Input { pointer, wire, slot, ty, required, .. } = given.input;
            json!({
                "pointer": pointer, "in": place(*slot), "name": wire, "rust": given.name, "type": type_text(model, ty),
                "required": required, "argument": is_argument,
            })
        })
        .collect();
    let error = |ErrorCase { status, ty, .. }: &ErrorCase| json!({"status": status, "type": ty.as_ref().map(|ty| type_text(model, ty))});
    json!({
        "pointer": operation.pointer,
        "method": operation.method,
        "path": operation.path,
        "operationId": operation.id,
        "rust": names.method,
        "request": format!("requests::{}", names.request),
        "required": names.required.as_ref().map(|name| format!("requests::{name}")),
        "inputs": inputs,
        "result": call.output,
        "errors": operation.errors.iter().map(error).collect::<Vec<_>>(),
        "deprecated": operation.docs.deprecated,
    })
}

/// The place of an input, in the words of the document.
fn place(slot: Slot) -> &'static str {
    match slot {
        Slot::Path(_) => "path",
        Slot::Query { .. } => "query",
        Slot::QueryString { .. } => "querystring",
        Slot::Header(_) => "header",
        Slot::Cookie(_) => "cookie",
        Slot::JsonField | Slot::Part | Slot::Parts | Slot::FormField(_) => "property",
        Slot::OpenParts | Slot::OpenFields => "additionalProperties",
        // A header in `encoding`.
        Slot::PartHeader(_) => "encoding",
        Slot::JsonBody | Slot::TextBody | Slot::ItemsBody(_) | Slot::BinaryBody => "body",
    }
}

fn bind_type(model: &Model<'_>, def: &TypeDef, names: &TypeNames) -> Value {
    let given = names.members.iter();
    let (kind, members): (_, Vec<Value>) = match &def.shape {
        Shape::Struct(shape) => {
            let fields = shape.fields.iter().zip(given).map(|(field, name)| {
                json!({"name": field.wire, "rust": name, "type": type_text(model, &field.ty), "required": field.required})
            });
            ("struct", fields.collect())
        }
        Shape::Enum(shape) => ("enum", bind_values(&shape.values, names, |value| value.as_str().into())),
        Shape::IntegerEnum(shape) => ("enum", bind_values(&shape.values, names, |value| integer_json(*value))),
        Shape::Union(shape) => {
            let variants = shape.variants.iter().zip(given).map(|(variant, name)| {
                let values = variant.tag.as_ref().map(|tag| json!({"property": tag.property, "values": tag.values}));
                json!({"rust": name, "type": type_text(model, &variant.ty), "tag": values})
            });
            ("union", variants.collect())
        }
    };
    json!({
        "pointer": def.pointer,
        "rust": format!("types::{}", names.name),
        "kind": kind,
        "sent": def.usage.request,
        "received": def.usage.response,
        "members": members,
    })
}

fn bind_values<T>(values: &[Known<T>], names: &TypeNames, json: impl Fn(&T) -> Value) -> Vec<Value> {
    let values = values.iter().zip(&names.members);
    values.map(|(value, name)| json!({"value": json(&value.wire), "rust": name})).collect()
}
