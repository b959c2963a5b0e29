//! What a call gives, and what reads it from the response.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{
    Context,
    docs::{clean_code, clean_line, code_list, emit_doc},
    ident,
    type_ref::{From, emit_type},
};
use crate::{
    ir::{Operation, Success, SuccessCase, Type},
    name::{OperationNames, status_variant},
};

/// The result of a request.
pub(super) struct Output {
    pub(super) ty: TokenStream,
    /// What reads it from the response.
    pub(super) decoder: TokenStream,
    /// Whether a result of this type has this decoder unless another one is named.
    pub(super) is_default: bool,
}

pub(super) fn emit_output(context: Context<'_>, operation: &Operation, names: &OperationNames) -> Output {
    if let Some(name) = &names.success {
        let name = ident(name);
        return Output { ty: quote! { #name }, decoder: quote! { #name }, is_default: false };
    }
    let (ty, decoder) = emit_plain(context, &operation.success);
    match operation.success {
        Success::Json { optional: true, .. }
        | Success::Bytes { optional: true, .. }
        | Success::Text { optional: true, .. } => Output {
            ty: quote! { Option<#ty> },
            decoder: quote! { ::lowcodeapi_runtime::__private::Optional<#decoder> },
            is_default: matches!(operation.success, Success::Json { .. }),
        },
        // The decoder of an `Option` would be that of a body that may be absent.
        Success::Json { ty: Type::Nullable(_), .. } => Output { ty, decoder, is_default: false },
        Success::Json { .. } => Output { ty, decoder, is_default: true },
        _ => Output { ty, decoder, is_default: false },
    }
}

fn emit_plain(context: Context<'_>, success: &Success) -> (TokenStream, TokenStream) {
    match success {
        Success::Json { ty, .. } => {
            let ty = emit_type(context, From::Elsewhere, ty);
            (ty.clone(), quote! { ::lowcodeapi_runtime::__private::Json<#ty> })
        }
        Success::Bytes { .. } => {
            (quote! { ::lowcodeapi_runtime::Bytes }, quote! { ::lowcodeapi_runtime::__private::Binary })
        }
        Success::Redirect => {
            (quote! { ::lowcodeapi_runtime::Redirect }, quote! { ::lowcodeapi_runtime::__private::Redirected })
        }
        Success::Text { ty: Type::Text, .. } => (quote! { String }, quote! { ::lowcodeapi_runtime::__private::Text }),
        Success::Text { ty, .. } => {
            let ty = emit_type(context, From::Elsewhere, ty);
            (ty.clone(), quote! { ::lowcodeapi_runtime::__private::Word<#ty> })
        }
        Success::Empty | Success::ByStatus(_) => (quote! { () }, quote! { ::lowcodeapi_runtime::__private::Empty }),
    }
}

/// The enum of results that go by the status.
pub(super) fn emit_by_status(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
) -> Option<TokenStream> {
    let Success::ByStatus(cases) = &operation.success else { return None };
    let name = ident(names.success.as_ref()?);
    let doc =
        emit_doc(&format!("The result of [`Client::{0}`]({1}::Client::{0}), by status.", names.method, context.root));
    let variants = cases.iter().map(|case| {
        let doc = emit_doc(&case_doc(&case.status, &case.description));
        let variant = ident(&status_variant(&case.status));
        match &case.success {
            Success::Empty => quote! { #doc #variant, },
            success => {
                let ty = emit_plain(context, success).0;
                quote! { #doc #variant(#ty), }
            }
        }
    });
    let arms = cases.iter().map(|case| emit_arm(context, case));
    let written = cases.iter().map(emit_written);
    let is_open = cases.iter().all(|case| case.status.parse::<u16>().is_ok());
    let unknown = is_open.then(|| {
        quote! {
            #[doc = " Any other successful status, with the body of the response."]
            Unknown(::lowcodeapi_runtime::StatusCode, ::lowcodeapi_runtime::Bytes),
        }
    });
    let unknown_arm = is_open.then(|| quote! { _ => Ok(Self::Unknown(reply.status(), reply.into_body())), });
    let unknown_written = is_open.then(|| {
        quote! { Self::Unknown(_, body) => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(&::lowcodeapi_runtime::__private::BodyText(body), serializer), }
    });
    Some(quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "each call makes one value, and boxes would hinder matching")]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
        }

        impl ::lowcodeapi_runtime::__private::Decode for #name {
            type Output = Self;

            fn decode(reply: ::lowcodeapi_runtime::__private::Reply<'_>) -> Result<Self, ::lowcodeapi_runtime::Error> {
                match reply.status().as_u16() {
                    #(#arms)*
                    #unknown_arm
                }
            }
        }

        impl ::lowcodeapi_runtime::__private::serde::Serialize for #name {
            fn serialize<S: ::lowcodeapi_runtime::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                    #unknown_written
                }
            }
        }
    })
}

/// The arm that writes the result of one status, as it would be by itself.
fn emit_written(case: &SuccessCase) -> TokenStream {
    let variant = ident(&status_variant(&case.status));
    match &case.success {
        Success::Empty => quote! { Self::#variant => serializer.serialize_unit(), },
        Success::Bytes { optional: false, .. } => {
            quote! { Self::#variant(body) => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(&::lowcodeapi_runtime::__private::BodyText(body), serializer), }
        }
        Success::Bytes { optional: true, .. } => quote! {
            Self::#variant(body) => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(&body.as_ref().map(::lowcodeapi_runtime::__private::BodyText), serializer),
        },
        _ => {
            quote! { Self::#variant(result) => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(result, serializer), }
        }
    }
}

/// The arm that reads one status; every other one of its range goes by a pattern that takes all.
fn emit_arm(context: Context<'_>, case: &SuccessCase) -> TokenStream {
    let variant = ident(&status_variant(&case.status));
    let number = case.status.parse().map(Literal::u16_unsuffixed);
    let status = number.map_or_else(|_| quote! { _ }, Literal::into_token_stream);
    match &case.success {
        Success::Empty => quote! { #status => Ok(Self::#variant), },
        Success::Json { ty, .. } => {
            let ty = emit_type(context, From::Elsewhere, ty);
            quote! { #status => ::lowcodeapi_runtime::__private::Json::<#ty>::decode(reply).map(Self::#variant), }
        }
        Success::Text { ty, .. } if *ty != Type::Text => {
            let ty = emit_type(context, From::Elsewhere, ty);
            quote! { #status => ::lowcodeapi_runtime::__private::Word::<#ty>::decode(reply).map(Self::#variant), }
        }
        success => {
            let decoder = emit_plain(context, success).1;
            quote! { #status => #decoder::decode(reply).map(Self::#variant), }
        }
    }
}

/// What is said of a result or an error by its status.
pub(super) fn case_doc(status: &str, description: &str) -> String {
    let description = clean_line(description);
    let status = clean_code(status);
    if description.is_empty() { status } else { format!("{status}: {description}") }
}

/// The result in words.
pub(super) fn success_doc(context: Context<'_>, success: &Success, names: &OperationNames) -> String {
    let optional = match success {
        Success::Json { optional, .. } | Success::Bytes { optional, .. } | Success::Text { optional, .. } => *optional,
        Success::Empty | Success::Redirect | Success::ByStatus(_) => false,
    };
    let given = match success {
        Success::Json { ty: Type::Any, .. } => "any JSON value; the API declares no type".to_owned(),
        Success::Json { ty, .. } => type_doc(context, ty),
        Success::Bytes { accept, .. } => format!("the response body as bytes ({})", code_list(accept)),
        Success::Text { ty: Type::Text, .. } => "the response body as text".to_owned(),
        Success::Text { ty, .. } => format!("{}, which the response body has as text", type_doc(context, ty)),
        Success::Empty => "nothing".to_owned(),
        Success::Redirect => "the target of the redirect, which the client does not follow".to_owned(),
        Success::ByStatus(_) => {
            let name = names.success.as_deref().unwrap_or_default();
            format!("[`requests::{name}`]({}::requests::{name}), by status", context.root)
        }
    };
    let absent = if optional { ", or `None` if the response has no body" } else { "" };
    format!("Returns {given}{absent}.")
}

/// A type in words: a model as a link that does not depend on what the file imports.
pub(super) fn type_doc(context: Context<'_>, ty: &Type) -> String {
    if let Type::Named(id) = ty {
        let name = &context.names.types[id.0].name;
        return format!("[`types::{name}`]({}::types::{name})", context.root);
    }
    match ty {
        Type::Array(item) if item.named().is_some() => return format!("a list of {}", type_doc(context, item)),
        Type::Map(value) if value.named().is_some() => return format!("a map of {}", type_doc(context, value)),
        _ => {}
    }
    let text = emit_type(context, From::Elsewhere, ty).to_string().replace(' ', "");
    let text =
        text.replace("::lowcodeapi_runtime::", "").replace("::serde_json::", "").replace("::std::collections::", "");
    format!("`{text}`")
}
