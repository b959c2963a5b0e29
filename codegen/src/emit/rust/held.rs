//! How fields and variants hold their values.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Context, once,
    type_ref::{From, emit_type},
};
use crate::ir::{Api, Constant, Field, Shape, Type, TypeDef, TypeId};

/// How a field holds its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// `T`
    Plain,
    /// `Option<T>`; `None` is `null` on the wire, because the property must be there.
    Null,
    /// `Option<T>`; `None` is absent.
    Optional,
    /// `Vec<T>`; absent and `null` are empty.
    List,
    /// `Option<Nullable<T>>`; absent and `null` differ.
    ThreeState,
}

pub(super) fn holding(def: &TypeDef, field: &Field) -> Holding {
    let (inner, nullable) = field.ty.split_nullable();
    match (field.required, nullable) {
        (true, false) => Holding::Plain,
        (true, true) => Holding::Null,
        (false, _) if matches!(inner, Type::Array(_)) && !def.is_sent() => Holding::List,
        (false, true) if def.is_sent() => Holding::ThreeState,
        (false, _) => Holding::Optional,
    }
}

/// The type of a field without what says that it may be missing.
pub(super) fn inner_type(context: Context<'_>, field: &Field) -> TokenStream {
    let ty = emit_type(context, From::Types, field.ty.split_nullable().0);
    if field.boxed {
        quote! { Box<#ty> }
    } else {
        ty
    }
}

/// The type of a field.
pub(super) fn held_type(context: Context<'_>, def: &TypeDef, field: &Field) -> TokenStream {
    let inner = inner_type(context, field);
    let holding = holding(def, field);
    if matches!(holding, Holding::Plain | Holding::List) {
        return inner;
    }
    let inner = once(inner);
    if holding == Holding::ThreeState {
        quote! { Option<::lowcodeapi_runtime::Nullable<#inner>> }
    } else {
        quote! { Option<#inner> }
    }
}

/// The only value of a required field.
pub(super) fn emit_constant(field: &Field) -> Option<TokenStream> {
    Some(match (field.constant.as_ref()?, &field.ty) {
        (Constant::Text(text), _) => quote! { #text.into() },
        (Constant::Integer(number), Type::Named(_)) => {
            let literal = Literal::i64_unsuffixed(*number);
            // A call binds closer than a sign.
            if *number < 0 {
                quote! { (#literal).into() }
            } else {
                quote! { #literal.into() }
            }
        }
        (Constant::Integer(number), _) => {
            let literal = Literal::i64_unsuffixed(*number);
            quote! { #literal }
        }
        (other, _) => literal_of(other),
    })
}

/// A literal whose type says how the value is written.
pub(super) fn literal_of(constant: &Constant) -> TokenStream {
    let literal = |literal: Literal| quote! { #literal };
    match constant {
        Constant::Text(text) => quote! { #text },
        Constant::Integer(number) => literal(Literal::i64_suffixed(*number)),
        Constant::Number(text) => literal(Literal::f64_suffixed(text.parse().unwrap_or_default())),
        Constant::Boolean(boolean) => quote! { #boolean },
        Constant::Null => quote! { ::serde_json::Value::Null },
    }
}

/// The value of a field, from what an argument becomes.
pub(super) fn emit_boxed(field: &Field, value: TokenStream) -> TokenStream {
    if field.boxed {
        let value = once(value);
        quote! { Box::new(#value) }
    } else {
        value
    }
}

/// Whether a variant of this type is boxed: models, and tuples with models.
pub(super) fn is_boxed(api: &Api, ty: &Type) -> bool {
    let is_model = |id: &TypeId| matches!(api.type_def(*id).shape, Shape::Struct(_) | Shape::Union(_));
    match ty {
        Type::Named(id) => is_model(id),
        Type::Tuple(_) => ty.held().iter().any(is_model),
        _ => false,
    }
}
