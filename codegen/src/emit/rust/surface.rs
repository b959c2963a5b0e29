//! The public surface of generated code: a line for each public type, field, variant and method, which is what a
//! reviewer reads after an upstream change.

use foldhash::{HashMap, HashMapExt as _};
use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, ItemType, Meta, Type, TypePath, Visibility};

use crate::format::File;

/// The public surface of the generated files, sorted within each module, one item a line. What stands in modules below
/// `client` and `requests` is told as of these, as callers see it. `wire.rs` and what is hidden are left out, because callers
/// do not name what they declare.
///
/// A request is told as a struct of its own, whatever it is an alias of. A type that an operation shares with another one is
/// told as a type of its own: both are one only as long as their members are the same, and the code that calls one
/// operation sees no difference.
///
/// Text that does not parse as Rust has no surface; generated files always do.
pub fn public_surface(files: &[File]) -> String {
    let mut modules: Vec<(&str, Module)> = Vec::new();
    for file in files.iter().filter(|file| !["operations.rs", "wire.rs"].contains(&file.path.as_str())) {
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
        let shared = lines_of_shared(name, &lines, &aliases);
        lines.extend(shared);
        tell_apart(name, &mut lines);
        lines.sort();
        lines.dedup();
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// Writes the runtime's types with their paths where an item of the module has their name.
fn tell_apart(module: &str, lines: &mut [String]) {
    for (name, used) in [("Error", "error: &Error)"), ("Pending", "-> Pending<")] {
        let own = format!("{module}::{name}");
        if lines.iter().any(|line| line.split_once(' ').is_some_and(|(_, item)| item == own)) {
            let path = used.replace(name, &format!("lowcodeapi_runtime::{name}"));
            for line in &mut *lines {
                *line = line.replace(used, &path);
            }
        }
    }
}

/// What is told of a module.
#[derive(Default)]
struct Module {
    lines: Vec<String>,
    aliases: Vec<Alias>,
}

/// The name that an operation has for a type of another one.
struct Alias {
    name: String,
    target: String,
    /// The line that tells it as an alias.
    line: String,
}

impl Alias {
    /// Returns `None` for other aliases: of the runtime's types, and of what had another name before, which is deprecated.
    fn of(module: &str, item: &ItemType) -> Option<Self> {
        let Type::Path(TypePath { path, .. }) = &*item.ty else { return None };
        if module != "requests" || item.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated")) {
            return None;
        }
        let target = path.segments.last()?.ident.to_string();
        Some(Self { name: item.ident.to_string(), target, line: alias_line(module, item) })
    }
}

fn alias_line(module: &str, item: &ItemType) -> String {
    format!("type {module}::{} = {}", item.ident, compact(&item.ty))
}

/// Returns the lines about shared types, under the names that operations have for them.
fn lines_of_shared(module: &str, lines: &[String], aliases: &[Alias]) -> Vec<String> {
    let prefix = format!("{module}::");
    // What stands before the name of the type that a line is about, the name, and what follows.
    let split = |line: &'_ str| {
        let start = line.find(&prefix)? + prefix.len();
        let is_end = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        let end = line[start..].find(is_end).map_or(line.len(), |length| start + length);
        Some((start, end))
    };
    let mut by_name: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for line in lines {
        if let Some((start, end)) = split(line) {
            by_name.entry(&line[start..end]).or_default().push((&line[..start], &line[end..]));
        }
    }
    let mut told = Vec::new();
    for Alias { name, target, line } in aliases {
        match by_name.get(target.as_str()) {
            Some(parts) => told.extend(parts.iter().map(|(before, after)| format!("{before}{name}{after}"))),
            None => told.push(line.clone()),
        }
    }
    told
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
        Item::Type(item) if module == "requests" && is_request(item) => {
            lines.push(format!("struct {module}::{}", item.ident));
        }
        Item::Type(item) if is_public(&item.vis) => match Alias::of(module, item) {
            Some(alias) => aliases.push(alias),
            None => lines.push(alias_line(module, item)),
        },
        Item::Impl(item) => impl_lines(module, item, lines),
        // What the modules below this one have is told as of this one.
        Item::Use(item) if is_public(&item.vis) && !compact(item).ends_with("::*;") => {
            lines.push(compact(item).trim_end_matches(';').to_owned());
        }
        Item::Mod(item) if is_public(&item.vis) && !item.attrs.iter().any(is_hiding) => {
            lines.push(format!("mod {}", item.ident));
        }
        // Of what the runtime gives every request, the result and the errors alone depend on the document.
        Item::Macro(item) => {
            let tokens = compact(&item.mac.tokens);
            let Some((request, ty)) = tokens.split_once("->") else { return };
            let (request, ty) = (request.trim(), result(ty.trim()));
            if item.mac.path.is_ident("request") {
                lines.push(format!("fn {module}::{request}::send(self) -> Pending<{ty}>"));
            } else if item.mac.path.is_ident("errors") {
                lines.push(decode_error_line(request, ty));
            }
        }
        _ => {}
    }
}

fn impl_lines(module: &str, item: &ItemImpl, lines: &mut Vec<String>) {
    let target = compact(&item.self_ty);
    if let Some((path, _)) = &item.trait_ {
        lines.push(match (target.strip_prefix("operations::"), item.items.first()) {
            (Some(request), Some(ImplItem::Type(errors))) => decode_error_line(request, &compact(&errors.ty)),
            _ => format!("impl {} for {module}::{target}", compact(path)),
        });
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

/// Whether this is `#[doc(hidden)]`, or another list.
fn is_hiding(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("doc"))
}

/// Whether this names the request of an operation: the type of all requests, of this operation.
fn is_request(item: &ItemType) -> bool {
    let Type::Path(TypePath { path, .. }) = &*item.ty else { return false };
    path.segments.last().is_some_and(|last| last.ident == "Request" && !last.arguments.is_none())
}

fn decode_error_line(request: &str, ty: &str) -> String {
    format!("fn requests::{request}::decode_error(error: &Error) -> Option<{ty}>")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_the_runtime_have_their_paths_where_an_item_has_their_name() {
        let request = |name: &str| {
            format!(
                "pub type {name} = Request<operations::{name}>;\nrequest!({name} -> String, Text);\n\
                 errors!({name} -> types::Missing);\n"
            )
        };
        let surface = |source: String| public_surface(&[File::new("requests.rs", &source)]);
        let plain = surface(request("Ping"));
        let expected = "fn requests::Ping::decode_error(error: &Error) -> Option<types::Missing>\n\
                        fn requests::Ping::send(self) -> Pending<String>\nstruct requests::Ping\n";
        assert_eq!(plain, expected);
        let clashing = surface(request("Ping") + &request("Error") + &request("Pending"));
        assert!(clashing.contains("requests::Ping::decode_error(error: &lowcodeapi_runtime::Error)"), "{clashing}");
        assert!(clashing.contains("requests::Ping::send(self) -> lowcodeapi_runtime::Pending<String>"), "{clashing}");
    }
}
