//! The ways to send a request that not every request has; the runtime gives it all others.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Context,
    docs::{clean_code, code_list, emit_doc},
    held::{Holding, holding},
    ident,
    paging::{Reading, emit_paging},
    type_ref::{From, emit_type},
};
use crate::{
    emit::facts,
    ir::{
        Access, Alternative, AlternativeForm, Framing, Item, Messages, Operation, Pages, Pagination, Shape, Success,
        Type,
    },
    name::OperationNames,
};

/// The verbs that not every request has: the result as it arrives, or page by page.
pub(super) fn emit_verbs(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    output: &TokenStream,
    decoder: &TokenStream,
) -> Option<TokenStream> {
    let pages = operation.pagination.as_ref().zip(operation.pages.as_ref());
    let pages = pages.map(|(pagination, pages)| emit_pages(context, pagination, pages, output, decoder));
    let has_bytes = operation.messages.is_some() && streams_bytes(operation);
    let alternatives = operation.alternatives.iter().map(|it| emit_alternative(context, it, has_bytes));
    let unmodified = operation.can_be_unmodified().then(|| emit_if_modified(output, decoder));
    let verbs = emit_stream(context, operation, names).into_iter().chain(pages).chain(alternatives).chain(unmodified);
    verbs.reduce(|before, verb| quote! { #before #verb })
}

/// The verb for conditional requests.
fn emit_if_modified(output: &TokenStream, decoder: &TokenStream) -> TokenStream {
    let doc = emit_doc(
        "Sends the request, and returns `None` if the server says that nothing has changed (304). Set `If-None-Match` or \
         `If-Modified-Since` before.",
    );
    quote! {
        #doc
        pub fn send_if_modified(self) -> ::lowcodeapi_runtime::Pending<Option<#output>> {
            self.0.send_if_modified::<#decoder>()
        }
    }
}

/// The verb that asks for another media type than the usual one. `has_bytes` says that the request has `stream_bytes` already.
fn emit_alternative(context: Context<'_>, alternative: &Alternative, has_bytes: bool) -> TokenStream {
    let accept = alternative.accept.join(", ");
    let asked = code_list(&alternative.accept);
    let name = ident(&alternative.verb());
    let (ty, decoder, what) = match &alternative.form {
        AlternativeForm::Text => (quote! { String }, quote! { ::lowcodeapi_runtime::__private::Text }, "text"),
        AlternativeForm::Bytes => {
            let ty = quote! { ::lowcodeapi_runtime::Bytes };
            (ty, quote! { ::lowcodeapi_runtime::__private::Binary }, "bytes")
        }
        AlternativeForm::Json { ty, .. } => {
            let ty = emit_type(context, From::Elsewhere, ty);
            let decoder = quote! { ::lowcodeapi_runtime::__private::Json<#ty> };
            (ty, decoder, "JSON of this media type")
        }
    };
    let doc = emit_doc(&format!("Sends the request, asks for {asked}, and returns {what}."));
    let streams = matches!(alternative.form, AlternativeForm::Bytes) && !has_bytes;
    let stream = streams.then(|| {
        let doc = emit_doc(&format!(
            "Sends the request, asks for {asked}, and returns the body as a stream of bytes, which can be saved to a file."
        ));
        quote! {
            #doc
            pub fn stream_bytes(self) -> ::lowcodeapi_runtime::Pending<lowcodeapi_runtime::ByteStream> {
                self.0.stream_bytes_as(#accept)
            }
        }
    });
    quote! {
        #doc
        pub fn #name(self) -> ::lowcodeapi_runtime::Pending<#ty> {
            self.0.send_as::<#decoder>(#accept)
        }

        #stream
    }
}

/// The result as it arrives: bytes, or messages.
fn emit_stream(context: Context<'_>, operation: &Operation, names: &OperationNames) -> Option<TokenStream> {
    let messages = operation.messages.as_ref().map(|messages| emit_messages(context, operation, names, messages));
    let bytes = streams_bytes(operation).then(|| {
        let name = ident(if messages.is_some() { "stream_bytes" } else { "stream" });
        quote! {
            #[doc = " Sends the request and returns the body as a stream of bytes, which can be saved to a file."]
            pub fn #name(self) -> ::lowcodeapi_runtime::Pending<lowcodeapi_runtime::ByteStream> {
                self.0.stream_bytes()
            }
        }
    });
    messages.into_iter().chain(bytes).reduce(|messages, bytes| quote! { #messages #bytes })
}

/// Whether the usual result is a file. The bytes of messages are of no use beside the messages.
fn streams_bytes(operation: &Operation) -> bool {
    let is_apart = |accept: &[String]| operation.messages.as_ref().is_none_or(|it| accept != [it.media_type.as_str()]);
    matches!(&operation.success, Success::Bytes { accept, .. } if is_apart(accept))
}

fn emit_messages(
    context: Context<'_>,
    operation: &Operation,
    names: &OperationNames,
    messages: &Messages,
) -> TokenStream {
    let media_type = &messages.media_type;
    let (ty, decoder) = match (&messages.item, &names.events) {
        (Item::Json(ty), _) => {
            let ty = emit_type(context, From::Elsewhere, ty);
            let decoder = quote! { ::lowcodeapi_runtime::__private::Json<#ty> };
            (ty, decoder)
        }
        (Item::ByName(_), Some(group)) => {
            let name = ident(&group.name);
            (quote! { #name }, quote! { #name })
        }
        (Item::Text | Item::ByName(_), _) => (quote! { String }, quote! { ::lowcodeapi_runtime::__private::Text }),
    };
    let doc = emit_doc(&format!("Sends the request and returns a stream of {} messages.", clean_code(media_type)));
    let verb = match messages.framing {
        Framing::Events => {
            let reconnects = facts::is_repeatable(operation).then(|| {
                let doc = emit_doc(
                    "Permits this many reconnections if the connection breaks while messages are read. The server is told the last event ID, to go on from there; after events without an ID, the break is an error.",
                );
                quote! {
                    #doc
                    pub fn with_reconnects(mut self, times: u32) -> Self {
                        self.0.set_reconnects(times);
                        self
                    }
                }
            });
            return quote! {
                #reconnects

                #doc
                pub fn stream(self) -> ::lowcodeapi_runtime::Pending<lowcodeapi_runtime::MessageStream<lowcodeapi_runtime::Event<#ty>>> {
                    self.0.stream_events::<#decoder>(#media_type)
                }
            };
        }
        Framing::Lines => quote! { stream_lines },
        Framing::Sequence => quote! { stream_sequence },
    };
    quote! {
        #doc
        pub fn stream(self) -> ::lowcodeapi_runtime::Pending<lowcodeapi_runtime::MessageStream<#ty>> {
            self.0.#verb::<#decoder>(#media_type)
        }
    }
}

/// The list page by page, and item by item.
fn emit_pages(
    context: Context<'_>,
    pagination: &Pagination,
    pages: &Pages,
    page: &TokenStream,
    decoder: &TokenStream,
) -> TokenStream {
    let Type::Array(item) = &pages.items.ty else { return TokenStream::new() };
    let item = emit_type(context, From::Elsewhere, item);
    let paging = emit_paging(pagination, pages, &|access, reading| emit_access(context, access, reading));
    quote! {
        const PAGES: lowcodeapi_runtime::__private::Pagination<#page, #item> =
            lowcodeapi_runtime::__private::Pagination::<#page, #item>::#paging;

        #[doc = " Returns a stream of the pages, each requested when it is needed."]
        pub fn pages(self) -> lowcodeapi_runtime::Pages<#page> {
            self.0.pages::<#decoder, _>(&Self::PAGES)
        }

        #[doc = " Returns a stream of the items of all pages, each page requested when it is needed."]
        pub fn stream(self) -> lowcodeapi_runtime::Items<#item> {
            self.0.items::<#decoder, _>(&Self::PAGES)
        }
    }
}

/// The expression that leads from `page` to a place inside it; `None` where something on the way is missing.
fn emit_access(context: Context<'_>, access: &Access, reading: Reading) -> TokenStream {
    let reach = if reading == Reading::Items { ident("as_mut") } else { ident("as_ref") };
    let mut place = quote! { page };
    let mut is_reference = true;
    for (id, index) in &access.fields {
        let def = context.api.type_def(*id);
        let Shape::Struct(shape) = &def.shape else { continue };
        // Names run parallel to the types and their fields.
        let name = ident(&context.names.types[id.0].members[*index]);
        place = quote! { #place.#name };
        is_reference = !matches!(holding(def, &shape.fields[*index]), Holding::Plain | Holding::List);
        if is_reference {
            place = quote! { #place.#reach()? };
        }
    }
    let borrowed = if is_reference {
        quote! { #place }
    } else {
        quote! { &#place }
    };
    match reading {
        Reading::Items if is_reference => quote! { Some(#place) },
        Reading::Items => quote! { Some(&mut #place) },
        Reading::List => quote! { Some(#borrowed) },
        Reading::Count => quote! { lowcodeapi_runtime::__private::Count::count(#borrowed) },
        Reading::Cursor => quote! { lowcodeapi_runtime::__private::PageCursor::cursor(#borrowed) },
        Reading::Flag if is_reference => quote! { Some(*#place) },
        Reading::Flag => quote! { Some(#place) },
    }
}
