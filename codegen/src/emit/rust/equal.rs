//! Enums of errors and readers of headers that have the same members as those of an earlier operation: they are aliases of these,
//! so that callers can handle the errors of many operations in one place, and the compiler reads them once. What the document says
//! of the members in prose makes no difference; the alias tells what is said otherwise.

use foldhash::{HashMap, HashMapExt as _};
use proc_macro2::TokenStream;
use quote::quote;

use super::{docs::emit_doc, ident};
use crate::{
    ir::{Api, HeaderForm, Operation, Statuses, Type, TypedErrors},
    name::Names,
};

/// The earlier operations that an operation has types of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Equal<'a> {
    /// The first operation with the same enum of errors.
    pub(super) error: Option<Origin<'a>>,
    /// The request of the first operation whose errors are decoded in the same way to that enum.
    pub(super) decode_error: Option<&'a str>,
    /// The first operation with the same reader of headers.
    pub(super) headers: Option<Origin<'a>>,
}

/// A type that is of several operations: its name, its module, and the first of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    name: &'a str,
    module: &'a str,
    operation: &'a Operation,
}

/// The members of an enum of errors: the status and type of each variant.
type ErrorsKey<'a> = Vec<(&'a str, &'a Type)>;

/// How errors are decoded to an enum: its name, and the type of each status, or `None`.
type DecodingKey<'a> = (&'a str, Vec<(Statuses, Option<&'a Type>)>);

/// The members of a reader of headers: the name of each method, and the header that it reads.
type HeadersKey<'a> = Vec<(&'a str, &'a str, bool, &'a Type, HeaderForm)>;

/// Returns the operations that have types of earlier ones, by the names of their requests.
pub(super) fn find_equal<'a>(api: &'a Api, names: &'a Names) -> HashMap<&'a str, Equal<'a>> {
    let (mut errors, mut decodings, mut headers) = (HashMap::new(), HashMap::new(), HashMap::new());
    let operations = api.operations.iter().zip(&names.operations);
    let equal = operations.map(|(operation, names)| {
        let known = |name: &'a str| Origin { name, module: &names.module, operation };
        let error = names.error.as_deref().zip(errors_key(operation));
        let error = error.and_then(|(name, key)| earlier(&mut errors, key, known(name)));
        let enumeration = error.map(|origin| origin.name).or(names.error.as_deref());
        let decoding = enumeration.and_then(|name| decoding_key(operation, name));
        let decode_error = decoding.and_then(|key| earlier(&mut decodings, key, names.request.as_str()));
        let reader = names.headers.as_ref().map(|group| (&group.name, headers_key(operation, &group.members)));
        let headers = reader.and_then(|(name, key)| earlier(&mut headers, key, known(name)));
        (names.request.as_str(), Equal { error, decode_error, headers })
    });
    equal.collect()
}

/// Returns what was found first with this key, or notes that this one is it.
fn earlier<K: Eq + std::hash::Hash, T: Copy>(first: &mut HashMap<K, T>, key: K, own: T) -> Option<T> {
    let found = first.get(&key).copied();
    if found.is_none() {
        first.insert(key, own);
    }
    found
}

fn errors_key(operation: &Operation) -> Option<ErrorsKey<'_>> {
    let errors = operation.typed_errors()?;
    let variants = errors.typed.iter().map(|(_, case, ty)| (case.status.as_str(), *ty));
    Some(variants.collect())
}

fn decoding_key<'a>(operation: &'a Operation, name: &'a str) -> Option<DecodingKey<'a>> {
    let TypedErrors { typed, untyped } = operation.typed_errors()?;
    let typed = typed.into_iter().map(|(statuses, _, ty)| (statuses, Some(ty)));
    Some((name, typed.chain(untyped.into_iter().map(|statuses| (statuses, None))).collect()))
}

fn headers_key<'a>(operation: &'a Operation, methods: &'a [String]) -> HeadersKey<'a> {
    let headers = operation.headers.iter().zip(methods);
    let key =
        headers.map(|(header, method)| (method.as_str(), &*header.name, header.deprecated, &header.ty, header.form));
    key.collect()
}

impl Origin<'_> {
    /// Emits the alias of this name, in a module, with the generic arguments of both. `members` returns what is said of each
    /// member in an operation.
    pub(super) fn emit_alias(
        self,
        name: &str,
        module: &str,
        generics: &TokenStream,
        doc: &str,
        operation: &Operation,
        members: impl Fn(&Operation) -> Vec<String>,
    ) -> TokenStream {
        let link = if module == self.module { String::new() } else { format!("(super::{})", self.name) };
        let mut doc = format!("{doc} It is the same type as [`{}`]{link}.", self.name);
        let told = members(operation).into_iter().zip(members(self.operation));
        let other: Vec<String> = told.filter(|(own, first)| own != first).map(|(own, _)| format!("- {own}")).collect();
        if !other.is_empty() {
            doc = format!("{doc}\n\n{}", other.join("\n"));
        }
        let doc = emit_doc(&doc);
        let (alias, target) = (ident(name), self.emit_path(module));
        quote! {
            #doc
            pub type #alias #generics = #target #generics;
        }
    }

    /// Emits the path to the type in a module.
    fn emit_path(self, module: &str) -> TokenStream {
        let name = ident(self.name);
        // The module around those of the operations hands on all that they have.
        if module == self.module {
            quote! { #name }
        } else {
            quote! { super::#name }
        }
    }
}
