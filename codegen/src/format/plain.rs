//! Prints the bodies of functions whose statements fit into a line each, as `prettyplease` prints them. They are most of what
//! is generated, and to parse them takes much longer than to print them. All others are left to `prettyplease`.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

// These are the numbers of `prettyplease`. The tests compare what is printed here with what it prints.

/// The width that it keeps to, in bytes.
const WIDTH: usize = 89;

/// The width of a struct expression in one line, in bytes.
const STRUCT_WIDTH: usize = 35;

/// Returns the lines of a body, without their common indentation, or `None` if the body is left to `prettyplease`.
pub(crate) fn lines(body: &[TokenTree], indent: usize) -> Option<String> {
    let mut lines = String::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.iter().position(|token| is_punct(token, ';'));
        let (statement, after) = rest.split_at(end.unwrap_or(rest.len()));
        if !lines.is_empty() {
            lines.push('\n');
        }
        match (end, statement) {
            (None, [TokenTree::Ident(word), value @ .., TokenTree::Group(arms)]) if word == "match" => {
                push_match(value, arms.stream(), indent, &mut lines)?;
            }
            (None, [path @ .., TokenTree::Group(fields)]) if fields.delimiter() == Delimiter::Brace => {
                push_struct(path, fields.stream(), indent, &mut lines)?;
            }
            _ => {
                let start = lines.len();
                push(statement, Colon::AfterName, &mut lines)?;
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
                if end.is_some() {
                    lines.push(';');
                }
                fits(&lines[start..], indent)?;
            }
        }
        rest = after.get(1..).unwrap_or_default();
    }
    Some(lines)
}

fn fits(line: &str, indent: usize) -> Option<()> {
    (indent + line.len() <= WIDTH).then_some(())
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == character)
}

/// A struct expression: in one line, or with one line for each field.
fn push_struct(path: &[TokenTree], fields: TokenStream, indent: usize, lines: &mut String) -> Option<()> {
    let mut head = String::new();
    push(path, Colon::Never, &mut head)?;
    let tokens: Vec<TokenTree> = fields.into_iter().collect();
    let mut fields = Vec::new();
    for field in tokens.split(|token| is_punct(token, ',')) {
        let mut text = String::new();
        push(field, Colon::AfterName, &mut text)?;
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
    for field in fields {
        fits(&field, indent + "    ,".len())?;
        let _ = write!(lines, "\n    {field},");
    }
    lines.push_str("\n}");
    Some(())
}

/// A match with one line for each arm.
fn push_match(value: &[TokenTree], arms: TokenStream, indent: usize, lines: &mut String) -> Option<()> {
    let start = lines.len();
    lines.push_str("match ");
    push(value, Colon::Never, lines)?;
    lines.push_str(" {");
    fits(&lines[start..], indent)?;
    let tokens: Vec<TokenTree> = arms.into_iter().collect();
    if tokens.is_empty() {
        return None;
    }
    for arm in tokens.split(|token| is_punct(token, ',')).filter(|arm| !arm.is_empty()) {
        let arrow = arm.windows(2).position(|pair| is_punct(&pair[0], '=') && is_punct(&pair[1], '>'))?;
        let (pattern, value) = (&arm[..arrow], &arm[arrow + 2..]);
        if pattern.is_empty() || value.is_empty() {
            return None;
        }
        lines.push_str("\n    ");
        let start = lines.len();
        push(pattern, Colon::Never, lines)?;
        lines.push_str(" => ");
        push(value, Colon::Never, lines)?;
        // It becomes a block.
        if lines.ends_with("=> ()") {
            return None;
        }
        lines.push(',');
        fits(&lines[start..], indent + 4)?;
    }
    lines.push_str("\n}");
    Some(())
}

/// Words that begin what has a form of its own.
const KEYWORDS: [&str; 22] = [
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "fn", "for", "if", "impl", "in", "loop",
    "match", "move", "ref", "return", "unsafe", "use", "where", "while",
];

/// How deep the arguments of types may be nested here. Deeper ones may be complex, which is told of a parsed body.
const MAX_GENERICS: usize = 2;

/// Where a single colon may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colon {
    Never,
    /// Behind the name that a statement or a field begins with.
    AfterName,
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

/// Prints an expression, or a statement without its semicolon.
fn push(tokens: &[TokenTree], colon: Colon, line: &mut String) -> Option<()> {
    let may_have_type = colon == Colon::AfterName;
    let mut printer = Printer { line, behind: Behind::Open, generics: 0, may_have_type, in_type: false };
    for token in tokens {
        printer.behind = match token {
            TokenTree::Ident(ident) => printer.ident(ident)?,
            TokenTree::Literal(literal) => printer.literal(literal)?,
            TokenTree::Group(group) => printer.group(group)?,
            TokenTree::Punct(punct) => printer.punct(punct)?,
        };
    }
    // A comma behind the last argument is not printed, or only where lines break.
    (printer.generics == 0 && printer.behind != Behind::Space).then_some(())
}

/// Prints tokens into a line. Each method returns what the next token stands behind, or `None` if the form is not a plain one.
struct Printer<'l> {
    line: &'l mut String,
    behind: Behind,
    /// How deep the place is in arguments of types.
    generics: usize,
    /// Whether a colon may come.
    may_have_type: bool,
    /// Whether arguments of types need no `::` here.
    in_type: bool,
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
        let behind = if self.line.ends_with('.') { Behind::Name } else { Behind::Literal };
        self.line.push_str(&text);
        (self.is_operand() && !text.contains('\n')).then_some(behind)
    }

    fn group(&mut self, group: &Group) -> Option<Behind> {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Bracket if self.is_operand() => ('[', ']'),
            _ => return None,
        };
        // A tuple in the arguments of a type may make it complex.
        if matches!(self.behind, Behind::Keyword | Behind::Literal | Behind::Colon) || self.generics > 0 {
            return None;
        }
        self.line.push(open);
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        push(&inner, Colon::Never, self.line)?;
        self.line.push(close);
        Some(Behind::Closed)
    }

    fn punct(&mut self, punct: &Punct) -> Option<Behind> {
        let is_closed = matches!(self.behind, Behind::Name | Behind::Closed);
        let is_alone = punct.spacing() == Spacing::Alone;
        let (text, behind) = match punct.as_char() {
            '.' if is_closed && is_alone => (".", Behind::Open),
            '?' if is_closed => ("?", Behind::Closed),
            ',' if is_closed || self.behind == Behind::Literal => (", ", Behind::Space),
            '&' if self.is_operand() && is_alone => ("&", Behind::Open),
            ':' if self.behind == Behind::Colon => (":", Behind::Open),
            ':' if is_closed && !is_alone => (":", Behind::Colon),
            ':' if self.behind == Behind::Name && self.may_have_type && self.generics == 0 => {
                (self.may_have_type, self.in_type) = (false, true);
                (": ", Behind::Space)
            }
            '=' if is_closed && is_alone && self.generics == 0 => {
                (self.may_have_type, self.in_type) = (false, false);
                (" = ", Behind::Space)
            }
            '<' if is_alone && self.opens_arguments() => {
                self.generics += 1;
                ("<", Behind::Open)
            }
            '>' if is_closed && self.generics > 0 => {
                self.generics -= 1;
                (">", Behind::Closed)
            }
            _ => return None,
        };
        self.line.push_str(text);
        Some(behind)
    }

    /// Whether `<` opens the arguments of a type or a function, and does not compare.
    fn opens_arguments(&self) -> bool {
        let is_path = self.line.ends_with("::");
        let is_in_type = self.in_type || self.generics > 0;
        self.generics < MAX_GENERICS && is_path != is_in_type && (is_path || self.behind == Behind::Name)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

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
            quote! {},
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
            quote! { items.map(|(key, value)| (key.into(), value.into())) },
            quote! { match a { b => { c } } },
            quote! { match a { b => c, d => return e } },
            quote! { match a { b if c => d, _ => e } },
            quote! { match a { A { b } => c } },
            quote! { match a { b | c => d } },
            quote! { match a {} },
            quote! { match a { b => c }; },
            quote! { match a { b => () } },
            quote! { a = b },
            quote! { a = B { c } },
            quote! { let a = b },
            quote! { a;; b },
            quote! { let a = b; static C: D = e; },
            quote! { let a: Vec::<u8> = b; },
            quote! { let a: Vec<Vec<Vec<u8>>> = b; },
            quote! { let a: Vec<(u8, u8)> = b; },
            quote! { f(A < b, c > (d)) },
            quote! { f(r"
            a") },
            quote! { if a { b } else { c } },
            quote! { let Some(a) = a else { return b }; a },
            quote! { return (a); },
            quote! { <Self as Default>::default() },
            quote! { vec![a] },
            quote! { A { ..a } },
            quote! { a.b.c.d.e_long_enough_to_break_the_line_that_it_is_in(and_its_arguments).and_once_more(x) },
        ]
    }

    fn indented(lines: &str, gap: &str) -> String {
        lines.lines().flat_map(|line| [gap, line, "\n"]).collect()
    }

    #[test]
    fn bodies_are_printed_as_by_prettyplease_or_left_to_it() {
        for body in plain_bodies() {
            let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
            let lines = lines(&tokens, 4).unwrap_or_else(|| panic!("{body} is not printed"));
            let whole = prettyplease::unparse(&syn::parse_quote! { fn it() { #body } });
            let lines = indented(&lines, "    ");
            let expected =
                if lines.is_empty() { "fn it() {}\n".to_owned() } else { format!("fn it() {{\n{lines}}}\n") };
            assert_eq!(whole, expected);
        }
        for body in other_bodies() {
            let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
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
            ] {
                let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
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
