//! The code of generated items, without its documentation: two items with the same code do the same.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Attribute, ImplItem, Item};

use super::surface::compact;
use crate::format::File;

/// Returns the code of each function, implementation, static and table of generated files, by what it is:
/// `fn client::Client::get_tone`, `impl Decodable for types::Choice::decode`, `model! types::Tone`. Documentation, imports and the
/// bodies of modules are left out.
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
    resolve_shared(&mut code);
    code
}

/// Gives each operation whose errors are decoded as those of another one the code of that one, with its own type: which of
/// them has the code makes no difference.
fn resolve_shared(code: &mut BTreeMap<String, String>) {
    let shared = code.iter().filter_map(|(key, tokens)| {
        let (ty, same) = tokens.split_once("->")?.1.split_once(", operations::")?;
        let found = code.get(&decode_error_key(same.trim()))?;
        let (_, its) = found.split_once("-> Option<")?;
        let its = its.split('>').next()?;
        Some((key.clone(), found.replace(its, ty.trim())))
    });
    let shared: Vec<(String, String)> = shared.collect();
    code.extend(shared);
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
                    Some(_) if target.starts_with("operations::") => decode_error_key(&target),
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
            let key = if item.mac.path.is_ident("errors") {
                decode_error_key(&name)
            } else {
                format!("{}! {name}", item.mac.path.to_token_stream())
            };
            code.insert(key, tokens);
        }
        _ => {}
    }
}

/// What decodes the errors of a request, which is known by the path of the request or of its operation.
fn decode_error_key(path: &str) -> String {
    format!("fn requests::{}::decode_error", path.rsplit("::").next().unwrap_or(path))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_that_share_a_decoder_have_the_same_code_whoever_has_it() {
        let own = |of: &str| {
            format!(
                "impl DeclaresErrors for operations::{of} {{ type Errors = {of}Error; fn decode_error(error: &ApiError) -> \
                 Option<{of}Error> {{ match error.status().as_u16() {{ 404 => error_as(error, {of}Error::NotFound), _ => None }} }} }}"
            )
        };
        let shared = |of: &str, by: &str| format!("errors!({by} -> {by}Error, operations::{of});");
        let code = |source: String| item_code(&[File::new("requests/tones.rs", &source)]);
        let both = code(own("GetTone") + &shared("GetTone", "AddTone"));
        assert_eq!(
            both.keys().collect::<Vec<_>>(),
            ["fn requests::AddTone::decode_error", "fn requests::GetTone::decode_error"]
        );
        assert_eq!(both, code(own("AddTone") + &shared("AddTone", "GetTone")));
        assert_eq!(
            both["fn requests::AddTone::decode_error"],
            code(own("AddTone"))["fn requests::AddTone::decode_error"]
        );
    }

    #[test]
    fn tables_are_code_of_their_models() {
        let source = "model! {\n    types::Tone {\n        required id = \"id\";\n    }\n}\n\ntext_model!(types::Level);\n\
                      integer_model!(types::Size, as_i64, i64);\nserde_by_model!(types::Choice);\n";
        let code = |source: &str| item_code(&[File::new("wire.rs", source)]);
        let names = [
            "integer_model! types::Size",
            "model! types::Tone",
            "serde_by_model! types::Choice",
            "text_model! types::Level",
        ];
        assert_eq!(code(source).into_keys().collect::<Vec<_>>(), names);
        let changed = code(&source.replace("required id", "optional id"));
        assert_ne!(code(source)["model! types::Tone"], changed["model! types::Tone"]);
        let requests = item_code(&[File::new("requests.rs", "request!(GetTone -> types::Tone);")]);
        assert_eq!(requests.into_keys().collect::<Vec<_>>(), ["request! requests::GetTone"]);
    }
}
