//! The code of generated items, without its documentation: two items with the same code do the same.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Attribute, ImplItem, Item};

use super::surface::compact;
use crate::format::File;

/// Returns the code of each function, implementation and static of generated files, by what it is: `fn client::Client::get_tone`,
/// `impl Decodable for types::Tone`. Documentation, imports and the bodies of modules are left out.
///
/// Text that does not parse as Rust has no code; generated files always do.
pub fn item_code(files: &[File]) -> BTreeMap<String, String> {
    let mut code = BTreeMap::new();
    for file in files {
        let module = file.path.split(['/', '.']).next().unwrap_or_default();
        for item in syn::parse_file(&file.source).map(|parsed| parsed.items).unwrap_or_default() {
            push_item(module, item, &mut code);
        }
    }
    code
}

fn push_item(module: &str, item: Item, code: &mut BTreeMap<String, String>) {
    match item {
        Item::Static(mut item) => {
            item.attrs.clear();
            code.insert(format!("static {module}::{}", item.ident), compact(&item));
        }
        Item::Impl(item) => {
            let target = compact(&item.self_ty);
            let of = item.trait_.as_ref().map(|(path, _)| compact(path));
            for mut member in item.items {
                let Some(name) = strip(&mut member) else { continue };
                let key = match &of {
                    // A model and its tables are in different modules.
                    Some(of) if target.contains("::") => format!("impl {of} for {target}::{name}"),
                    Some(of) => format!("impl {of} for {module}::{target}::{name}"),
                    None => format!("fn {module}::{target}::{name}"),
                };
                code.insert(key, compact(&member));
            }
        }
        Item::Macro(item) => {
            let tokens = compact(&item.mac.tokens);
            let name = tokens.split([' ', ',', '{']).find(|word| !word.is_empty()).unwrap_or_default().to_owned();
            let name = if name.contains("::") { name } else { format!("{module}::{name}") };
            code.insert(format!("{}! {name}", item.mac.path.to_token_stream()), tokens);
        }
        _ => {}
    }
}

/// Removes the documentation of a member, and returns its name.
fn strip(member: &mut ImplItem) -> Option<String> {
    let is_doc = |attribute: &Attribute| attribute.path().is_ident("doc");
    let (attributes, name) = match member {
        ImplItem::Fn(it) => (&mut it.attrs, it.sig.ident.to_string()),
        ImplItem::Const(it) => (&mut it.attrs, it.ident.to_string()),
        _ => return None,
    };
    attributes.retain(|attribute| !is_doc(attribute));
    Some(name)
}
