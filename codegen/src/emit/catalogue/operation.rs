//! An operation as a static.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::json;

use crate::{
    emit::{
        model::Model,
        plain::{plain, plain_line},
        raw::raw,
        rust::{
            Context, ident,
            paging::{Reading, emit_paging},
            type_ref::{From, emit_type},
        },
        schema::{schema_of, type_schema},
    },
    ir::{Access, Framing, Input, Operation, Pages, Pagination, Shape, Slot, Success, Text, Type},
    name::OperationNames,
};

/// The name of the static: that of the method in upper case, which is unique as the method is.
pub(in crate::emit) fn constant(names: &OperationNames) -> Ident {
    let mut name = String::new();
    for c in names.method.chars() {
        let mut upper = c.to_uppercase();
        // A letter without a capital of its own, such as `ß`, is a number. No method has two underscores.
        match (upper.next(), upper.next()) {
            (Some(only), None) if !only.is_lowercase() && only.to_lowercase().eq([c]) => name.push(only),
            _ => {
                // Writing to a `String` cannot fail.
                let _ = write!(name, "__U{:X}", u32::from(c));
            }
        }
    }
    // In a script without capitals, the function has the name already.
    if name == names.method {
        name.push_str("__DATA");
    }
    ident(&name)
}

/// The static that describes an operation.
pub(super) fn emit_data(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let constant = constant(names);
    let (name, method, path) = (&names.method, &operation.method, &operation.path);
    let (group, command) = (&names.words.group, &names.words.name);
    let text = |text: Option<&Text>, write: fn(&str) -> String| text.map(|it| write(it)).filter(|it| !it.is_empty());
    let summary = text(operation.docs.summary.as_ref(), plain_line).map(|it| quote! { .summary(#it) });
    let description = text(operation.docs.description.as_ref(), plain).map(|it| quote! { .description(#it) });
    let old_path = operation.old_path.as_ref().filter(|old| *old != path).map(|old| quote! { .old_path(#old) });
    let link = operation.docs.link.as_ref().map(|link| quote! { .link(#link) });
    let deprecated = operation.docs.deprecated.then(|| quote! { .deprecated() });
    let required = names.arguments.iter().copied();
    let others = (0..operation.inputs.len()).filter(|index| !names.arguments.contains(index));
    let inputs: Vec<TokenStream> = required
        .chain(others)
        .map(|index| emit_input(model, &operation.inputs[index], &names.keys[index], names.arguments.contains(&index)))
        .collect();
    let inputs = (!inputs.is_empty()).then(|| quote! { .inputs(&[#(#inputs),*]) });
    let results = emit_results(model, &operation.success);
    let messages = emit_messages(model, operation).map(|messages| quote! { .messages(#messages) });
    let pages = emit_pages(model, operation, names).map(|pages| quote! { .pages(#pages) });
    let errors = emit_errors(model, operation);
    let rate_limit = operation.rate_limit.as_ref().map(|name| quote! { .rate_limit(#name) });
    let schemes = |needed: &Vec<usize>| {
        let names = needed.iter().map(|index| &model.api.schemes[*index].name);
        quote! { &[#(#names),*] }
    };
    let security: Vec<TokenStream> = operation.security.iter().map(|it| schemes(&it.schemes)).collect();
    let security = (!security.is_empty()).then(|| quote! { .security(&[#(#security),*]) });
    let scopes = &operation.scopes;
    let scopes = (!scopes.is_empty()).then(|| quote! { .scopes(&[#(#scopes),*]) });
    quote! {
        pub(super) static #constant: lowcodeapi_runtime::catalogue::Operation =
            lowcodeapi_runtime::catalogue::Operation::new(#name, #method, #path).command(#group, #command)
                #summary #description #old_path #link #deprecated #inputs #results #messages #pages #errors
                #rate_limit #security #scopes;
    }
}

fn emit_input(model: &Model<'_>, input: &Input, key: &str, is_required: bool) -> TokenStream {
    let wire = input.sent_as.as_ref().unwrap_or(&input.wire);
    let place = ident(match input.slot {
        Slot::Path(_) => "Path",
        Slot::Query { .. } | Slot::QueryString { .. } => "Query",
        Slot::Header(_) => "Header",
        Slot::Cookie(_) => "Cookie",
        Slot::JsonField => "Field",
        Slot::Part | Slot::Parts | Slot::PartHeader(_) | Slot::OpenParts { .. } => "Part",
        Slot::FormField(_) | Slot::OpenFields => "Form",
        Slot::JsonBody | Slot::TextBody | Slot::ItemsBody(_) | Slot::BinaryBody => "Body",
    });
    let file = file_of(&input.ty);
    let schema = if file.is_some() {
        quote! { "" }
    } else {
        raw(&schema_of(model, &input.ty, &input.docs).to_string())
    };
    let description = input.docs.description.as_ref().or(input.docs.summary.as_ref()).map(|text| plain_line(text));
    let description = description.filter(|it| !it.is_empty()).map(|it| quote! { .description(#it) });
    let required = is_required.then(|| quote! { .required() });
    let file = file.map(|file| match file {
        File::One => quote! { .file() },
        File::Many | File::Named => quote! { .files() },
    });
    let secret = is_secret(input).then(|| quote! { .secret() });
    let deprecated = input.docs.deprecated.then(|| quote! { .deprecated() });
    quote! {
        lowcodeapi_runtime::catalogue::Input::new(#key, #wire, lowcodeapi_runtime::catalogue::Place::#place, #schema)
            #description #required #file #secret #deprecated
    }
}

/// The files of an input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum File {
    One,
    Many,
    /// Many, each with a name.
    Named,
}

/// Returns whether a type is that of files.
pub(in crate::emit) fn file_of(ty: &Type) -> Option<File> {
    match ty.split_nullable().0 {
        Type::Binary => Some(File::One),
        Type::Array(item) if **item == Type::Binary => Some(File::Many),
        Type::Map(value) if **value == Type::Binary => Some(File::Named),
        _ => None,
    }
}

/// Whether an input is a secret: a text whose name says so.
pub(in crate::emit) fn is_secret(input: &Input) -> bool {
    let name = input.wire.to_lowercase().replace(['-', '_'], "");
    *input.ty.split_nullable().0 == Type::Text
        && ["password", "secret", "apikey", "accesstoken", "privatekey"].iter().any(|word| name.ends_with(word))
}

fn emit_results(model: &Model<'_>, success: &Success) -> Option<TokenStream> {
    let results = match success {
        Success::ByStatus(cases) => cases
            .iter()
            .map(|case| {
                let status = &case.status;
                let result = emit_result(model, &case.success);
                quote! { #result.status(#status) }
            })
            .collect(),
        success => vec![emit_result(model, success)],
    };
    (!results.is_empty()).then(|| quote! { .results(&[#(#results),*]) })
}

fn emit_result(model: &Model<'_>, success: &Success) -> TokenStream {
    let form = |form: &str| {
        let form = ident(form);
        quote! { lowcodeapi_runtime::catalogue::Outcome::new(lowcodeapi_runtime::catalogue::Form::#form) }
    };
    let (result, is_optional) = match success {
        Success::Json { ty, optional, .. } => {
            let schema = raw(&type_schema(model, ty).to_string());
            let context = Context { api: model.api, names: model.names, root: "super::super" };
            // What a type knows decides what the gateway's envelope is.
            let knows = if model.api.is_gateway() {
                let ty = emit_type(context, From::Elsewhere, ty);
                quote! { Some(::lowcodeapi_runtime::__private::model_knows::<#ty>) }
            } else {
                quote! { None }
            };
            (quote! { lowcodeapi_runtime::catalogue::Outcome::json(#schema, #knows) }, *optional)
        }
        Success::Bytes { optional, .. } => (form("Bytes"), *optional),
        Success::Text { optional, .. } => (form("Text"), *optional),
        Success::Redirect => {
            let schema = r#"{"type":"object","properties":{"status":{"type":"integer"},"location":{"type":"string"}}}"#;
            (quote! { lowcodeapi_runtime::catalogue::Outcome::json(#schema, None) }, false)
        }
        Success::Empty | Success::ByStatus(_) => (form("Empty"), false),
    };
    let accept = success.accept();
    let accept = (!accept.is_empty()).then(|| quote! { .accept(&[#(#accept),*]) });
    let optional = is_optional.then(|| quote! { .optional() });
    quote! { #result #accept #optional }
}

fn emit_messages(model: &Model<'_>, operation: &Operation) -> Option<TokenStream> {
    let messages = operation.messages.as_ref()?;
    let media_type = &messages.media_type;
    let schema = match messages.item.types().as_slice() {
        _ if messages.item.has_text() => type_schema(model, &Type::Text),
        [only] => type_schema(model, only),
        types => json!({ "anyOf": types.iter().map(|ty| type_schema(model, ty)).collect::<Vec<_>>() }),
    };
    let schema = raw(&schema.to_string());
    let text = messages.item.has_text().then(|| quote! { .text() });
    let framing = ident(match messages.framing {
        Framing::Events => "events",
        Framing::Lines => "lines",
        Framing::Sequence => "sequence",
    });
    Some(quote! { lowcodeapi_runtime::catalogue::Messages::#framing(#media_type, #schema) #text })
}

fn emit_pages(model: &Model<'_>, operation: &Operation, names: &OperationNames) -> Option<TokenStream> {
    let (pagination, pages) = operation.pagination.as_ref().zip(operation.pages.as_ref())?;
    let key = |wire: &str, in_body: bool| {
        let is_wanted = |input: &Input| match input.slot {
            Slot::Query { .. } => !in_body && input.wire == wire,
            Slot::JsonField => in_body && input.wire == wire,
            _ => false,
        };
        operation.inputs.iter().position(is_wanted).map(|index| &names.keys[index])
    };
    // Without an input of its own, a page follows from the one before.
    let page = pagination.turn.input().and_then(|input| key(&input.wire, input.in_body));
    let page = page.map(|page| quote! { .page(#page) });
    let size = pagination.size.as_ref().and_then(|(parameter, _)| key(parameter, false));
    let size = size.map(|size| quote! { .size(#size) });
    let items = wires(model, &pages.items);
    let rule = emit_rule(model, pagination, pages);
    Some(quote! {
        lowcodeapi_runtime::catalogue::Pages::new(&[#(#items),*], {
            static RULE: ::lowcodeapi_runtime::__private::Pagination<::serde_json::Value, ::serde_json::Value> = #rule;
            &RULE
        }) #page #size
    })
}

/// How pages of JSON follow each other.
fn emit_rule(model: &Model<'_>, pagination: &Pagination, pages: &Pages) -> TokenStream {
    let paging = emit_paging(pagination, pages, &|access, reading| {
        let path = wires(model, access);
        let read = match reading {
            Reading::Items => quote! { items },
            Reading::List => quote! { list },
            Reading::Count => quote! { count },
            Reading::Cursor => quote! { cursor },
            Reading::Flag => quote! { flag },
        };
        quote! { lowcodeapi_runtime::__private::#read(page, &[#(#path),*]) }
    });
    quote! { ::lowcodeapi_runtime::__private::Pagination::#paging }
}

/// The names in JSON that lead to a place.
fn wires<'a>(model: &Model<'a>, access: &Access) -> Vec<&'a str> {
    let step = |(id, index): &(crate::ir::TypeId, usize)| match &model.api.type_def(*id).shape {
        Shape::Struct(shape) => Some(shape.fields[*index].wire.as_str()),
        _ => None,
    };
    access.fields.iter().filter_map(step).collect()
}

fn emit_errors(model: &Model<'_>, operation: &Operation) -> Option<TokenStream> {
    let errors = operation.errors.iter().map(|case| {
        let (status, description) = (&case.status, plain_line(&case.description));
        let schema = case.ty.as_ref().map(|ty| raw(&type_schema(model, ty).to_string()));
        let schema = schema.map(|schema| quote! { .schema(#schema) });
        quote! { lowcodeapi_runtime::catalogue::Declared::new(#status, #description) #schema }
    });
    (!operation.errors.is_empty()).then(|| quote! { .errors(&[#(#errors),*]) })
}
