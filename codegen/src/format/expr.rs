//! Prints expressions and statements on one line, as `prettyplease` prints them.

use std::mem;

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing};

use crate::format::{
    tree::Tree,
    ty::{is_keyword, push_arguments, push_display, push_type},
};

// These are the numbers of `prettyplease`. The tests compare what is printed here with what it prints.

/// The width that it keeps to, in bytes.
pub(super) const WIDTH: usize = 89;

/// The width of an indentation.
pub(super) const INDENT: usize = 4;

/// Where a single colon may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colon {
    Never,
    /// Behind the name of a field, before its value.
    Value,
    /// Behind the name of a variable, before its type.
    Type,
}

/// What a token stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Nothing, or what no space follows: a bracket, a dot.
    Open,
    /// What a space follows, which is printed already: a comma, `=`.
    Space,
    Name,
    Keyword,
    Literal,
    /// The first colon of `::`.
    Colon,
    /// A closing bracket, or `?`.
    Closed,
}

/// Prints an expression on one line.
pub(super) fn push_value(tokens: &[Tree], line: &mut String) -> Option<()> {
    push(tokens, Colon::Never, line)
}

/// Prints what a value is assigned to, on one line.
pub(super) fn push_place(tokens: &[Tree], line: &mut String) -> Option<()> {
    push(tokens, Colon::Type, line)
}

/// Prints an expression, or a statement without its semicolon.
pub(super) fn push(mut tokens: &[Tree], colon: Colon, line: &mut String) -> Option<()> {
    let mut printer = Line { text: line, behind: Behind::Open, colon };
    while let [token, rest @ ..] = tokens {
        tokens = rest;
        printer.behind = match token {
            Tree::Ident(ident) => printer.ident(ident)?,
            Tree::Literal(literal) => printer.literal(literal)?,
            Tree::Group(delimiter, inner) => printer.group(*delimiter, inner)?,
            Tree::Punct(punct) => printer.punct(punct, &mut tokens)?,
        };
    }
    // A comma behind the last argument is not printed, or only where lines break.
    (printer.behind != Behind::Space).then_some(())
}

/// Prints tokens into a line. Each method returns what the next token stands behind, or `None` if the form is not a plain one.
struct Line<'l> {
    text: &'l mut String,
    behind: Behind,
    /// The colon that may come.
    colon: Colon,
}

impl Line<'_> {
    fn is_operand(&self) -> bool {
        matches!(self.behind, Behind::Open | Behind::Space)
    }

    fn ident(&mut self, ident: &Ident) -> Option<Behind> {
        match self.behind {
            Behind::Name | Behind::Literal | Behind::Colon | Behind::Closed => return None,
            Behind::Keyword => self.text.push(' '),
            Behind::Open | Behind::Space => {}
        }
        let start = self.text.len();
        push_display(ident, self.text);
        match &self.text[start..] {
            "const" | "let" | "mut" | "static" => Some(Behind::Keyword),
            name => (!is_keyword(name)).then_some(Behind::Name),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Option<Behind> {
        let text = literal.to_string();
        // What follows a dot is the place in a tuple, which is a name.
        let behind = match self.text.ends_with('.') {
            // With the dot that follows it, the place looks like a decimal.
            true if text.ends_with('.') => Behind::Open,
            true => Behind::Name,
            false => Behind::Literal,
        };
        self.text.push_str(&text);
        (self.is_operand() && !text.contains('\n')).then_some(behind)
    }

    fn group(&mut self, delimiter: Delimiter, inner: &[Tree]) -> Option<Behind> {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Bracket if self.is_operand() => ('[', ']'),
            _ => return None,
        };
        if matches!(self.behind, Behind::Keyword | Behind::Literal | Behind::Colon) {
            return None;
        }
        self.text.push(open);
        push(inner, Colon::Never, self.text)?;
        self.text.push(close);
        Some(Behind::Closed)
    }

    /// Prints a character, and the type that follows it.
    fn punct(&mut self, punct: &Punct, after: &mut &[Tree]) -> Option<Behind> {
        let is_closed = matches!(self.behind, Behind::Name | Behind::Closed);
        let is_alone = punct.spacing() == Spacing::Alone;
        let (text, behind) = match punct.as_char() {
            '.' if is_alone && (is_closed || self.text.ends_with('"')) => (".", Behind::Open),
            '?' if is_closed => ("?", Behind::Closed),
            ',' if is_closed || self.behind == Behind::Literal => (", ", Behind::Space),
            '&' if self.is_operand() && is_alone => ("&", Behind::Open),
            ':' if self.behind == Behind::Colon => (":", Behind::Open),
            ':' if is_closed && !is_alone => (":", Behind::Colon),
            ':' if self.behind == Behind::Name && self.colon != Colon::Never => {
                self.text.push_str(": ");
                if mem::replace(&mut self.colon, Colon::Never) == Colon::Value {
                    return Some(Behind::Space);
                }
                push_type(after, self.text)?;
                return Some(Behind::Closed);
            }
            '|' if self.is_operand() && is_alone => {
                // A closure, whose value goes on to the end.
                let end = after.iter().position(|token| token.is('|'))?;
                self.text.push('|');
                push(&after[..end], Colon::Never, self.text)?;
                *after = &after[end + 1..];
                ("| ", Behind::Open)
            }
            '=' if is_closed && is_alone => {
                self.colon = Colon::Never;
                (" = ", Behind::Space)
            }
            '<' if is_alone && self.text.ends_with("::") => {
                self.text.push('<');
                push_arguments(after, 1, self.text)?;
                (">", Behind::Closed)
            }
            _ => return None,
        };
        self.text.push_str(text);
        Some(behind)
    }
}

/// Whether the line is not too long, inside this indentation.
pub(super) fn fits(line: &str, indent: usize) -> Option<()> {
    (indent + line.len() <= WIDTH).then_some(())
}
