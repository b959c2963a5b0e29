//! Prints the bodies of functions whose statements fit into a line each, as `prettyplease` prints them. They are most of what
//! is generated, and to parse them takes much longer than to print them. All others are left to `prettyplease`.

use std::fmt::Write;

use proc_macro2::Delimiter;

use crate::format::{
    expr::{Colon, fits, push},
    tree::Tree,
    wrap::{push_match, wrapped, wrapped_field},
};

// This is a number of `prettyplease`. The tests compare what is printed here with what it prints.

/// The width of a struct expression in one line, in bytes.
const STRUCT_WIDTH: usize = 35;

/// Returns the lines of a body, without their common indentation, or `None` if the body is left to `prettyplease`.
pub(super) fn lines(body: &[Tree], indent: usize) -> Option<String> {
    let mut lines = String::with_capacity(4 * STRUCT_WIDTH);
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
                let is_item = statement.first().is_some_and(|word| word.is_word("static") || word.is_word("const"));
                // The last one is a value. An item stands first, and no statement is empty.
                let is_refused = if end.is_some() {
                    statement.is_empty() || (start > 0 && is_item)
                } else {
                    statement.iter().any(|token| token.is('='))
                        || statement.first().is_some_and(|word| word.is_word("let"))
                };
                if is_refused {
                    return None;
                }
                let end = if end.is_some() { ";" } else { "" };
                let is_plain = push(statement, Colon::Type, &mut lines).is_some();
                lines.push_str(end);
                if !is_plain || fits(&lines[start..], indent).is_none() {
                    lines.truncate(start);
                    lines.push_str(&wrapped(statement, end, indent)?);
                }
            }
        }
        rest = after.get(1..).unwrap_or_default();
    }
    Some(lines)
}

/// A struct expression: in one line, or with one line for each field.
fn push_struct(path: &[Tree], tokens: &[Tree], indent: usize, lines: &mut String) -> Option<()> {
    let mut head = String::with_capacity(STRUCT_WIDTH);
    push(path, Colon::Never, &mut head)?;
    let mut fields = Vec::new();
    for field in tokens.split(|token| token.is(',')) {
        let mut text = String::with_capacity(STRUCT_WIDTH);
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
            quote! { let mut call = Call::new(&self.inner, &OPERATION); call.path("id", id); requests::GetTone::new(call) },
            quote! { static OPERATION: Operation = Operation::get("/v1/tones").accept_any(); Call::new(&self.inner, &OPERATION) },
            quote! { Self { name: name.into(), size: None } },
            quote! { Self { a: None, size: None, b } },
            quote! { Self { a: None, size: None, bc } },
            quote! { Self { a: None, size: None, bcd } },
            quote! { Self { a, b } },
            quote! { match error.status().as_u16() { 404 => error_as(error, GetToneError::NotFound), _ => None } },
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
        let (mut fewest, mut wrapped) = (std::collections::BTreeMap::new(), 0);
        for width in 1..120 {
            let text = "n".repeat(width);
            let name = proc_macro2::Ident::new(&text, proc_macro2::Span::call_site());
            for (body_at, body) in [
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
                quote! { requests::#name::new(Call::new(&self.inner, &OPERATION)) },
                quote! { requests::#name::new(call) },
                quote! { Self { a: #name.into_iter().collect(), b: #name.into_iter().collect() } },
                quote! {
                    const FORMS: &[Form] = &[Form::text(), Form::object().known(&["a", #text]).constants(&[("a", &["b"])])];
                    from.choose(FORMS, |form, from| Ok(match form { 0 => Self::#name(from.read()?), _ => Self::B }))
                },
                quote! { a(b, &[1, #name]); },
                quote! { match a { 1 | 2 => error.b().c().map(#name::D), 3 => Self::#name, _ => "none" } },
            ]
            .into_iter()
            .enumerate()
            {
                let tokens = trees(body.clone());
                for indent in [4, 8] {
                    let lines = lines(&tokens, indent);
                    assert!(width > 8 || lines.is_some(), "{body} is not printed");
                    let Some(lines) = lines else { continue };
                    let own = (body_at, indent);
                    if width == 1 {
                        fewest.insert(own, lines.lines().count());
                    }
                    wrapped += usize::from(fewest[&own] < lines.lines().count());
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
        assert!(wrapped > 1_000, "{wrapped} bodies have more lines than with a short name");
    }
}
