//! Detects files that the gateway has corrupted. Its open-source server decodes files as UTF-8 text: it replaces each
//! byte that is not UTF-8 by U+FFFD, and adds a charset to the media type.

use std::str;

use crate::http::media_type::essence;

/// U+FFFD in UTF-8.
const REPLACEMENT: char = '\u{fffd}';

/// Returns whether a response of this media type may be a file that was sent as text.
pub(crate) fn is_suspect(content_type: &str) -> bool {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let is_utf8 =
        |value: &str| matches!(value.trim().trim_matches('"').to_ascii_lowercase().as_str(), "utf-8" | "utf8");
    let has_charset = parameters.any(|(name, value)| name.trim().eq_ignore_ascii_case("charset") && is_utf8(value));
    has_charset && !is_text(&essence(content_type))
}

fn is_text(media_type: &str) -> bool {
    const NAMES: [&str; 9] = [
        "ecmascript",
        "graphql",
        "javascript",
        "json-seq",
        "jsonl",
        "jsonlines",
        "sql",
        "x-javascript",
        "x-www-form-urlencoded",
    ];
    let (kind, name) = media_type.split_once('/').unwrap_or_default();
    // An empty media type says nothing. The names of Office's binary formats contain `xml` in the middle.
    let is_syntax = ["json", "xml", "yaml"].iter().any(|syntax| name.ends_with(syntax));
    matches!(kind, "" | "text" | "message") || is_syntax || NAMES.contains(&name)
}

/// Returns whether a whole file is corrupted. A file with invalid UTF-8 was not decoded.
pub(crate) fn is_destroyed(body: &[u8]) -> bool {
    str::from_utf8(body).is_ok_and(|text| text.contains(REPLACEMENT))
}

/// Returns the error message.
pub(crate) fn message(content_type: &str) -> String {
    format!("an intermediate server decoded the file as UTF-8 text, which corrupted it (`{content_type}`)")
}

/// Detects corruption in a file that arrives in chunks.
#[derive(Debug)]
pub(crate) struct Watch {
    /// The error message.
    message: String,
    /// The incomplete character at the end of the last chunk.
    rest: Vec<u8>,
    /// Whether invalid UTF-8 has arrived, which proves that the file was not decoded.
    is_intact: bool,
}

impl Watch {
    pub(crate) fn new(content_type: &str) -> Self {
        Self { message: message(content_type), rest: Vec::new(), is_intact: false }
    }

    /// Returns the error message if this chunk shows that the file is corrupted.
    pub(crate) fn damage(&mut self, piece: &[u8]) -> Option<String> {
        self.finds_in(piece).then(|| self.message.clone())
    }

    fn finds_in(&mut self, piece: &[u8]) -> bool {
        if self.is_intact {
            return false;
        }
        let joined = [self.rest.as_slice(), piece].concat();
        let (valid, rest) = match str::from_utf8(&joined) {
            Ok(text) => (text, &[][..]),
            Err(error) => {
                self.is_intact = error.error_len().is_some();
                let (valid, rest) = joined.split_at(error.valid_up_to());
                (str::from_utf8(valid).unwrap_or_default(), rest)
            }
        };
        let is_found = valid.contains(REPLACEMENT);
        self.rest = rest.to_vec();
        is_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_charset_is_suspect() {
        for media_type in [
            "image/png; charset=utf-8",
            "application/pdf;charset=UTF8",
            "application/octet-stream; a=b; Charset=\"utf-8\"",
            "audio/mpeg; charset=utf-8",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document; charset=utf-8",
        ] {
            assert!(is_suspect(media_type), "{media_type}");
        }
        for media_type in [
            "image/png",
            "image/png; charset=binary",
            "image/svg+xml; charset=utf-8",
            "text/csv; charset=utf-8",
            "application/json; charset=utf-8",
            "application/x-ndjson; charset=utf-8",
            "; charset=utf-8",
            "",
        ] {
            assert!(!is_suspect(media_type), "{media_type}");
        }
    }

    #[test]
    fn a_file_in_pieces_is_as_one_in_whole() {
        let original = b"\x89PNG\r\n\x1a\n\x00\xff";
        let destroyed = String::from_utf8_lossy(original).into_owned().into_bytes();
        let plain = "no picture, but text: é\u{10348}".as_bytes().to_vec();
        let real = [&original[..], "\u{fffd}".as_bytes()].concat();
        for (body, expected) in [(destroyed, true), (plain, false), (real, false), (Vec::new(), false)] {
            assert_eq!(is_destroyed(&body), expected);
            for size in 1..=body.len().max(1) {
                let mut watch = Watch::new("");
                assert_eq!(body.chunks(size).any(|piece| watch.finds_in(piece)), expected, "{size}");
            }
        }
    }
}
