//! How a type is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::emit_doc, ident};
use crate::ir::{Type, TypeId};

/// Where a type is written: inside `types`, or beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum From {
    Types,
    Elsewhere,
}

pub(in crate::emit) fn emit_type(context: Context<'_>, from: From, ty: &Type) -> TokenStream {
    match ty {
        Type::Any => quote! { ::serde_json::Value },
        Type::Bool => quote! { bool },
        Type::Int32 => quote! { i32 },
        Type::Int64 => quote! { i64 },
        Type::UInt64 => quote! { u64 },
        Type::Int128 => quote! { i128 },
        Type::UInt128 => quote! { u128 },
        Type::Decimal | Type::DecimalText => quote! { ::lowcodeapi_runtime::Decimal },
        Type::Number => quote! { f64 },
        Type::Text => quote! { String },
        Type::DateTime => quote! { ::lowcodeapi_runtime::DateTime },
        Type::Binary => quote! { ::lowcodeapi_runtime::Upload },
        Type::Object => quote! { ::serde_json::Map<String, ::serde_json::Value> },
        Type::Array(item) => {
            let item = emit_type(context, from, item);
            quote! { Vec<#item> }
        }
        Type::Tuple(tuple) => {
            let items = tuple.items.iter().map(|item| emit_type(context, from, item));
            let items = tuple_of(&items.collect::<Vec<_>>());
            match &tuple.rest {
                None => items,
                Some(Type::Any) => quote! { ::lowcodeapi_runtime::Tuple<#items> },
                Some(rest) => {
                    let rest = emit_type(context, from, rest);
                    quote! { ::lowcodeapi_runtime::Tuple<#items, #rest> }
                }
            }
        }
        Type::Map(value) => {
            let value = emit_type(context, from, value);
            quote! { ::std::collections::BTreeMap<String, #value> }
        }
        Type::Nullable(inner) => {
            let inner = emit_type(context, from, inner);
            quote! { Option<#inner> }
        }
        Type::Named(id) => emit_name(context, from, *id),
    }
}

/// A tuple of types or values.
pub(super) fn tuple_of(items: &[TokenStream]) -> TokenStream {
    match items {
        [only] => quote! { (#only,) },
        items => quote! { (#(#items),*) },
    }
}

pub(super) fn emit_name(context: Context<'_>, from: From, id: TypeId) -> TokenStream {
    // Names run parallel to the types, and only the lowering makes ids.
    let name = ident(&context.names.types[id.0].name);
    match from {
        From::Types => quote! { #name },
        From::Elsewhere => quote! { types::#name },
    }
}

/// A type under its earlier name.
pub(super) fn emit_type_alias(former: &str, name: &str) -> TokenStream {
    let doc = emit_doc(&format!("The earlier name of [`{name}`]."));
    let note = format!("renamed to `{name}`");
    let (former, name) = (ident(former), ident(name));
    quote! {
        #doc
        #[deprecated(note = #note)]
        pub type #former = #name;
    }
}
