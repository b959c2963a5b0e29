//! JSON pointers of RFC 6901.

use std::borrow::Cow;

use serde_json::Value;

use super::member::Members;

/// Returns the JSON pointer of `key` below `parent`, with the escapes of RFC 6901.
pub fn join(parent: &str, key: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + key.len() + 1);
    pointer.push_str(parent);
    push(&mut pointer, key);
    pointer
}

/// Extends a pointer by `key`. To go back, truncate it to its former length.
pub(crate) fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}

/// Returns the value at a pointer, as [`Value::pointer`] does, but without a copy of each key.
pub(crate) fn find<'t>(tree: &'t Value, pointer: &str) -> Option<&'t Value> {
    if pointer.is_empty() {
        return Some(tree);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(tree, child)
}

/// Returns the member or the item that a segment of a pointer names.
pub(crate) fn child<'t>(node: &'t Value, segment: &str) -> Option<&'t Value> {
    match node {
        Value::Object(map) => map.member(&unescaped(segment)),
        Value::Array(items) => {
            // RFC 6901 allows no sign and no leading zero.
            let is_index = segment == "0" || segment.starts_with(|c| matches!(c, '1'..='9'));
            items.get(segment.parse::<usize>().ok().filter(|_| is_index)?)
        }
        _ => None,
    }
}

/// A segment of the pointer to a value. A walk over a tree notes them, because few walks need a pointer.
#[derive(Debug)]
pub(crate) enum Step<K> {
    Key(K),
    Index(usize),
}

impl<K: AsRef<str>> Step<K> {
    /// Returns the pointer of these segments.
    pub(crate) fn pointer(steps: &[Self]) -> String {
        steps.iter().fold(String::new(), |mut at, step| {
            match step {
                Self::Key(key) => push(&mut at, key.as_ref()),
                Self::Index(index) => push(&mut at, &index.to_string()),
            }
            at
        })
    }

    /// Returns the length of the segment in a pointer, without its escapes.
    pub(crate) fn length(&self) -> usize {
        1 + match self {
            Self::Key(key) => key.as_ref().len(),
            Self::Index(index) => index.checked_ilog10().unwrap_or_default() as usize + 1,
        }
    }
}

fn unescaped(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { decode(segment).into() } else { segment.into() }
}

/// Returns the unescaped keys of a JSON pointer, from the root.
pub fn keys(pointer: &str) -> impl DoubleEndedIterator<Item = String> {
    pointer.strip_prefix('/').into_iter().flat_map(|keys| keys.split('/')).map(decode)
}

/// Unescapes a segment of a pointer.
pub(crate) fn decode(segment: &str) -> String {
    let mut parts = segment.split('~');
    let mut decoded = String::with_capacity(segment.len());
    decoded.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (character, rest) = match part.as_bytes().first() {
            Some(b'1') => ('/', &part[1..]),
            Some(b'0') => ('~', &part[1..]),
            _ => ('~', part),
        };
        decoded.push(character);
        decoded.push_str(rest);
    }
    decoded
}

/// Returns the percent-decoded pointer in a local `$ref`, or `None` for a reference to another document.
pub(crate) fn from_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    Some(percent_decode(fragment))
}

pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_join_are_inverse() {
        let pointer = join(&join("", "paths"), "/v1/a~b/{c}");
        assert_eq!(pointer, "/paths/~1v1~1a~0b~1{c}");
        assert_eq!(keys(&pointer).collect::<Vec<_>>(), ["paths", "/v1/a~b/{c}"]);
    }

    #[test]
    fn values_are_found_as_serde_json_finds_them() {
        let tree = serde_json::json!({"a/b": {"~1": [1, [2]]}, "": {"": 3}, "0": 4, "n": null});
        let pointers = [
            "",
            "/a~1b",
            "/a~1b/~01",
            "/a~1b/~01/0",
            "/a~1b/~01/1/0",
            "/a~1b/~01/00",
            "/a~1b/~01/+1",
            "/a~1b/~01/2",
            "/a~1b/~01/-",
            "/a/b",
            "a~1b",
            "/",
            "//",
            "///",
            "/0",
            "/n",
            "/n/0",
            "/0/",
        ];
        for pointer in pointers {
            assert_eq!(find(&tree, pointer), tree.pointer(pointer), "{pointer}");
        }
        assert_eq!(find(&tree, "/a~1b/~01/1/0"), Some(&2.into()));
    }

    #[test]
    fn references_are_percent_decoded() {
        assert_eq!(from_reference("#/paths/~1a~1%7Bb%7D").as_deref(), Some("/paths/~1a~1{b}"));
        assert_eq!(from_reference("#/a%2").as_deref(), Some("/a%2"));
        assert_eq!(from_reference("#/a%FF").as_deref(), Some("/a%FF"));
        assert_eq!(from_reference("#").as_deref(), Some(""));
        assert_eq!(from_reference("other.yaml#/a"), None);
        assert_eq!(from_reference("#anchor"), None);
    }
}
