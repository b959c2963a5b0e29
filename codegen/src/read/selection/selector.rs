//! Selectors: which operations a text means.

use std::borrow::Cow;

use serde_json::Value;

use crate::read::{extension::PATH_TEMPLATE, method::is_method, parse::OperationSite};

/// What selectors compare of an operation.
#[derive(Debug)]
pub(super) struct Facts<'t> {
    id: Option<&'t str>,
    tags: Vec<&'t str>,
    /// The path of the document, and the New Format template.
    paths: Vec<&'t str>,
    method: Cow<'t, str>,
}

impl OperationSite<'_> {
    pub(super) fn facts(&self) -> Facts<'_> {
        let text = |key: &str| self.node.get(key).and_then(Value::as_str);
        let tags = self.node.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Facts {
            id: text("operationId"),
            tags: tags.collect(),
            paths: std::iter::once(self.path).chain(text(PATH_TEMPLATE)).collect(),
            method: Cow::Borrowed(&self.method),
        }
    }
}

/// A condition on operations.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Selector {
    Operation(String),
    Tag(String),
    /// A method, a path, or both.
    Request {
        method: Option<String>,
        path: Option<String>,
    },
}

impl Selector {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let given = |value: &str| {
            let value = value.trim();
            if value.is_empty() { Err("it names nothing") } else { Ok(value.to_owned()) }
        };
        if let Some((kind, value)) = text.split_once(':') {
            match kind {
                "operation" => return given(value).map(Self::Operation),
                "tag" => return given(value).map(Self::Tag),
                "path" => return Ok(Self::Request { method: None, path: Some(given(value)?) }),
                "method" => return Ok(Self::Request { method: Some(given(value)?), path: None }),
                _ => {}
            }
        }
        if text.starts_with('/') {
            return Ok(Self::Request { method: None, path: Some(text.to_owned()) });
        }
        if let Some((method, path)) = text.split_once(char::is_whitespace) {
            let path = path.trim_start();
            if path.starts_with('/') && method.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Ok(Self::Request { method: Some(method.to_owned()), path: Some(path.to_owned()) });
            }
        }
        // An `operationId` of this name can be written with `operation:`.
        if is_method(text) && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(Self::Request { method: Some(text.to_owned()), path: None });
        }
        given(text).map(Self::Operation)
    }

    pub(super) fn matches(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::Operation(pattern) => facts.id.is_some_and(|id| is_like(id, pattern, None)),
            Self::Tag(pattern) => facts.tags.iter().any(|tag| is_like(tag, pattern, None)),
            Self::Request { method, path } => {
                let has_method = method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&facts.method));
                let is_at = |pattern: &String| facts.paths.iter().any(|path| is_like(path, pattern, Some('/')));
                has_method && path.as_ref().is_none_or(is_at)
            }
        }
    }
}

/// Whether a text is like a pattern, in which `*` stands for any text without the separator, and `**` for any text.
fn is_like(text: &str, pattern: &str, separator: Option<char>) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Which positions of the text the pattern can have come to.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut pattern = pattern.chars().peekable();
    while let Some(expected) = pattern.next() {
        if expected == '*' {
            let crosses = separator.is_none() || pattern.next_if_eq(&'*').is_some();
            for at in 0..text.len() {
                reached[at + 1] |= reached[at] && (crosses || Some(text[at]) != separator);
            }
        } else {
            for at in (0..text.len()).rev() {
                reached[at + 1] = reached[at] && text[at] == expected;
            }
            reached[0] = false;
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compared_as_a_whole() {
        for (text, pattern, expected) in [
            ("/pets", "/pets", true),
            ("/pets/{id}", "/pets", false),
            ("/pets/{id}", "/pets/*", true),
            ("/pets/{id}/toys", "/pets/*", false),
            ("/pets/{id}/toys", "/pets/**", true),
            ("/pets/{id}/toys", "/*/{id}/t*s", true),
            ("/pets", "/pets/**", false),
            ("/pets", "/pets**", true),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
        ] {
            assert_eq!(is_like(text, pattern, Some('/')), expected, "{text} {pattern}");
        }
        assert!(is_like("pets/list", "p*t", None));
    }

    #[test]
    fn a_selector_is_known_by_its_form() {
        let request = |method: Option<&str>, path: Option<&str>| {
            Ok(Selector::Request { method: method.map(str::to_owned), path: path.map(str::to_owned) })
        };
        for (text, expected) in [
            ("listPets", Ok(Selector::Operation("listPets".to_owned()))),
            ("pets/list", Ok(Selector::Operation("pets/list".to_owned()))),
            ("a:b", Ok(Selector::Operation("a:b".to_owned()))),
            ("operation:GET", Ok(Selector::Operation("GET".to_owned()))),
            ("tag: Pet store", Ok(Selector::Tag("Pet store".to_owned()))),
            ("GET", request(Some("GET"), None)),
            ("get", Ok(Selector::Operation("get".to_owned()))),
            ("method:LINK", request(Some("LINK"), None)),
            ("/pets/*", request(None, Some("/pets/*"))),
            ("path:pets", request(None, Some("pets"))),
            ("GET  /pets", request(Some("GET"), Some("/pets"))),
            ("tag:", Err("it names nothing")),
            (" ", Err("it names nothing")),
        ] {
            assert_eq!(Selector::parse(text), expected, "{text}");
        }
    }
}
