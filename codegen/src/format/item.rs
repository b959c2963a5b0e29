//! Prints items whose parts fit into a line each, as `prettyplease` prints them: structs, enums, implementations with their
//! functions, and calls of macros. All others, and functions among these, are left to `prettyplease`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::format::{
    aside::Asides,
    complexity::allow_complex_types,
    expr::{INDENT, WIDTH, push_value},
    plain,
    tree::Tree,
    ty::{is_unbreakable, push_any_type, push_display, push_lifetimes, push_name, push_type, take, take_word},
};

/// About how many bytes a token takes with what is inside it, so that text seldom moves while it grows.
const TOKEN: usize = 32;

/// Prints items one after another.
pub(super) fn print(items: &[Tree], asides: &mut Asides) -> syn::Result<String> {
    let mut printer = Printer { asides, out: String::with_capacity(items.len() * TOKEN) };
    let mut rest = items;
    while !rest.is_empty() {
        let (item, after) = rest.split_at(end(rest).unwrap_or(rest.len()));
        let start = printer.out.len();
        if printer.item(item).is_none() {
            printer.out.truncate(start);
            let source = unparse(printer.stream(item, 0))?;
            printer.out.push_str(&source);
        }
        rest = after;
    }
    Ok(printer.out)
}

fn unparse(items: TokenStream) -> syn::Result<String> {
    let mut file: syn::File = syn::parse2(items)?;
    allow_complex_types(&mut file.items);
    Ok(prettyplease::unparse(&file))
}

/// The end of the item, or of the member of an implementation, that the tokens begin with; `None` if it is not known.
fn end(tokens: &[Tree]) -> Option<usize> {
    let mut rest = tokens;
    while let [mark, Tree::Group(Delimiter::Bracket, _), after @ ..] = rest
        && mark.is('#')
    {
        rest = after;
    }
    if take_word(&mut rest, "pub")
        && let [Tree::Group(Delimiter::Parenthesis, _), after @ ..] = rest
    {
        rest = after;
    }
    let is_brace = |tree: &Tree| matches!(tree, Tree::Group(Delimiter::Brace, _));
    let [Tree::Ident(word), next, ..] = rest else { return None };
    let is_any = |words: &[&str]| words.iter().any(|it| word == it);
    let (by_brace, by_mark) = if is_any(&["fn"]) || (is_any(&["const"]) && next.is_word("fn")) {
        (true, false)
    } else if is_any(&["const", "static", "type"]) {
        (false, true)
    } else if is_any(&["struct", "enum", "impl"]) || next.is('!') {
        // The last is the call of a macro.
        (true, true)
    } else {
        return None;
    };
    let is_end = |tree: &Tree| (by_brace && is_brace(tree)) || (by_mark && tree.is(';'));
    let end = rest.iter().position(is_end)?;
    Some(tokens.len() - rest.len() + end + 1)
}

/// Prints what is plain. Each method returns `None` if its part is not, and may have printed some of it.
pub(super) struct Printer<'a> {
    asides: &'a mut Asides,
    pub(super) out: String,
}

impl Printer<'_> {
    fn item(&mut self, item: &[Tree]) -> Option<()> {
        let mut rest = self.attributes(item, 0)?;
        let start = self.out.len();
        self.visibility(&mut rest)?;
        match rest {
            [word, rest @ ..] if word.is_word("struct") => {
                self.out.push_str("struct ");
                self.structure(rest, start)
            }
            [word, Tree::Ident(name), Tree::Group(Delimiter::Brace, variants)] if word.is_word("enum") => {
                self.out.push_str("enum ");
                push_display(name, &mut self.out);
                self.variants(variants)
            }
            [word, header @ .., Tree::Group(Delimiter::Brace, members)] if word.is_word("impl") => {
                self.implementation(header, members)
            }
            [Tree::Ident(name), mark, call @ ..] if mark.is('!') => {
                push_display(name, &mut self.out);
                self.out.push('!');
                self.call(call)
            }
            _ => None,
        }
    }

    /// A struct from its name on. The line has begun at `start`.
    fn structure(&mut self, mut rest: &[Tree], start: usize) -> Option<()> {
        push_name(&mut rest, &mut self.out)?;
        let end = self.out.len();
        push_lifetimes(&mut rest, &mut self.out)?;
        let has_lifetimes = self.out.len() > end;
        match rest {
            [Tree::Group(Delimiter::Brace, fields)] => self.fields(fields),
            [Tree::Group(Delimiter::Parenthesis, fields), semicolon] if semicolon.is(';') => {
                let name = self.out.len();
                self.tuple(fields)?;
                self.out.push_str(";\n");
                if self.fits(start).is_none() {
                    if has_lifetimes {
                        return None;
                    }
                    self.out.truncate(name);
                    self.broken_tuple(fields, 0)?;
                    self.out.push_str(";\n");
                }
                Some(())
            }
            _ => None,
        }
    }

    pub(super) fn visibility(&mut self, tokens: &mut &[Tree]) -> Option<()> {
        if !take_word(tokens, "pub") {
            return Some(());
        }
        if let [Tree::Group(Delimiter::Parenthesis, scope), after @ ..] = *tokens {
            let [scope] = scope.as_slice() else { return None };
            if !scope.is_word("crate") {
                return None;
            }
            *tokens = after;
            self.out.push_str("pub(crate) ");
        } else {
            self.out.push_str("pub ");
        }
        Some(())
    }

    /// Lines in braces.
    pub(super) fn block(
        &mut self,
        is_empty: bool,
        indent: usize,
        lines: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if is_empty {
            self.out.push_str(" {}\n");
            return Some(());
        }
        self.out.push_str(" {\n");
        lines(self)?;
        self.indent(indent);
        self.out.push_str("}\n");
        Some(())
    }

    /// A name and its type.
    fn typed(&mut self, tokens: &mut &[Tree]) -> Option<()> {
        push_name(tokens, &mut self.out)?;
        if !take(tokens, ':') {
            return None;
        }
        self.out.push_str(": ");
        push_type(tokens, &mut self.out)
    }

    fn implementation(&mut self, header: &[Tree], members: &[Tree]) -> Option<()> {
        let start = self.out.len();
        let mut rest = header;
        self.out.push_str("impl");
        push_lifetimes(&mut rest, &mut self.out)?;
        self.out.push(' ');
        push_type(&mut rest, &mut self.out)?;
        if take_word(&mut rest, "for") {
            let end = self.out.len();
            self.out.push_str(" for ");
            push_type(&mut rest, &mut self.out)?;
            if self.out.len() - start + " {".len() > WIDTH {
                self.out.replace_range(end..=end, "\n");
                if end - start > WIDTH || !is_unbreakable(&self.out[end..]) {
                    return None;
                }
            }
        } else if self.out.len() - start + " {".len() > WIDTH && !is_unbreakable(&self.out[start..]) {
            return None;
        }
        if !rest.is_empty() {
            return None;
        }
        let mut rest = members;
        self.block(members.is_empty(), 0, |it| {
            while !rest.is_empty() {
                let (member, after) = rest.split_at(end(rest)?);
                let start = it.out.len();
                if it.member(member).is_none() {
                    it.out.truncate(start);
                    it.other_member(header, member)?;
                }
                rest = after;
            }
            Some(())
        })
    }

    /// A member that `prettyplease` prints, in an implementation of its own.
    fn other_member(&mut self, header: &[Tree], member: &[Tree]) -> Option<()> {
        let member = Group::new(Delimiter::Brace, self.stream(member, 1));
        let mut tokens = quote::quote! { impl };
        tokens.extend(self.stream(header, 0));
        tokens.extend([TokenTree::Group(member)]);
        let source = unparse(tokens).ok()?;
        let (_, member) = source.split_once(" {\n")?;
        self.out.push_str(member.strip_suffix("}\n")?);
        Some(())
    }

    fn member(&mut self, member: &[Tree]) -> Option<()> {
        let mut rest = self.attributes(member, INDENT)?;
        let start = self.out.len();
        self.indent(INDENT);
        self.visibility(&mut rest)?;
        match rest {
            [word, Tree::Ident(name), Tree::Group(Delimiter::Parenthesis, arguments), result @ .., body]
                if word.is_word("fn") =>
            {
                self.out.push_str("fn ");
                push_display(name, &mut self.out);
                self.signature(arguments, result, start)?;
                let Tree::Group(Delimiter::Brace, body) = body else { return None };
                self.body(body)
            }
            [word, constant @ .., _] if word.is_word("const") => {
                self.out.push_str("const ");
                self.constant(constant, start)
            }
            _ => None,
        }
    }

    fn body(&mut self, body: &[Tree]) -> Option<()> {
        let aside = match body {
            [] => None,
            body => Some(self.asides.source(plain::lines(body, 2 * INDENT)?)),
        };
        self.block(aside.is_none(), INDENT, |it| {
            it.indent(2 * INDENT);
            push_display(aside?, &mut it.out);
            it.out.push('\n');
            Some(())
        })
    }

    /// A constant with a value that fits into the line, or a list of paths with a line for each.
    fn constant(&mut self, mut tokens: &[Tree], start: usize) -> Option<()> {
        self.typed(&mut tokens)?;
        if !take(&mut tokens, '=') {
            return None;
        }
        self.out.push_str(" = ");
        let value = self.out.len();
        push_value(tokens, &mut self.out)?;
        self.out.push_str(";\n");
        if self.fits(start).is_some() {
            return Some(());
        }
        self.out.truncate(value);
        let [reference, Tree::Group(Delimiter::Bracket, paths)] = tokens else { return None };
        if !reference.is('&') {
            return None;
        }
        self.out.push_str("&[\n");
        for path in paths.split(|token| token.is(',')) {
            let [Tree::Ident(_), Tree::Punct(_), Tree::Punct(_), Tree::Ident(_)] = path else { return None };
            let start = self.out.len();
            self.indent(2 * INDENT);
            push_value(path, &mut self.out)?;
            self.out.push_str(",\n");
            self.fits(start)?;
        }
        self.indent(INDENT);
        self.out.push_str("];\n");
        Some(())
    }

    /// What a macro is given: names and types, or lines that stand aside.
    fn call(&mut self, call: &[Tree]) -> Option<()> {
        match call {
            [Tree::Group(Delimiter::Brace, lines)] => {
                let [Tree::Ident(aside)] = lines.as_slice() else { return None };
                self.block(false, 0, |it| {
                    it.indent(INDENT);
                    push_display(aside, &mut it.out);
                    it.out.push('\n');
                    Some(())
                })
            }
            [Tree::Group(Delimiter::Parenthesis, parts), _] => {
                let start = self.out.rfind('\n').map_or(0, |at| at + 1);
                let parts = given(parts)?;
                self.out.push('(');
                let open = self.out.len();
                self.out.push_str(&parts.join(", "));
                self.out.push_str(");\n");
                if self.fits(start).is_none() {
                    self.out.truncate(open);
                    let gap = format!("\n{}", " ".repeat(INDENT));
                    self.out.extend([&gap, &*parts.join(&format!(",{gap}")), "\n);\n"]);
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Tokens for `prettyplease`, inside this many braces. Plain bodies of functions stand aside.
    fn stream(&mut self, trees: &[Tree], depth: usize) -> TokenStream {
        let mut is_function = false;
        let token = |(index, tree): (usize, &Tree)| match tree {
            Tree::Ident(ident) => {
                // The type `fn()` has no name and no body.
                is_function |= ident == "fn" && matches!(trees.get(index + 1), Some(Tree::Ident(_)));
                TokenTree::Ident(ident.clone())
            }
            Tree::Punct(punct) => TokenTree::Punct(punct.clone()),
            Tree::Literal(literal) => TokenTree::Literal(literal.clone()),
            Tree::Group(delimiter, inner) => {
                let is_brace = *delimiter == Delimiter::Brace;
                let depth = depth + usize::from(is_brace);
                let is_body = is_function && is_brace;
                is_function &= !is_body;
                let lines = (is_body && !inner.is_empty()).then(|| plain::lines(inner, depth * INDENT)).flatten();
                let inner = match lines {
                    Some(lines) => TokenTree::Ident(self.asides.source(lines)).into(),
                    None => self.stream(inner, depth),
                };
                TokenTree::Group(Group::new(*delimiter, inner))
            }
        };
        trees.iter().enumerate().map(token).collect()
    }

    pub(super) fn indent(&mut self, width: usize) {
        self.out.extend(std::iter::repeat_n(' ', width));
    }

    /// Whether the line that has begun here, and has ended, is not too long.
    pub(super) fn fits(&self, start: usize) -> Option<()> {
        (self.out.len() - start <= WIDTH + 1).then_some(())
    }
}

/// Returns what a macro is given: types, or an arrow from a type to another, with commas between them.
fn given(mut tokens: &[Tree]) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    loop {
        let mut part = String::new();
        push_any_type(&mut tokens, &mut part)?;
        if take(&mut tokens, '-') && take(&mut tokens, '>') {
            part.push_str(" -> ");
            push_any_type(&mut tokens, &mut part)?;
        }
        parts.push(part);
        if tokens.is_empty() {
            return Some(parts);
        }
        if !take(&mut tokens, ',') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Ident;
    use quote::quote;

    use super::*;
    use crate::format::{aside::Aside, tree::trees};

    /// Items with a name in them.
    fn items(name: &Ident) -> Vec<TokenStream> {
        vec![
            quote! { #[doc = " A. "] #[derive(Debug, Clone)] #[must_use = "b"] pub struct A(pub(crate) #name); },
            quote! { #[doc = 1] pub struct #name<'r>(Headers<'r>); },
            quote! { pub struct A { #[deprecated] pub a: Option<Vec<#name>>, b: ::std::#name, pub c: (A, #name) } },
            quote! { pub struct A {} },
            quote! { #[allow(clippy::a, reason = "b")] #[non_exhaustive] pub enum A { #name, B(Box<#name>), C(A, #name) } },
            quote! { #[allow(clippy::a, #name)] pub enum #name {} },
            quote! { impl From<A> for #name {} },
            quote! { impl<'a> #name<'a> {} },
            quote! { impl #name { pub fn new() -> Self { a() } } },
            quote! { impl A { #[doc = " B."] #[inline] pub fn b(&self, #name: impl Into<String>) -> Option<&'a str> { self.c() } } },
            quote! { impl A { fn b(mut self, c: impl IntoIterator<Item = (impl Into<#name>, B)>,) -> C { c } } },
            quote! { impl A { fn b(c: impl Into<#name>) {} fn d() -> #name {} fn e() -> Vec<#name> {} } },
            quote! { impl A { fn b(self, c: u8) -> Vec<#name> {} } },
            quote! { impl A { pub const VALUES: &'static [Self] = &[Self::#name, Self::B]; } },
            quote! { impl A { const B: #name = 1; fn c<T>(a: #name) { if a { b } } fn d(#name: u8) {} } },
            quote! { text_model!(types::#name); },
            quote! { model! { #name } },
        ]
    }

    /// Items that are left to `prettyplease`.
    fn other_items() -> Vec<TokenStream> {
        vec![
            quote! { #[doc = "/ a"] struct A {} },
            quote! { #[a(b(c))] struct A {} },
            quote! { pub(in a) struct A {} },
            quote! { struct A<T>(T); },
            quote! { struct A { a: fn(u8) } },
            quote! { struct A { a: Vec<Vec<Vec<Vec<Vec<Vec<u8>>>>>> } },
            quote! { enum A { B { c: u8 } } },
            quote! { enum A { B = 1 } },
            quote! { impl<T> A<T> {} },
            quote! { impl !A for B {} },
            quote! { a!(b = c); },
            quote! { a! { b c } },
            quote! { pub type A = B; },
        ]
    }

    fn printed(item: &TokenStream) -> Option<String> {
        let (items, mut asides) = Asides::of(|| trees(item.clone()));
        let mut printer = Printer { asides: &mut asides, out: String::new() };
        printer.item(&items)?;
        // What stands aside stands in its place.
        let lines = printer.out.split_inclusive('\n').map(|line| match printer.asides.at(line.trim()) {
            Some(Aside::Source(source)) => {
                let gap = &line[..line.len() - line.trim_start().len()];
                source.lines().flat_map(|line| [gap, line, "\n"]).collect()
            }
            _ => line.to_owned(),
        });
        Some(lines.collect())
    }

    #[test]
    fn items_of_all_widths_are_printed_as_by_prettyplease() {
        for width in 1..120 {
            let name = Ident::new(&"n".repeat(width), proc_macro2::Span::call_site());
            for item in items(&name) {
                let source = printed(&item);
                assert!(width > 8 || source.is_some(), "{item} is not printed");
                if let Some(source) = source {
                    assert_eq!(source, unparse(item).unwrap());
                }
            }
        }
    }

    #[test]
    fn types_that_a_macro_is_given_are_printed_as_types() {
        let long = Ident::new(&"N".repeat(80), proc_macro2::Span::call_site());
        let items = trees(quote! {
            request!(A -> Vec<(B, &'static [C])>, Json<D>);
            request!(A -> Vec<Option<Vec<Option<Vec<Option<Vec<#long>>>>>>>, B);
        });
        let source = print(&items, &mut Asides::of(|| ()).1).unwrap();
        let long = format!("request!(\n    A -> Vec<Option<Vec<Option<Vec<Option<Vec<{long}>>>>>>>,\n    B\n);\n");
        assert_eq!(source, format!("request!(A -> Vec<(B, &'static [C])>, Json<D>);\n{long}"));
    }

    #[test]
    fn other_items_are_left_to_prettyplease() {
        for item in other_items() {
            assert_eq!(printed(&item), None, "{item}");
            let source = print(&trees(item.clone()), &mut Asides::of(|| ()).1).unwrap();
            assert_eq!(source, unparse(item).unwrap());
        }
    }
}
