//! How a value is taken from a caller: as generally as it can be without a choice for the caller to make.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Context, once,
    type_ref::{From, emit_type},
};
use crate::ir::{Shape, Twin, Type};

/// An argument of a function.
pub(super) struct Argument {
    /// Its type, as it stands in the signature.
    pub(super) ty: TokenStream,
    /// The expression that makes the value of it.
    pub(super) value: TokenStream,
}

pub(super) fn emit_argument(context: Context<'_>, from: From, ty: &Type, name: &Ident) -> Argument {
    match ty {
        ty if is_converted(context, ty) => {
            let ty = once(emit_type(context, from, ty));
            Argument { ty: quote! { impl Into<#ty> }, value: quote! { #name.into() } }
        }
        Type::Object => Argument {
            ty: quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<::serde_json::Value>)> },
            value: quote! { #name.into_iter().map(|(key, value)| (key.into(), value.into())).collect() },
        },
        Type::Map(value) => {
            let is_converted = is_converted(context, value);
            let value = emit_type(context, from, value);
            let (ty, value) = if is_converted {
                (quote! { impl Into<#value> }, quote! { value.into() })
            } else {
                (value, quote! { value })
            };
            Argument {
                ty: quote! { impl IntoIterator<Item = (impl Into<String>, #ty)> },
                value: quote! { #name.into_iter().map(|(key, value)| (key.into(), #value)).collect() },
            }
        }
        Type::Array(item) if is_converted(context, item) => {
            let item = emit_type(context, from, item);
            Argument {
                ty: quote! { impl IntoIterator<Item = impl Into<#item>> },
                value: quote! { #name.into_iter().map(Into::into).collect() },
            }
        }
        Type::Array(item) => {
            let item = emit_type(context, from, item);
            Argument { ty: quote! { impl IntoIterator<Item = #item> }, value: quote! { #name.into_iter().collect() } }
        }
        other => {
            let ty = emit_type(context, from, other);
            Argument { ty, value: quote! { #name } }
        }
    }
}

/// Whether other types become this one: texts of all kinds, integers as decimals, the known values and variants of a choice, and
/// what a response has of it.
fn is_converted(context: Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Text | Type::DateTime | Type::Decimal | Type::DecimalText | Type::Binary | Type::Any => true,
        // A tuple of the first items.
        Type::Tuple(tuple) => tuple.rest.is_some(),
        Type::Named(id) => {
            let def = context.api.type_def(*id);
            let is_received = matches!(def.twin, Some(Twin::Received { is_enough: true, .. }));
            is_received || !matches!(def.shape, Shape::Struct(_))
        }
        _ => false,
    }
}
