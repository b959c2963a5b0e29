//! An operation's static description, its request, and how inputs get into it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Context,
    argument::{Argument, emit_argument},
    docs::{Comment, NULL, emit_doc},
    equal::Equal,
    error::{emit_decode_error, emit_errors},
    event::emit_events,
    header::emit_headers,
    ident, once,
    output::{Output, emit_by_status, emit_output},
    path,
    security::emit_security,
    server::emit_server,
    type_ref::{From, emit_type, emit_type_alias},
    union::encoded,
    verbs::emit_verbs,
};
use crate::{
    ir::{BodyForm, Framing, Input, Operation, QueryStyle, Shape, Slot, Success, Type, ValueStyle},
    name::OperationNames,
};

/// What of a request depends on the operation: its setters, and what it gives. `imports` says whether the file imports the
/// type of all requests.
pub(super) fn emit_operation(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    equal: Equal<'_>,
    imports: bool,
) -> TokenStream {
    let request = ident(&names.request);
    let doc =
        emit_doc(&format!("The request returned by [`Client::{0}`]({1}::Client::{0}).", names.method, context.root));
    let required = emit_required(context, operation, names);
    let setters = operation
        .inputs
        .iter()
        .zip(&names.inputs)
        .filter(|(input, _)| !context.api.is_argument(input))
        .map(|(input, name)| emit_setter(context, input, name));
    let Output { ty, decoder, is_default } = emit_output(context, operation, names);
    let methods: Vec<_> = setters.chain(emit_verbs(context, operation, names, &ty, &decoder)).map(once).collect();
    let methods = (!methods.is_empty()).then(|| quote! { impl #request { #(#methods)* } });
    let decoder = (!is_default).then(|| quote! { , #decoder });
    let methods = methods.map(once);
    let decode_error = emit_decode_error(context, operation, names, equal).map(once);
    let by_status = emit_by_status(context, operation, names).map(once);
    let errors = emit_errors(context, operation, names, equal).map(once);
    let events = emit_events(context, operation, names).map(once);
    let headers = emit_headers(context, operation, names, equal).map(once);
    let former = names.former.as_ref().map(|former| emit_type_alias(&former.request, &names.request));
    let root = (!imports).then(|| {
        let root = path(context.root);
        quote! { #root:: }
    });
    quote! {
        #former

        #required

        #doc
        pub type #request = #root Request<operations::#request>;

        #methods

        ::lowcodeapi_runtime::__private::request!(#request -> #ty #decoder);

        #decode_error

        #by_status

        #errors

        #events

        #headers
    }
}

/// The types of these operations, which tell their requests apart.
pub(super) fn emit_markers(operations: &[OperationNames]) -> TokenStream {
    let names = operations.iter().map(|names| ident(&names.request));
    quote! { #(::lowcodeapi_runtime::__private::operation_type!(#names);)* }
}

/// The static that describes an operation.
pub(super) fn emit_description(context: Context<'_>, operation: &Operation) -> TokenStream {
    let path = &operation.path;
    let new = match operation.method.as_str() {
        "GET" => quote! { get(#path) },
        "PUT" => quote! { put(#path) },
        "POST" => quote! { post(#path) },
        "DELETE" => quote! { delete(#path) },
        "PATCH" => quote! { patch(#path) },
        "OPTIONS" => quote! { new(::lowcodeapi_runtime::Method::OPTIONS, #path) },
        "HEAD" => quote! { new(::lowcodeapi_runtime::Method::HEAD, #path) },
        "TRACE" => quote! { new(::lowcodeapi_runtime::Method::TRACE, #path) },
        "QUERY" => quote! { query(#path) },
        method => quote! { named(#method, #path) },
    };
    let old_path = operation.old_path.as_ref().filter(|old| *old != path);
    let old_path = old_path.map(|old| quote! { .old_path(#old) });
    let server = emit_server(operation);
    let accept = operation.success.accept().join(", ");
    let is_short = matches!(operation.method.as_str(), "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "QUERY");
    let accept = match (accept.as_str(), is_short) {
        ("application/json", true) | ("", false) => None,
        ("", true) => Some(quote! { .accept_any() }),
        (accept, _) => Some(quote! { .accept(#accept) }),
    };
    let declares = operation.declared().map(|declared| quote! { .declares(#declared) });
    let sentinel = operation.messages.as_ref().and_then(|messages| messages.sentinel.as_ref());
    let sentinel = sentinel.map(|sentinel| quote! { .sentinel(#sentinel) });
    let stream_flag = has_stream_flag(context, operation).then(|| quote! { .stream_flag() });
    let redirects = (operation.success == Success::Redirect).then(|| quote! { .redirects() });
    let list_envelope = emit_list_envelope(context, &operation.success);
    let body = emit_body_form(operation);
    let rate_limit = operation.rate_limit.as_ref().map(|name| quote! { .rate_limit(#name) });
    let key = operation.idempotency_key.as_ref().map(|header| quote! { .idempotency_key(#header) });
    let security = (operation.security != context.api.security).then(|| {
        let security = emit_security(context.api, &operation.security);
        quote! { .security(#security) }
    });
    quote! {
        static OPERATION: ::lowcodeapi_runtime::__private::Operation =
            ::lowcodeapi_runtime::__private::Operation::#new #old_path #server #accept #declares #redirects #sentinel #stream_flag #list_envelope #body #key #rate_limit #security;
    }
}

/// Whether the JSON body of an operation with messages has a property that asks for them.
fn has_stream_flag(context: Context<'_>, operation: &Operation) -> bool {
    let is_flag = |wire: &str, ty: &Type| wire == "stream" && *ty.split_nullable().0 == Type::Bool;
    operation.messages.is_some()
        && operation.inputs.iter().any(|input| match input.slot {
            Slot::JsonField => is_flag(&input.wire, &input.ty),
            Slot::JsonBody => input.ty.split_nullable().0.named().is_some_and(|id| {
                let Shape::Struct(shape) = &context.api.type_def(id).shape else { return false };
                shape.fields.iter().any(|field| is_flag(&field.wire, &field.ty))
            }),
            _ => false,
        })
}

/// The property that holds the list, and those beside it, which tell an envelope from an item.
fn emit_list_envelope(context: Context<'_>, success: &Success) -> Option<TokenStream> {
    let Success::Json { ty: Type::Named(id), list_envelope: Some(property), .. } = success else { return None };
    let Shape::Struct(shape) = &context.api.type_def(*id).shape else { return None };
    let siblings = shape.fields.iter().map(|field| &field.wire).filter(|wire| *wire != property);
    Some(quote! { .list_envelope(#property, &[#(#siblings),*]) })
}

/// How the body is written, if its members are inputs.
fn emit_body_form(operation: &Operation) -> Option<TokenStream> {
    let body = &operation.body;
    let media_type = body.media_type.as_ref().map(|it| quote! { .content_type(#it) });
    let members = || operation.inputs.iter().filter(|input| input.slot.is_body());
    // A list may be empty.
    let is_set = members().any(|input| input.required && input.slot != Slot::Parts);
    let required = (body.required && !is_set).then(|| quote! { .required_body() });
    let form = body.form.filter(|_| required.is_some() || members().next().is_some());
    let form = form.map(|form| match form {
        BodyForm::Json => quote! { .json() },
        BodyForm::Urlencoded => quote! { .form() },
        BodyForm::Multipart | BodyForm::Places => {
            let is_part = |input: &&Input| matches!(input.slot, Slot::Part | Slot::Parts);
            let names = members().filter(is_part).map(|input| input.sent_as.as_ref().unwrap_or(&input.wire));
            // Outside of forms, the order of the parts has a meaning.
            let order = media_type.as_ref().map(|_| quote! { .parts(&[#(#names),*]) });
            let by_place = (form == BodyForm::Places).then(|| quote! { .parts_by_place() });
            quote! { .multipart() #order #by_place }
        }
    });
    let required = form.is_some().then_some(required);
    (form.is_some() || media_type.is_some()).then(|| quote! { #form #media_type #required })
}

/// The struct of the required inputs, where there are too many for arguments.
fn emit_required(context: Context<'_>, operation: &Operation, names: &OperationNames) -> Option<TokenStream> {
    let required = ident(names.required.as_ref()?);
    let doc =
        emit_doc(&format!("The required inputs of [`Client::{0}`]({1}::Client::{0}).", names.method, context.root));
    let fields = names.arguments.iter().map(|index| {
        let input = &operation.inputs[*index];
        let name = ident(&names.inputs[*index]);
        let doc = Comment::of_input(input).emit();
        let ty = emit_type(context, From::Elsewhere, &input.ty);
        quote! { #doc pub #name: #ty }
    });
    Some(quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct #required {
            #(#fields),*
        }
    })
}

/// The statements that put the required inputs of a call, the method's arguments or its struct of them, where they go.
pub(super) fn emit_required_inputs(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
) -> Vec<TokenStream> {
    let call = ident(&names.call);
    let call = quote! { #call };
    let arguments = names.arguments.iter().map(|index| {
        let (input, name) = (&operation.inputs[*index], ident(&names.inputs[*index]));
        if names.required.is_some() {
            return emit_fill(context, &call, input, &quote! { required.#name });
        }
        let Argument { value, .. } = emit_argument(context, From::Elsewhere, &input.ty, &name);
        emit_converted(context, &call, input, &name, &value, &emit_type(context, From::Elsewhere, &input.ty))
    });
    let constants = operation.inputs.iter().filter(|input| input.required && !context.api.is_argument(input));
    let constants = constants.filter_map(|input| {
        let id = input.ty.named()?;
        let (ty, variant) = (emit_type(context, From::Elsewhere, &input.ty), &context.names.types[id.0].members[0]);
        let variant = ident(variant);
        Some(emit_fill(context, &call, input, &quote! { #ty::#variant }))
    });
    arguments.chain(constants).collect()
}

/// The statements that convert a caller's value and put it where it goes.
fn emit_converted(
    context: Context<'_>,
    call: &TokenStream,
    input: &Input,
    name: &Ident,
    converted: &TokenStream,
    full: &TokenStream,
) -> TokenStream {
    let statement = emit_fill(context, call, input, &quote! { #name });
    let is_plain = *name == converted.to_string();
    if is_plain || is_converted_by_call(input) {
        return statement;
    }
    let statement = once(statement);
    // A conversion needs a place that says what it converts to.
    quote! { let #name: #full = #converted; #statement }
}

/// Whether the call takes whatever becomes the value: a text that is sent as it is, a file.
fn is_converted_by_call(input: &Input) -> bool {
    match (&input.ty, input.slot) {
        (Type::Text, Slot::JsonField | Slot::JsonBody | Slot::Parts | Slot::Query { reserved: true, .. }) => false,
        (Type::Text, Slot::Part) => input.media_type.is_none(),
        (Type::Text, Slot::Query { style, .. } | Slot::FormField(style)) => style != QueryStyle::Json,
        (Type::Text, Slot::Path(style) | Slot::Header(style) | Slot::Cookie(style)) => {
            matches!(style, ValueStyle::Simple { .. })
        }
        (Type::Binary, Slot::BinaryBody | Slot::Part)
        | (Type::Text, Slot::TextBody | Slot::QueryString { json: false }) => true,
        _ => false,
    }
}

fn emit_setter(context: Context<'_>, input: &Input, name: &str) -> TokenStream {
    let (inner, nullable) = input.ty.split_nullable();
    let only = context.api.only_value(&input.ty).filter(|_| input.required);
    let mut doc = Comment::of_setter(input, only.as_ref());
    if nullable {
        doc = doc.paragraph(NULL);
    }
    let doc = once(doc.emit());
    let name = ident(name);
    let deprecated = input.docs.deprecated.then(|| quote! { #[deprecated] });
    let (ty, value, full) = if nullable {
        let inner = emit_type(context, From::Elsewhere, inner);
        let full = quote! { ::lowcodeapi_runtime::Nullable<#inner> };
        (quote! { impl Into<#full> }, quote! { #name.into() }, full)
    } else {
        let Argument { ty, value } = emit_argument(context, From::Elsewhere, inner, &name);
        (ty, value, emit_type(context, From::Elsewhere, &input.ty))
    };
    let statements = once(emit_converted(context, &quote! { self.0 }, input, &name, &value, &full));
    let ty = once(ty);
    quote! {
        #doc
        #deprecated
        pub fn #name(mut self, #name: #ty) -> Self {
            #statements
            self
        }
    }
}

/// The statement that puts a value where it goes in the HTTP request.
fn emit_fill(context: Context<'_>, call: &TokenStream, input: &Input, value: &TokenStream) -> TokenStream {
    let wire = input.sent_as.as_ref().unwrap_or(&input.wire);
    let (inner, nullable) = input.ty.split_nullable();
    let is_text = has_text_form(context, inner) && !nullable;
    let text = emit_text(inner, value);
    let value = &as_declared(&input.ty, value);
    match input.slot {
        Slot::Path(ValueStyle::Simple { .. }) if is_text => quote! { #call.path(#wire, #text); },
        Slot::Path(ValueStyle::Reserved { explode }) => {
            let style = emit_value_style(ValueStyle::Simple { explode });
            quote! { #call.reserved_path(#wire, #style, #value); }
        }
        Slot::Path(style) => {
            let style = emit_value_style(style);
            quote! { #call.styled_path(#wire, #style, #value); }
        }
        Slot::Header(ValueStyle::Simple { .. }) if is_text => quote! { #call.header(#wire, #text); },
        Slot::Header(style) => {
            let style = emit_value_style(style);
            quote! { #call.styled_header(#wire, #style, #value); }
        }
        Slot::Cookie(ValueStyle::Simple { .. }) if is_text => quote! { #call.cookie(#wire, #text); },
        Slot::Cookie(ValueStyle::Plain { explode }) => quote! { #call.plain_cookie(#wire, #explode, #value); },
        Slot::Cookie(style) => {
            let style = emit_value_style(style);
            quote! { #call.styled_cookie(#wire, #style, #value); }
        }
        Slot::QueryString { json: true } => quote! { #call.json_query_string(#wire, #value); },
        Slot::QueryString { json: false } => quote! { #call.query_string(#wire, #text); },
        Slot::Query { style, reserved: true } => {
            let style = emit_query_style(style);
            quote! { #call.reserved_query(#wire, #style, #value); }
        }
        Slot::Query { style, .. } if is_text && style != QueryStyle::Json => quote! { #call.query(#wire, #text); },
        Slot::Query { style, .. } => {
            let style = emit_query_style(style);
            quote! { #call.styled_query(#wire, #style, #value); }
        }
        _ => emit_body_fill(context, call, input, value, &text),
    }
}

/// The statement that puts a value into the body.
fn emit_body_fill(
    context: Context<'_>,
    call: &TokenStream,
    input: &Input,
    value: &TokenStream,
    text: &TokenStream,
) -> TokenStream {
    let wire = input.sent_as.as_ref().unwrap_or(&input.wire);
    let (inner, nullable) = input.ty.split_nullable();
    let is_text = has_text_form(context, inner) && !nullable;
    match input.slot {
        Slot::JsonField => quote! { #call.json_field(#wire, #value); },
        Slot::JsonBody => quote! { #call.json_body(#value); },
        Slot::TextBody => {
            let media_type = input.media_type.as_deref().filter(|it| !it.contains('*')).unwrap_or("text/plain");
            quote! { #call.text_body(#media_type, #text); }
        }
        Slot::ItemsBody(framing) => {
            let media_type = input.media_type.as_deref().unwrap_or_default();
            let setter = ident(if framing == Framing::Sequence { "sequence_body" } else { "lines_body" });
            quote! { #call.#setter(#media_type, #value); }
        }
        Slot::BinaryBody => {
            let media_type = input.media_type.as_ref().map_or_else(|| quote! { None }, |it| quote! { Some(#it) });
            quote! { #call.binary_body(#media_type, #value); }
        }
        Slot::Part | Slot::Parts => emit_part(context, call, input, value, text),
        Slot::OpenParts { by_item } => {
            let is_file = matches!(inner, Type::Map(value) if **value == Type::Binary);
            let setter = ident(match (is_file, by_item) {
                (true, _) => "open_file_parts",
                (false, true) => "open_item_parts",
                (false, false) => "open_parts",
            });
            quote! { #call.#setter(#wire, #value); }
        }
        Slot::PartHeader(style) => {
            let (style, name) = (emit_value_style(style), &input.wire);
            quote! { #call.part_header(#wire, #name, #style, #value); }
        }
        Slot::OpenFields => {
            let style = emit_query_style(QueryStyle::Repeated);
            quote! { #call.styled_form_field(#wire, #style, #value); }
        }
        Slot::FormField(style) if is_text && style != QueryStyle::Json => quote! { #call.form_field(#wire, #text); },
        Slot::FormField(style) => {
            let style = emit_query_style(style);
            quote! { #call.styled_form_field(#wire, #style, #value); }
        }
        // All others are parameters.
        _ => TokenStream::new(),
    }
}

/// A value that is serialised as the schema of its type says.
fn as_declared(ty: &Type, value: &TokenStream) -> TokenStream {
    if ty.has_decimal_text() { encoded(ty, &quote! { &#value }) } else { value.clone() }
}

/// A value of a type with a text form, as that text.
fn emit_text(ty: &Type, value: &TokenStream) -> TokenStream {
    if *ty == Type::Text {
        value.clone()
    } else {
        quote! { #value.to_string() }
    }
}

/// The statement that makes a part, or parts, of a multipart body of a value.
fn emit_part(
    context: Context<'_>,
    call: &TokenStream,
    input: &Input,
    value: &TokenStream,
    text: &TokenStream,
) -> TokenStream {
    let wire = input.sent_as.as_ref().unwrap_or(&input.wire);
    let is_many = input.slot == Slot::Parts;
    let item = match &input.ty {
        Type::Array(item) if is_many => item,
        other => other,
    };
    let kind = match item {
        Type::Binary if input.media_type.is_some() => "typed_file",
        Type::Binary => "file",
        _ if input.media_type.is_some() => "typed",
        other if has_text_form(context, other) => "text",
        _ => "json",
    };
    let setter = ident(&format!("{kind}_part{}", if is_many { "s" } else { "" }));
    let media_type = input.media_type.as_ref().map(|it| quote! { #it, });
    let value = if kind == "text" && !is_many { text } else { value };
    quote! { #call.#setter(#wire, #media_type #value); }
}

fn emit_value_style(style: ValueStyle) -> TokenStream {
    match style {
        // Paths and cookies have functions of their own for the last two.
        ValueStyle::Simple { explode } | ValueStyle::Reserved { explode } | ValueStyle::Plain { explode } => {
            quote! { ::lowcodeapi_runtime::__private::ValueStyle::Simple { explode: #explode } }
        }
        ValueStyle::Label { explode } => {
            quote! { ::lowcodeapi_runtime::__private::ValueStyle::Label { explode: #explode } }
        }
        ValueStyle::Matrix { explode } => {
            quote! { ::lowcodeapi_runtime::__private::ValueStyle::Matrix { explode: #explode } }
        }
        ValueStyle::Json => quote! { ::lowcodeapi_runtime::__private::ValueStyle::Json },
    }
}

fn emit_query_style(style: QueryStyle) -> TokenStream {
    let style = ident(match style {
        QueryStyle::Repeated => "Repeated",
        QueryStyle::Comma => "Comma",
        QueryStyle::Space => "Space",
        QueryStyle::Pipe => "Pipe",
        QueryStyle::Deep => "Deep",
        QueryStyle::Json => "Json",
    });
    quote! { ::lowcodeapi_runtime::__private::QueryStyle::#style }
}

/// Whether a value is written as it displays.
fn has_text_form(context: Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::Decimal | Type::DecimalText | Type::Text | Type::DateTime => true,
        Type::Named(id) => matches!(context.api.type_def(*id).shape, Shape::Enum(_) | Shape::IntegerEnum(_)),
        ty => ty.is_integer(),
    }
}
