//! Prints the bodies of functions whose statements fit into a line each, as `prettyplease` prints them. They are most of what
//! is generated, and to parse them takes much longer than to print them. All others are left to `prettyplease`.

use std::fmt::Write;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

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
    // A block, an empty one, or a comma behind the last field.
    if head.is_empty() || fields.iter().any(String::is_empty) {
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
    /// A closing bracket, or `?`.
    Closed,
}

/// Prints an expression, or a statement without its semicolon.
fn push(tokens: &[TokenTree], colon: Colon, line: &mut String) -> Option<()> {
    let mut behind = Behind::Open;
    let mut generics = 0_usize;
    let mut may_have_type = colon == Colon::AfterName;
    // Where arguments of types need no `::`.
    let mut in_type = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let before = behind;
        let is_operand = matches!(before, Behind::Open | Behind::Space);
        behind = match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let next = match name.as_str() {
                    "let" | "mut" | "static" => Behind::Keyword,
                    word if KEYWORDS.contains(&word) => return None,
                    _ => Behind::Name,
                };
                match before {
                    Behind::Name | Behind::Literal | Behind::Closed => return None,
                    Behind::Keyword => line.push(' '),
                    Behind::Open | Behind::Space => {}
                }
                line.push_str(&name);
                next
            }
            TokenTree::Literal(literal) if is_operand => {
                // The place in a tuple is a name.
                let next = if line.ends_with('.') { Behind::Name } else { Behind::Literal };
                let start = line.len();
                let _ = write!(line, "{literal}");
                if line[start..].contains('\n') {
                    return None;
                }
                next
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Bracket if is_operand => ('[', ']'),
                    _ => return None,
                };
                // A tuple in the arguments of a type may make it complex.
                if matches!(before, Behind::Keyword | Behind::Literal) || generics > 0 {
                    return None;
                }
                line.push(open);
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                push(&inner, Colon::Never, line)?;
                line.push(close);
                Behind::Closed
            }
            TokenTree::Punct(punct) => match (punct.as_char(), punct.spacing(), before) {
                ('.', Spacing::Alone, Behind::Name | Behind::Closed) => {
                    line.push('.');
                    Behind::Open
                }
                (',', _, Behind::Name | Behind::Literal | Behind::Closed) if at < tokens.len() => {
                    line.push_str(", ");
                    Behind::Space
                }
                (':', Spacing::Joint, Behind::Name | Behind::Closed)
                    if tokens.get(at).is_some_and(|it| is_punct(it, ':')) =>
                {
                    at += 1;
                    line.push_str("::");
                    Behind::Open
                }
                (':', Spacing::Alone, Behind::Name) if may_have_type && generics == 0 => {
                    (may_have_type, in_type) = (false, true);
                    line.push_str(": ");
                    Behind::Space
                }
                ('=', Spacing::Alone, Behind::Name | Behind::Closed) if generics == 0 => {
                    (may_have_type, in_type) = (false, false);
                    line.push_str(" = ");
                    Behind::Space
                }
                ('&', Spacing::Alone, Behind::Open | Behind::Space) => {
                    line.push('&');
                    Behind::Open
                }
                ('?', _, Behind::Name | Behind::Closed) => {
                    line.push('?');
                    Behind::Closed
                }
                ('<', Spacing::Alone, Behind::Name | Behind::Open)
                    if generics < MAX_GENERICS && (in_type || generics > 0) != line.ends_with("::") =>
                {
                    generics += 1;
                    line.push('<');
                    Behind::Open
                }
                ('>', _, Behind::Name | Behind::Closed) if generics > 0 => {
                    generics -= 1;
                    line.push('>');
                    Behind::Closed
                }
                _ => return None,
            },
            TokenTree::Literal(_) => return None,
        };
    }
    (generics == 0).then_some(())
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// Bodies, and whether they are printed here.
    fn bodies() -> Vec<(TokenStream, bool)> {
        vec![
            (quote! { self.name = Some(name.into()); self }, true),
            (
                quote! { let names: Vec<String> = names.into_iter().map(Into::into).collect(); self.0.query("a", names); self },
                true,
            ),
            (quote! { let mut call = Call::new(&self.inner, &OPERATION); call.path("id", id); GetTone(call) }, true),
            (
                quote! { static OPERATION: Operation = Operation::get("/v1/tones").accept_any(); Call::new(&self.inner, &OPERATION) },
                true,
            ),
            (quote! { Self { name: name.into(), size: None } }, true),
            (quote! { Self { a: None, size: None, b } }, true),
            (quote! { Self { a: None, size: None, bc } }, true),
            (quote! { Self { a: None, size: None, bcd } }, true),
            (quote! { Self { a, b } }, true),
            (quote! { error.as_api()?.decode().ok() }, true),
            (quote! { self.0.styled_query("a", QueryStyle::Deep, &[1, 2], (a, b)); }, true),
            (quote! { items.iter().collect::<Vec<_>>() }, true),
            (quote! {}, true),
            (quote! { a < b }, false),
            (quote! { A < b }, false),
            (quote! { a - 1 }, false),
            (quote! { *a }, false),
            (quote! { a & b }, false),
            (quote! { Some(a,) }, false),
            (quote! { items.map(|(key, value)| (key.into(), value.into())) }, false),
            (quote! { match self { Self::A => "a", Self::Unknown(value) => value.as_str(), } }, true),
            (quote! { match value { "a" => Self::A, 1 => Self::B, other => Self::Unknown(other.to_owned()) } }, true),
            (quote! { match a { b => { c } } }, false),
            (quote! { match a { b => c, d => return e } }, false),
            (quote! { match a { b if c => d, _ => e } }, false),
            (quote! { match a { A { b } => c } }, false),
            (quote! { match a { b | c => d } }, false),
            (quote! { match a {} }, false),
            (quote! { match a { b => c }; }, false),
            (quote! { match a { b => () } }, false),
            (quote! { a = b }, false),
            (quote! { let a = b }, false),
            (quote! { a;; b }, false),
            (quote! { let a = b; static C: D = e; }, false),
            (quote! { let a: Vec::<u8> = b; }, false),
            (quote! { let a: Vec<Vec<Vec<u8>>> = b; }, false),
            (quote! { let a: Vec<(u8, u8)> = b; }, false),
            (quote! { f(A < b, c > (d)) }, false),
            (
                quote! { f(r"
                a") },
                false,
            ),
            (quote! { if a { b } else { c } }, false),
            (quote! { let Some(a) = a else { return b }; a }, false),
            (quote! { return (a); }, false),
            (quote! { <Self as Default>::default() }, false),
            (quote! { vec![a] }, false),
            (quote! { A { ..a } }, false),
            (
                quote! { a.b.c.d.e_long_enough_to_break_the_line_that_it_is_in(and_its_arguments).and_once_more(x) },
                false,
            ),
        ]
    }

    #[test]
    fn bodies_are_printed_as_by_prettyplease_or_left_to_it() {
        for (body, is_plain) in bodies() {
            let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
            let lines = lines(&tokens, 4);
            assert_eq!(lines.is_some(), is_plain, "{body}: {lines:?}");
            let Some(lines) = lines else { continue };
            let whole = prettyplease::unparse(&syn::parse_quote! { fn it() { #body } });
            let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
            let expected =
                if lines.is_empty() { "fn it() {}\n".to_owned() } else { format!("fn it() {{\n{indented}}}\n") };
            assert_eq!(whole, expected);
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
                    let indented: String = lines.lines().map(|line| format!("{gap}{line}\n")).collect();
                    let whole = prettyplease::unparse(&whole);
                    assert!(whole.contains(&format!("{{\n{indented}")), "{indented}: {whole}");
                }
            }
        }
    }
}
