//! The back end of the Rust client: from the model to tokens, and from tokens to files.

mod argument;
pub(crate) mod behaviour;
pub(super) mod call;
mod client;
mod convert;
mod docs;
mod enum_;
mod equal;
mod error;
mod event;
pub(super) mod example;
mod header;
mod held;
mod operation;
mod output;
pub(super) mod paging;
pub(super) mod plan;
pub(super) mod render;
pub(super) mod security;
mod server;
mod struct_;
pub(crate) mod surface;
pub(super) mod type_ref;
mod union;
mod verbs;
mod wire;

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    iter,
};

use foldhash::HashSet;
use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::{
    format::tree::{Tree, trees},
    ir::Api,
    name::Names,
};

/// What the emitters read.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    /// The way from the file that is emitted to the root of the generated modules: `super` or `super::super`.
    pub(super) root: &'static str,
}

/// What a group of items imports: the emitters write every foreign name with its path, and here each becomes a `use`
/// and the bare name. A name stays behind its path where an item of the file has that name.
#[derive(Default)]
struct Imports<'a> {
    /// The names of the file's items.
    taken: Option<&'a HashSet<String>>,
    names: BTreeMap<String, BTreeSet<String>>,
    /// Modules beside this one.
    siblings: BTreeSet<&'static str>,
}

/// What all groups of a file import.
#[derive(Default)]
struct Uses<'a> {
    names: BTreeMap<&'a str, BTreeSet<&'a str>>,
    siblings: BTreeSet<&'static str>,
}

impl<'a> Uses<'a> {
    /// Adds the imports of a group.
    fn add(&mut self, imports: &'a Imports<'_>) {
        for (module, names) in &imports.names {
            self.names.entry(module).or_default().extend(names.iter().map(String::as_str));
        }
        self.siblings.extend(&imports.siblings);
    }
}

impl Imports<'_> {
    /// Returns the tokens with bare names, and records their imports.
    fn shorten(&mut self, tokens: TokenStream) -> Vec<Tree> {
        let mut tokens = trees(tokens);
        self.shorten_in_place(&mut tokens);
        tokens
    }

    fn shorten_in_place(&mut self, tokens: &mut Vec<Tree>) {
        let (mut at, mut kept) = (0, 0);
        while let Some(first) = tokens.get(at) {
            let ahead = &tokens[at..];
            let path = match first {
                Tree::Punct(_) => rooted_path(ahead),
                Tree::Ident(first) if is_path_separator(ahead, 1) => {
                    self.siblings.extend(SIBLINGS.into_iter().find(|sibling| first == sibling));
                    runtime_path(ahead)
                }
                _ => None,
            };
            at += match path.map(|end| &ahead[..end]) {
                Some([module @ .., Tree::Ident(name)]) if self.import(module, name) => module.len(),
                _ => 0,
            };
            tokens.swap(kept, at);
            if let Tree::Group(_, inner) = &mut tokens[kept] {
                self.shorten_in_place(inner);
            }
            at += 1;
            kept += 1;
        }
        tokens.truncate(kept);
    }

    /// Imports a name, unless an item of the file has it.
    fn import(&mut self, module: &[Tree], name: &Ident) -> bool {
        let name = name.to_string();
        if self.taken.is_some_and(|taken| taken.contains(&name)) {
            return false;
        }
        let mut path = String::new();
        for part in module.iter().filter_map(Tree::word) {
            let separator = if path.is_empty() { "" } else { "::" };
            // Writing to a string cannot fail.
            let _ = write!(path, "{separator}{part}");
        }
        self.names.entry(path).or_default().insert(name);
        true
    }
}

/// The crate of the runtime.
const RUNTIME: &str = "lowcodeapi_runtime";

/// The crates whose names are imported.
const IMPORTED: [&str; 5] = [RUNTIME, "lowcodeapi_cli", "serde", "serde_json", "std"];

/// The modules beside a generated one that its items name.
const SIBLINGS: [&str; 2] = ["requests", "types"];

/// The end of the path `::crate::module::Name` that begins here.
fn rooted_path(tokens: &[Tree]) -> Option<usize> {
    let first = tokens.get(2).filter(|_| is_path_separator(tokens, 0)).and_then(Tree::word)?;
    IMPORTED.iter().any(|imported| first == imported).then(|| path_end(tokens, 0))?
}

/// The end of the path `lowcodeapi_runtime::module::Name` that begins here.
fn runtime_path(tokens: &[Tree]) -> Option<usize> {
    tokens.first()?.word().filter(|ident| *ident == RUNTIME)?;
    path_end(tokens, 1)
}

/// The end of the path whose first `::` is here: at its first name in upper case, which is a type or a trait, so that what
/// follows it stays; or at the name of a macro or of a function that is called.
fn path_end(tokens: &[Tree], start: usize) -> Option<usize> {
    let mut at = start;
    while is_path_separator(tokens, at) {
        let name = tokens.get(at + 2).and_then(Tree::word)?;
        at += 3;
        let is_called = match tokens.get(at) {
            Some(Tree::Punct(punct)) => punct.as_char() == '!',
            Some(Tree::Group(delimiter, _)) => *delimiter == Delimiter::Parenthesis,
            _ => false,
        };
        if is_called || name.to_string().starts_with(char::is_uppercase) {
            return Some(at);
        }
    }
    None
}

fn is_path_separator(tokens: &[Tree], at: usize) -> bool {
    let colon = |at: usize| match tokens.get(at) {
        Some(Tree::Punct(punct)) if punct.as_char() == ':' => Some(punct.spacing()),
        _ => None,
    };
    // The colon of a field before a rooted path, `types: ::serde_json::Value`, stands alone.
    colon(at) == Some(Spacing::Joint) && colon(at + 1).is_some()
}

/// An identifier that the name stage has made or checked.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Tokens for one place, which takes them. `quote!` copies a [`TokenStream`].
struct Once(Cell<TokenStream>);

impl ToTokens for Once {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(iter::once(self.0.take()));
    }
}

/// Returns tokens to be put into one place.
fn once(tokens: TokenStream) -> Once {
    Once(Cell::new(tokens))
}

fn path(text: &str) -> TokenStream {
    let parts = text.split("::").map(ident);
    quote! { #(#parts)::* }
}
