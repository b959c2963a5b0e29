//! Operations, and their inputs and results.

use serde_json::{Value, json};

use super::{
    docs::{docs_text, limits},
    wire,
};
use crate::{
    emit::{
        model::Model,
        rust::{
            call::{Given, call_of, type_text},
            example,
        },
    },
    ir::{Alternative, ErrorCase, Operation, ResponseHeader},
    name::OperationNames,
};

pub(super) fn bind_operation(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Value {
    let call = call_of(model, operation, names);
    let given = call.required.iter().map(|given| (given, true)).chain(call.optional.iter().map(|given| (given, false)));
    let inputs: Vec<Value> = given.map(|(given, is_argument)| bind_input(model, given, is_argument)).collect();
    let error = |ErrorCase { status, ty, description }: &ErrorCase| json!({"status": status, "type": ty.as_ref().map(|ty| type_text(model, ty)), "docs": description});
    json!({
        "pointer": operation.pointer,
        "method": operation.method,
        "path": operation.path,
        "operationId": operation.id,
        "rust": names.method,
        "request": format!("requests::{}", names.request),
        "former": names.former.as_ref().map(|former| &former.method),
        "required": names.required.as_ref().map(|name| format!("requests::{name}")),
        "success": names.success.as_ref().map(|name| format!("requests::{name}")),
        "error": names.error.as_ref().map(|name| format!("requests::{name}")),
        "headers": names.headers.as_ref().map(|names| format!("requests::{}", names.name)),
        "events": names.events.as_ref().map(|names| format!("requests::{}", names.name)),
        "inputs": inputs,
        "result": call.output,
        "errors": operation.errors.iter().map(error).collect::<Vec<_>>(),
        "deprecated": operation.docs.deprecated,
        "docs": docs_text(&operation.docs),
        "sends": sends(model, operation),
        "reads": reads(model, operation),
        "example": example::call_text(model, operation, names),
    })
}

/// What the request has besides its inputs.
fn sends(model: &Model<'_>, operation: &Operation) -> Value {
    let accept = operation.success.accept().join(", ");
    let server = operation.server_template.as_ref().map(|it| &it.url).or(operation.server.as_ref());
    json!({
        "server": server,
        "security": wire::security(model.api, &operation.security),
        "scopes": operation.scopes,
        "body": wire::body(operation),
        "accept": accept,
        "idempotencyKey": operation.idempotency_key,
        "rateLimit": operation.rate_limit,
        "oldPath": operation.old_path,
    })
}

/// What is read of the response.
fn reads(model: &Model<'_>, operation: &Operation) -> Value {
    let results: Vec<Value> = wire::results(model, &operation.success)
        .into_iter()
        .map(|(status, result)| json!({"status": status, "result": result}))
        .collect();
    let messages = operation.messages.as_ref().map(|it| {
        json!({
            "mediaType": it.media_type, "framing": wire::framing(it.framing), "type": wire::item_text(model, &it.item),
            "sentinel": it.sentinel,
        })
    });
    let header = |it: &ResponseHeader| json!({"name": it.name, "type": wire::type_text(model, &it.ty), "form": wire::header_form(it.form)});
    let alternative = |it: &Alternative| json!({"rust": it.verb(), "accept": it.accept, "type": it.ty().map(|ty| type_text(model, ty))});
    json!({
        "results": results,
        "messages": messages,
        "alternatives": operation.alternatives.iter().map(alternative).collect::<Vec<_>>(),
        "pages": operation.pagination.as_ref().filter(|_| operation.pages.is_some()).map(wire::pages),
        "headers": operation.headers.iter().map(header).collect::<Vec<_>>(),
    })
}

fn bind_input(model: &Model<'_>, given: &Given<'_>, is_argument: bool) -> Value {
    let input = given.input;
    let example = match input.ty.split_nullable() {
        // Its setter takes what converts into `Nullable`.
        (inner, true) if !is_argument => example::exact_text(model, inner, &input.wire),
        _ => example::argument_text(model, &input.ty, &input.wire),
    };
    json!({
        "pointer": input.pointer,
        "in": wire::place(input.slot),
        "name": input.wire,
        "rust": given.name,
        "type": type_text(model, &input.ty),
        "required": input.required,
        "argument": is_argument,
        "deprecated": input.docs.deprecated,
        "default": input.docs.default,
        "limits": limits(&input.docs.limits),
        "docs": docs_text(&input.docs),
        "sends": {
            "name": input.sent_as, "style": wire::style(input.slot), "mediaType": input.media_type,
            "type": wire::type_text(model, &input.ty),
        },
        "example": example,
    })
}
