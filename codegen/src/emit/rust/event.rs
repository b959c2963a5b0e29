//! The enum of the events of an operation, which their names tell apart.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Context,
    docs::{clean_code, emit_doc},
    ident,
    type_ref::{From, emit_type},
};
use crate::{
    ir::{EventCase, EventData, Item, Operation},
    name::OperationNames,
};

pub(super) fn emit_events(context: Context<'_>, operation: &Operation, names: &OperationNames) -> Option<TokenStream> {
    let Item::ByName(cases) = &operation.messages.as_ref()?.item else { return None };
    let group = names.events.as_ref()?;
    let name = ident(&group.name);
    let doc = emit_doc(&format!(
        "The data of an event of [`Client::{0}`]({1}::Client::{0}), by the name of the event.",
        names.method, context.root
    ));
    let named = || cases.iter().zip(&group.members);
    let variants = named().map(|(case, name)| emit_variant(context, case, name));
    let arms = named().map(|(case, name)| emit_arm(context, case, name));
    let written = named().map(|(case, name)| {
        let name = ident(name);
        match case.data {
            EventData::None => quote! { Self::#name => serializer.serialize_unit(), },
            EventData::Json(_) | EventData::Text => {
                quote! { Self::#name(data) => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(data, serializer), }
            }
        }
    });
    Some(quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "each message is one value, and boxes would hinder matching")]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " An event of another name."]
            Unknown {
                #[doc = " The name; `None` if the event has none."]
                event: Option<String>,
                #[doc = " The data as text."]
                data: String,
            },
        }

        impl ::lowcodeapi_runtime::__private::Decode for #name {
            type Output = Self;

            fn decode(reply: ::lowcodeapi_runtime::__private::Reply<'_>) -> Result<Self, ::lowcodeapi_runtime::Error> {
                match reply.event() {
                    #(#arms)*
                    event => {
                        let event = event.map(Into::into);
                        ::lowcodeapi_runtime::__private::Text::decode(reply).map(|data| Self::Unknown { event, data })
                    }
                }
            }
        }

        impl ::lowcodeapi_runtime::__private::serde::Serialize for #name {
            fn serialize<S: ::lowcodeapi_runtime::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                    Self::Unknown { data, .. } => ::lowcodeapi_runtime::__private::serde::Serialize::serialize(data, serializer),
                }
            }
        }
    })
}

fn emit_variant(context: Context<'_>, case: &EventCase, name: &str) -> TokenStream {
    let name = ident(name);
    let doc = emit_doc(&case.name.as_deref().map_or_else(
        || "An event without a name, or of the name `message`.".to_owned(),
        |wire| format!("An event of the name {}.", clean_code(wire)),
    ));
    match &case.data {
        EventData::Json(ty) => {
            let ty = emit_type(context, From::Elsewhere, ty);
            quote! { #doc #name(#ty), }
        }
        EventData::Text => quote! { #doc #name(String), },
        EventData::None => quote! { #doc #name, },
    }
}

/// The arm that reads the events of one name.
fn emit_arm(context: Context<'_>, case: &EventCase, name: &str) -> TokenStream {
    let name = ident(name);
    let pattern = match &case.name {
        Some(wire) => quote! { Some(#wire) },
        None => quote! { None | Some("message") },
    };
    match &case.data {
        EventData::Json(ty) => {
            let ty = emit_type(context, From::Elsewhere, ty);
            quote! { #pattern => ::lowcodeapi_runtime::__private::Json::<#ty>::decode(reply).map(Self::#name), }
        }
        EventData::Text => {
            quote! { #pattern => ::lowcodeapi_runtime::__private::Text::decode(reply).map(Self::#name), }
        }
        EventData::None => quote! { #pattern => Ok(Self::#name), },
    }
}
