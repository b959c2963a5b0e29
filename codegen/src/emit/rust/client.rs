//! The client: how it is made, and one method an operation.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    argument::{Argument, emit_argument},
    docs::{Comment, clean_code, clean_line, clean_url, code_list, emit_doc, value_facts},
    ident, once,
    operation::{emit_description, emit_required_inputs},
    output::{success_doc, type_doc},
    security::{emit_credentials, emit_schemes, security_doc, tokens_doc},
    server::{emit_choice, emit_servers},
    type_ref::From,
};
use crate::{
    emit::facts,
    ir::{Api, Auth, Docs, Operation, Scheme, Success},
    name::OperationNames,
    profile::lowcodeapi,
};

/// The client itself, with the methods of these operations.
pub(super) fn emit_client(context: Context<'_>, members: &[(&Operation, &OperationNames)]) -> TokenStream {
    let api = context.api;
    let service = emit_service(context);
    let constructors = emit_constructors(context);
    let credentials = emit_credentials(context);
    let choice = emit_choice(context);
    let behind_gateway =
        api.is_gateway().then(|| quote! { impl lowcodeapi_runtime::__private::BehindGateway for Client {} });
    let methods = members.iter().map(|(operation, names)| once(emit_method(context, operation, names)));
    let docs = Docs { description: api.description.clone(), ..Docs::default() };
    let doc = Comment::of(&docs, || format!("Client for {}.", clean_line(&api.title)))
        .paragraph("Cloning a client is cheap: clones share connections, retry budget and rate limits.")
        .paragraph(
            "Each method returns a request. Its setters take the optional inputs, and awaiting it sends it. A call that fails \
             returns an [`Error`](lowcodeapi_runtime::Error). By default it is retried at most twice, where that is safe.",
        )
        .emit();
    quote! {
        #service

        #doc
        #[derive(Debug, Clone)]
        pub struct Client {
            inner: lowcodeapi_runtime::__private::Client,
        }

        #[doc = " Builder of a [`Client`], returned by [`Client::builder`]."]
        pub type ClientBuilder = lowcodeapi_runtime::ClientBuilder<Client>;

        #credentials

        #choice

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
    let methods = members.iter().map(|(operation, names)| once(emit_method(context, operation, names)));
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
    let (servers, schemes) = (emit_servers(context), emit_schemes(context));
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
        static SERVICE: ::lowcodeapi_runtime::__private::Service = ::lowcodeapi_runtime::__private::Service::new(#base_url, #prefix)#servers #schemes #profile #limits;
    }
}

/// What the constructor from the environment says of its base URL, and the documentation of the other one.
fn server_docs(api: &Api) -> (String, TokenStream) {
    if !api.base_url.contains("://") {
        let new = "Creates a client for the document's server.\n\n# Errors\n\nReturns an error, because the document names no \
                   host. Set the base URL of a [`builder`](Self::builder).";
        return ("which is required, because the document names no host".to_owned(), emit_doc(new));
    }
    let (server, errors) = (clean_code(&api.base_url), credential_errors(&api.schemes));
    let new = format!("Creates a client for {server}.\n\n# Errors\n\n{errors}");
    (format!("which defaults to {server}"), emit_doc(&new))
}

fn emit_constructors(context: Context<'_>) -> TokenStream {
    let api = context.api;
    let base_url = context.names.base_url_variable();
    let (of_server, new_doc) = server_docs(api);
    let variables: Vec<&str> = context.names.schemes.iter().map(|names| names.variable.as_str()).collect();
    let token = match variables.as_slice() {
        [] => String::new(),
        [variable] => format!("the token from `{variable}`, and "),
        several => format!("the credentials from those of `{}` that are set, and ", several.join("`, `")),
    };
    let format = api.is_gateway().then(|| lowcodeapi::environment(&context.names.env_prefix));
    let format = format.unwrap_or_default();
    let from_env = emit_doc(&format!(
        "Creates a client from environment variables: {token}the base URL from `{base_url}`, \
         {of_server}.{format}\n\n# Errors\n\nReturns an error if a required variable is not set, or a value is malformed."
    ));
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
    let builder_doc = emit_doc(&builder_doc(&api.schemes));
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

        #builder_doc
        pub fn builder() -> ClientBuilder {
            ClientBuilder::new(&SERVICE)
        }

        #url_format

        #[doc = " Creates a request to any path of the API, sent with the client's credentials."]
        pub fn raw_request(&self, method: ::lowcodeapi_runtime::Method, path: impl Into<String>) -> lowcodeapi_runtime::RawRequest {
            self.inner.raw_request(method, path)
        }
    }
}

fn builder_doc(schemes: &[Scheme]) -> String {
    let doc = "Returns a builder, which sets the token, base URL, timeouts, limits, hooks and HTTP options.";
    let [Scheme { tokens: Some(tokens), .. }] = schemes else { return doc.to_owned() };
    let opening = "`token_provider` of the builder sets what provides a token that expires.";
    format!("{doc}\n\n{opening} {}", tokens_doc(tokens))
}

/// When a constructor refuses the credentials. A password may have white space in it, and so may what a header holds.
fn credential_errors(schemes: &[Scheme]) -> &'static str {
    match schemes {
        [] => "Returns an error if TLS cannot be initialized.",
        [Scheme { auth: Auth::Basic, .. }] => {
            "Returns an error if user and password are empty, or contain control characters."
        }
        [Scheme { auth: Auth::Header(_) | Auth::Http(_), .. }] => {
            "Returns an error if the token is empty, begins or ends with white space, or contains control characters."
        }
        [_] => "Returns an error if the token is empty, or contains white space or control characters.",
        _ => {
            "Returns an error if there is no credential, or if one is empty or contains characters that cannot be sent."
        }
    }
}

fn emit_method(context: Context<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let doc = once(emit_method_doc(context, operation, names));
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
    let description = once(emit_description(context, operation));
    let fills: Vec<_> = emit_required_inputs(context, operation, names).into_iter().map(once).collect();
    let new = quote! { ::lowcodeapi_runtime::__private::Call::new(&self.inner, &OPERATION) };
    let body = if fills.is_empty() {
        quote! { requests::#request::new(#new) }
    } else {
        let call = ident(&names.call);
        quote! {
            let mut #call = #new;
            #(#fills)*
            requests::#request::new(#call)
        }
    };
    let body = once(body);
    let alias = emit_alias(names, &parameters);
    quote! {
        #doc
        #deprecated
        pub fn #method(&self, #parameters) -> requests::#request {
            #description
            #body
        }

        #alias
    }
}

/// The method under its earlier name.
fn emit_alias(names: &OperationNames, parameters: &TokenStream) -> Option<TokenStream> {
    let former = ident(&names.former.as_ref()?.method);
    let (method, request) = (ident(&names.method), ident(&names.request));
    let passed: Vec<Ident> = match &names.required {
        Some(_) => vec![ident("required")],
        None => names.arguments.iter().map(|index| ident(&names.inputs[*index])).collect(),
    };
    let doc = emit_doc(&format!("The earlier name of [`{0}`](Self::{0}).", names.method));
    let note = format!("renamed to `{}`", names.method);
    Some(quote! {
        #doc
        #[deprecated(note = #note)]
        pub fn #former(&self, #parameters) -> requests::#request {
            self.#method(#(#passed),*)
        }
    })
}

fn emit_method_doc(context: Context<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let line = clean_code(&format!("{} {}", operation.method, operation.path));
    let comment = Comment::of_operation(&operation.docs);
    let line = if comment.is_empty() { format!("Sends {line}.") } else { line };
    let mut comment = comment.paragraph(line);
    if let Some(url) = &operation.server {
        let url = clean_code(url);
        comment = comment.paragraph(format!("Sent to {url}. A base URL of the client stands for the host."));
    }
    if let Some(arguments) = arguments_doc(operation, names) {
        comment = comment.paragraph(arguments);
    }
    comment = comment.paragraph(success_doc(context, &operation.success, names));
    // The page of the alias: a path would lead to the method that another operation has on the type of all requests.
    if let Some(stream) = stream_doc(operation) {
        let request = &names.request;
        comment = comment.paragraph(format!("[`stream`](requests::{request}#method.stream) returns {stream}."));
    }
    if operation.can_be_unmodified() {
        let request = &names.request;
        comment = comment.paragraph(format!(
            "[`send_if_modified`](requests::{request}#method.send_if_modified) is for conditional requests."
        ));
    }
    if let Some(alternatives) = alternatives_doc(operation, names) {
        comment = comment.paragraph(alternatives);
    }
    if let Some(headers) = headers_doc(operation, names) {
        comment = comment.paragraph(headers);
    }
    comment = comment.paragraph(facts::retries(operation));
    if let Some(limit) = facts::rate_limit(context.api, operation) {
        comment = comment.paragraph(limit);
    }
    if let Some(security) = security_doc(context, operation) {
        comment = comment.paragraph(security);
    }
    if let Some(link) = &operation.docs.link {
        comment = comment.paragraph(format!("Reference: {}", clean_url(link)));
    }
    if let Some(errors) = errors_doc(context, operation, names) {
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
            let docs = &operation.inputs[*index].docs;
            let description = docs.description.as_deref().map(clean_line).filter(|text| !text.is_empty());
            let mut said: Vec<String> = description.iter().map(|text| facts::ended(text)).collect();
            said.extend(value_facts(docs));
            (!said.is_empty()).then(|| format!("- `{}`: {}", names.inputs[*index], said.join(" ")))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The headers that the document promises.
fn headers_doc(operation: &Operation, names: &OperationNames) -> Option<String> {
    let reader = &names.headers.as_ref()?.name;
    let intro =
        format!("Response headers, which `send_with_response` returns, and [`{reader}`](requests::{reader}) reads:");
    let mut lines = vec![intro, String::new()];
    for header in &operation.headers {
        let description = header.description.as_deref().map(clean_line).unwrap_or_default();
        let name = clean_code(&header.name);
        lines.push(if description.is_empty() { format!("- {name}") } else { format!("- {name}: {description}") });
    }
    Some(lines.join("\n"))
}

/// The verbs that ask for other media types.
fn alternatives_doc(operation: &Operation, names: &OperationNames) -> Option<String> {
    let request = &names.request;
    let lines = operation.alternatives.iter().map(|alternative| {
        let verb = alternative.verb();
        format!("[`{verb}`](requests::{request}#method.{verb}) asks for {}.", code_list(&alternative.accept))
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

/// What the verb `stream` gives, where there is one.
fn stream_doc(operation: &Operation) -> Option<&'static str> {
    match (&operation.messages, &operation.success) {
        (Some(_), _) => Some("the messages as they arrive"),
        (None, Success::Bytes { .. }) => Some("the bytes as they arrive"),
        (None, _) => operation.pages.as_ref().map(|_| "the items of all pages"),
    }
}

/// The errors that the document declares for the operation.
fn errors_doc(context: Context<'_>, operation: &Operation, names: &OperationNames) -> Option<String> {
    if operation.errors.is_empty() {
        return None;
    }
    let request = &names.request;
    let intro = if operation.typed_errors().is_some() {
        format!("Declared statuses. [`decode_error`](requests::{request}::decode_error) decodes their bodies:")
    } else {
        "Declared statuses:".to_owned()
    };
    let mut lines = vec![format!("# Errors\n\n{intro}\n")];
    for case in &operation.errors {
        let description = clean_line(&case.description);
        let mut line = format!("- {}", clean_code(&case.status));
        if !description.is_empty() {
            line = format!("{line}: {}", facts::ended(&description));
        }
        if let Some(ty) = &case.ty {
            let between = if description.is_empty() { ": body" } else { " Body:" };
            line = format!("{line}{between} {}.", type_doc(context, ty));
        }
        lines.push(line);
    }
    Some(lines.join("\n"))
}
