//! The public surface of generated code: a line for each public type, field, variant and method, which is what a
//! reviewer reads after an upstream change.

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemType, Type, TypePath, Visibility};

use crate::format::File;

/// The public surface of the generated files, sorted within each module, one item a line. What stands in modules below
/// `client` and `requests` is told as of these, as callers see it. `wire.rs` is left out, because callers cannot
/// name what it declares.
///
/// An alias of a type of another operation is told as a type of its own: it is an alias only as long as both say the same, and
/// callers of the operation see no difference.
///
/// Text that does not parse as Rust has no surface; generated files always do.
pub fn public_surface(files: &[File]) -> String {
    let mut modules: Vec<(&str, Module)> = Vec::new();
    for file in files.iter().filter(|file| file.path != "wire.rs") {
        let module = file.path.split(['/', '.']).next().unwrap_or_default();
        let at = modules.iter().position(|(name, _)| *name == module).unwrap_or_else(|| {
            modules.push((module, Module::default()));
            modules.len() - 1
        });
        for item in syn::parse_file(&file.source).map(|parsed| parsed.items).unwrap_or_default() {
            item_lines(module, &item, &mut modules[at].1);
        }
    }
    let mut out = String::new();
    for (name, Module { mut lines, aliases }) in modules {
        let told: Vec<String> = aliases.iter().flat_map(|alias| alias.lines(name, &lines)).collect();
        lines.extend(told);
        lines.sort();
        lines.dedup();
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// What is told of a module.
#[derive(Default)]
struct Module {
    lines: Vec<String>,
    aliases: Vec<Alias>,
}

/// An alias of a type.
struct Alias {
    name: String,
    /// The type; `None` if the alias is its earlier name, which is told as an alias.
    target: Option<String>,
    /// The line that tells it as an alias.
    line: String,
}

impl Alias {
    fn of(module: &str, item: &ItemType) -> Self {
        let is_former = item.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
        let target = match &*item.ty {
            Type::Path(TypePath { path, .. }) if !is_former => path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let line = format!("type {module}::{} = {}", item.ident, compact(&item.ty));
        Self { name: item.ident.to_string(), target, line }
    }

    /// Returns the lines about the type, with the name of the alias.
    fn lines(&self, module: &str, lines: &[String]) -> Vec<String> {
        let renamed = self.target.iter().flat_map(|target| {
            let target = format!("{module}::{target}");
            lines.iter().filter_map(move |line| {
                let (before, after) = line.split_once(&target)?;
                let is_whole = !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                is_whole.then(|| format!("{before}{module}::{}{after}", self.name))
            })
        });
        let mut told: Vec<String> = renamed.collect();
        // The type may be of another module.
        if told.is_empty() {
            told.push(self.line.clone());
        }
        told
    }
}

fn item_lines(name: &str, item: &Item, module: &mut Module) {
    let Module { lines, aliases } = module;
    let module = name;
    match item {
        Item::Struct(item) if is_public(&item.vis) => {
            let name = format!("{module}::{}", item.ident);
            lines.push(format!("struct {name}"));
            if let Fields::Named(fields) = &item.fields {
                for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    lines.push(format!("struct {name}.{ident}: {}", compact(&field.ty)));
                }
            }
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let name = format!("{module}::{}", item.ident);
            lines.push(format!("enum {name}"));
            let shape = |variant: &syn::Variant| format!("{}{}", variant.ident, compact(&variant.fields));
            lines.extend(item.variants.iter().map(|variant| format!("enum {name}::{}", shape(variant))));
        }
        Item::Type(item) if is_public(&item.vis) => aliases.push(Alias::of(module, item)),
        Item::Impl(item) => {
            let target = compact(&item.self_ty);
            if let Some((path, _)) = &item.trait_ {
                lines.push(format!("impl {} for {module}::{target}", compact(path)));
                return;
            }
            for member in &item.items {
                match member {
                    ImplItem::Fn(it) if is_public(&it.vis) => {
                        lines.push(format!("fn {module}::{target}::{}", compact(&it.sig).trim_start_matches("fn ")));
                    }
                    ImplItem::Const(it) if is_public(&it.vis) => {
                        lines.push(format!("const {module}::{target}::{}: {}", it.ident, compact(&it.ty)));
                    }
                    _ => {}
                }
            }
        }
        // What the modules below this one have is told as of this one.
        Item::Use(item) if is_public(&item.vis) && !compact(item).ends_with("::*;") => {
            lines.push(compact(item).trim_end_matches(';').to_owned());
        }
        Item::Mod(item) if is_public(&item.vis) => lines.push(format!("mod {}", item.ident)),
        // Of what the runtime gives every request, the result alone depends on the document.
        Item::Macro(item) if item.mac.path.is_ident("request") => {
            let tokens = compact(&item.mac.tokens);
            if let Some((request, output)) = tokens.split_once("->") {
                let (request, output) = (request.trim(), result(output.trim()));
                lines.push(format!("fn {module}::{request}::send(self) -> Pending<{output}>"));
            }
        }
        _ => {}
    }
}

/// The result of a request, without the decoder that may follow it.
fn result(text: &str) -> &str {
    let mut depth = 0_i32;
    let end = text.char_indices().find(|(_, c)| {
        depth += match c {
            '<' | '(' => 1,
            '>' | ')' => -1,
            _ => 0,
        };
        *c == ',' && depth == 0
    });
    end.map_or(text, |(end, _)| &text[..end])
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Tokens with the spacing that people give them.
pub(super) fn compact(tokens: impl ToTokens) -> String {
    const SPACING: [(&str, &str); 15] = [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" :", ":"),
        (" ;", ";"),
        ("- >", "->"),
        ("{ ", "{"),
        (" }", "}"),
        ("(mut self", "(self"),
    ];
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in SPACING {
        text = text.replace(spaced, tight);
    }
    // A tuple after these is no argument list.
    for (tight, spaced) in [("=(", "= ("), ("->(", "-> ("), (",(", ", ("), (":(", ": (")] {
        text = text.replace(tight, spaced);
    }
    without_last_commas(text.trim())
}

/// Removes the commas behind the last item in parentheses. A tuple of one item keeps it.
fn without_last_commas(text: &str) -> String {
    /// An open bracket: whether it begins a tuple, and its commas so far.
    struct Open {
        is_tuple: bool,
        commas: usize,
    }
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<Open> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '(' | '[' | '{' | '<' => {
                let before = out.chars().next_back();
                let is_call = before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '>' | '!'));
                open.push(Open { is_tuple: letter == '(' && !is_call, commas: 0 });
            }
            ')' | ']' | '}' => drop(open.pop()),
            // An arrow closes no bracket.
            '>' if !out.ends_with(['-', '=']) => drop(open.pop()),
            ',' => {
                let inner = open.last_mut();
                let is_needed = inner.as_ref().is_some_and(|it| it.is_tuple && it.commas == 0);
                if letters.peek() == Some(&')') && !is_needed {
                    continue;
                }
                if let Some(inner) = inner {
                    inner.commas += 1;
                }
            }
            _ => {}
        }
        out.push(letter);
    }
    out
}
