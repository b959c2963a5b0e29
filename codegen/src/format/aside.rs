//! Sets lines aside while the tokens around them are parsed and printed: documentation comments, which the tokens would hold as
//! escaped literals, and tables, whose lines have one form.

use std::cell::RefCell;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

thread_local! {
    /// What stands aside of the tokens that this thread emits.
    static ASIDE: RefCell<Vec<Aside>> = const { RefCell::new(Vec::new()) };
}

/// The start of the line that stands for lines. Their number follows, and a bracket.
const MARK: &str = "#[doc = ";

/// Lines that stand aside.
pub(super) enum Aside {
    /// A documentation comment, without its marks.
    Comment(String),
    /// Source.
    Source(String),
}

/// Returns the attribute that stands for a documentation comment of these lines.
pub(crate) fn comment(lines: String) -> TokenStream {
    set_aside(Aside::Comment(lines))
}

/// Returns the attribute that stands for lines of source. It must be all that a macro in braces is given.
pub(crate) fn source(lines: String) -> TokenStream {
    set_aside(Aside::Source(lines))
}

fn set_aside(lines: Aside) -> TokenStream {
    let number = ASIDE.with_borrow_mut(|aside| {
        aside.push(lines);
        Literal::usize_unsuffixed(aside.len() - 1)
    });
    quote! { #[doc = #number] }
}

/// Lines that stand aside, by their numbers.
pub(super) struct Asides(Vec<Aside>);

impl Asides {
    /// Emits tokens, and collects what is set aside of them.
    pub(super) fn of(emit: impl FnOnce() -> TokenStream) -> (TokenStream, Self) {
        // What is emitted may need the source of something else, such as an example.
        let outer = ASIDE.take();
        let tokens = emit();
        (tokens, Self(ASIDE.replace(outer)))
    }

    /// Returns the lines that a line of source stands for.
    pub(super) fn at(&self, line: &str) -> Option<&Aside> {
        let number = line.strip_prefix(MARK)?.strip_suffix(']')?;
        self.0.get(number.parse::<usize>().ok()?)
    }
}
