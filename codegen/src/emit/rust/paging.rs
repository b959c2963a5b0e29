//! Writes how the pages of a list follow each other, for typed pages and for pages of JSON.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Access, Pages, Pagination, Turn};

/// What is made of a place in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Reading {
    /// The list, to take its items.
    Items,
    /// The list, to look at its items.
    List,
    Count,
    Cursor,
    Flag,
}

/// Writes the constructor of a `Pagination`. `place` writes the expression that leads from the variable `page` to a place, as an
/// `Option`, in which `?` may be used.
pub(in crate::emit) fn emit_paging(
    pagination: &Pagination,
    pages: &Pages,
    place: &dyn Fn(&Access, Reading) -> TokenStream,
) -> TokenStream {
    let items = place(&pages.items, Reading::Items);
    let items = quote! { |page| #items };
    let cursor = pages.next.as_ref().map(|next| place(next, Reading::Cursor));
    let start = match &pagination.turn {
        Turn::Number(input, first) => {
            let (parameter, first) = (&input.wire, Literal::u64_unsuffixed(*first));
            quote! { new(#parameter, #first, #items) }
        }
        Turn::Offset(input, first) => {
            let (parameter, first) = (&input.wire, Literal::u64_unsuffixed(*first));
            quote! { by_offset(#parameter, #first, #items) }
        }
        Turn::Cursor(input, _) => {
            let parameter = &input.wire;
            quote! { by_cursor(#parameter, |page| #cursor, #items) }
        }
        Turn::Last(input, _) => {
            let (parameter, list) = (&input.wire, place(&pages.items, Reading::List));
            quote! {
                by_cursor(#parameter, |page| {
                    let page = #list?.last()?;
                    #cursor
                }, #items)
            }
        }
        Turn::Url(_) => quote! { by_url(|page| #cursor, #items) },
        Turn::Link => quote! { by_link(#items) },
    };
    let in_body = pagination.turn.input().filter(|input| input.in_body).map(|input| {
        let is_text = input.is_text;
        quote! { .in_body(#is_text) }
    });
    let size = pagination.size.as_ref().map(|(parameter, default)| {
        let default = default.map(Literal::u64_unsuffixed);
        let default = default.map_or_else(|| quote! { None }, |default| quote! { Some(#default) });
        quote! { .size(#parameter, #default) }
    });
    let read = |access: &Option<Access>, reading| access.as_ref().map(|access| place(access, reading));
    let size_given = read(&pages.size_given, Reading::Count).map(|place| quote! { .size_given(|page| #place) });
    let total = read(&pages.total, Reading::Count).map(|place| quote! { .total(|page| #place) });
    let more = read(&pages.more, Reading::Flag).map(|place| quote! { .more(|page| #place) });
    quote! { #start #in_body #size #size_given #total #more }
}
