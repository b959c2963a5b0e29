//! Prints the bodies of functions whose statements fit into a line each, as `prettyplease` prints them. They are most of what
//! is generated, and to parse them takes much longer than to print them. All others are left to `prettyplease`.

use std::{fmt::Write, mem};

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing};

use crate::format::{
    tree::Tree,
    ty::{push_arguments, push_type},
    wrap::{wrapped, wrapped_field},
};

// These are the numbers of `prettyplease`. The tests compare what is printed here with what it prints.

/// The width that it keeps to, in bytes.
pub(super) const WIDTH: usize = 89;

/// The width of an indentation.
pub(super) const INDENT: usize = 4;

/// The width of a struct expression in one line, in bytes.
const STRUCT_WIDTH: usize = 35;

/// Returns the lines of a body, without their common indentation, or `None` if the body is left to `prettyplease`.
pub(super) fn lines(body: &[Tree], indent: usize) -> Option<String> {
    let mut lines = String::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.iter().position(|token| token.is(';'));
        let (statement, after) = rest.split_at(end.unwrap_or(rest.len()));
        if !lines.is_empty() {
            lines.push('\n');
        }
        match (end, statement) {
            (None, [word, value @ .., Tree::Group(_, arms)]) if word.is_word("match") => {
                push_match(value, arms, indent, &mut lines)?;
            }
            (None, [path @ .., Tree::Group(Delimiter::Brace, fields)]) => {
                push_struct(path, fields, indent, &mut lines)?;
            }
            _ => {
                let start = lines.len();
                push(statement, Colon::Type, &mut lines)?;
                let line = &lines[start..];
                // The last one is a value. An item stands first, and no statement is empty.
                let is_refused = if end.is_some() {
                    line.is_empty() || (start > 0 && line.starts_with("static "))
                } else {
                    line.starts_with("let ") || line.contains(" = ")
                };
                if is_refused {
                    return None;
                }
                let end = if end.is_some() { ";" } else { "" };
                lines.push_str(end);
                if fits(&lines[start..], indent).is_none() {
                    lines.truncate(start);
                    lines.push_str(&wrapped(statement, end, indent)?);
                }
            }
        }
        rest = after.get(1..).unwrap_or_default();
    }
    Some(lines)
}

fn fits(line: &str, indent: usize) -> Option<()> {
    (indent + line.len() <= WIDTH).then_some(())
}

/// A struct expression: in one line, or with one line for each field.
fn push_struct(path: &[Tree], tokens: &[Tree], indent: usize, lines: &mut String) -> Option<()> {
    let mut head = String::new();
    push(path, Colon::Never, &mut head)?;
    let mut fields = Vec::new();
    for field in tokens.split(|token| token.is(',')) {
        let mut text = String::new();
        push(field, Colon::Value, &mut text)?;
        fields.push(text);
    }
    // An assignment gets a semicolon. The others are a block, an empty one, or have a comma behind the last field.
    if head.contains(" = ") || head.is_empty() || fields.iter().any(String::is_empty) {
        return None;
    }
    let line = format!("{head} {{ {} }}", fields.join(", "));
    if line.len() <= STRUCT_WIDTH && fits(&line, indent).is_some() {
        lines.push_str(&line);
        return Some(());
    }
    let _ = write!(lines, "{head} {{");
    let last = fields.len() - 1;
    for (index, (mut field, tokens)) in fields.into_iter().zip(tokens.split(|token| token.is(','))).enumerate() {
        // The last comma is only there if lines break, so that it breaks none.
        let comma = if index < last { "," } else { "" };
        field.push_str(comma);
        if fits(&field, indent + 4).is_none() {
            field = wrapped_field(tokens, comma, indent + 4)?.replace('\n', "\n    ");
        }
        if comma.is_empty() {
            field.push(',');
        }
        let _ = write!(lines, "\n    {field}");
    }
    lines.push_str("\n}");
    Some(())
}

/// A match with one line for each arm.
fn push_match(value: &[Tree], arms: &[Tree], indent: usize, lines: &mut String) -> Option<()> {
    let start = lines.len();
    lines.push_str("match ");
    push(value, Colon::Never, lines)?;
    lines.push_str(" {");
    fits(&lines[start..], indent)?;
    if arms.is_empty() {
        return None;
    }
    for arm in arms.split(|token| token.is(',')).filter(|arm| !arm.is_empty()) {
        let arrow = arm.windows(2).position(|pair| pair[0].is('=') && pair[1].is('>'))?;
        let (pattern, value) = (&arm[..arrow], &arm[arrow + 2..]);
        if pattern.is_empty() || value.is_empty() {
            return None;
        }
        lines.push_str("\n    ");
        let start = lines.len();
        for (index, pattern) in pattern.split(|token| token.is('|')).enumerate() {
            if index > 0 {
                lines.push_str(" | ");
            }
            push(pattern, Colon::Never, lines)?;
        }
        lines.push_str(" => ");
        let end = lines.len();
        push(value, Colon::Never, lines)?;
        // It becomes a block.
        if lines.ends_with("=> ()") {
            return None;
        }
        // The comma alone breaks no line.
        if fits(&lines[start..], indent + 4).is_some() {
            lines.push(',');
        } else {
            fits(&lines[start..end], indent + 4)?;
            lines.truncate(end);
            lines.push_str("{\n        ");
            lines.push_str(&wrapped(value, "", indent + 8)?.replace('\n', "\n        "));
            lines.push_str("\n    }");
        }
    }
    lines.push_str("\n}");
    Some(())
}

/// Words that begin what has a form of its own.
pub(super) const KEYWORDS: [&str; 22] = [
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "fn", "for", "if", "impl", "in", "loop",
    "match", "move", "ref", "return", "unsafe", "use", "where", "while",
];

/// Where a single colon may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colon {
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
fn push(mut tokens: &[Tree], colon: Colon, line: &mut String) -> Option<()> {
    let mut printer = Printer { line, behind: Behind::Open, colon };
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
struct Printer<'l> {
    line: &'l mut String,
    behind: Behind,
    /// The colon that may come.
    colon: Colon,
}

impl Printer<'_> {
    fn is_operand(&self) -> bool {
        matches!(self.behind, Behind::Open | Behind::Space)
    }

    fn ident(&mut self, ident: &Ident) -> Option<Behind> {
        let name = ident.to_string();
        match self.behind {
            _ if KEYWORDS.contains(&name.as_str()) => return None,
            Behind::Name | Behind::Literal | Behind::Colon | Behind::Closed => return None,
            Behind::Keyword => self.line.push(' '),
            Behind::Open | Behind::Space => {}
        }
        self.line.push_str(&name);
        Some(if ["let", "mut", "static"].contains(&name.as_str()) { Behind::Keyword } else { Behind::Name })
    }

    fn literal(&mut self, literal: &Literal) -> Option<Behind> {
        let text = literal.to_string();
        // What follows a dot is the place in a tuple, which is a name.
        let behind = match self.line.ends_with('.') {
            // With the dot that follows it, the place looks like a decimal.
            true if text.ends_with('.') => Behind::Open,
            true => Behind::Name,
            false => Behind::Literal,
        };
        self.line.push_str(&text);
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
        self.line.push(open);
        push(inner, Colon::Never, self.line)?;
        self.line.push(close);
        Some(Behind::Closed)
    }

    /// Prints a character, and the type that follows it.
    fn punct(&mut self, punct: &Punct, after: &mut &[Tree]) -> Option<Behind> {
        let is_closed = matches!(self.behind, Behind::Name | Behind::Closed);
        let is_alone = punct.spacing() == Spacing::Alone;
        let (text, behind) = match punct.as_char() {
            '.' if is_alone && (is_closed || self.line.ends_with('"')) => (".", Behind::Open),
            '?' if is_closed => ("?", Behind::Closed),
            ',' if is_closed || self.behind == Behind::Literal => (", ", Behind::Space),
            '&' if self.is_operand() && is_alone => ("&", Behind::Open),
            ':' if self.behind == Behind::Colon => (":", Behind::Open),
            ':' if is_closed && !is_alone => (":", Behind::Colon),
            ':' if self.behind == Behind::Name && self.colon != Colon::Never => {
                self.line.push_str(": ");
                if mem::replace(&mut self.colon, Colon::Never) == Colon::Value {
                    return Some(Behind::Space);
                }
                push_type(after, self.line)?;
                return Some(Behind::Closed);
            }
            '|' if self.is_operand() && is_alone => {
                // A closure, whose value goes on to the end.
                let end = after.iter().position(|token| token.is('|'))?;
                self.line.push('|');
                push(&after[..end], Colon::Never, self.line)?;
                *after = &after[end + 1..];
                ("| ", Behind::Open)
            }
            '=' if is_closed && is_alone => {
                self.colon = Colon::Never;
                (" = ", Behind::Space)
            }
            '<' if is_alone && self.line.ends_with("::") => {
                self.line.push('<');
                push_arguments(after, 1, self.line)?;
                (">", Behind::Closed)
            }
            _ => return None,
        };
        self.line.push_str(text);
        Some(behind)
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;
    use crate::format::tree::trees;

    /// Bodies that are printed here.
    fn plain_bodies() -> Vec<TokenStream> {
        vec![
            quote! { self.name = Some(name.into()); self },
            quote! { let names: Vec<String> = names.into_iter().map(Into::into).collect(); self.0.query("a", names); self },
            quote! { let mut call = Call::new(&self.inner, &OPERATION); call.path("id", id); GetTone(call) },
            quote! { static OPERATION: Operation = Operation::get("/v1/tones").accept_any(); Call::new(&self.inner, &OPERATION) },
            quote! { Self { name: name.into(), size: None } },
            quote! { Self { a: None, size: None, b } },
            quote! { Self { a: None, size: None, bc } },
            quote! { Self { a: None, size: None, bcd } },
            quote! { Self { a, b } },
            quote! { error.as_api()?.decode().ok() },
            quote! { self.0.styled_query("a", QueryStyle::Deep, &[1, 2], (a, b)); },
            quote! { items.iter().collect::<Vec<_>>() },
            quote! { items.iter().collect::<Vec<Vec<Vec<Vec<Vec<Vec<u8>>>>>>>() },
            quote! { let a: Vec<Vec<(u8, &'static str)>> = b; },
            quote! { let a: Vec<(u8,)> = b; },
            quote! { Self { a: "b".into() } },
            quote! { items.map(|(key, value)| (key.into(), value.into())) },
            quote! { self.0. b(a) },
            quote! {},
            quote! { match a { b | 1 => d, _ => e } },
            quote! { match self { Self::A => "a", Self::Unknown(value) => value.as_str(), } },
            quote! { match value { "a" => Self::A, 1 => Self::B, other => Self::Unknown(other.to_owned()) } },
        ]
    }

    /// Bodies that are left to `prettyplease`.
    fn other_bodies() -> Vec<TokenStream> {
        vec![
            quote! { a < b },
            quote! { A < b },
            quote! { a - 1 },
            quote! { *a },
            quote! { a & b },
            quote! { Some(a,) },
            quote! { match a { b => { c } } },
            quote! { match a { b => c, d => return e } },
            quote! { match a { b if c => d, _ => e } },
            quote! { match a { A { b } => c } },
            quote! { match a {} },
            quote! { match a { b => c }; },
            quote! { match a { b => () } },
            quote! { a = b },
            quote! { a = B { c } },
            quote! { let a = b },
            quote! { a;; b },
            quote! { let a = b; static C: D = e; },
            quote! { let a: Vec::<u8> = b; },
            quote! { f(A < b, c > (d)) },
            quote! { f(r"
            a") },
            quote! { if a { b } else { c } },
            quote! { let Some(a) = a else { return b }; a },
            quote! { return (a); },
            quote! { <Self as Default>::default() },
            quote! { vec![a] },
            quote! { A { ..a } },
            quote! { let a: Vec<Vec<Vec<Vec<Vec<Vec<u8>>>>>> = b; },
            quote! { a.b.c.d.e_long_enough_to_break_the_line_that_it_is_in(and_its_arguments).and_once_more(x) },
        ]
    }

    fn indented(lines: &str, gap: &str) -> String {
        lines.lines().flat_map(|line| [gap, line, "\n"]).collect()
    }

    #[test]
    fn bodies_are_printed_as_by_prettyplease_or_left_to_it() {
        for body in plain_bodies() {
            let tokens = trees(body.clone());
            let lines = lines(&tokens, 4).unwrap_or_else(|| panic!("{body} is not printed"));
            let whole = prettyplease::unparse(&syn::parse_quote! { fn it() { #body } });
            let lines = indented(&lines, "    ");
            let expected =
                if lines.is_empty() { "fn it() {}\n".to_owned() } else { format!("fn it() {{\n{lines}}}\n") };
            assert_eq!(whole, expected);
        }
        for body in other_bodies() {
            let tokens = trees(body.clone());
            assert_eq!(lines(&tokens, 4), None, "{body}");
        }
    }

    #[test]
    fn bodies_of_all_widths_are_printed_as_by_prettyplease() {
        for width in 1..120 {
            let name = proc_macro2::Ident::new(&"n".repeat(width), proc_macro2::Span::call_site());
            for body in [
                quote! { self.#name = Some(value); self },
                quote! { self.0.query("name", #name); },
                quote! { Self { #name, other: None } },
                quote! { Self { a: None, other: #name.into(), c: Default::default() } },
                quote! { let #name: Vec<String> = a.into_iter().map(Into::into).collect(); },
                quote! { match value { "a" => Self::A, _ => Self::#name(value) } },
                quote! { match #name { "a" => Self::A } },
                quote! { static OPERATION: Operation = Operation::get("/").accept(#name).json(); },
                quote! { static OPERATION: Operation = Operation::#name("/", &["a", "b"]).json(); },
                quote! { self.0.styled_query("name", QueryStyle::Deep, #name); },
                quote! { self.0.pages::<Json<#name>, _>(&Self::PAGES) },
                quote! { call.path(#name, "name"); },
                quote! { #name.path(a).path(b) },
                quote! { self.a = Some(#name.into_iter().map(|(a, b)| (a.into(), b)).collect()); self },
                quote! { let a: A = #name.into(); },
                quote! { requests::#name(Call::new(&self.inner, &OPERATION)) },
                quote! { Self { a: #name.into_iter().collect(), b: #name.into_iter().collect() } },
                quote! { match a { 1 | 2 => error.b().c().map(#name::D), 3 => Self::#name, _ => "none" } },
            ] {
                let tokens = trees(body.clone());
                for indent in [4, 8] {
                    let Some(lines) = lines(&tokens, indent) else { continue };
                    let gap = " ".repeat(indent);
                    let whole: syn::File = if indent == 4 {
                        syn::parse_quote! { fn it() { #body } }
                    } else {
                        syn::parse_quote! { impl A { fn it() { #body } } }
                    };
                    let indented = indented(&lines, &gap);
                    let whole = prettyplease::unparse(&whole);
                    assert!(whole.contains(&format!("{{\n{indented}")), "{indented}: {whole}");
                }
            }
        }
    }
}
