//! Documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use crate::emit::prose::{clean, clean_code, clean_line, clean_url, code_list};
use crate::{
    emit::prose::{WIDTH, harmless, paragraphs},
    ir::Docs,
};

/// What a setter says besides where `null` differs from absence.
pub(super) const NULL: &str = "[`Null`](lowcodeapi_runtime::Nullable::Null), or `None`, is sent as `null`.";

/// A documentation comment of several paragraphs.
#[derive(Default)]
pub(super) struct Comment {
    paragraphs: Vec<String>,
}

impl Comment {
    /// A comment that begins with upstream's words, or with `fallback` where it has none.
    pub(super) fn of(docs: &Docs, fallback: impl FnOnce() -> String) -> Self {
        let mut comment = Self { paragraphs: paragraphs(docs) };
        if comment.paragraphs.is_empty() {
            comment.paragraphs.push(fallback());
        }
        if docs.deprecated {
            comment.paragraphs.push("Deprecated.".to_owned());
        }
        if let Some(default) = docs.default.as_ref().filter(|default| default.chars().count() <= WIDTH) {
            comment.paragraphs.push(format!("The default is {}.", clean_code(default)));
        }
        comment
    }

    /// A paragraph of our own, which is Markdown already.
    pub(super) fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.paragraphs.push(text.into());
        self
    }

    pub(super) fn emit(&self) -> TokenStream {
        emit_doc(&self.paragraphs.join("\n\n"))
    }
}

/// Emits text of our own as a documentation comment. Words of upstream in it are clean already. If rustdoc would still find
/// more than prose in it, the whole text becomes a block of plain text.
pub(super) fn emit_doc(text: &str) -> TokenStream {
    let lines = harmless(text);
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    // One attribute, which is printed as a block and set in lines by `format`, takes far less work than one a line.
    let block = lines.clone().collect::<Vec<_>>().join("\n");
    if block.is_empty() || block.contains("*/") || block.contains("/*") || block.ends_with('/') {
        return quote! { #(#[doc = #lines])* };
    }
    quote! { #[doc = #block] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_stays_on_its_line() {
        let heading = format!("# `{}`", "word ".repeat(30));
        let line = format!(" {heading}");
        assert_eq!(emit_doc(&heading).to_string(), quote! { #[doc = #line] }.to_string());
    }
}
