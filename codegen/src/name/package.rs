//! The name of the generated crate.

use heck::ToKebabCase;

use super::{
    keyword,
    variable::{env_word, is_steering},
};
use crate::{ir::Api, profile::lowcodeapi};

/// Names that a generated crate cannot have: crates of the standard library, dependencies of generated code, and folders that
/// Cargo creates in `target`.
const RESERVED: &[&str] = &[
    "alloc",
    "build",
    "bytes",
    "chrono",
    "core",
    "deps",
    "examples",
    "futures_core",
    "incremental",
    "jiff",
    "lowcodeapi_cli",
    "lowcodeapi_codegen",
    "lowcodeapi_mock",
    "lowcodeapi_runtime",
    "proc_macro",
    "reqwest",
    "serde",
    "serde_json",
    "std",
    "test",
    "time",
    "tokio",
    "tracing",
];

/// The longest part of a title that names a crate, in characters.
const MAX_CHARS: usize = 50;

/// Checks that Cargo accepts a crate name, and that it does not collide with a name that generated code needs.
///
/// # Errors
///
/// Returns the reason if the name does not begin with a letter, has characters other than ASCII letters, digits, `-`
/// and `_`, or is a keyword, a crate that generated code uses, or a folder that Cargo creates.
pub fn check_package_name(name: &str) -> Result<(), String> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(known) {
        return Err("a crate's name begins with a letter and has letters, digits, `-` and `_`".to_owned());
    }
    if is_reserved(name) {
        return Err(format!("`{name}` is the name of something else that the crate needs; choose another"));
    }
    Ok(())
}

fn is_reserved(name: &str) -> bool {
    let name = name.replace('-', "_").to_ascii_lowercase();
    RESERVED.contains(&name.as_str()) || keyword::is_keyword(&name)
}

/// Returns the given name, or one derived from the title that does not collide with variables of other programs.
pub(super) fn name_package(api: &Api, given: Option<&str>) -> String {
    if let Some(given) = given {
        return given.to_owned();
    }
    let name = kebab(&api.title);
    if api.is_gateway() {
        let name = lowcodeapi::crate_name(&name);
        return if is_reserved(&name) { format!("{name}-client") } else { name };
    }
    let name = if name == "client" || name.ends_with("-client") { name } else { format!("{name}-client") };
    // The title must not choose which program's variables are read.
    if is_steering(&env_word(&name)) { format!("api-{name}") } else { name }
}

fn kebab(text: &str) -> String {
    let ascii: String = text.chars().take(MAX_CHARS).map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = ascii.to_kebab_case();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    if name.is_empty() { "api".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names() {
        assert_eq!(kebab("Müller & Söhne API v2"), "m-ller-s-hne-api-v2");
        assert_eq!(kebab("3scale"), "scale");
        assert_eq!(kebab("日本"), "api");
    }

    #[test]
    fn names_of_others_are_refused() {
        for name in ["std", "lowcodeapi-runtime", "LowCodeAPI_Runtime", "serde-json", "fn", "deps", "", "1a", "a b"] {
            assert!(check_package_name(name).is_err(), "{name}");
        }
        for name in ["petstore", "std-client", "my_client"] {
            assert_eq!(check_package_name(name), Ok(()), "{name}");
        }
    }
}
