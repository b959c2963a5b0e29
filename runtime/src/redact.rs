//! Takes the credential out of text that came from outside: servers echo what they were sent.

/// What stands in place of the credential.
pub(crate) const REDACTED: &str = "[redacted]";

/// The text without the secret, in whatever mixture of plain, percent-encoded and JSON-escaped characters it stands
/// there.
pub(crate) fn scrub(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        match secret_end(bytes, at, secret.as_bytes()) {
            Some(end) => {
                // Both ends are character boundaries: a match begins and ends with a whole character of the secret.
                out.push_str(text.get(from..at).unwrap_or_default());
                out.push_str(REDACTED);
                (from, at) = (end, end);
            }
            None => at += 1,
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The end of the secret that begins here, if one does.
fn secret_end(text: &[u8], start: usize, secret: &[u8]) -> Option<usize> {
    let mut at = start;
    for expected in secret {
        at = byte_end(text, at, *expected)?;
    }
    Some(at)
}

/// The end of one byte, in any of its spellings.
fn byte_end(text: &[u8], at: usize, expected: u8) -> Option<usize> {
    let hex = |from: usize, to: usize| {
        let digits = text.get(from..to).and_then(|digits| std::str::from_utf8(digits).ok())?;
        u8::from_str_radix(digits, 16).ok()
    };
    match *text.get(at)? {
        byte if byte == expected => Some(at + 1),
        // `%25` begins a `%` that was encoded twice.
        b'%' if text[at..].starts_with(b"%25") && hex(at + 3, at + 5) == Some(expected) => Some(at + 5),
        b'%' if hex(at + 1, at + 3) == Some(expected) => Some(at + 3),
        b'\\' if text[at..].starts_with(b"\\u00") && hex(at + 4, at + 6) == Some(expected) => Some(at + 6),
        b'\\' if text.get(at + 1) == Some(&expected) => Some(at + 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_secret_goes() {
        let secret = "at_+/é";
        for spelling in ["at_+/é", "at_%2B%2F%C3%A9", "at_%2b%2f%c3%a9", "%61t_%252B%252F%25C3%25A9", "at_\\u002b\\/é"]
        {
            assert_eq!(scrub(&format!("x{spelling}y{spelling}"), secret), "x[redacted]y[redacted]", "{spelling}");
        }
    }

    #[test]
    fn other_text_stays() {
        assert_eq!(scrub("at_ é %", "at_1"), "at_ é %");
        assert_eq!(scrub("anything", ""), "anything");
    }
}
