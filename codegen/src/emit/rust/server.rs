//! Servers: what the service says of them, and the type by which callers choose one.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    docs::{Comment, clean_code, clean_line, emit_doc},
    ident,
};
use crate::ir::{Docs, Operation, Server, ServerVariable};

/// What the service says of its servers, as calls on it.
pub(super) fn emit_servers(context: Context<'_>) -> Option<TokenStream> {
    let api = context.api;
    let servers = api.servers.iter().map(|server| {
        let url = &server.url;
        let name = server.known_as().map(|name| quote! { .name(#name) });
        let variables = emit_variables(&server.variables);
        let variables = variables.map(|variables| quote! { .variables(#variables) });
        quote! { ::lowcodeapi_runtime::__private::ServerTemplate::new(#url) #name #variables }
    });
    let servers = (!api.servers.is_empty()).then(|| quote! { .servers(&[#(#servers),*]) });
    let is_of_servers = |name: &str| api.servers.iter().flat_map(|it| &it.variables).any(|it| it.name == name);
    let others = context.names.servers.variables.iter().map(|(variable, _)| &variable.name);
    let others: Vec<&String> = others.filter(|name| !is_of_servers(name)).collect();
    let others = (!others.is_empty()).then(|| quote! { .operation_variables(&[#(#others),*]) });
    (servers.is_some() || others.is_some()).then(|| quote! { #servers #others })
}

/// The server of an operation, as calls on its description.
pub(super) fn emit_server(operation: &Operation) -> Option<TokenStream> {
    match &operation.server_template {
        Some(server) => {
            let url = &server.url;
            let variables = emit_variables(&server.variables);
            Some(quote! { .server(#url).server_variables(#variables) })
        }
        None => operation.server.as_ref().map(|url| quote! { .server(#url) }),
    }
}

fn emit_variables(variables: &[ServerVariable]) -> Option<TokenStream> {
    let all = variables.iter().map(|ServerVariable { name, default, values, .. }| {
        let default = default.as_ref().map(|value| quote! { .default(#value) });
        let values = (!values.is_empty()).then(|| quote! { .values(&[#(#values),*]) });
        quote! { ::lowcodeapi_runtime::__private::ServerVariable::new(#name) #default #values }
    });
    (!variables.is_empty()).then(|| quote! { &[#(#all),*] })
}

/// The type by which callers choose a server and the values of its variables.
pub(super) fn emit_choice(context: Context<'_>) -> Option<TokenStream> {
    let names = &context.names.servers;
    if !names.is_needed() {
        return None;
    }
    let constructors =
        context.api.servers.iter().zip(&names.constructors).enumerate().map(|(index, (server, name))| {
            let doc = server_doc(server);
            let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
            quote! {
                #doc
                pub fn #name() -> Self {
                    Self { inner: lowcodeapi_runtime::__private::Server::at(#index) }
                }
            }
        });
    let setters = names.variables.iter().map(|(variable, setter)| {
        let doc = variable_doc(variable);
        let (setter, name) = (ident(setter), &variable.name);
        quote! {
            #doc
            pub fn #setter(mut self, value: impl Into<String>) -> Self {
                self.inner.set(#name, value);
                self
            }
        }
    });
    let doc = emit_doc(
        "The server of a [`Client`], and the values of its variables, for \
         [`ClientBuilder::server`](lowcodeapi_runtime::ClientBuilder::server).",
    );
    Some(quote! {
        #doc
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[must_use = "a server does nothing until a client is made with it"]
        pub struct Server {
            inner: lowcodeapi_runtime::__private::Server,
        }

        impl Server {
            #[doc = " Chooses the first server of the document."]
            pub fn new() -> Self {
                Self::default()
            }

            #(#constructors)*
            #(#setters)*
        }

        impl From<Server> for lowcodeapi_runtime::__private::Server {
            fn from(server: Server) -> Self {
                server.inner
            }
        }
    })
}

fn server_doc(server: &Server) -> TokenStream {
    let docs = Docs { description: server.description.clone(), ..Docs::default() };
    let name = server.name.as_deref().map(|name| format!("{}: ", clean_line(name))).unwrap_or_default();
    Comment::of(&docs, || format!("Chooses a server. {name}").trim_end_matches(": ").trim().to_owned())
        .paragraph(format!("URL: {}.", clean_code(&server.url)))
        .emit()
}

fn variable_doc(variable: &ServerVariable) -> TokenStream {
    let ServerVariable { name, default, values, description } = variable;
    let docs = Docs { description: description.clone(), ..Docs::default() };
    let code = |text: &String| clean_code(text);
    let mut said: Vec<String> = Vec::new();
    if !values.is_empty() {
        said.push(format!("One of {}.", values.iter().map(code).collect::<Vec<_>>().join(", ")));
    }
    said.push(match default {
        Some(default) => format!("The default is {}.", clean_code(default)),
        None => "Must be set.".to_owned(),
    });
    Comment::of(&docs, || format!("Sets the variable {}.", clean_code(name))).paragraph(said.join(" ")).emit()
}
