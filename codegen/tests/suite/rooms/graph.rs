//! Which file of a crate uses which other one, by its `use` declarations and by the paths in its code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree, Visibility};

/// The path of a module, from the root of the crate.
type Module = Vec<String>;

/// One file, which is one module.
#[derive(Default)]
struct File {
    /// Its path below `src`.
    path: PathBuf,
    children: BTreeSet<String>,
    /// What it hands on, by name.
    exports: BTreeMap<String, Module>,
    /// The paths that it uses, as they are written.
    uses: Vec<Module>,
}

/// The files of a crate, by their modules. What is compiled for tests alone is left out.
pub(super) struct Graph {
    files: BTreeMap<Module, File>,
}

impl Graph {
    /// The graph of the crate whose root is `lib.rs` in this folder.
    pub(super) fn of(source: &Path) -> Self {
        let mut graph = Self { files: BTreeMap::new() };
        graph.read(source, Path::new("lib.rs"), Vec::new());
        graph
    }

    fn read(&mut self, source: &Path, path: &Path, module: Module) {
        let text = fs::read_to_string(source.join(path)).unwrap();
        let parsed = syn::parse_file(&text).unwrap();
        let mut file = File { path: path.to_owned(), ..File::default() };
        let is_root = path.ends_with("mod.rs") || module.is_empty();
        let folder = if is_root { path.parent().unwrap().to_owned() } else { path.with_extension("") };
        collect_items(parsed.items, &module, &mut file);
        for child in file.children.clone() {
            let name = child.trim_start_matches("r#");
            let paths = [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
            let Some(path) = paths.iter().find(|path| source.join(path).exists()) else { continue };
            let child = module.iter().cloned().chain([child]).collect();
            self.read(source, path, child);
        }
        self.files.insert(module, file);
    }

    /// The file that defines what a path means, through everything that is handed on.
    fn resolve(&self, path: &[String], seen: &mut BTreeSet<Module>) -> Option<&Module> {
        let length = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, file) = self.files.get_key_value(&path[..length])?;
        let Some(name) = path.get(length) else { return Some(module) };
        if let Some(target) = file.exports.get(name)
            && seen.insert(path.to_vec())
        {
            let target: Module = target.iter().chain(&path[length + 1..]).cloned().collect();
            return self.resolve(&target, seen);
        }
        Some(module)
    }

    /// The paths of the files that a file uses.
    fn targets<'g>(&'g self, module: &Module, file: &'g File) -> BTreeSet<&'g Path> {
        let mut found = BTreeSet::new();
        for used in &file.uses {
            let first = used.first().map(String::as_str).unwrap_or_default();
            let path: Module = if file.children.contains(first) {
                module.iter().chain(used).cloned().collect()
            } else {
                absolute(module, used)
            };
            let target = self.resolve(&path, &mut BTreeSet::new());
            found.extend(target.filter(|target| *target != module).map(|target| self.files[target].path.as_path()));
        }
        found
    }

    /// Of each folder, what in it leads back to itself: files, and folders as a whole.
    pub(super) fn circles(&self) -> Vec<(String, String)> {
        let edges: Vec<(&Path, &Path)> = self
            .files
            .iter()
            .flat_map(|(module, file)| {
                self.targets(module, file).into_iter().map(|target| (file.path.as_path(), target))
            })
            .collect();
        let folders: BTreeSet<&Path> = self.files.values().flat_map(|file| file.path.ancestors().skip(1)).collect();
        let mut circles = Vec::new();
        for folder in folders {
            let entry = |path: &Path| path.strip_prefix(folder).ok()?.iter().next().map(ToOwned::to_owned);
            let mut inside: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
            let mut shown: BTreeMap<_, String> = BTreeMap::new();
            for (from, to) in &edges {
                if let (Some(one), Some(other)) = (entry(from), entry(to))
                    && one != other
                {
                    inside.entry(one.clone()).or_default().insert(other.clone());
                    let shown = shown.entry((one, other)).or_default();
                    // Writing to a string cannot fail.
                    let _ = writeln!(shown, "  {} -> {}", from.display(), to.display());
                }
            }
            let leads_to = |start: &std::ffi::OsString, end: &std::ffi::OsString| {
                let (mut open, mut seen) = (vec![start], BTreeSet::new());
                while let Some(at) = open.pop() {
                    for next in inside.get(at).into_iter().flatten() {
                        if next == end {
                            return true;
                        }
                        if seen.insert(next) {
                            open.push(next);
                        }
                    }
                }
                false
            };
            let circle: String =
                shown.iter().filter(|((from, to), _)| leads_to(to, from)).map(|(_, edges)| edges.as_str()).collect();
            if !circle.is_empty() {
                circles.push((folder.display().to_string(), circle));
            }
        }
        circles
    }
}

/// Whether something is compiled for tests alone.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| it.path().is_ident("cfg") && it.to_token_stream().to_string().contains("(test)"))
}

fn collect_items(items: Vec<Item>, module: &Module, file: &mut File) {
    for item in &items {
        if let Item::Mod(item) = item
            && item.content.is_none()
            && !is_test(&item.attrs)
        {
            file.children.insert(item.ident.to_string());
        }
    }
    for item in items {
        match item {
            // A module within the file is the file.
            Item::Mod(item) if !is_test(&item.attrs) => {
                item.content.into_iter().for_each(|(_, items)| collect_items(items, module, file));
            }
            Item::Mod(_) => {}
            Item::Use(item) if is_test(&item.attrs) => {}
            Item::Use(item) => {
                let is_export = !matches!(item.vis, Visibility::Inherited);
                collect_use(&item.tree, &mut Vec::new(), is_export.then_some(module), file);
            }
            // Its paths are those of the crates that it is expanded in.
            Item::Macro(item) if item.attrs.iter().any(|it| it.path().is_ident("macro_export")) => {}
            item => collect_paths(item.to_token_stream(), file),
        }
    }
}

fn collect_use(tree: &UseTree, before: &mut Module, exporting: Option<&Module>, file: &mut File) {
    let export = |path: Module, name: String, file: &mut File| {
        if let Some(module) = exporting {
            let is_child = file.children.contains(&path[0]);
            let target = if is_child { module.iter().chain(&path).cloned().collect() } else { absolute(module, &path) };
            file.exports.insert(name, target);
        } else {
            file.uses.push(path);
        }
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            collect_use(&path.tree, before, exporting, file);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect_use(tree, before, exporting, file)),
        UseTree::Glob(_) => file.uses.push(before.clone()),
        UseTree::Name(name) => {
            let mut path = before.clone();
            let name = name.ident.to_string();
            if name != "self" {
                path.push(name.clone());
            }
            export(path, name, file);
        }
        UseTree::Rename(rename) => {
            let mut path = before.clone();
            path.push(rename.ident.to_string());
            export(path, rename.rename.to_string(), file);
        }
    }
}

/// Adds every path of several names in the code.
fn collect_paths(tokens: TokenStream, file: &mut File) {
    let mut path: Module = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if colons == 2 || path.is_empty() => {
                path.push(ident.to_string());
                colons = 0;
                continue;
            }
            TokenTree::Ident(ident) => {
                finish(&mut path, file);
                path.push(ident.to_string());
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                colons += 1;
                continue;
            }
            // Who may see an item, `pub(in crate::emit)`, is nothing that it uses.
            TokenTree::Group(_) if path.len() == 1 && path[0] == "pub" => path.clear(),
            TokenTree::Group(group) => {
                finish(&mut path, file);
                collect_paths(group.stream(), file);
            }
            _ => finish(&mut path, file),
        }
        colons = 0;
    }
    finish(&mut path, file);
}

fn finish(path: &mut Module, file: &mut File) {
    let path = std::mem::take(path);
    if path.len() > 1 {
        file.uses.push(path);
    }
}

/// The path from the root of the crate; a path that begins elsewhere is the root's own, which no file has.
fn absolute(module: &Module, path: &[String]) -> Module {
    let mut base = module.clone();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => {
            base.clear();
            rest = &path[1..];
        }
        Some("self" | "super") => {
            while let Some(first) = rest.first().filter(|it| ["self", "super"].contains(&it.as_str())) {
                if first == "super" {
                    base.pop();
                }
                rest = &rest[1..];
            }
        }
        // Another crate, a name that was imported, or one of the file's own.
        _ => return module.clone(),
    }
    base.extend(rest.iter().cloned());
    base
}
