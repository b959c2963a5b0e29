//! Detects dot segments in any encoding. A `..` in a path can lead a server or a proxy to another route.

/// Returns whether a path has a segment `.` or `..`, percent-encoded any number of times. Segments are separated by `/`
/// and by `\\`, which URL parsers treat as `/`.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    let mut segments = path.as_bytes().split(|byte| matches!(byte, b'/' | b'\\'));
    may_have_dot(path.as_bytes()) && segments.any(|segment| may_be_dots(segment) && is_dots(&decode_fully(segment)))
}

/// As [`has_dot_segment`], for servers that decode the path before they split it, so separators may be encoded too.
/// Text that some servers drop from a segment is ignored: spaces, control characters, and anything after a `;`.
pub(crate) fn has_hidden_dot_segment(path: &str) -> bool {
    may_have_dot(path.as_bytes()) && is_hidden_in(path)
}

fn is_hidden_in(path: &str) -> bool {
    decode_fully(path.as_bytes()).split(|byte| matches!(byte, b'/' | b'\\')).any(|segment| {
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        let kept: Vec<u8> = name.iter().copied().filter(|byte| *byte > b' ').collect();
        is_dots(&kept)
    })
}

/// Returns whether decoding the path, even repeatedly, may produce a dot, which spares most paths the decoding. It
/// cannot if each encoded byte is neither a dot nor the beginning of another encoding.
fn may_have_dot(path: &[u8]) -> bool {
    let mut rest = path;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'.' | b'%')) {
        rest = match &rest[at..] {
            // A percent sign, a dot, and the bytes that overlong UTF-8 begins with.
            [b'.', ..]
            | [b'%', b'2', b'5' | b'e' | b'E', ..]
            | [b'%', b'c' | b'C', b'0' | b'1', ..]
            | [b'%', b'e' | b'E' | b'f' | b'F', b'0', ..] => return true,
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            _ => return true,
        };
    }
    false
}

fn is_dots(segment: &[u8]) -> bool {
    matches!(segment, b"." | b"..")
}

/// Returns whether a segment contains only characters that occur in encodings of dots, which spares most segments the
/// decoding.
fn may_be_dots(segment: &[u8]) -> bool {
    !segment.is_empty()
        && segment.iter().all(|byte| matches!(byte, b'.' | b'%' | b'u' | b'U') || byte.is_ascii_hexdigit())
}

/// Percent-decodes text repeatedly in one pass: an encoding that a decoded byte completes is decoded at once. It also
/// decodes encodings that only lenient decoders accept: `%u002e` and overlong UTF-8.
fn decode_fully(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.push(*byte);
        while let Some((length, byte)) = encoded_at_end(&out) {
            out.truncate(out.len() - length);
            out.push(byte);
        }
    }
    out
}

/// Returns the byte that the end of the text encodes, and the length of its encoding.
fn encoded_at_end(text: &[u8]) -> Option<(usize, u8)> {
    let number = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    match text {
        [.., b'%', b'u' | b'U', a, b, c, d] => {
            let is_hex = [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit());
            let byte = number(&[*a, *b, *c, *d]).filter(|_| is_hex).and_then(|number| u8::try_from(number).ok());
            byte.filter(u8::is_ascii).map(|byte| (6, byte))
        }
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
            number(&[*a, *b]).and_then(|number| u8::try_from(number).ok()).map(|byte| (3, byte))
        }
        [.., lead @ 0xC0..=0xC1, last @ 0x80..=0xBF] => Some((2, (lead & 1) << 6 | (last & 0x3F))),
        [.., 0xE0, middle @ 0x80..=0x81, last @ 0x80..=0xBF]
        | [.., 0xF0, 0x80, middle @ 0x80..=0x81, last @ 0x80..=0xBF] => {
            let length = if text.ends_with(&[0xE0, *middle, *last]) { 3 } else { 4 };
            Some((length, (middle & 1) << 6 | (last & 0x3F)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> String {
        String::from_utf8_lossy(&decode_fully(text.as_bytes())).into_owned()
    }

    #[test]
    fn encodings_are_undone_until_none_is_left() {
        for (text, expected) in [
            ("%2e%2E", ".."),
            ("%252525252e", "."),
            ("%25%32%65", "."),
            ("%%32%65", "."),
            ("%3%32", "2"),
            ("%2", "%2"),
            ("%zz%", "%zz%"),
            ("%u002e%U002F", "./"),
            ("%u00e9", "%u00e9"),
            ("%c0%ae%C1%9c%e0%80%ae%f0%80%80%af", ".\\./"),
            ("%C3%A9é", "éé"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn one_pass_undoes_what_many_passes_would() {
        let mut text = "a/../%b\u{e9}".to_owned();
        for _ in 0..12 {
            text = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        }
        let mut by_passes = text.clone().into_bytes();
        loop {
            let next: Vec<u8> = percent_decode(&by_passes).collect();
            if next == by_passes {
                break;
            }
            by_passes = next;
        }
        assert_eq!(decode_fully(text.as_bytes()), by_passes);
    }

    proptest! {
        #[test]
        fn no_path_is_spared_that_has_a_dot_segment(path in "([./%25eEuU0cCaA;é ]|%2e|%2f|%[c-f][0-3]|%[89a][0-9ae]|é){0,12}") {
            prop_assert_eq!(has_hidden_dot_segment(&path), is_hidden_in(&path));
        }
    }

    #[test]
    fn a_dot_segment_is_one_between_separators() {
        for path in ["..", "a/./b", "a\\..", "/%2e%2e/", "%252e", ".%2E", "%u002e."] {
            assert!(has_dot_segment(path) && has_hidden_dot_segment(path), "{path}");
        }
        for path in ["", "a..b", "...", "a/..b/c", "%2e%2e%2e", "a.", "feed", "%"] {
            assert!(!has_dot_segment(path) && !has_hidden_dot_segment(path), "{path}");
        }
        for path in ["a%2f..", "..%252F", "a%5C%2e", "x/..;a=b/c", ".. /", "x/%09../", "..%00", "%c0%ae.%c0%afx"] {
            assert!(!has_dot_segment(path) && has_hidden_dot_segment(path), "{path}");
        }
    }
}
