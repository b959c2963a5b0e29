//! Writes JSON in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use crate::unseen::is_unseen;

/// JSON as a raw literal, which shows it as it is, apart from characters that the compiler refuses in source.
pub(super) fn raw(json: &str) -> TokenStream {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unseen(c) {
            let mut units = [0; 2];
            // Outside of texts, JSON has no such character.
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    let longest = text.split('"').skip(1).map(|part| part.len() - part.trim_start_matches('#').len()).max();
    let marks = "#".repeat(longest.map_or(0, |marks| marks + 1));
    // The compiler refuses literals with too many marks.
    format!("r{marks}\"{text}\"{marks}").parse().unwrap_or_else(|_| quote! { #text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stands_in_source_as_it_is() {
        assert_eq!(raw(r#"{"a":1}"#).to_string(), r##"r#"{"a":1}"#"##);
        assert_eq!(raw("1").to_string(), "r\"1\"");
        assert_eq!(raw("\"a\u{202E}\u{E0001}\"").to_string(), "r#\"\"a\\u202e\\udb40\\udc01\"\"#");
        let marks = format!("\"{}\"", "\"#".repeat(300).replace('"', ""));
        assert!(!raw(&format!("\"{}", marks.repeat(2))).is_empty());
    }
}
