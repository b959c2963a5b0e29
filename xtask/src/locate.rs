//! Finds the line of a JSON pointer in a text.

use lowcodeapi_codegen::document::keys;

/// Returns the 1-based line of the node, or of its nearest ancestor. Returns `None` if the text is not JSON.
pub(crate) fn line_of(text: &str, pointer: &str) -> Option<usize> {
    let mut scan = Scan { text, at: 0 };
    scan.skip_space();
    if !matches!(scan.peek()?, b'{' | b'[') {
        return None;
    }
    let mut found = scan.at;
    for key in keys(pointer) {
        match scan.descend(&key) {
            Some(at) => found = at,
            None => break,
        }
    }
    Some(text.get(..found)?.matches('\n').count() + 1)
}

/// Whether a quoted JSON string is this key. Most have no escapes.
fn is_called(name: &str, key: &str) -> bool {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(name) if !name.contains('\\') => name == key,
        _ => serde_json::from_str::<String>(name).is_ok_and(|name| name == key),
    }
}

/// A position in a JSON text. The text is already parsed, so other texts only need to be safe.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | 0xEF | 0xBB | 0xBF))
        {
            self.at += 1;
        }
    }

    /// Moves to the value of a key or index of the current value. Returns the start of its entry.
    fn descend(&mut self, key: &str) -> Option<usize> {
        let opening = self.peek()?;
        if !matches!(opening, b'{' | b'[') {
            return None;
        }
        self.at += 1;
        for index in 0_usize.. {
            self.skip_space();
            if matches!(self.peek()?, b'}' | b']') {
                return None;
            }
            let entry = self.at;
            let here = if opening == b'{' {
                self.skip_string();
                let name = self.text.get(entry..self.at)?;
                self.skip_space();
                is_called(name, key)
            } else {
                index.to_string() == key
            };
            if here {
                return Some(entry);
            }
            self.skip_value();
        }
        None
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    /// Iterative, so no document is too deep.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => {
                    // The end of this value, or of the one around it, which is the caller's to see.
                    self.at += depth;
                    return;
                }
                b'}' | b']' => depth -= 1,
                b',' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "a/b": {
    "c}": [
      1,
      {"d": "x\"]", "e": [[]], "~": null}
    ]
  },
  "z": true
}"#;

    #[test]
    fn nodes_are_found_by_keys_and_indices() {
        assert_eq!(line_of(TEXT, ""), Some(1));
        assert_eq!(line_of(TEXT, "/a~1b"), Some(2));
        assert_eq!(line_of(TEXT, "/a~1b/c}"), Some(3));
        assert_eq!(line_of(TEXT, "/a~1b/c}/0"), Some(4));
        assert_eq!(line_of(TEXT, "/a~1b/c}/1/~0"), Some(5));
        assert_eq!(line_of(TEXT, "/z"), Some(8));
    }

    #[test]
    fn what_the_text_lacks_is_where_its_parent_is() {
        assert_eq!(line_of(TEXT, "/a~1b/c}/7/x"), Some(3));
        assert_eq!(line_of(TEXT, "/z/x"), Some(8));
        assert_eq!(line_of("{\"a\": {\"b\": 1}}", "/a/c"), Some(1));
    }

    #[test]
    fn text_that_is_no_json_has_no_lines_and_broken_json_does_no_harm() {
        assert_eq!(line_of("a: 1", "/a"), None);
        assert_eq!(line_of("", "/a"), None);
        for end in 0..TEXT.len() {
            line_of(&TEXT[..end], "/a~1b/c}/1/e");
        }
        line_of("{\"a\\", "/b");
        line_of("{\"\u{e4}\\\u{e4}", "/b");
    }
}
