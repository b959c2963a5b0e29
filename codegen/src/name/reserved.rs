//! Names that generated files use without a path, from imports and the prelude. Items of a document cannot have them in
//! the same file. A test compares each list with generated files.

/// The names that the file of the models uses. Those of other crates are written with their paths where a model has them.
pub(super) const MODELS: &[&str] =
    &["Box", "Default", "From", "Into", "IntoIterator", "None", "Option", "Some", "String", "Vec"];

/// The names that the files of the requests use.
pub(super) const REQUESTS: &[&str] =
    &["Into", "IntoIterator", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

/// The methods that a request has besides its setters. Those that begin with `with_`
/// or `send_for_` are not here: no setter does.
pub(super) const VERBS: &[&str] = &[
    "clone",
    "decode_error",
    "dry_run",
    "into_future",
    "new",
    "pages",
    "send",
    "send_blocking",
    "send_if_modified",
    "send_with_response",
    "stream",
    "stream_bytes",
];

/// The crates that generated files name by paths, which a module of that name would hide.
pub(super) const CRATES: &[&str] = &["lowcodeapi_runtime", "serde_json", "std"];

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeSet, HashSet},
        fs,
        path::Path,
        sync::OnceLock,
    };

    use proc_macro2::{Spacing, TokenStream, TokenTree};
    use quote::ToTokens as _;

    use super::*;
    use crate::{Config, Folder, Inputs, Source, generate};

    /// The names that the file of the models imports unless a model has them.
    const IMPORTED_BY_MODELS: &[&str] =
        &["BTreeMap", "DateTime", "Decimal", "Map", "Nullable", "Tuple", "UnknownValue", "Value"];

    /// The names that the files of the requests import unless an item of the file has them.
    const IMPORTED_BY_REQUESTS: &[&str] = &[
        "ApiError",
        "AsText",
        "BTreeMap",
        "Binary",
        "BodyText",
        "ByteStream",
        "Bytes",
        "Count",
        "DateTime",
        "Decimal",
        "DeclaresErrors",
        "Decode",
        "Empty",
        "Error",
        "Event",
        "HeaderError",
        "HeaderMap",
        "Headers",
        "Items",
        "Json",
        "Map",
        "MessageStream",
        "Nullable",
        "Optional",
        "PageCursor",
        "Pages",
        "Pagination",
        "Pending",
        "QueryStyle",
        "Redirect",
        "Redirected",
        "Reply",
        "Request",
        "Serialize",
        "Serializer",
        "StatusCode",
        "Text",
        "Tuple",
        "Upload",
        "Value",
        "ValueStyle",
        "Word",
    ];

    /// The files of every golden case, by their paths.
    fn generated() -> &'static [(String, String)] {
        static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
        FILES.get_or_init(generate_all)
    }

    fn generate_all() -> Vec<(String, String)> {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
        let mut files = Vec::new();
        for case in fs::read_dir(cases).unwrap() {
            let read = |file: &str| fs::read_to_string(case.as_ref().unwrap().path().join(file));
            let Ok(document) = read("openapi.yaml") else { continue };
            let (overlay, lock) = (read("overlay.yaml"), read("lock.json"));
            let folder = Folder::of(&case.as_ref().unwrap().path().join("openapi.yaml")).unwrap();
            let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document }).files(&folder);
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
        let mut defined: HashSet<String> = HashSet::default();
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

    /// Adds the names without a preceding `::`, outside attributes. Associated types and constants are left out.
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
                models.extend(used(source));
            } else if path.starts_with("requests") {
                requests.extend(used(source));
            }
        }
        // No name is a keyword, so that this one need not be reserved.
        assert!(models.remove("Self") && requests.remove("Self"));
        for name in IMPORTED_BY_MODELS {
            assert!(models.remove(*name), "no file of the models uses `{name}`");
        }
        for name in IMPORTED_BY_REQUESTS {
            assert!(requests.remove(*name), "no file of the requests uses `{name}`");
        }
        assert_eq!(models.iter().collect::<Vec<_>>(), MODELS, "what `types.rs` uses, and `MODELS`");
        assert_eq!(requests.iter().collect::<Vec<_>>(), REQUESTS, "what `requests.rs` uses, and `REQUESTS`");
    }

    /// The crates in the paths of a file, at the beginning of each: neither a generated module nor a type of the language.
    fn crates(source: &str) -> BTreeSet<String> {
        let others =
            ["crate", "self", "super", "client", "operations", "requests", "types", "wire", "i64", "u64", "i128"];
        let mut found = BTreeSet::new();
        collect_roots(syn::parse_file(source).unwrap().into_token_stream(), &mut found);
        found.retain(|name| !others.contains(&name.as_str()) && !name.starts_with(char::is_uppercase));
        found
    }

    /// Adds the names that something stands below, and that stand below nothing but the root.
    fn collect_roots(tokens: TokenStream, into: &mut BTreeSet<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is =
            |at: Option<usize>, text: &str| at.and_then(|at| tokens.get(at)).is_some_and(|it| it.to_string() == text);
        // The colon of a field before a rooted path stands alone.
        let is_joint =
            |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
        let is_ident = |at: Option<usize>| matches!(at.map(|at| &tokens[at]), Some(TokenTree::Ident(_)));
        for (at, token) in tokens.iter().enumerate() {
            let before = |count: usize| at.checked_sub(count);
            match token {
                TokenTree::Ident(ident) if is(Some(at + 1), ":") && is_joint(at + 1) && is(Some(at + 2), ":") => {
                    let is_below =
                        is(before(1), ":") && is(before(2), ":") && (is_ident(before(3)) || is(before(3), ">"));
                    if !is_below && !is(before(1), ".") {
                        into.insert(ident.to_string());
                    }
                }
                TokenTree::Group(group) if !is(before(1), "#") => collect_roots(group.stream(), into),
                _ => {}
            }
        }
    }

    #[test]
    fn crates_are_reserved_that_generated_files_name_and_no_others() {
        let found: BTreeSet<String> = generated().iter().flat_map(|(_, source)| crates(source)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), CRATES);
    }

    /// The methods of the requests that do not set anything: a setter takes the request and changes it.
    fn verbs(source: &str) -> BTreeSet<String> {
        let items = syn::parse_file(source).unwrap().items.into_iter();
        let of_requests = items.filter_map(|item| match item {
            // What reads the headers of a response has a lifetime, and is no request.
            syn::Item::Impl(item) if item.trait_.is_none() && item.generics.params.is_empty() => Some(item.items),
            _ => None,
        });
        let methods = of_requests.flatten().filter_map(|item| match item {
            syn::ImplItem::Fn(method) if matches!(method.vis, syn::Visibility::Public(_)) => Some(method.sig),
            _ => None,
        });
        let is_setter = |method: &syn::Signature| method.receiver().is_some_and(|it| it.mutability.is_some());
        methods.filter(|method| !is_setter(method)).map(|method| method.ident.to_string()).collect()
    }

    #[test]
    fn verbs_are_reserved_that_requests_have_and_no_others() {
        let requests = generated().iter().filter(|(path, _)| path.starts_with("requests"));
        let mut found: BTreeSet<String> = requests.flat_map(|(_, source)| verbs(source)).collect();
        // The methods that all requests have are written once, in a macro of the runtime.
        let macros = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/__private.rs");
        let macros = fs::read_to_string(macros).unwrap();
        let of_requests = macros
            .split("macro_rules! ")
            .filter(|text| ["__request_type ", "__send_blocking "].iter().any(|name| text.starts_with(name)));
        for line in of_requests.flat_map(str::lines).map(|line| line.trim().trim_start_matches("pub ")) {
            found.extend(line.strip_prefix("fn ").and_then(|it| Some(it.split_once('(')?.0.to_owned())));
        }
        found.retain(|method| !method.starts_with("with_") && !method.starts_with("send_for_"));
        // Nothing calls it by its name.
        found.remove("fmt");
        // What is of the crate alone is not found above.
        found.insert("new".to_owned());
        assert_eq!(found.iter().collect::<Vec<_>>(), VERBS);
    }

    #[test]
    fn a_schema_keeps_its_name_where_nothing_else_has_it() {
        let schema = r#"{"type": "object", "properties": {"any": {}}}"#;
        let names = ["Form", "Clone", "Serialize", "Error", "Upload", "Value", "String"];
        let schemas: Vec<String> = names.iter().map(|name| format!("\"{name}\": {schema}")).collect();
        let fields: Vec<String> =
            names.iter().map(|name| format!("\"{name}\": {{\"$ref\": \"#/components/schemas/{name}\"}}")).collect();
        let document = format!(
            r#"{{"openapi": "3.0.0", "info": {{"title": "t", "version": "1"}}, "servers": [{{"url": "https://a.example"}}],
            "paths": {{"/a": {{"get": {{"responses": {{"200": {{"description": "d", "content": {{"application/json":
            {{"schema": {{"type": "object", "properties": {{{}}}}}}}}}}}}}}}}}}},
            "components": {{"schemas": {{{}}}}}}}"#,
            fields.join(", "),
            schemas.join(", ")
        );
        let inputs = Inputs::new(Source { name: "t.json", text: &document });
        let files = generate(&inputs, &Config::default()).output.unwrap().files;
        let types = &files.iter().find(|file| file.path == "types.rs").unwrap().source;
        for name in ["Form", "Clone", "Serialize", "Error", "Upload", "Value", "StringModel"] {
            assert!(types.contains(&format!("pub struct {name} {{")), "{name}");
        }
    }
}
