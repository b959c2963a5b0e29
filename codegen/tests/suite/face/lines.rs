//! The face of a crate: a line for each public item that is documented.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, ItemTrait, TraitItem, Visibility};

use super::crate_::{Crate, attributes, condition, imports, is_hidden};

/// All lines, sorted, each once.
pub(crate) fn face(library: &Crate) -> String {
    let mut face = Face { library, exported: BTreeMap::new(), lines: BTreeSet::new() };
    face.exports();
    let exported: Vec<(String, String)> =
        face.exported.iter().map(|(path, name)| (path.clone(), name.clone())).collect();
    for (path, name) in exported {
        face.definition(&path, &name);
    }
    for (module, source) in &library.modules {
        source.items.iter().for_each(|item| face.implementation(module, item));
    }
    face.lines.iter().flat_map(|line| [line, "\n"]).collect()
}

struct Face<'c> {
    library: &'c Crate,
    /// The public types and traits: where each is defined, and the path that users write.
    exported: BTreeMap<String, String>,
    lines: BTreeSet<String>,
}

impl Face<'_> {
    /// What the root hands on; public modules with all that is public in them.
    fn exports(&mut self) {
        for item in &self.library.modules[""].items {
            let Item::Use(item) = item else { continue };
            if !is_public(&item.vis) || is_hidden(&item.attrs) {
                continue;
            }
            for (name, path) in imports(&item.tree, "") {
                let Some(path) = path.strip_prefix("crate::") else {
                    self.add(format!("use {path}"), &item.attrs);
                    continue;
                };
                let Some(module) = self.library.modules.get(path) else {
                    let (module, last) = path.rsplit_once("::").unwrap_or(("", path));
                    let defined = self.library.resolve(module, last).unwrap_or_else(|| panic!("{path} is nowhere"));
                    self.exported.insert(defined, name);
                    continue;
                };
                self.add(format!("mod {name}"), &item.attrs);
                for item in &module.items {
                    let within = match item {
                        Item::Struct(item) if is_public(&item.vis) => &item.ident,
                        Item::Enum(item) if is_public(&item.vis) => &item.ident,
                        Item::Fn(item) if is_public(&item.vis) => &item.sig.ident,
                        _ => continue,
                    };
                    if !is_hidden(attributes(item)) {
                        self.exported.insert(format!("{path}::{within}"), format!("{name}::{within}"));
                    }
                }
            }
        }
    }

    fn definition(&mut self, path: &str, name: &str) {
        let (_, item) = self.library.find(path).unwrap_or_else(|| panic!("{path} is defined nowhere"));
        match item {
            Item::Struct(item) => self.structure(item, name),
            Item::Enum(item) => self.enumeration(item, name),
            Item::Trait(item) => self.interface(item, name),
            Item::Fn(item) => self.add(signature(&item.sig, name), &item.attrs),
            Item::Type(item) => {
                let (ident, generics, ty) = (&item.ident, &item.generics, &item.ty);
                self.add(compact(quote::quote! { type #ident #generics = #ty }), &item.attrs);
            }
            other => self.add(compact(other), attributes(other)),
        }
    }

    fn structure(&mut self, item: &ItemStruct, name: &str) {
        self.add(format!("struct {name}{}", compact(&item.generics)), &item.attrs);
        self.derives(&item.attrs, name);
        for (index, field) in item.fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
            let field_name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            self.add(format!("struct {name}.{field_name}: {}", compact(&field.ty)), &field.attrs);
        }
    }

    fn enumeration(&mut self, item: &ItemEnum, name: &str) {
        self.add(format!("enum {name}{}", compact(&item.generics)), &item.attrs);
        self.derives(&item.attrs, name);
        for variant in &item.variants {
            let fields = match &variant.fields {
                Fields::Named(fields) => {
                    let field = |field: &syn::Field| format!("{}: {}", compact(&field.ident), compact(&field.ty));
                    format!(" {{ {} }}", fields.named.iter().map(field).collect::<Vec<_>>().join(", "))
                }
                Fields::Unnamed(fields) => {
                    format!(
                        "({})",
                        fields.unnamed.iter().map(|field| compact(&field.ty)).collect::<Vec<_>>().join(", ")
                    )
                }
                Fields::Unit => String::new(),
            };
            self.add(format!("enum {name}::{}{fields}", variant.ident), &variant.attrs);
        }
    }

    fn interface(&mut self, item: &ItemTrait, name: &str) {
        let bounds =
            if item.supertraits.is_empty() { String::new() } else { format!(": {}", compact(&item.supertraits)) };
        self.add(format!("trait {name}{}{bounds}", compact(&item.generics)), &item.attrs);
        for member in &item.items {
            match member {
                TraitItem::Fn(function) => {
                    let provided = if function.default.is_some() { " [provided]" } else { "" };
                    let line = format!("trait {name}: {}{provided}", compact(&function.sig));
                    self.add(line, &function.attrs);
                }
                TraitItem::Const(constant) => {
                    let line = format!("trait {name}: const {}: {}", constant.ident, compact(&constant.ty));
                    self.add(line, &constant.attrs);
                }
                TraitItem::Type(associated) => {
                    let line = format!("trait {name}: type {}: {}", associated.ident, compact(&associated.bounds));
                    self.add(line, &associated.attrs);
                }
                other => self.add(format!("trait {name}: {}", compact(other)), &[]),
            }
        }
    }

    fn derives(&mut self, attributes: &[Attribute], name: &str) {
        for derive in attributes.iter().filter(|it| it.path().is_ident("derive")) {
            let list = derive.meta.require_list().unwrap().tokens.to_string();
            for derived in list.split(',').map(str::trim).filter(|derived| !derived.is_empty()) {
                self.lines.insert(format!("impl {derived} for {name}"));
            }
        }
    }

    /// The methods of a public type, and the traits that users know of.
    fn implementation(&mut self, module: &str, item: &Item) {
        if let Item::Macro(call) = item
            && call.mac.path.segments.last().is_some_and(|it| it.ident == "__serde_by_model")
            && let Some(name) = self.public(module, &call.mac.tokens.to_string())
        {
            self.lines.insert(format!("impl serde::Deserialize for {name}"));
            self.lines.insert(format!("impl serde::Serialize for {name}"));
        }
        let Item::Impl(item) = item else { return };
        let target = compact(&item.self_ty);
        let name = self.public(module, target.split('<').next().unwrap_or_default());
        if let Some((path, _)) = &item.trait_ {
            self.implemented(module, item, path, name.as_deref(), &target);
            return;
        }
        let Some(name) = name else { return };
        for member in &item.items {
            let (line, attributes) = match member {
                ImplItem::Fn(it) if is_public(&it.vis) => (signature(&it.sig, &name), &it.attrs),
                ImplItem::Const(it) if is_public(&it.vis) => {
                    (format!("const {name}::{}: {}", it.ident, compact(&it.ty)), &it.attrs)
                }
                _ => continue,
            };
            if !is_hidden(attributes) {
                self.add(line, if item.attrs.is_empty() { attributes } else { &item.attrs });
            }
        }
    }

    fn implemented(&mut self, module: &str, item: &ItemImpl, path: &syn::Path, name: Option<&str>, target: &str) {
        let path = compact(path);
        let plain = path.split('<').next().unwrap_or_default();
        // A trait of the crate's own that is not public is no user's.
        if self.library.resolve(module, plain.split("::").next().unwrap_or_default()).is_some()
            && self.public(module, plain).is_none()
        {
            return;
        }
        // A conversion out of a public type counts as one of its own.
        let within = path.split_once('<').map(|(_, rest)| rest.trim_end_matches('>').to_owned());
        let is_from = plain == "From" && within.is_some_and(|within| self.public(module, &within).is_some());
        if name.is_some() || is_from {
            let target = name.map_or_else(
                || target.to_owned(),
                |name| target.split_once('<').map_or_else(|| name.to_owned(), |(_, rest)| format!("{name}<{rest}")),
            );
            self.add(format!("impl{} {path} for {target}", compact(&item.generics)), &item.attrs);
        }
    }

    /// The name by which users know a type of a module.
    fn public(&self, module: &str, name: &str) -> Option<String> {
        self.exported.get(&self.library.resolve(module, name.trim())?).cloned()
    }

    /// Adds a line with what its item's attributes say, unless they hide it.
    fn add(&mut self, mut line: String, attributes: &[Attribute]) {
        if is_hidden(attributes) {
            return;
        }
        if attributes.iter().any(|it| it.path().is_ident("non_exhaustive")) {
            line.push_str(" [non_exhaustive]");
        }
        if let Some(condition) = condition(attributes) {
            line.extend([" [", &condition, "]"]);
        }
        self.lines.insert(line);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// A function of a type or module under its public name.
fn signature(signature: &syn::Signature, name: &str) -> String {
    let text = compact(signature);
    let (before, rest) = text.split_once("fn ").unwrap_or_default();
    let is_method = name.rsplit("::").next() != Some(&signature.ident.to_string());
    let path = if is_method {
        format!("{name}::{rest}")
    } else {
        format!("{name}{}", &rest[signature.ident.to_string().len()..])
    };
    format!("{before}fn {path}")
}

/// Tokens with the spacing that people give them.
fn compact(tokens: impl ToTokens) -> String {
    const SPACING: [(&str, &str); 16] = [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" :", ":"),
        (" ;", ";"),
        ("- >", "->"),
        ("(mut self", "(self"),
        (",)", ")"),
        (",>", ">"),
    ];
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in SPACING {
        text = text.replace(spaced, tight);
    }
    // A tuple after `=` or `->` is no argument list, and a bound no path.
    text.replace("=(", "= (").replace("->(", "-> (").replace(": :", "::").trim().to_owned()
}
