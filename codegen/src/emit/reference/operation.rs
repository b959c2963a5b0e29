//! Writes the section of an operation.

use super::{
    limits::clauses,
    page::Page,
    types::{Anchors, linked},
};
use crate::{
    emit::{
        facts,
        model::Model,
        prose::{clean_code, clean_line, clean_url, code_list},
        rust::{
            call::{Call, Given, call_of},
            example::example,
        },
    },
    ir::{AlternativeForm, Input, Operation, Slot, Success, Type},
    name::OperationNames,
};

/// Writes the section of an operation.
pub(super) fn write_operation(
    page: &mut Page,
    model: &Model<'_>,
    anchors: &Anchors,
    operation: &Operation,
    names: &OperationNames,
) {
    page.heading(2, &format!("`{}`", names.method));
    page.docs(&operation.docs);
    if operation.docs.deprecated {
        page.line("This operation is deprecated.");
    }
    page.line(&clean_code(&format!("{} {}", operation.method, operation.path)));
    if let Some(server) = &operation.server {
        page.line(&format!("Sent to {}. A base URL of the client stands for the host.", clean_code(server)));
    }
    match example(model, operation, names) {
        Some(example) => page.code("rust", &example),
        None => page.line("The required inputs are too large for an example."),
    }
    let call = call_of(model, operation, names);
    write_inputs(page, model, anchors, &call);
    page.heading(3, "Returns");
    write_result(page, model, anchors, operation, &call);
    write_headers(page, operation, names);
    page.line(facts::retries(operation));
    let facts = [facts::rate_limit(model.api, operation), facts::credentials(model.api, model.names, operation)];
    for fact in facts.into_iter().flatten() {
        page.line(&fact);
    }
    page.heading(3, "Errors");
    write_errors(page, model, anchors, operation, names);
    if let Some(link) = &operation.docs.link {
        page.line(&format!("Reference: {}", clean_url(link)));
    }
}

fn write_inputs(page: &mut Page, model: &Model<'_>, anchors: &Anchors, call: &Call<'_>) {
    if !call.required.is_empty() {
        page.heading(3, "Required inputs");
        page.line(&match call.required_struct {
            Some(name) => format!("The method takes a `requests::{name}` with these fields:"),
            None => "Arguments of the method, in this order:".to_owned(),
        });
        page.list(call.required.iter().map(|given| item(model, anchors, given)));
    }
    if !call.optional.is_empty() {
        page.heading(3, "Optional inputs");
        page.line("Methods of the request:");
        page.list(call.optional.iter().map(|given| item(model, anchors, given)));
    }
}

fn item(model: &Model<'_>, anchors: &Anchors, given: &Given<'_>) -> String {
    let Given { input, name, ty } = given;
    let mut facts = vec![format!("`{ty}`")];
    facts.extend(clauses(model, &input.ty, &input.docs));
    let link = linked(model, anchors, &input.ty, "../types.md").map(|link| format!(" See {link}."));
    let said = input.docs.description.as_deref().map(clean_line).filter(|said| !said.is_empty());
    let said = said.map(|said| format!(" {said}")).unwrap_or_default();
    format!("- `{name}`: {}; {}.{}{said}", facts.join(", "), place(input), link.unwrap_or_default())
}

/// Where an input is sent.
fn place(input: &Input) -> String {
    let wire = clean_code(input.sent_as.as_ref().unwrap_or(&input.wire));
    match input.slot {
        Slot::Path(_) => format!("in the path, as {wire}"),
        Slot::Query { .. } => format!("in the query, as {wire}"),
        Slot::QueryString { .. } => "as the whole query".to_owned(),
        Slot::Header(_) => format!("in the header {wire}"),
        Slot::Cookie(_) => format!("in the cookie {wire}"),
        Slot::JsonField => format!("in the JSON body, as {wire}"),
        Slot::Part => format!("in the part {wire} of the multipart body"),
        Slot::Parts => format!("in the multipart body, each item in a part {wire}"),
        Slot::PartHeader(_) => format!("in the header {} of the part {wire}", clean_code(&input.wire)),
        Slot::OpenParts { .. } => "in the multipart body, each member in a part of its name".to_owned(),
        Slot::FormField(_) => format!("in the form body, as {wire}"),
        Slot::OpenFields => "in the form body, each member as a field of its name".to_owned(),
        Slot::JsonBody => "as the JSON body".to_owned(),
        Slot::TextBody => "as the text body".to_owned(),
        Slot::ItemsBody(_) => "as the items of the body".to_owned(),
        Slot::BinaryBody => "as the body".to_owned(),
    }
}

fn write_result(page: &mut Page, model: &Model<'_>, anchors: &Anchors, operation: &Operation, call: &Call<'_>) {
    match &operation.success {
        Success::ByStatus(cases) => {
            page.line(&format!("A `requests::{}`, by status:", call.output));
            page.list(cases.iter().map(|case| {
                let said = clean_line(&case.description);
                let said = if said.is_empty() { String::new() } else { format!(" {said}") };
                format!("- {}: {}.{said}", clean_code(&case.status), result(model, anchors, &case.success))
            }));
        }
        success => page.line(&format!("{}.", capitalised(&result(model, anchors, success)))),
    }
    let streamed = match (&operation.messages, &operation.success) {
        (Some(_), _) => Some("the messages as they arrive"),
        (None, Success::Bytes { .. }) => Some("the bytes as they arrive"),
        (None, _) => operation.pages.as_ref().map(|_| "the items of all pages, and `pages` returns the pages"),
    };
    if let Some(streamed) = streamed {
        page.line(&format!("The method `stream` of the request returns {streamed}."));
    }
    for alternative in &operation.alternatives {
        let given = match &alternative.form {
            AlternativeForm::Text => "text".to_owned(),
            AlternativeForm::Bytes => "bytes".to_owned(),
            AlternativeForm::Json { ty, .. } => shown(model, anchors, ty),
        };
        let (verb, accept) = (clean_code(&alternative.verb()), code_list(&alternative.accept));
        page.line(&format!("The method {verb} asks for {accept} and returns {given}."));
    }
}

fn result(model: &Model<'_>, anchors: &Anchors, success: &Success) -> String {
    let (result, optional) = match success {
        Success::Json { ty: Type::Any, optional, .. } => {
            ("any JSON value; the API declares no type".to_owned(), *optional)
        }
        Success::Json { ty, optional, .. } => (shown(model, anchors, ty), *optional),
        Success::Bytes { accept, optional } => {
            (format!("the response body as bytes ({})", code_list(accept)), *optional)
        }
        Success::Text { ty: Type::Text, optional, .. } => ("the response body as text".to_owned(), *optional),
        Success::Text { ty, optional, .. } => {
            (format!("{}, which the response body has as text", shown(model, anchors, ty)), *optional)
        }
        Success::Redirect => ("the target of the redirect, which the client does not follow".to_owned(), false),
        Success::Empty | Success::ByStatus(_) => ("nothing".to_owned(), false),
    };
    if optional { format!("{result}, or `None` if the response has no body") } else { result }
}

/// A type, with a link to the model in it.
fn shown(model: &Model<'_>, anchors: &Anchors, ty: &Type) -> String {
    let text = format!("`{}`", crate::emit::rust::call::type_text(model, ty));
    match linked(model, anchors, ty, "../types.md") {
        Some(link) if matches!(ty, Type::Named(_)) => link,
        Some(link) => format!("{text}, see {link}"),
        None => text,
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn write_headers(page: &mut Page, operation: &Operation, names: &OperationNames) {
    let Some(headers) = &names.headers else { return };
    page.line(&format!(
        "Response headers, which `send_with_response` returns, and `requests::{}` reads:",
        headers.name
    ));
    page.list(operation.headers.iter().map(|header| {
        let said = header.description.as_deref().map(clean_line).filter(|said| !said.is_empty());
        format!("- {}{}", clean_code(&header.name), said.map(|said| format!(": {said}")).unwrap_or_default())
    }));
}

fn write_errors(page: &mut Page, model: &Model<'_>, anchors: &Anchors, operation: &Operation, names: &OperationNames) {
    if operation.errors.is_empty() {
        page.line("Any call can return an `Error`. The API declares no statuses.");
        return;
    }
    let decoded =
        operation.typed_errors().map(|_| format!(", whose bodies `requests::{}::decode_error` decodes", names.request));
    page.line(&format!("Any call can return an `Error`. Declared statuses{}:", decoded.unwrap_or_default()));
    page.list(operation.errors.iter().map(|case| {
        let said = clean_line(&case.description);
        let said = if said.is_empty() { String::new() } else { format!(": {}", facts::ended(&said)) };
        let between = if said.is_empty() { ": body" } else { " Body:" };
        let body = case.ty.as_ref().map(|ty| format!("{between} {}.", shown(model, anchors, ty)));
        format!("- {}{said}{}", clean_code(&case.status), body.unwrap_or_default())
    }));
}
