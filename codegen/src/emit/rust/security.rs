//! Credentials: what the service says of them, the type that takes several, and what operations say they need.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Context,
    docs::{Comment, clean_code, clean_url, code_list, emit_doc},
    ident,
};
use crate::{
    emit::facts,
    ir::{Api, Auth, DeviceFlow, Operation, Requirement, Scheme, Tokens},
    name::provider_setter,
};

/// What the service says of its credentials, as calls on it.
pub(super) fn emit_schemes(context: Context<'_>) -> Option<TokenStream> {
    let api = context.api;
    if api.schemes.is_empty() {
        return None;
    }
    let schemes = api.schemes.iter().zip(&context.names.schemes).map(|(scheme, names)| {
        let (name, variable, auth) = (&scheme.name, &names.variable, emit_auth(&scheme.auth));
        let tokens = scheme.tokens.as_ref().map(|Tokens { token_url, refresh_url, .. }| {
            let other = refresh_url.iter().filter(|url| token_url.as_ref() != Some(url));
            let refresh_url = other.map(|url| quote! { .refresh_url(#url) });
            let token_url = token_url.iter().map(|url| quote! { .token_url(#url) });
            quote! { #(#token_url)* #(#refresh_url)* }
        });
        quote! { ::lowcodeapi_runtime::__private::Scheme::new(#name, #variable, #auth) #tokens }
    });
    let security = emit_security(api, &api.security);
    let optional = can_do_without(api).then(|| quote! { .optional_credentials() });
    let root = (api.root_security != api.security).then(|| {
        let root = emit_security(api, &api.root_security);
        quote! { .root_security(#root) }
    });
    Some(quote! { .schemes(&[#(#schemes),*]).security(#security) #root #optional })
}

/// Whether some call needs no credential.
pub(in crate::emit) fn can_do_without(api: &Api) -> bool {
    let is_free = |it: &Operation| it.security.iter().all(|requirement| requirement.schemes.is_empty());
    let is_optional = |it: &Operation| it.security.iter().any(|requirement| requirement.schemes.is_empty());
    api.operations.iter().any(|operation| is_free(operation) || is_optional(operation))
}

fn emit_auth(auth: &Auth) -> TokenStream {
    match auth {
        Auth::Query(name) => quote! { ::lowcodeapi_runtime::__private::Auth::Query(#name) },
        Auth::Header(name) => quote! { ::lowcodeapi_runtime::__private::Auth::Header(#name) },
        Auth::Cookie(name) => quote! { ::lowcodeapi_runtime::__private::Auth::Cookie(#name) },
        Auth::Bearer => quote! { ::lowcodeapi_runtime::__private::Auth::Bearer },
        Auth::Basic => quote! { ::lowcodeapi_runtime::__private::Auth::Basic },
        Auth::Http(scheme) => quote! { ::lowcodeapi_runtime::__private::Auth::Http(#scheme) },
    }
}

pub(super) fn emit_security(api: &Api, security: &[Requirement]) -> TokenStream {
    let alternatives = security.iter().map(|requirement| {
        let names = requirement.schemes.iter().map(|index| &api.schemes[*index].name);
        quote! { &[#(#names),*] }
    });
    quote! { &[#(#alternatives),*] }
}

/// The type that takes several credentials, each by a method of its own.
pub(super) fn emit_credentials(context: Context<'_>) -> Option<TokenStream> {
    let api = context.api;
    if api.schemes.len() < 2 {
        return None;
    }
    let setters = api.schemes.iter().zip(&context.names.schemes).map(|(scheme, names)| {
        let doc = Comment::of(&scheme.docs, || format!("Sets the credential {}.", clean_code(&scheme.name)))
            .paragraph(format!("{} Environment variable: `{}`.", place_doc(scheme), names.variable))
            .emit();
        let (setter, name) = (ident(&names.setter), &scheme.name);
        let deprecated = scheme.docs.deprecated.then(|| quote! { #[deprecated] });
        let (arguments, value) = if scheme.auth == Auth::Basic {
            let token = quote! { ::lowcodeapi_runtime::Token::basic(user, password) };
            (quote! { user: impl AsRef<str>, password: impl AsRef<str> }, token)
        } else {
            (quote! { token: impl Into<::lowcodeapi_runtime::Token> }, quote! { token })
        };
        let provider = emit_provider(scheme, &names.setter);
        quote! {
            #doc
            #deprecated
            pub fn #setter(mut self, #arguments) -> Self {
                self.inner.set(#name, #value);
                self
            }

            #provider
        }
    });
    let doc = emit_doc(
        "Credentials of a [`Client`]. A call uses the first of its alternatives that is set completely. If none is, it \
         fails before anything is sent. `Debug` does not show the values.",
    );
    Some(quote! {
        #doc
        #[derive(Debug, Clone, Default)]
        #[must_use = "credentials do nothing until a client is made with them"]
        pub struct Credentials {
            inner: lowcodeapi_runtime::__private::Credentials,
        }

        impl Credentials {
            #[doc = " Creates an empty set of credentials."]
            pub fn new() -> Self {
                Self::default()
            }

            #(#setters)*
        }

        impl From<Credentials> for lowcodeapi_runtime::__private::Credentials {
            fn from(credentials: Credentials) -> Self {
                credentials.inner
            }
        }
    })
}

/// The setter of what provides a credential.
fn emit_provider(scheme: &Scheme, setter: &str) -> TokenStream {
    let name = &scheme.name;
    let mut doc = format!("Sets what provides the credential {}, for one that expires.", clean_code(name));
    if let Some(tokens) = &scheme.tokens {
        doc = format!("{doc}\n\n{}", tokens_doc(tokens));
    }
    let (doc, provider) = (emit_doc(&doc), ident(&provider_setter(setter)));
    let deprecated = scheme.docs.deprecated.then(|| quote! { #[deprecated] });
    quote! {
        #doc
        #deprecated
        pub fn #provider(mut self, provider: impl ::lowcodeapi_runtime::CredentialSource) -> Self {
            self.inner.set_provider(#name, provider);
            self
        }
    }
}

/// What is said of the tokens that an OAuth client gets.
pub(super) fn tokens_doc(tokens: &Tokens) -> String {
    let mut sentences = vec!["With the feature `oauth2`, an `OAuthClient` provides it.".to_owned()];
    match (&tokens.token_url, &tokens.refresh_url) {
        (Some(token), Some(refresh)) if token != refresh => sentences.push(format!(
            "Tokens come from {}, and for a refresh token from {}.",
            clean_url(token),
            clean_url(refresh)
        )),
        (Some(url), _) | (None, Some(url)) => sentences.push(format!("Tokens come from {}.", clean_url(url))),
        (None, None) => {
            sentences.push("The document has no URL for tokens: set it with `OAuthClient::token_url`.".to_owned());
        }
    }
    if !tokens.scopes.is_empty() {
        sentences.push(format!("Scopes: {}.", code_list(&tokens.scopes)));
    }
    sentences.join(" ")
}

/// Where a credential goes, and where it comes from, as sentences.
pub(in crate::emit) fn place_doc(scheme: &Scheme) -> String {
    let mut sentences = vec![sent_doc(&scheme.auth)];
    if let Some(url) = &scheme.metadata_url {
        sentences.push(format!("Metadata of the authorization server: {}.", clean_url(url)));
    }
    if let Some(DeviceFlow { authorization_url, token_url }) = &scheme.device {
        let (authorization, token) = (clean_url(authorization_url), clean_url(token_url));
        sentences.push(format!("Devices are authorized at {authorization} and get tokens at {token}."));
    }
    sentences.join(" ")
}

fn sent_doc(auth: &Auth) -> String {
    match auth {
        Auth::Query(name) => format!("Sent in the query parameter {}.", clean_code(name)),
        Auth::Header(name) => format!("Sent in the header {}.", clean_code(name)),
        Auth::Cookie(name) => format!("Sent in the cookie {}.", clean_code(name)),
        Auth::Bearer => "Sent as a bearer token.".to_owned(),
        Auth::Basic => "Sent in `Authorization` by the HTTP scheme `Basic`.".to_owned(),
        Auth::Http(name) => format!("Sent in `Authorization` after {}.", clean_code(name)),
    }
}

/// The credentials of the operation, unless they are the one that every call sends.
pub(super) fn security_doc(context: Context<'_>, operation: &Operation) -> Option<String> {
    let api = context.api;
    let is_plain = !operation.security.is_empty() && operation.security.iter().all(|it| !it.schemes.is_empty());
    if api.schemes.len() < 2 && is_plain {
        return facts::scopes(operation);
    }
    facts::credentials(api, context.names, operation)
}
