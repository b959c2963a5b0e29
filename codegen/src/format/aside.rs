//! Sets lines aside while the tokens around them are parsed and printed: documentation comments, which the tokens would hold as
//! escaped literals, tables, whose lines have one form, and bodies of functions that are printed already.

use std::cell::RefCell;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

thread_local! {
    /// What stands aside of the tokens that this thread emits.
    static ASIDE: RefCell<Vec<Aside>> = const { RefCell::new(Vec::new()) };
}

/// The start of the line that stands for a comment. Its number follows, and a bracket.
const MARK: &str = "#[doc = ";

/// The start of the name that stands for source. Its number follows. No name of the generator begins with underscores.
const NAME: &str = "__aside_";

/// Lines that stand aside.
pub(super) enum Aside {
    /// A documentation comment, without its marks.
    Comment(String),
    /// Source.
    Source(String),
}

/// Returns the attribute that stands for a documentation comment of these lines.
pub(crate) fn comment(lines: String) -> TokenStream {
    let number = Literal::usize_unsuffixed(set_aside(Aside::Comment(lines)));
    quote! { #[doc = #number] }
}

/// Returns the name that stands for lines of source, which are all that a macro in braces is given.
pub(crate) fn source(lines: String) -> Ident {
    name(set_aside(Aside::Source(lines)))
}

fn name(number: usize) -> Ident {
    Ident::new(&format!("{NAME}{number}"), Span::call_site())
}

/// Returns the number of lines.
fn set_aside(lines: Aside) -> usize {
    ASIDE.with_borrow_mut(|aside| {
        aside.push(lines);
        aside.len() - 1
    })
}

/// Lines that stand aside, by their numbers.
pub(super) struct Asides(Vec<Aside>);

impl Asides {
    /// Emits items, and collects what is set aside of them.
    pub(super) fn of<T>(emit: impl FnOnce() -> T) -> (T, Self) {
        // What is emitted may need the source of something else, such as an example.
        let outer = ASIDE.take();
        let items = emit();
        (items, Self(ASIDE.replace(outer)))
    }

    /// Returns the name that stands for the body of a function.
    pub(super) fn source(&mut self, lines: String) -> Ident {
        self.0.push(Aside::Source(lines));
        name(self.0.len() - 1)
    }

    /// Returns the lines that a line of source stands for.
    pub(super) fn at(&self, line: &str) -> Option<&Aside> {
        // A fast path for most lines.
        if !line.starts_with(['#', '_']) {
            return None;
        }
        let number = line.strip_prefix(NAME).or_else(|| line.strip_prefix(MARK)?.strip_suffix(']'))?;
        self.0.get(number.parse::<usize>().ok()?)
    }
}
