//! Witnesses: code that uses each item of a public surface as callers may. A signature is taken as it stands, so a witness holds
//! for every caller of the item.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{compare::words, surface::Surface};

/// The modules of a client whose items have witnesses.
const MODULES: [&str; 3] = ["client", "requests", "types"];

/// Code that uses one item, on one line of a program.
#[derive(Debug)]
pub(super) struct Witness {
    /// The item of the public surface, or of an entry.
    pub(super) item: String,
    /// The module whose names the code uses.
    pub(super) module: &'static str,
    /// One function, with `{n}` for the number in its name.
    pub(super) code: String,
}

/// Ends the item of a witness that writes a struct with all of its fields.
const ALL: &str = ".*";

/// The items of the witnesses that use what a line declares.
pub(super) fn items_using(line: &str) -> impl Iterator<Item = String> {
    let owner = line.split('.').next().unwrap_or(line);
    [line.to_owned(), format!("{owner}{ALL}")].into_iter()
}

/// Returns the witnesses of a surface.
pub(super) fn witnesses(surface: &Surface, exhaustive: &BTreeSet<String>) -> Vec<Witness> {
    let mut witnesses: Vec<Witness> = surface.lines().filter_map(witness).collect();
    let mut fields: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in surface.lines() {
        if let Some((path, ty)) = line.strip_prefix("struct ").and_then(|rest| rest.split_once(": "))
            && let Some((name, field)) = path.split_once('.')
            && exhaustive.contains(name)
        {
            fields.entry(name).or_default().push((field, ty));
        }
    }
    // Callers write these structs with all of their fields.
    witnesses.extend(fields.into_iter().filter_map(|(path, fields)| literal(path, &fields)));
    witnesses
}

fn literal(path: &str, fields: &[(&str, &str)]) -> Option<Witness> {
    let (module, name) = split(path)?;
    let arguments: Vec<_> = fields.iter().enumerate().map(|(index, (_, ty))| format!("a{index}: {ty}")).collect();
    let values: Vec<_> = fields.iter().enumerate().map(|(index, (field, _))| format!("{field}: a{index}")).collect();
    let code = format!("pub fn w{{n}}({}) -> {name} {{ {name} {{ {} }} }}", arguments.join(", "), values.join(", "));
    Some(Witness { item: format!("struct {path}{ALL}"), module, code })
}

/// Returns the witness of a line; the rest is for generated code only.
fn witness(line: &str) -> Option<Witness> {
    let (kind, rest) = line.split_once(' ')?;
    if rest.contains("__private") {
        return None;
    }
    let (module, code) = match kind {
        "fn" => function(rest)?,
        "struct" => structure(rest)?,
        "enum" => enumeration(rest)?,
        "const" => {
            let (path, ty) = rest.split_once(": ")?;
            let (module, name) = split(path)?;
            let owner = name.split("::").next()?;
            (module, format!("pub fn w{{n}}() -> {} {{ {name} }}", with_self(ty, owner)))
        }
        "type" => {
            let (path, ty) = rest.split_once(" = ")?;
            let (module, name) = split(path)?;
            (module, format!("pub fn w{{n}}(value: {name}) -> {ty} {{ value }}"))
        }
        "impl" => implementation(rest)?,
        _ => return None,
    };
    Some(Witness { item: super::super::surface::identity(line).to_owned(), module, code })
}

/// Splits `types::Tone` into the module and the rest.
fn split(path: &str) -> Option<(&'static str, &str)> {
    let (module, name) = path.split_once("::")?;
    Some((MODULES.into_iter().find(|known| *known == module)?, name))
}

fn with_self(text: &str, owner: &str) -> String {
    words(text).map(|word| if word == "Self" { owner } else { word }).collect()
}

/// A call of a function with arguments of the types that it declares.
fn function(rest: &str) -> Option<(&'static str, String)> {
    let (path, signature) = rest.split_at(rest.find('(')?);
    let (module, name) = split(path)?;
    let (owner, _) = name.rsplit_once("::")?;
    let end = closing(signature)?;
    let (parameters, output) = (&signature[1..end], signature[end + 1..].trim());
    let mut declared = Vec::new();
    let mut passed = Vec::new();
    for (index, parameter) in top_level(parameters).into_iter().enumerate() {
        match parameter {
            "self" | "mut self" => declared.push(format!("this: {owner}")),
            "&self" => declared.push(format!("this: &{owner}")),
            "&mut self" => declared.push(format!("this: &mut {owner}")),
            other => {
                let (_, ty) = other.split_once(": ")?;
                declared.push(format!("a{index}: {}", with_self(ty, owner)));
                passed.push(format!("a{index}"));
                continue;
            }
        }
        passed.push("this".to_owned());
    }
    let lifetimes = lifetimes(owner);
    let code = format!(
        "pub fn w{{n}}{lifetimes}({}) {} {{ {}({}) }}",
        declared.join(", "),
        with_self(output, owner),
        name.replace(&lifetimes, ""),
        passed.join(", ")
    );
    Some((module, code))
}

/// The lifetimes of a type, in brackets: `<'r>`.
fn lifetimes(owner: &str) -> String {
    let found = owner.find("<'").map(|at| &owner[at..]);
    found.filter(|text| text.ends_with('>')).unwrap_or_default().to_owned()
}

fn structure(rest: &str) -> Option<(&'static str, String)> {
    let Some((path, ty)) = rest.split_once(": ") else {
        let (module, name) = split(rest)?;
        return Some((module, format!("pub fn w{{n}}(_: Option<{name}>) {{}}")));
    };
    let (module, name) = split(path)?;
    let (owner, field) = name.split_once('.')?;
    Some((module, format!("pub fn w{{n}}(value: &{owner}) -> &{ty} {{ &value.{field} }}")))
}

fn enumeration(rest: &str) -> Option<(&'static str, String)> {
    let (module, name) = split(rest)?;
    let Some((owner, variant)) = name.split_once("::") else {
        return Some((module, format!("pub fn w{{n}}(_: Option<{name}>) {{}}")));
    };
    let (variant, held) = match variant.split_once('(') {
        Some((variant, held)) => (variant, held.strip_suffix(')')),
        None => (variant, None),
    };
    let code = match held.map(top_level).as_deref() {
        Some([only]) => {
            let held = with_self(only, owner);
            format!(
                "pub fn w{{n}}(value: {owner}) {{ if let {owner}::{variant}(held) = value {{ let _: {held} = held; }} }}"
            )
        }
        _ => format!("pub fn w{{n}}(value: &{owner}) -> bool {{ matches!(value, {owner}::{variant} {{ .. }}) }}"),
    };
    Some((module, code))
}

fn implementation(rest: &str) -> Option<(&'static str, String)> {
    let (of, path) = rest.rsplit_once(" for ")?;
    let (module, name) = split(path)?;
    let code = if of == "Default" {
        format!("pub fn w{{n}}() -> {name} {{ {name}::default() }}")
    } else {
        let from = of.strip_prefix("From<")?.strip_suffix('>')?;
        format!("pub fn w{{n}}(value: {from}) -> {name} {{ value.into() }}")
    };
    Some((module, code))
}

/// The place of the bracket that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    text.char_indices().find_map(|(index, c)| {
        depth += change(text, index, c);
        (depth == 0).then_some(index)
    })
}

/// The parts of a text between its commas outside of brackets.
fn top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (index, c) in text.char_indices() {
        depth += change(text, index, c);
        if c == ',' && depth == 0 {
            parts.push(text[start..index].trim());
            start = index + 1;
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn change(text: &str, index: usize, c: char) -> i32 {
    match c {
        '(' | '<' | '[' | '{' => 1,
        // An arrow closes no bracket.
        '>' if text[..index].ends_with(['-', '=']) => 0,
        ')' | '>' | ']' | '}' => -1,
        _ => 0,
    }
}

/// What the code of a module may name besides the items of its own module: each name, and where it is from.
const FOREIGN: [(&str, &str); 7] = [
    ("Value", "::serde_json::Value"),
    ("Map", "::serde_json::Map"),
    ("BTreeMap", "::std::collections::BTreeMap"),
    ("HashMap", "::std::collections::HashMap"),
    ("Duration", "::std::time::Duration"),
    ("json", "::serde_json::json"),
    ("HeaderMap", "::lowcodeapi_runtime::header::HeaderMap"),
];

/// A program with parts that can be left out. Each part is on a line of its own.
#[derive(Debug, Default)]
pub(super) struct Source {
    lines: Vec<String>,
    /// The lines that can be left out, each with the number of its witness or call, if it is one.
    droppable: BTreeMap<usize, usize>,
}

impl Source {
    /// Writes a program whose names are those of a surface.
    pub(super) fn new(witnesses: &[Witness], surface: &Surface) -> Self {
        let mut source = Self::default();
        source.push("#![allow(unused, clippy::all)]\n#![warn(deprecated)]");
        for module in MODULES {
            source.push_module(module, witnesses, surface);
        }
        source
    }

    fn push_module(&mut self, module: &'static str, witnesses: &[Witness], surface: &Surface) {
        self.push(&format!("pub mod of_{module} {{"));
        let own = names(module, surface);
        let path = if module == "client" { "::client".to_owned() } else { format!("::client::{module}") };
        let mut imports: Vec<String> = own.iter().map(|name| format!("{path}::{name}")).collect();
        let modules = ["types", "requests"].into_iter().filter(|module| surface.has(&format!("mod {module}")));
        imports.extend(modules.map(|module| format!("::client::{module}")));
        if module != "client" {
            imports.push("::client::Client".to_owned());
        }
        let foreign = FOREIGN.iter().filter(|(name, _)| !own.contains(*name));
        imports.extend(foreign.map(|(_, path)| (*path).to_owned()));
        imports.push("::lowcodeapi_runtime::*".to_owned());
        for import in imports {
            self.push_droppable(&format!("use {import};"), usize::MAX);
        }
        for (index, witness) in witnesses.iter().enumerate().filter(|(_, witness)| witness.module == module) {
            self.push_droppable(&witness.code.replace("{n}", &index.to_string()), index);
        }
        self.push("}");
    }

    /// Adds lines that stay.
    pub(super) fn push(&mut self, text: &str) {
        self.lines.extend(text.lines().map(str::to_owned));
    }

    /// Adds a line that can be left out. Lines of the same number are about one thing.
    pub(super) fn push_droppable(&mut self, line: &str, number: usize) {
        self.droppable.insert(self.lines.len(), number);
        self.lines.push(line.to_owned());
    }

    /// The number of what is on a line.
    pub(super) fn number(&self, line: usize) -> Option<usize> {
        self.droppable.get(&line).copied().filter(|number| *number != usize::MAX)
    }

    pub(super) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// Empties a line, so that the others keep their numbers. Returns whether it can be left out.
    pub(super) fn drop_line(&mut self, line: usize) -> bool {
        let is_left_out = self.droppable.contains_key(&line);
        match self.lines.get_mut(line) {
            Some(text) if is_left_out && !text.is_empty() => {
                text.clear();
                true
            }
            _ => false,
        }
    }
}

/// The names that a module declares.
fn names(module: &str, surface: &Surface) -> BTreeSet<String> {
    let declared = surface.lines().filter_map(|line| {
        let (kind, rest) = line.split_once(' ')?;
        let rest =
            ["struct", "enum", "type"].contains(&kind).then_some(rest)?.strip_prefix(module)?.strip_prefix("::")?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        Some(rest[..end].to_owned())
    });
    declared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_uses_the_item_as_it_is_declared() {
        for (line, code) in [
            (
                "fn client::Client::get(&self, id: impl Into<String>, n: (i64, u8)) -> requests::Get",
                "pub fn w{n}(this: &Client, a1: impl Into<String>, a2: (i64, u8)) -> requests::Get { Client::get(this, a1, a2) }",
            ),
            (
                "fn requests::Get::size(self, size: i64) -> Self",
                "pub fn w{n}(this: Get, a1: i64) -> Get { Get::size(this, a1) }",
            ),
            ("struct types::Tone.id: Option<String>", "pub fn w{n}(value: &Tone) -> &Option<String> { &value.id }"),
            (
                "enum types::Kind::Unknown(UnknownValue<Self>)",
                "pub fn w{n}(value: Kind) { if let Kind::Unknown(held) = value { let _: UnknownValue<Kind> = held; } }",
            ),
            (
                "fn requests::GetHeaders<'r>::new(headers: &'r HeaderMap) -> Self",
                "pub fn w{n}<'r>(a0: &'r HeaderMap) -> GetHeaders<'r> { GetHeaders::new(a0) }",
            ),
            ("impl From<Cat> for types::Pet", "pub fn w{n}(value: Cat) -> Pet { value.into() }"),
            ("const types::Kind::VALUES: &'static [Self]", "pub fn w{n}() -> &'static [Kind] { Kind::VALUES }"),
        ] {
            assert_eq!(witness(line).unwrap().code, code);
        }
        assert!(witness("impl From<lowcodeapi_runtime::__private::Client> for client::Client").is_none());
    }
}
