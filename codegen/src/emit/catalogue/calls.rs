//! The call of an operation by JSON inputs, through the request that callers in Rust use.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{File, file_of};
use crate::{
    emit::rust::{
        Context, ident,
        type_ref::{From, emit_type},
    },
    ir::{Operation, Type},
    name::OperationNames,
};

/// The function that makes the call.
pub(super) fn emit_call(context: Context<'_>, operation: &Operation, names: &OperationNames) -> TokenStream {
    let method = ident(&names.method);
    let given = |index: &usize| {
        let (input, key) = (&operation.inputs[*index], &names.keys[*index]);
        match file_of(&input.ty) {
            Some(File::One) => quote! { inputs.required_file(#key)? },
            Some(File::Many) => quote! { inputs.required_files(#key)? },
            Some(File::Named) => quote! { inputs.required_named_files(#key)? },
            None => {
                let ty = emit_type(context, From::Elsewhere, &input.ty);
                quote! { inputs.required::<#ty>(#key)? }
            }
        }
    };
    let arguments = names.arguments.iter();
    let request = if let Some(required) = &names.required {
        let required = ident(required);
        let fields = arguments.map(|index| {
            let (name, value) = (ident(&names.inputs[*index]), given(index));
            quote! { #name: #value }
        });
        quote! { client.#method(requests::#required { #(#fields),* }) }
    } else {
        let values = arguments.map(given);
        quote! { client.#method(#(#values),*) }
    };
    let optional = (0..operation.inputs.len()).filter(|index| !names.arguments.contains(index));
    let setters: Vec<TokenStream> = optional.map(|index| emit_setter(context, operation, names, index)).collect();
    let mutable = (!setters.is_empty()).then(|| quote! { mut });
    let is_deprecated = operation.docs.deprecated || operation.inputs.iter().any(|input| input.docs.deprecated);
    let allow = is_deprecated.then(|| quote! { #[allow(deprecated)] });
    let body = if setters.is_empty() {
        quote! { Ok(#request.0) }
    } else {
        quote! {
            let #mutable request = #request;
            #(#setters)*
            Ok(request.0)
        }
    };
    let inputs = if operation.inputs.is_empty() { ident("_inputs") } else { ident("inputs") };
    quote! {
        #allow
        pub(super) fn #method(
            client: &Client,
            #inputs: &mut lowcodeapi_runtime::catalogue::Inputs,
        ) -> Result<::lowcodeapi_runtime::__private::Call, ::lowcodeapi_runtime::Error> {
            #body
        }
    }
}

fn emit_setter(context: Context<'_>, operation: &Operation, names: &OperationNames, index: usize) -> TokenStream {
    let (input, key, setter) = (&operation.inputs[index], &names.keys[index], ident(&names.inputs[index]));
    let taken = match file_of(&input.ty) {
        Some(File::One) => quote! { inputs.optional_file(#key)? },
        Some(File::Many) => quote! { inputs.optional_files(#key)? },
        Some(File::Named) => quote! { inputs.optional_named_files(#key)? },
        None => {
            let ty = match &input.ty {
                Type::Nullable(inner) => {
                    let inner = emit_type(context, From::Elsewhere, inner);
                    quote! { lowcodeapi_runtime::Nullable<#inner> }
                }
                ty => emit_type(context, From::Elsewhere, ty),
            };
            quote! { inputs.optional::<#ty>(#key)? }
        }
    };
    quote! {
        if let Some(value) = #taken {
            request = request.#setter(value);
        }
    }
}
