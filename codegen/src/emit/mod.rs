//! **emit**: from the intermediate representation and its names to tokens. Nothing here can fail: what cannot be
//! expressed has been settled before.

mod argument;
mod client;
mod docs;
mod enum_;
mod operation;
mod output;
mod security;
mod struct_;
mod type_ref;
mod union;
mod verbs;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

use crate::{
    ir::{Api, Shape},
    name::{Names, TypeNames},
};

/// What the emitters read.
#[derive(Clone, Copy)]
struct Context<'a> {
    api: &'a Api,
    names: &'a Names,
}

/// Emits every file, by its path below the root of the generated modules.
pub(crate) fn emit_files(api: &Api, names: &Names) -> Vec<(&'static str, TokenStream)> {
    let context = Context { api, names };
    vec![
        ("api.rs", emit_root(api)),
        ("client.rs", client::emit_client(context)),
        ("requests.rs", emit_requests(context)),
        ("types.rs", emit_types(context)),
        ("wire.rs", wire::emit_wire(context)),
    ]
}

fn emit_root(api: &Api) -> TokenStream {
    let credentials = (api.schemes.len() > 1).then(|| quote! { , Credentials });
    quote! {
        mod client;
        pub mod requests;
        pub mod types;
        mod wire;

        pub use client::{Client, ClientBuilder #credentials};
    }
}

fn emit_requests(context: Context<'_>) -> TokenStream {
    let operations = context.api.operations.iter().zip(&context.names.operations);
    let items: TokenStream =
        operations.map(|(operation, names)| operation::emit_operation(context, operation, names)).collect();
    let items = with_imports(items);
    quote! {
        #![doc = " The requests: one type an operation, made by the method of its name on [`Client`](super::Client)."]
        #items
    }
}

fn emit_types(context: Context<'_>) -> TokenStream {
    let types = context.api.types.iter().zip(&context.names.types).filter(|(def, _)| def.is_used());
    let items: TokenStream = types
        .map(|(def, names): (_, &TypeNames)| match &def.shape {
            Shape::Struct(shape) => struct_::emit_struct(context, def, shape, names),
            Shape::Enum(shape) => enum_::emit_enum(def, shape, names),
            Shape::IntegerEnum(shape) => enum_::emit_integer_enum(def, shape, names),
            Shape::Union(shape) => union::emit_union(context, def, shape, names),
        })
        .collect();
    let items = with_imports(items);
    quote! {
        #![doc = " The models: what requests take and responses give."]
        #items
    }
}

/// Puts the imports of a file before its items: the emitters write every foreign name with its path from the crate's
/// root, and here each becomes a `use` and the bare name. The name stage gives those names to nothing else.
fn with_imports(items: TokenStream) -> TokenStream {
    let mut imports = Imports::default();
    let items = imports.shorten(items);
    let uses = imports.names.iter().map(|(module, names)| {
        let module = path(module);
        let names: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
        match names.as_slice() {
            [name] => quote! { use #module::#name; },
            names => quote! { use #module::{#(#names),*}; },
        }
    });
    let siblings = imports.siblings.iter().map(|name| ident(name));
    quote! { #(#uses)* #(use super::#siblings;)* #items }
}

#[derive(Default)]
struct Imports {
    names: BTreeMap<String, BTreeSet<String>>,
    /// Modules beside this one.
    siblings: BTreeSet<String>,
}

impl Imports {
    fn shorten(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while at < tokens.len() {
            if let Some(end) = rooted_path(&tokens, at) {
                let idents: Vec<String> = tokens[at..end].iter().filter_map(as_ident).collect();
                if let Some((name, module)) = idents.split_last() {
                    self.names.entry(module.join("::")).or_default().insert(name.clone());
                    out.push(tokens[end - 1].clone());
                }
                at = end;
                continue;
            }
            match &tokens[at] {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.shorten(group.stream()));
                    inner.set_span(group.span());
                    out.push(inner.into());
                }
                token => {
                    if let Some(name) = as_ident(token).filter(|name| name == "types" || name == "requests")
                        && is_path_separator(&tokens, at + 1)
                    {
                        self.siblings.insert(name);
                    }
                    out.push(token.clone());
                }
            }
            at += 1;
        }
        out.into_iter().collect()
    }
}

/// The crates whose names are imported.
const IMPORTED: [&str; 4] = ["lowcodeapi_runtime", "serde", "serde_json", "std"];

/// The end of the path `::crate::module::Name` that begins here: at its first name in upper case, which is a type or a
/// trait, so that what follows it stays.
fn rooted_path(tokens: &[TokenTree], start: usize) -> Option<usize> {
    let mut at = start;
    while is_path_separator(tokens, at) {
        let name = tokens.get(at + 2).and_then(as_ident)?;
        if at == start && !IMPORTED.contains(&name.as_str()) {
            return None;
        }
        at += 3;
        if name.starts_with(char::is_uppercase) {
            return Some(at);
        }
    }
    None
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => Some(punct.spacing()),
        _ => None,
    };
    // The colon of a field before a rooted path, `types: ::serde_json::Value`, stands alone.
    colon(at) == Some(Spacing::Joint) && colon(at + 1).is_some()
}

fn as_ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// An identifier that the name stage has made or checked.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn path(text: &str) -> TokenStream {
    let parts = text.split("::").map(ident);
    quote! { #(#parts)::* }
}
