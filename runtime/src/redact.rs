//! Takes the credentials out of text that came from outside: servers echo what they were sent.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What stands in place of the credential.
pub(crate) const REDACTED: &str = "[redacted]";

/// What must not be shown: every credential of a client, in every form that is not merely another spelling of it.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    texts: Vec<SecretString>,
}

impl Secrets {
    /// Adds one. An empty text is in every other, and so is none.
    pub(crate) fn add(&mut self, text: &str) {
        if !text.is_empty() {
            self.texts.push(SecretString::from(text));
        }
    }

    /// The end of the longest secret that begins here, if one does.
    fn end(&self, text: &[u8], start: usize) -> Option<usize> {
        self.texts.iter().filter_map(|secret| secret_end(text, start, secret.expose_secret().as_bytes())).max()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("count", &self.texts.len()).finish()
    }
}

impl From<&str> for Secrets {
    fn from(text: &str) -> Self {
        let mut secrets = Self::default();
        secrets.add(text);
        secrets
    }
}

/// The text without the secrets, in whatever mixture of plain, percent-encoded and JSON-escaped characters they stand
/// there.
pub(crate) fn scrub(text: &str, secrets: &Secrets) -> String {
    if secrets.texts.is_empty() {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    // Texts are long and secrets are rare: places where none of their spellings can begin are passed over here.
    let firsts: Vec<u8> =
        secrets.texts.iter().filter_map(|secret| secret.expose_secret().as_bytes().first().copied()).collect();
    let may_begin = |byte: &u8| firsts.contains(byte) || matches!(byte, b'%' | b'\\');
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(may_begin)) {
        at += skipped;
        match secrets.end(bytes, at) {
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

/// The end of the secret that begins here, if one does. A `%` may be itself or begin an encoded byte, so all readings are
/// followed.
fn secret_end(text: &[u8], start: usize, secret: &[u8]) -> Option<usize> {
    let mut ends = vec![start];
    for expected in secret {
        let mut next = Vec::new();
        for at in ends {
            for end in byte_ends(text, at, *expected).into_iter().flatten() {
                if !next.contains(&end) {
                    next.push(end);
                }
            }
        }
        if next.is_empty() {
            return None;
        }
        ends = next;
    }
    ends.into_iter().max()
}

/// The ends of one byte in each of its spellings: plain, percent-encoded once and twice, and escaped in JSON.
fn byte_ends(text: &[u8], at: usize, expected: u8) -> [Option<usize>; 5] {
    let rest = text.get(at..).unwrap_or_default();
    let hex = |prefix: &[u8]| {
        let digits = rest.strip_prefix(prefix)?.get(..2)?;
        let byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        (byte == expected).then_some(at + prefix.len() + 2)
    };
    [
        (rest.first() == Some(&expected)).then_some(at + 1),
        hex(b"%"),
        hex(b"%25"),
        hex(b"\\u00"),
        rest.starts_with(&[b'\\', expected]).then_some(at + 2),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_secret_goes() {
        let secret = Secrets::from("at_+/é");
        for spelling in ["at_+/é", "at_%2B%2F%C3%A9", "at_%2b%2f%c3%a9", "%61t_%252B%252F%25C3%25A9", "at_\\u002b\\/é"]
        {
            assert_eq!(scrub(&format!("x{spelling}y{spelling}"), &secret), "x[redacted]y[redacted]", "{spelling}");
        }
    }

    #[test]
    fn every_secret_goes_the_longest_first() {
        let mut secrets = Secrets::from("at");
        secrets.add("at_long");
        secrets.add("red");
        assert_eq!(scrub("at_long at red", &secrets), "[redacted] [redacted] [redacted]");
        assert!(!format!("{secrets:?}").contains("long"));
    }

    #[test]
    fn other_text_stays() {
        assert_eq!(scrub("at_ é %", &Secrets::from("at_1")), "at_ é %");
        assert_eq!(scrub("anything", &Secrets::from("")), "anything");
    }
}
