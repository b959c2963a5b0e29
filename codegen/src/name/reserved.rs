//! Names that generated files use without a path: what they import, and what Rust's prelude has. Nothing that a document
//! names can have one of them in the same file. A test compares each list with the files that are generated.

/// The names that the file of the models uses.
pub(super) const MODELS: &[&str] = &[
    "BTreeMap",
    "Box",
    "DateTime",
    "Default",
    "From",
    "Into",
    "IntoIterator",
    "Map",
    "None",
    "Nullable",
    "Option",
    "Some",
    "String",
    "Value",
    "Vec",
];

/// The names that the files of the requests use.
pub(super) const REQUESTS: &[&str] = &[
    "BTreeMap",
    "Binary",
    "Bytes",
    "Call",
    "DateTime",
    "Decode",
    "Empty",
    "Error",
    "Into",
    "IntoIterator",
    "Json",
    "Map",
    "None",
    "Ok",
    "Option",
    "Optional",
    "Pending",
    "QueryStyle",
    "Reply",
    "Result",
    "Some",
    "StatusCode",
    "String",
    "Text",
    "Upload",
    "Value",
    "ValueStyle",
    "Vec",
];

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeSet, HashSet},
        fs,
        path::Path,
    };

    use proc_macro2::{Spacing, TokenStream, TokenTree};
    use quote::ToTokens as _;

    use super::*;
    use crate::{Config, Inputs, Source, generate};

    /// The files of every golden case, by their paths.
    fn generated() -> Vec<(String, String)> {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
        let mut files = Vec::new();
        for case in fs::read_dir(cases).unwrap() {
            let read = |file: &str| fs::read_to_string(case.as_ref().unwrap().path().join(file));
            let Ok(document) = read("openapi.yaml") else { continue };
            let (overlay, lock) = (read("overlay.yaml"), read("lock.json"));
            let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document });
            if let Ok(text) = &overlay {
                inputs = inputs.overlay(Source { name: "overlay.yaml", text });
            }
            if let Ok(text) = &lock {
                inputs = inputs.lock(Source { name: "lock.json", text });
            }
            let output = generate(&inputs, &Config::default()).output;
            files.extend(output.into_iter().flat_map(|it| it.files).map(|file| (file.path, file.source)));
        }
        files
    }

    /// The names in upper case that the items of a file use without a path and do not define.
    fn used(source: &str) -> BTreeSet<String> {
        let mut file = syn::parse_file(source).unwrap();
        let mut defined: HashSet<String> = HashSet::new();
        let mut used = BTreeSet::new();
        for item in &mut file.items {
            match item {
                syn::Item::Struct(item) => drop(defined.insert(item.ident.to_string())),
                syn::Item::Enum(item) => {
                    defined.insert(item.ident.to_string());
                    // Variants are used behind the name of their enum.
                    for variant in &mut item.variants {
                        variant.ident = syn::Ident::new("variant", variant.ident.span());
                    }
                }
                syn::Item::Static(item) => drop(defined.insert(item.ident.to_string())),
                syn::Item::Type(item) => drop(defined.insert(item.ident.to_string())),
                syn::Item::Const(item) => drop(defined.insert(item.ident.to_string())),
                _ => {}
            }
        }
        for item in &file.items {
            collect(item.to_token_stream(), &mut used);
        }
        used.retain(|name| !defined.contains(name));
        used
    }

    /// Adds the names that stand behind no `::`, outside attributes. An associated type or constant is none.
    fn collect(tokens: TokenStream, into: &mut BTreeSet<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(ToString::to_string).unwrap_or_default();
        for (at, token) in tokens.iter().enumerate() {
            let (before, first) = (at.checked_sub(1), at.checked_sub(2));
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let is_below = matches!(first.map(|at| &tokens[at]), Some(TokenTree::Punct(colon))
                        if colon.as_char() == ':' && colon.spacing() == Spacing::Joint);
                    let is_associated = ["type", "const"].contains(&text(before).as_str())
                        || (text(Some(at + 1)) == "=" && ["<", ","].contains(&text(before).as_str()));
                    // Parameters of types have one letter.
                    if name.starts_with(char::is_uppercase) && name.len() > 1 && !is_below && !is_associated {
                        into.insert(name);
                    }
                }
                TokenTree::Group(group) if text(before) != "#" && text(first) != "#" => collect(group.stream(), into),
                _ => {}
            }
        }
    }

    #[test]
    fn names_are_reserved_that_generated_files_use_and_no_others() {
        let (mut models, mut requests) = (BTreeSet::new(), BTreeSet::new());
        for (path, source) in generated() {
            if path == "types.rs" {
                models.extend(used(&source));
            } else if path.starts_with("requests") {
                requests.extend(used(&source));
            }
        }
        // No name is a keyword, so that this one need not be reserved.
        assert!(models.remove("Self") && requests.remove("Self"));
        assert_eq!(models.iter().collect::<Vec<_>>(), MODELS, "what `types.rs` uses, and `MODELS`");
        assert_eq!(requests.iter().collect::<Vec<_>>(), REQUESTS, "what `requests.rs` uses, and `REQUESTS`");
    }
}
