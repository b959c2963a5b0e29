//! From the words of a document to the case that Rust gives a name.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::keyword;

/// Symbols that tell names apart which would be equal without them.
const SPOKEN: [(&str, &str); 12] = [
    ("[]", " list"),
    ("+", " plus "),
    ("*", " star "),
    ("&", " and "),
    ("%", " percent "),
    ("@", " at "),
    ("#", " hash "),
    ("<=", " at most "),
    (">=", " at least "),
    ("<", " less "),
    (">", " greater "),
    ("=", " equals "),
];

/// A function, field or argument: `knowledge_ids`. Empty where the text has no letter or digit.
pub(super) fn snake(text: &str) -> String {
    finish(&words(text).to_snake_case(), "n")
}

/// A type or variant: `KnowledgeIds`. Empty where the text has no letter or digit.
pub(super) fn pascal(text: &str) -> String {
    finish(&words(text).to_upper_camel_case(), "N")
}

/// The text with everything that no identifier can hold as a space, or as the word for it.
fn words(text: &str) -> String {
    let mut spoken = text.trim().to_owned();
    // A sign leads; within words the hyphen only joins.
    if let Some(rest) = spoken.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        spoken = format!("minus {rest}");
    }
    for (symbol, word) in SPOKEN {
        if spoken.contains(symbol) {
            spoken = spoken.replace(symbol, word);
        }
    }
    spoken.chars().filter(|c| *c != '\'').map(|c| if is_xid_continue(c) { c } else { ' ' }).collect()
}

fn finish(name: &str, digit_prefix: &str) -> String {
    // Changing the case can make characters that no identifier holds.
    let name: String = name.chars().filter(|c| is_xid_continue(*c)).collect();
    let name = if name.starts_with(|c: char| !is_xid_start(c)) { format!("{digit_prefix}{name}") } else { name };
    keyword::escape(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_their_case() {
        assert_eq!(
            (snake("knowledgeIds").as_str(), pascal("knowledgeIds").as_str()),
            ("knowledge_ids", "KnowledgeIds")
        );
        assert_eq!((snake("X-Request-ID").as_str(), pascal("day of week").as_str()), ("x_request_id", "DayOfWeek"));
        assert_eq!((snake("expand[]").as_str(), pascal("string[]").as_str()), ("expand_list", "StringList"));
        assert_eq!((pascal("+1").as_str(), pascal("-1").as_str()), ("Plus1", "Minus1"));
        assert_eq!((snake("000ms").as_str(), pascal("1024x1024").as_str()), ("n000ms", "N1024x1024"));
        assert_eq!((snake("type").as_str(), pascal("self").as_str()), ("type_", "Self_"));
        assert_eq!((snake("tone's").as_str(), snake("").as_str(), snake("•").as_str()), ("tones", "", ""));
    }
}
