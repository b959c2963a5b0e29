//! Tokens whose groups are read in place: those of `proc_macro2` give their contents away only as a copy.

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

/// A token, or a group of them.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Ident(Ident),
    Punct(Punct),
    Literal(Literal),
    Group(Delimiter, Vec<Tree>),
}

impl Tree {
    fn of(token: TokenTree) -> Self {
        match token {
            TokenTree::Ident(ident) => Self::Ident(ident),
            TokenTree::Punct(punct) => Self::Punct(punct),
            TokenTree::Literal(literal) => Self::Literal(literal),
            TokenTree::Group(group) => {
                let (delimiter, inner) = (group.delimiter(), group.stream());
                // Tokens with one owner are moved, not copied.
                drop(group);
                Self::Group(delimiter, trees(inner))
            }
        }
    }

    /// Whether this is the character.
    pub(super) fn is(&self, character: char) -> bool {
        matches!(self, Self::Punct(it) if it.as_char() == character)
    }

    /// Whether this is the character, and the next one belongs to it.
    pub(super) fn is_joint(&self, character: char) -> bool {
        matches!(self, Self::Punct(it) if it.as_char() == character && it.spacing() == Spacing::Joint)
    }

    /// The word that this is.
    pub(crate) fn word(&self) -> Option<&Ident> {
        match self {
            Self::Ident(ident) => Some(ident),
            _ => None,
        }
    }

    /// Whether this is the word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Ident(it) if it == word)
    }
}

/// Reads tokens.
pub(crate) fn trees(tokens: TokenStream) -> Vec<Tree> {
    tokens.into_iter().map(Tree::of).collect()
}
