//! The struct that reads the declared headers of a response.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Context,
    docs::{clean_code, clean_line, emit_doc},
    equal::Equal,
    ident,
    type_ref::{From, emit_type},
};
use crate::{
    emit::facts,
    ir::{HeaderForm, Operation, ResponseHeader, Shape, Type},
    name::{GroupNames, OperationNames},
};

pub(super) fn emit_headers(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    equal: Equal<'_>,
) -> Option<TokenStream> {
    let GroupNames { name, members } = names.headers.as_ref()?;
    let reader = ident(name);
    let doc = format!(
        "Reads the declared headers of a response to [`Client::{0}`]({1}::Client::{0}).",
        names.method, context.root
    );
    if let Some(origin) = equal.headers {
        let members = |operation: &Operation| operation.headers.iter().map(header_doc).collect();
        return Some(origin.emit_alias(name, &names.module, &quote! { <'r> }, &doc, operation, members));
    }
    let doc = emit_doc(&doc);
    let methods = operation.headers.iter().zip(members).map(|(header, name)| emit_method(context, header, name));
    Some(quote! {
        #doc
        #[derive(Debug, Clone, Copy)]
        pub struct #reader<'r>(::lowcodeapi_runtime::__private::Headers<'r>);

        impl<'r> #reader<'r> {
            #[doc = " Takes the headers of a response: [`Response::headers`](lowcodeapi_runtime::Response::headers), or"]
            #[doc = " [`ApiError::headers`](lowcodeapi_runtime::ApiError::headers) of an error."]
            pub fn new(headers: &'r ::lowcodeapi_runtime::header::HeaderMap) -> Self {
                Self(::lowcodeapi_runtime::__private::Headers::new(headers))
            }

            #(#methods)*
        }
    })
}

fn emit_method(context: Context<'_>, header: &ResponseHeader, name: &str) -> TokenStream {
    let (wire, name) = (&header.name, ident(name));
    let doc = header_doc(header);
    let ty = emit_type(context, From::Elsewhere, &header.ty);
    let is_text = is_text(context, &header.ty);
    let (ty, reader) = match header.form {
        HeaderForm::Value if is_text => (ty, "text"),
        HeaderForm::Value => (ty, "value"),
        HeaderForm::List if is_text => (quote! { Vec<#ty> }, "texts"),
        HeaderForm::List => (quote! { Vec<#ty> }, "values"),
        HeaderForm::Lines => (quote! { Vec<#ty> }, "lines"),
        HeaderForm::Json => (ty, "json"),
    };
    let reader = ident(reader);
    let deprecated = header.deprecated.then(|| quote! { #[deprecated] });
    let is_certain = matches!(header.form, HeaderForm::Lines) || is_text && header.form != HeaderForm::Json;
    let (doc, ty) = if is_certain {
        (emit_doc(&doc), quote! { Option<#ty> })
    } else {
        let errors = "Returns an error with the text of the header if it has another form.";
        (
            emit_doc(&format!("{doc}\n\n# Errors\n\n{errors}")),
            quote! { Result<Option<#ty>, ::lowcodeapi_runtime::HeaderError> },
        )
    };
    quote! {
        #doc
        #deprecated
        #[inline]
        pub fn #name(&self) -> #ty {
            self.0.#reader(#wire)
        }
    }
}

/// What is said of a header.
fn header_doc(header: &ResponseHeader) -> String {
    let description = header.description.as_deref().map(clean_line).unwrap_or_default();
    let said = if description.is_empty() { String::new() } else { format!(": {}", facts::ended(&description)) };
    format!("{}{said}", clean_code(&header.name))
}

/// Whether every text is a value.
fn is_text(context: Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Text | Type::DateTime => true,
        Type::Named(id) => matches!(context.api.type_def(*id).shape, Shape::Enum(_)),
        _ => false,
    }
}
