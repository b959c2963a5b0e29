//! The client: how it is made, and one method an operation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    argument::{Argument, emit_argument},
    docs::{Comment, clean_code, clean_line, clean_url, emit_doc},
    ident,
    operation::{emit_description, emit_required_inputs},
    output::{success_doc, type_doc},
    security::{emit_credentials, emit_schemes, security_doc},
    type_ref::From,
};
use crate::{
    ir::{Auth, Docs, Operation, Scheme, Success},
    name::OperationNames,
    profile::lowcodeapi,
};

/// The client itself, with the methods of these operations.
pub(super) fn emit_client(context: Context<'_>, members: &[(&Operation, &OperationNames)]) -> TokenStream {
    let api = context.api;
    let service = emit_service(context);
    let constructors = emit_constructors(context);
    let credentials = emit_credentials(context);
    let behind_gateway =
        api.is_gateway().then(|| quote! { impl lowcodeapi_runtime::__private::BehindGateway for Client {} });
    let methods = members.iter().map(|(operation, names)| emit_method(context, operation, names));
    let docs = Docs { description: api.description.clone(), ..Docs::default() };
    let doc = Comment::of(&docs, || format!("A client of {}.", clean_line(&api.title)))
        .paragraph("Cloning it is cheap, and clones share their connections and what they have learned of the server.")
        .paragraph(
            "Each method returns a request: its optional inputs are methods of it, and awaiting it sends it. A call fails with \
             an [`Error`](lowcodeapi_runtime::Error); before that it is retried, by default at most twice.",
        )
        .emit();
    quote! {
        #service

        #doc
        #[derive(Debug, Clone)]
        pub struct Client {
            inner: lowcodeapi_runtime::__private::Client,
        }

        #[doc = " Sets up a [`Client`]; see [`Client::builder`]."]
        pub type ClientBuilder = lowcodeapi_runtime::ClientBuilder<Client>;

        #credentials

        impl From<lowcodeapi_runtime::__private::Client> for Client {
            fn from(inner: lowcodeapi_runtime::__private::Client) -> Self {
                Self { inner }
            }
        }

        #behind_gateway

        impl Client {
            #constructors
            #(#methods)*
        }
    }
}

/// The methods of one module's operations.
pub(super) fn emit_module(context: Context<'_>, doc: &str, members: &[(&Operation, &OperationNames)]) -> TokenStream {
    let doc = emit_doc(doc);
    let methods = members.iter().map(|(operation, names)| emit_method(context, operation, names));
    quote! {
        #doc
        impl Client {
            #(#methods)*
        }
    }
}

fn emit_service(context: Context<'_>) -> TokenStream {
    let api = context.api;
    let base_url = &api.base_url;
    let prefix = &context.names.env_prefix;
    let schemes = emit_schemes(context);
    // Clients behind the gateway send the runtime's own name.
    let profile = if api.is_gateway() {
        quote! { .gateway() }
    } else {
        quote! { .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"))) }
    };
    let limits = api.rate_limits.iter().map(|limit| {
        let (name, requests, seconds) = (&limit.name, limit.requests, limit.seconds);
        let (requests, seconds) = (Literal::u32_unsuffixed(requests), Literal::u64_unsuffixed(seconds));
        quote! { lowcodeapi_runtime::RateLimit::new(#name, #requests, ::std::time::Duration::from_secs(#seconds)) }
    });
    let limits = (!api.rate_limits.is_empty()).then(|| quote! { .rate_limits(&[#(#limits),*]) });
    quote! {
        static SERVICE: ::lowcodeapi_runtime::__private::Service = ::lowcodeapi_runtime::__private::Service::new(#base_url, #prefix)#schemes #profile #limits;
    }
}

fn emit_constructors(context: Context<'_>) -> TokenStream {
    let api = context.api;
    let base_url = context.names.base_url_variable();
    let server = if api.base_url.is_empty() { "the document's server".to_owned() } else { clean_code(&api.base_url) };
    let variables: Vec<&str> = context.names.schemes.iter().map(|names| names.variable.as_str()).collect();
    let token = match variables.as_slice() {
        [] => String::new(),
        [variable] => format!("the token from `{variable}`, "),
        several => format!("the credentials that are there from `{}`, ", several.join("`, `")),
    };
    let format = api.is_gateway().then(|| lowcodeapi::environment(&context.names.env_prefix));
    let format = format.unwrap_or_default();
    let from_env = emit_doc(&format!(
        "A client that is set up by the environment: {token}the base URL from `{base_url}`, or else {server}.{format}\n\n\
         # Errors\n\nWhen what is needed is missing or malformed."
    ));
    let new_doc = emit_doc(&format!("A client of {server}.\n\n# Errors\n\n{}", credential_errors(&api.schemes)));
    let (arguments, set) = match variables.as_slice() {
        [] => (quote! {}, quote! {}),
        [_] => (quote! { token: impl Into<::lowcodeapi_runtime::Token> }, quote! { .token(token) }),
        _ => (quote! { credentials: Credentials }, quote! { .credentials(credentials) }),
    };
    let new = quote! {
        #new_doc
        pub fn new(#arguments) -> Result<Self, ::lowcodeapi_runtime::Error> {
            Self::builder() #set.build()
        }
    };
    let url_format = api.is_gateway().then(|| {
        let doc = emit_doc(lowcodeapi::URL_FORMAT);
        quote! {
            #doc
            pub fn url_format(&self) -> Option<::lowcodeapi_runtime::UrlFormat> {
                self.inner.url_format()
            }
        }
    });
    quote! {
        #new

        #from_env
        pub fn from_env() -> Result<Self, ::lowcodeapi_runtime::Error> {
            Self::builder().from_env().build()
        }

        #[doc = " Sets up a client: token, base URL, timeouts, limits, hooks, HTTP settings. Its methods are those of\n [`lowcodeapi_runtime::ClientBuilder`]."]
        pub fn builder() -> ClientBuilder {
            ClientBuilder::new(&SERVICE)
        }

        #url_format

        #[doc = " A request to any path of the service, for what no method covers; the credential goes with it."]
        pub fn raw_request(&self, method: ::lowcodeapi_runtime::Method, path: impl Into<String>) -> lowcodeapi_runtime::RawRequest {
            self.inner.raw_request(method, path)
        }
    }
}

/// When a constructor refuses the credentials. A password may have white space in it, and so may what a header holds.
fn credential_errors(schemes: &[Scheme]) -> &'static str {
    match schemes {
        [] => "When the TLS backend cannot be set up.",
        [Scheme { auth: Auth::Basic, .. }] => "When user and password are empty, or have control characters.",
        [Scheme { auth: Auth::Header(_) | Auth::Http(_), .. }] => {
            "When the token is empty, begins or ends with white space, or has control characters."
        }
        [_] => "When the token is empty, or has white space or control characters.",
        _ => "When there is no credential, or one cannot be sent: it is empty, say, or has control characters.",
    }
}

fn emit_method(context: Context<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let doc = emit_method_doc(context, operation, names);
    let deprecated = operation.docs.deprecated.then(|| quote! { #[deprecated] });
    let method = ident(&names.method);
    let request = ident(&names.request);
    let parameters = if let Some(required) = &names.required {
        let required = ident(required);
        quote! { required: requests::#required }
    } else {
        let parameters = names.arguments.iter().map(|index| {
            let name = ident(&names.inputs[*index]);
            let Argument { ty, .. } = emit_argument(context, From::Elsewhere, &operation.inputs[*index].ty, &name);
            quote! { #name: #ty }
        });
        quote! { #(#parameters),* }
    };
    let description = emit_description(context, operation);
    let fills = emit_required_inputs(context, operation, names);
    let new = quote! { ::lowcodeapi_runtime::__private::Call::new(&self.inner, &OPERATION) };
    let body = if fills.is_empty() {
        quote! { requests::#request(#new) }
    } else {
        let call = ident(&names.call);
        quote! {
            let mut #call = #new;
            #(#fills)*
            requests::#request(#call)
        }
    };
    quote! {
        #doc
        #deprecated
        pub fn #method(&self, #parameters) -> requests::#request {
            #description
            #body
        }
    }
}

fn emit_method_doc(context: Context<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let mut comment = Comment::of(&operation.docs, || format!("Calls the operation `{}`.", names.method))
        .paragraph(clean_code(&format!("{} {}", operation.method, operation.path)));
    if let Some(url) = &operation.server {
        comment =
            comment.paragraph(format!("Sent to {}, unless the client has a base URL of its own.", clean_code(url)));
    }
    if let Some(arguments) = arguments_doc(operation, names) {
        comment = comment.paragraph(arguments);
    }
    comment = comment.paragraph(success_doc(context, &operation.success, names));
    if let Some(stream) = stream_doc(operation) {
        let request = &names.request;
        comment = comment.paragraph(format!("[`stream`](requests::{request}::stream) returns {stream}."));
    }
    if let Some(headers) = headers_doc(operation) {
        comment = comment.paragraph(headers);
    }
    comment = comment.paragraph(match operation.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" => {
            "Retried on connection failures and on 408, 429, 502, 503 and 504."
        }
        _ => "Retried only if it was not processed: no connection, 429, or 503 with `Retry-After`.",
    });
    let limit = operation.rate_limit.as_ref();
    if let Some(limit) = limit.and_then(|name| context.api.rate_limits.iter().find(|limit| limit.name == *name)) {
        let (requests, seconds, name) = (limit.requests, limit.seconds, clean_code(&limit.name));
        let period = if seconds == 60 { "a minute".to_owned() } else { format!("in {seconds} seconds") };
        comment = comment.paragraph(format!("Rate limit: {requests} requests {period}, {name}."));
    }
    if let Some(security) = security_doc(context, operation) {
        comment = comment.paragraph(security);
    }
    if let Some(link) = &operation.docs.link {
        comment = comment.paragraph(format!("Upstream's reference: {}", clean_url(link)));
    }
    if let Some(errors) = errors_doc(context, operation) {
        comment = comment.paragraph(errors);
    }
    comment.emit()
}

/// What is known of each required input; the optional ones are documented at their setters.
fn arguments_doc(operation: &Operation, names: &OperationNames) -> Option<String> {
    if names.required.is_some() {
        return None;
    }
    let lines: Vec<String> = names
        .arguments
        .iter()
        .filter_map(|index| {
            let description = clean_line(operation.inputs[*index].docs.description.as_deref()?);
            Some(format!("- `{}`: {description}", names.inputs[*index]))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The headers that the document promises.
fn headers_doc(operation: &Operation) -> Option<String> {
    if operation.headers.is_empty() {
        return None;
    }
    let mut lines = vec!["Headers that `send_with_response` returns with it:".to_owned(), String::new()];
    for header in &operation.headers {
        let description = header.description.as_deref().map(clean_line).unwrap_or_default();
        let name = clean_code(&header.name);
        lines.push(if description.is_empty() { format!("- {name}") } else { format!("- {name}: {description}") });
    }
    Some(lines.join("\n"))
}

/// What the verb `stream` gives, where there is one.
fn stream_doc(operation: &Operation) -> Option<&'static str> {
    match (&operation.messages, &operation.success) {
        (Some(_), _) => Some("its messages as they arrive"),
        (None, Success::Bytes { .. }) => Some("them as they arrive, to be read or saved to a file"),
        (None, _) => operation.pages.as_ref().map(|_| "the items of the list over all its pages"),
    }
}

/// The errors that the document declares for the operation.
fn errors_doc(context: Context<'_>, operation: &Operation) -> Option<String> {
    if operation.errors.is_empty() {
        return None;
    }
    let is_typed = operation.errors.iter().any(|case| case.ty.is_some());
    let intro = if is_typed {
        "Declared by the document; [`ApiError::decode`](lowcodeapi_runtime::ApiError::decode) reads their bodies:"
    } else {
        "Declared by the document:"
    };
    let mut lines = vec![format!("# Errors\n\n{intro}\n")];
    for case in &operation.errors {
        let description = clean_line(&case.description);
        let mut line = format!("- {}", clean_code(&case.status));
        if !description.is_empty() {
            line = format!("{line}: {description}");
        }
        if let Some(ty) = &case.ty {
            line = format!("{line} (decodes as {})", type_doc(context, ty));
        }
        lines.push(line);
    }
    Some(lines.join("\n"))
}
