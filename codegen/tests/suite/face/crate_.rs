//! The modules of a crate as they stand in its source, and what the names in them mean.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use quote::ToTokens;
use syn::{Attribute, Item, UseTree};

/// A module that is compiled into the library.
pub(crate) struct Module {
    pub(crate) items: Vec<Item>,
    /// What each name that it defines or imports is, from the crate's root: `call::upload::Upload`.
    names: HashMap<String, String>,
}

/// The modules by their paths from the root, which is the empty one.
pub(crate) struct Crate {
    pub(crate) modules: BTreeMap<String, Module>,
}

impl Crate {
    /// Reads all modules below a folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut sources = vec![(String::new(), fs::read_to_string(folder.join("lib.rs")).unwrap())];
        let mut at = 0;
        while at < sources.len() {
            let (module, source) = sources[at].clone();
            for child in children(&source) {
                let path = if module.is_empty() { child } else { format!("{module}::{child}") };
                let file = folder.join(path.replace("::", "/"));
                let source = fs::read_to_string(file.with_extension("rs"));
                sources.push((path, source.or_else(|_| fs::read_to_string(file.join("mod.rs"))).unwrap()));
            }
            at += 1;
        }
        Self::of(sources)
    }

    /// The crate of these modules.
    pub(crate) fn of<P: Into<String>, S: AsRef<str>>(sources: impl IntoIterator<Item = (P, S)>) -> Self {
        let modules = sources.into_iter().map(|(path, source)| {
            let path = path.into();
            let items: Vec<Item> = syn::parse_file(source.as_ref())
                .unwrap()
                .items
                .into_iter()
                .filter(|item| !is_test(attributes(item)))
                .collect();
            let names = names(&path, &items);
            (path, Module { items, names })
        });
        Self { modules: modules.collect() }
    }

    /// What a name is in a module, from the root; `None` where it is another crate's.
    pub(crate) fn resolve(&self, module: &str, name: &str) -> Option<String> {
        let mut path = self.modules[module].names.get(name)?.clone();
        // Through what other modules hand on.
        while let Some((module, name)) = path.rsplit_once("::")
            && let Some(further) = self.modules.get(module).and_then(|module| module.names.get(name))
            && *further != path
        {
            path.clone_from(further);
        }
        Some(path)
    }

    /// The module that an item from the root stands in, and the item.
    pub(crate) fn find(&self, path: &str) -> Option<(&str, &Item)> {
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        let (module, found) = self.modules.get_key_value(module)?;
        let item = found.items.iter().find(|item| defined(item).as_deref() == Some(name))?;
        Some((module, item))
    }
}

/// The modules that a source declares in files of their own.
fn children(source: &str) -> Vec<String> {
    let items = syn::parse_file(source).unwrap().items.into_iter();
    let modules = items.filter_map(|item| match item {
        Item::Mod(item) if item.content.is_none() && !is_test(&item.attrs) => Some(item.ident.to_string()),
        _ => None,
    });
    modules.collect()
}

fn names(module: &str, items: &[Item]) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for item in items {
        if let Item::Use(item) = item {
            for (name, path) in imports(&item.tree, "") {
                if let Some(path) = path.strip_prefix("crate::") {
                    names.insert(name, path.to_owned());
                }
            }
        } else if let Some(name) = defined(item) {
            let path = if module.is_empty() { name.clone() } else { format!("{module}::{name}") };
            names.insert(name, path);
        }
    }
    names
}

/// What an item defines that a path can name.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Mod(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// What a `use` brings, each with the path that it is brought from.
pub(crate) fn imports(tree: &UseTree, before: &str) -> Vec<(String, String)> {
    let below = |name: &dyn ToString| {
        if before.is_empty() { name.to_string() } else { format!("{before}::{}", name.to_string()) }
    };
    match tree {
        UseTree::Path(path) => imports(&path.tree, &below(&path.ident)),
        UseTree::Name(name) if name.ident == "self" => {
            vec![(before.rsplit("::").next().unwrap_or_default().to_owned(), before.to_owned())]
        }
        UseTree::Name(name) => vec![(name.ident.to_string(), below(&name.ident))],
        UseTree::Rename(name) => vec![(name.rename.to_string(), below(&name.ident))],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| imports(tree, before)).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        _ => &[],
    }
}

pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| it.path().is_ident("doc") && it.to_token_stream().to_string().contains("hidden"))
}

/// The condition of an item, as it is written.
pub(crate) fn condition(attributes: &[Attribute]) -> Option<String> {
    let cfg = attributes.iter().find(|it| it.path().is_ident("cfg"))?;
    Some(cfg.meta.require_list().unwrap().tokens.to_string())
}

fn is_test(attributes: &[Attribute]) -> bool {
    condition(attributes).is_some_and(|condition| condition == "test" || condition.contains("fuzzing"))
}
