//! The declared errors of an operation: what decodes their bodies, and the enum of them by status.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    Context,
    docs::emit_doc,
    equal::Equal,
    ident,
    output::case_doc,
    type_ref::{From, emit_type},
};
use crate::{
    ir::{Operation, Statuses, TypedErrors},
    name::{OperationNames, status_variant},
};

/// What decodes the bodies of an operation's errors as the types that their statuses have.
pub(super) fn emit_decode_error(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    equal: Equal<'_>,
) -> Option<TokenStream> {
    let errors = operation.typed_errors()?;
    let request = ident(&names.request);
    let (ty, arms) = match (&names.error, errors.only_type()) {
        (Some(name), _) => {
            let name = ident(name);
            if let Some(same) = equal.decode_error {
                let same = ident(same);
                return Some(
                    quote! { ::lowcodeapi_runtime::__private::errors!(#request -> #name, operations::#same); },
                );
            }
            (quote! { #name }, by_status(&errors, &name))
        }
        (None, Some(ty)) => (emit_type(context, From::Elsewhere, ty), of_one_type(&errors)),
        (None, None) => return None,
    };
    if arms.is_empty() {
        return Some(quote! { ::lowcodeapi_runtime::__private::errors!(#request -> #ty); });
    }
    Some(quote! {
        impl ::lowcodeapi_runtime::DeclaresErrors for operations::#request {
            type Errors = #ty;

            fn decode_error(error: &::lowcodeapi_runtime::ApiError) -> Option<#ty> {
                match error.status().as_u16() {
                    #(#arms)*
                }
            }
        }
    })
}

/// The arms that decode bodies of one type. There are none if every status has it.
fn of_one_type(errors: &TypedErrors<'_>) -> Vec<TokenStream> {
    let untyped = pattern(errors.untyped.iter().copied()).map(|pattern| quote! { #pattern => None, });
    let all = errors.typed.iter().map(|(statuses, ..)| *statuses);
    let has_other = all.clone().any(|statuses| statuses == Statuses::Other);
    match (untyped, has_other) {
        (None, true) => Vec::new(),
        (untyped, true) => untyped.into_iter().chain([quote! { _ => error.decode().ok(), }]).collect(),
        (untyped, false) => {
            let classes: Vec<u16> = all.clone().filter_map(class_of).collect();
            let is_needed =
                |statuses: &Statuses| !matches!(statuses, Statuses::One(status) if classes.contains(&(status / 100)));
            let typed = pattern(all.filter(is_needed)).map(|pattern| quote! { #pattern => error.decode().ok(), });
            untyped.into_iter().chain(typed).chain([quote! { _ => None, }]).collect()
        }
    }
}

fn class_of(statuses: Statuses) -> Option<u16> {
    match statuses {
        Statuses::Class(class) => Some(class),
        Statuses::One(_) | Statuses::Other => None,
    }
}

/// The arms that decode bodies of several types, the most certain statuses first.
fn by_status(errors: &TypedErrors<'_>, name: &Ident) -> Vec<TokenStream> {
    let typed = errors.typed.iter().map(|(statuses, case, _)| {
        let variant = ident(&status_variant(&case.status));
        let pattern = pattern([*statuses].into_iter());
        (*statuses, quote! { #pattern => ::lowcodeapi_runtime::__private::error_as(error, #name::#variant), })
    });
    let untyped = errors.untyped.iter().map(|statuses| {
        let pattern = pattern([*statuses].into_iter());
        (*statuses, quote! { #pattern => None, })
    });
    let mut arms: Vec<(Statuses, TokenStream)> = typed.chain(untyped).collect();
    arms.sort_by_key(|(statuses, _)| *statuses);
    if arms.last().is_none_or(|(statuses, _)| *statuses != Statuses::Other) {
        arms.push((Statuses::Other, quote! { _ => None, }));
    }
    arms.into_iter().map(|(_, arm)| arm).collect()
}

/// The pattern of these statuses.
fn pattern(statuses: impl Iterator<Item = Statuses>) -> Option<TokenStream> {
    let one = |statuses| match statuses {
        Statuses::One(status) => {
            let status = Literal::u16_unsuffixed(status);
            quote! { #status }
        }
        Statuses::Class(class) => {
            let (first, last) = (Literal::u16_unsuffixed(class * 100), Literal::u16_unsuffixed(class * 100 + 99));
            quote! { #first..=#last }
        }
        Statuses::Other => quote! { _ },
    };
    statuses.map(one).reduce(|before, next| quote! { #before | #next })
}

/// The enum of the errors whose bodies have different types.
pub(super) fn emit_errors(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    equal: Equal<'_>,
) -> Option<TokenStream> {
    let name = names.error.as_ref()?;
    let TypedErrors { typed, .. } = operation.typed_errors()?;
    let doc =
        format!("The declared errors of [`Client::{0}`]({1}::Client::{0}), by status.", names.method, context.root);
    if let Some(origin) = equal.error {
        let members = |operation: &Operation| {
            let typed = operation.typed_errors().into_iter().flat_map(|errors| errors.typed);
            typed.map(|(_, case, _)| case_doc(&case.status, &case.description)).collect()
        };
        return Some(origin.emit_alias(name, &names.module, &TokenStream::new(), &doc, operation, members));
    }
    let (name, doc) = (ident(name), emit_doc(&doc));
    let variants = typed.iter().map(|(_, case, ty)| {
        let doc = emit_doc(&case_doc(&case.status, &case.description));
        let variant = ident(&status_variant(&case.status));
        let ty = emit_type(context, From::Elsewhere, ty);
        quote! { #doc #variant(#ty), }
    });
    Some(quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "each call makes one value, and boxes would hinder matching")]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
    })
}
