//! Converts texts of a document to the case of Rust names.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_security::GeneralSecurityProfile;

use super::{keyword, signs};

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

/// Words that are written with a capital inside, or with a sign, and are one word all the same.
const COMPOUNDS: [(&str, &str); 17] = [
    ("A/B", "ab"),
    ("BigCommerce", "bigcommerce"),
    ("DevOps", "devops"),
    ("GitHub", "github"),
    ("GitLab", "gitlab"),
    ("GraphQL", "graphql"),
    ("HubSpot", "hubspot"),
    ("JavaScript", "javascript"),
    ("LinkedIn", "linkedin"),
    ("OAuth", "oauth"),
    ("OpenID", "openid"),
    ("PayPal", "paypal"),
    ("VNext", "vnext"),
    ("WebSocket", "websocket"),
    ("WhatsApp", "whatsapp"),
    ("YouTube", "youtube"),
    ("oEmbed", "oembed"),
];

/// The longest text that a name is made of as a whole, in bytes: names stand in many places.
const MAX_TEXT: usize = 1000;

/// The text, without what follows so much of it.
fn beginning(text: &str) -> &str {
    let end = (0..=MAX_TEXT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

/// A function, field or argument: `knowledge_ids`. Empty where the text has no letter or digit.
pub(crate) fn snake(text: &str) -> String {
    if is_snake(text) {
        return keyword::escape(text.to_owned());
    }
    finish(&words(&joined_compounds(beginning(text))).to_snake_case(), "n")
}

/// Whether a text is in snake case already. Changing the case of names takes much of the time of naming.
fn is_snake(text: &str) -> bool {
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= MAX_TEXT
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(is_part)
        && !text.ends_with('_')
        && !text.contains("__")
}

/// Whether an identifier can hold the text, but for a digit at its beginning.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// A type or variant: `KnowledgeIds`. Empty where the text has no letter or digit.
pub(super) fn pascal(text: &str) -> String {
    finish(&words(beginning(text)).to_upper_camel_case(), "N")
}

/// What a type is called that has this behind its name: as `pascal`, but it may begin with a digit.
pub(super) fn behind(name: &str, text: &str) -> String {
    let word = finish(&words(beginning(text)).to_upper_camel_case(), "");
    let is_apart = word.starts_with(is_xid_start) || name.ends_with(|c: char| is_xid_start(c) || c == '_');
    if is_apart || word.is_empty() { word } else { format!("N{word}") }
}

/// A variant for a value: as `pascal`, but the point of a number stays apart, `N1_0`.
pub(super) fn value(text: &str) -> String {
    let text = beginning(text);
    let is_digit = |letter: Option<char>| letter.is_some_and(|it| it.is_ascii_digit());
    let is_point = |at: &usize| is_digit(text[..*at].chars().next_back()) && is_digit(text[at + 1..].chars().next());
    let mut parts = Vec::new();
    let mut start = 0;
    for at in text.match_indices('.').map(|(at, _)| at).filter(is_point) {
        parts.push(&text[start..at]);
        start = at + 1;
    }
    parts.push(&text[start..]);
    let parts: Vec<String> = parts.into_iter().map(|part| words(part).to_upper_camel_case()).collect();
    finish(&parts.join("_"), "N")
}

/// A type's name of two: what keeps the first from being a keyword, `Self_`, has no place within a name.
pub(super) fn joined(first: &str, second: &str) -> String {
    let first = if second.is_empty() { first } else { first.trim_end_matches('_') };
    format!("{first}{second}")
}

/// A variant that says all that the text has in it, `MinusCreatedAt`, `N1_10`; `None` where `pascal` does.
pub(super) fn spelled(text: &str) -> Option<String> {
    let letters: Vec<char> = beginning(text.trim()).chars().collect();
    // What stands between two digits keeps them apart, as an underscore does.
    let mut parts = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let previous = at.checked_sub(1).map(|at| letters[at]);
        let begins = !previous.is_some_and(char::is_alphanumeric);
        let is_digit = |letter: Option<char>| letter.is_some_and(|it| it.is_ascii_digit());
        let is_between = is_digit(previous) && is_digit(letters.get(at + 1).copied());
        let said = match letter {
            '.' | ',' | ':' | '/' | '-' | '_' | ' ' if is_between => {
                parts.push(String::new());
                continue;
            }
            '-' if begins => " minus ",
            '!' if begins => " not ",
            '_' if at == 0 => " underscore ",
            letter => signs::word(*letter).unwrap_or_default(),
        };
        if let Some(part) = parts.last_mut() {
            if said.is_empty() { part.push(*letter) } else { part.push_str(said) }
        }
    }
    let parts: Vec<String> = parts.iter().map(|part| words(part).to_upper_camel_case()).collect();
    let name = finish(&parts.join("_"), "N");
    (!name.is_empty() && name != pascal(text)).then_some(name)
}

/// The text with everything that no identifier can hold as a space, or as the word for it.
fn words(text: &str) -> String {
    let mut spoken = text.trim().to_owned();
    if is_plain(&spoken) {
        return joined_plurals(&spoken);
    }
    // A sign leads; within words the hyphen only joins.
    if let Some(rest) = spoken.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        spoken = format!("minus {rest}");
    }
    let has_symbol = spoken.contains(|c| SPOKEN.iter().any(|(symbol, _)| symbol.starts_with(c)));
    for (symbol, word) in SPOKEN.iter().filter(|_| has_symbol) {
        spoken = spoken.replace(symbol, word);
    }
    let letters = spoken.chars().filter(|c| !matches!(c, '\'' | '’') && !is_uncommon(*c));
    joined_plurals(&letters.map(|c| if is_xid_continue(c) { c } else { ' ' }).collect::<String>())
}

/// Whether an identifier can hold the character and the compiler warns of it, as of the `ʿ` of `pʿal`.
fn is_uncommon(c: char) -> bool {
    // A fast path for most characters.
    !c.is_ascii() && is_xid_continue(c) && !c.identifier_allowed()
}

/// `GitHub` is one word; `GitHubs` and `MyGitHubber` are none of it.
fn joined_compounds(text: &str) -> String {
    let mut joined = text.to_owned();
    let is_start = |(at, _): (usize, char)| COMPOUNDS.iter().any(|(compound, _)| text[at..].starts_with(compound));
    // Each compound begins with a capital, or with one behind a letter.
    let may_start = |(_, c): &(usize, char)| c.is_ascii_uppercase() || *c == 'o';
    if !text.char_indices().filter(may_start).any(is_start) {
        return joined;
    }
    for (compound, word) in COMPOUNDS {
        let mut from = 0;
        while let Some(found) = joined[from..].find(compound) {
            let at = from + found;
            let end = at + compound.len();
            let follows_letter =
                joined[..at].ends_with(char::is_alphabetic) && compound.starts_with(char::is_lowercase);
            let goes_on = joined[end..].starts_with(char::is_lowercase);
            if follows_letter || goes_on {
                from = end;
            } else {
                let is_numbered = joined[end..].starts_with(|c: char| c.is_ascii_digit());
                let spaced = format!(" {word}{}", if is_numbered { "" } else { " " });
                joined.replace_range(at..end, &spaced);
                from = at + spaced.len();
            }
        }
    }
    joined
}

/// `IDs` is one word, the plural of `ID`.
fn joined_plurals(text: &str) -> String {
    let is_plural = |bytes: &[u8]| bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2] == b's';
    if !text.as_bytes().windows(3).any(is_plural) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut joined = String::with_capacity(text.len());
    for (at, letter) in letters.iter().enumerate() {
        let is_capital = |back: usize| at >= back && letters[at - back].is_ascii_uppercase();
        let ends = letters.get(at + 1).is_none_or(|next| !next.is_lowercase() && !next.is_numeric());
        if *letter == 's' && is_capital(1) && is_capital(2) && ends {
            joined.push_str("S ");
        } else {
            joined.push(*letter);
        }
    }
    joined
}

fn finish(name: &str, digit_prefix: &str) -> String {
    // Changing the case can make characters that no identifier holds.
    let is_held = |c: &char| is_xid_continue(*c) && !is_uncommon(*c);
    let name = if is_plain(name) { name.to_owned() } else { name.chars().filter(is_held).collect() };
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
        assert_eq!((snake("paʿʿel").as_str(), pascal("ʿ").as_str(), pascal("größe").as_str()), ("pael", "", "Größe"));
    }

    #[test]
    fn digits_stand_behind_a_name_and_points_keep_them_apart() {
        assert_eq!((behind("Error", "404").as_str(), behind("Top", "4xx").as_str()), ("404", "4xx"));
        assert_eq!((behind("", "404").as_str(), behind("V2", "404").as_str()), ("N404", "N404"));
        assert_eq!((behind("Top", "day of").as_str(), behind("Top", "•").as_str()), ("DayOf", ""));
        assert_eq!(
            (value("1.0").as_str(), value("10").as_str(), value("v1.2.30-rc.1").as_str()),
            ("N1_0", "N10", "V1_2_30Rc1")
        );
        assert_eq!((value("a.b").as_str(), value(".5").as_str(), value("-1.5").as_str()), ("AB", "N5", "Minus1_5"));
    }

    #[test]
    fn acronyms_and_compounds_are_one_word_each() {
        let expected = [
            ("userIDs", "user_ids"),
            ("webhook address URIs", "webhook_address_uris"),
            ("IDsToAdd", "ids_to_add"),
            ("HTTPSProxy", "https_proxy"),
            ("List GitHub-hosted runners", "list_github_hosted_runners"),
            ("OAuth2 token", "oauth2_token"),
            ("GitHubber", "git_hubber"),
            ("fooEmbed", "foo_embed"),
            ("A/B test", "ab_test"),
            ("customer’s", "customers"),
        ];
        for (text, name) in expected {
            assert_eq!(snake(text), name, "{text}");
        }
        assert_eq!((pascal("userIDs").as_str(), pascal("GitHubApp").as_str()), ("UserIds", "GitHubApp"));
    }
}
