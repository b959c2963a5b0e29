//! The spellings in which servers echo a character.

/// The length of the longest recognised spelling of a byte: `&amp;amp;amp;#x0000002f;`.
pub(crate) const LONGEST: usize = 24;

/// The maximum number of times an escape may be escaped again.
const DEPTH: usize = 4;

/// HTML's character references for ASCII characters.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("colon", ':'),
    ("equals", '='),
    ("gt", '>'),
    ("lt", '<'),
    ("plus", '+'),
    ("quot", '"'),
    ("sol", '/'),
];

/// Returns whether this byte may begin an encoded character.
pub(crate) fn is_sign(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'+')
}

/// Returns the ends of a character in each of its spellings: plain, percent-encoded, as a form's plus sign, as an
/// escape of JSON or JavaScript, or as an HTML character reference. Escapes may be escaped again. With `folds`, case is
/// ignored.
pub(crate) fn ends(text: &[u8], at: usize, expected: char, folds: bool) -> Vec<usize> {
    let rest = text.get(at..).unwrap_or_default();
    // The common case: the characters differ.
    let first = expected.encode_utf8(&mut [0; 4]).as_bytes().first().copied().unwrap_or_default();
    if !rest.first().is_some_and(|byte| is_sign(*byte) || *byte == b' ' || byte.eq_ignore_ascii_case(&first)) {
        return Vec::new();
    }
    let mut lengths = bytewise(rest, expected, folds);
    match rest.first() {
        Some(b'+') if expected == ' ' => lengths.push(1),
        // A server that decodes once too often reads a plus sign as a space.
        Some(b' ') if expected == '+' => lengths.push(1),
        Some(b'\\') => lengths.extend(escaped(rest, expected, folds)),
        Some(b'&') => lengths.extend(reference(rest, expected, folds)),
        _ => {}
    }
    lengths.into_iter().map(|length| at + length).collect()
}

fn is_same(a: char, b: char, folds: bool) -> bool {
    a == b || (folds && a.eq_ignore_ascii_case(&b))
}

/// Matches each byte plain or percent-encoded. A `%` may be literal or begin an encoded byte, so both are followed.
fn bytewise(text: &[u8], expected: char, folds: bool) -> Vec<usize> {
    let mut lengths = vec![0];
    for byte in expected.encode_utf8(&mut [0; 4]).bytes() {
        let is = |found: u8| is_same(char::from(found), char::from(byte), folds);
        let mut next = Vec::new();
        for length in lengths {
            let rest = text.get(length..).unwrap_or_default();
            if rest.first().is_some_and(|found| is(*found)) {
                next.push(length + 1);
            }
            next.extend(percent_encoded(rest).filter(|(found, _)| is(*found)).map(|(_, end)| length + end));
        }
        lengths = next;
    }
    lengths
}

/// Returns the bytes that `%2F`, `%252F` and so on encode, and where they end.
fn percent_encoded(text: &[u8]) -> impl Iterator<Item = (u8, usize)> {
    let signs = (0..DEPTH).map(|count| 1 + 2 * count);
    let is_encoded = |start: &usize| text.first() == Some(&b'%') && text.get(1..*start).is_some_and(are_signs);
    signs.take_while(is_encoded).filter_map(|start| {
        let byte = u8::try_from(hex(text.get(start..)?, 2)?).ok()?;
        Some((byte, start + 2))
    })
}

/// Returns whether a text is the remainder of repeatedly encoded percent signs.
fn are_signs(text: &[u8]) -> bool {
    text.chunks(2).all(|digits| digits == b"25")
}

fn hex(text: &[u8], digits: usize) -> Option<u32> {
    let digits = text.get(..digits).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Matches `\/`, `\u002f` and `\x2f`, with more backslashes if the escape was escaped.
fn escaped(text: &[u8], expected: char, folds: bool) -> Vec<usize> {
    let most = 1 << (DEPTH - 1);
    let backslashes = text.iter().take(most).take_while(|byte| **byte == b'\\').count();
    let mut lengths = Vec::new();
    // Unless a backslash is expected, all leading backslashes belong to the escape.
    let fewest = if expected == '\\' { 1 } else { backslashes };
    for count in fewest..=backslashes {
        let rest = text.get(count..).unwrap_or_default();
        lengths.extend(bytewise(rest, expected, folds).into_iter().map(|length| count + length));
        let is = |code: u32| char::from_u32(code).is_some_and(|found| is_same(found, expected, folds));
        if rest.first() == Some(&b'x') && hex(&rest[1..], 2).is_some_and(is) {
            lengths.push(count + 3);
        }
        let Some(unit) = unit(rest) else { continue };
        if is(unit) {
            lengths.push(count + 5);
        }
        // A character beyond 16 bits is a surrogate pair, each half with its backslashes.
        let low = rest.get(5 + count..).and_then(self::unit).filter(|low| (0xDC00..0xE000).contains(low));
        if let (0xD800..0xDC00, Some(low)) = (unit, low)
            && is(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        {
            lengths.push(2 * (count + 5));
        }
    }
    lengths
}

/// Parses the number in `u002f`.
fn unit(text: &[u8]) -> Option<u32> {
    hex(text.strip_prefix(b"u")?, 4)
}

/// Matches `&amp;`, `&#47;`, `&#x2f;`, and those whose `&` was escaped in turn.
fn reference(text: &[u8], expected: char, folds: bool) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut rest = text.strip_prefix(b"&").unwrap_or_default();
    for _ in 0..DEPTH {
        let name = rest.iter().take(11).position(|byte| *byte == b';').and_then(|end| rest.get(..end));
        let Some(name) = name.and_then(|name| std::str::from_utf8(name).ok()) else { break };
        let code = match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok().and_then(char::from_u32),
                None => digits.parse().ok().and_then(char::from_u32),
            },
            None => NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
        };
        if code.is_some_and(|found| is_same(found, expected, folds)) {
            lengths.push(text.len() - rest.len() + name.len() + 1);
        }
        let Some(after) = rest.strip_prefix(b"amp;") else { break };
        rest = after;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_read_in_every_spelling() {
        for (c, spellings) in [
            (
                '/',
                &[
                    "/",
                    "%2f",
                    "%252F",
                    "%25252f",
                    "\\/",
                    "\\\\/",
                    "\\u002F",
                    "\\\\u002f",
                    "\\x2f",
                    "&#47;",
                    "&#x2F;",
                    "&sol;",
                    "&amp;#x0000002f;",
                ][..],
            ),
            ('&', &["&", "&amp;", "&amp;amp;", "%26"]),
            ('%', &["%", "%25", "%2525"]),
            ('é', &["é", "%C3%a9", "\\u00e9", "\\\\u00E9", "&#233;", "&#xe9;"]),
            ('\u{1f980}', &["\u{1f980}", "\\ud83e\\udd80", "\\\\uD83E\\\\uDD80", "&#129408;"]),
            (' ', &[" ", "+", "%20"]),
            ('+', &["+", " ", "%2b"]),
            ('\\', &["\\", "\\\\", "%5C"]),
        ] {
            for spelling in spellings {
                assert!(spelling.len() <= LONGEST * c.len_utf8(), "{spelling}");
                for text in [(*spelling).to_owned(), format!("{spelling};x")] {
                    assert!(ends(text.as_bytes(), 0, c, false).contains(&spelling.len()), "{c}: {text}");
                }
            }
        }
        for text in ["", "%2", "\\u002", "&#47", "&unknown;", "\\", "&", "\\ud83e", "\\ud83ex\\udd80", "%25zz"] {
            assert!(ends(text.as_bytes(), 0, '/', false).is_empty(), "{text}");
            assert!(ends(text.as_bytes(), 0, '\u{1f980}', false).is_empty(), "{text}");
        }
        assert_eq!(ends(b"%41", 0, 'a', true), [3]);
        assert!(ends(b"%41", 0, 'a', false).is_empty());
    }
}
