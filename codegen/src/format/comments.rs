//! Sets documentation comments aside while the tokens around them are parsed and printed. In the tokens, a literal would hold
//! each text, and be escaped, parsed several times and printed for that.

use std::cell::RefCell;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

thread_local! {
    /// The comments in the tokens that this thread emits.
    static ASIDE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The start of the line that stands for a comment. Its number follows, and a bracket.
const MARK: &str = "#[doc = ";

/// Returns the attribute that stands for a documentation comment of these lines.
pub(crate) fn set_aside(lines: String) -> TokenStream {
    let number = ASIDE.with_borrow_mut(|aside| {
        aside.push(lines);
        Literal::usize_unsuffixed(aside.len() - 1)
    });
    quote! { #[doc = #number] }
}

/// Documentation comments, by their numbers.
pub(super) struct Comments(Vec<String>);

impl Comments {
    /// Emits tokens, and collects the comments in them.
    pub(super) fn of(emit: impl FnOnce() -> TokenStream) -> (TokenStream, Self) {
        // What is emitted may need the source of something else, such as an example.
        let outer = ASIDE.take();
        let tokens = emit();
        (tokens, Self(ASIDE.replace(outer)))
    }

    /// Returns the lines of the comment that a line of source stands for.
    pub(super) fn at(&self, line: &str) -> Option<&str> {
        let number = line.strip_prefix(MARK)?.strip_suffix(']')?;
        self.0.get(number.parse::<usize>().ok()?).map(String::as_str)
    }
}
