//! Charsets of text.

use std::borrow::Cow;

/// The `charset` of a media type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charset<'a>(&'a str);

impl Charset<'_> {
    pub(crate) fn is_utf8(self) -> bool {
        ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|name| self.0.eq_ignore_ascii_case(name))
    }

    /// ISO 8859-1 has the numbers of the first Unicode characters.
    fn is_latin1(self) -> bool {
        ["iso-8859-1", "latin1"].iter().any(|name| self.0.eq_ignore_ascii_case(name))
    }
}

/// Returns the charset that a media type names, quoted or not. For UTF-8, the default, it may return `None`.
pub(crate) fn of(media_type: &str) -> Option<Charset<'_>> {
    let (_, parameters) = media_type.split_once(';')?;
    // Most responses say this, which is the default.
    if parameters.trim_start().eq_ignore_ascii_case("charset=utf-8") {
        return None;
    }
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(Charset(value))
    })
}

/// Decodes text, without its byte order mark. Without a charset, it is UTF-8.
///
/// # Errors
///
/// Returns why it cannot be decoded.
pub(crate) fn decode<'b>(body: &'b [u8], charset: Option<Charset<'_>>) -> Result<Cow<'b, str>, String> {
    let Some(charset) = charset.filter(|charset| !charset.is_utf8()) else {
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| error.to_string());
    };
    if charset.is_latin1() {
        return Ok(body.iter().copied().map(char::from).collect());
    }
    decode_other(body, charset)
}

#[cfg(feature = "charsets")]
fn decode_other<'b>(body: &'b [u8], charset: Charset<'_>) -> Result<Cow<'b, str>, String> {
    let encoding = encoding_rs::Encoding::for_label(charset.0.as_bytes());
    let encoding = encoding.ok_or_else(|| format!("the charset `{}` is not known", charset.0))?;
    let (text, encoding, is_malformed) = encoding.decode(body);
    if is_malformed { Err(format!("the text is not {}", encoding.name())) } else { Ok(text) }
}

#[cfg(not(feature = "charsets"))]
fn decode_other<'b>(_: &'b [u8], charset: Charset<'_>) -> Result<Cow<'b, str>, String> {
    Err(format!("the charset `{}` needs the feature `charsets` of the runtime", charset.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_may_be_quoted() {
        for media_type in ["text/plain; charset=\"ISO-8859-1\"", "text/plain;a=b; Charset = latin1"] {
            assert_eq!(decode(b"Gr\xfc\xdfe", of(media_type)).unwrap(), "Gr\u{fc}\u{df}e", "{media_type}");
        }
        for media_type in ["text/plain", "text/plain; charset=\"UTF-8\"", "text/plain; charset=", "a/b;c"] {
            assert_eq!(decode("\u{feff}\u{fc}".as_bytes(), of(media_type)).unwrap(), "\u{fc}", "{media_type}");
            assert!(decode(b"\xfc", of(media_type)).is_err(), "{media_type}");
        }
    }

    #[test]
    #[cfg(feature = "charsets")]
    fn other_charsets_are_those_of_the_web() {
        let windows = of("text/plain; charset=windows-1252");
        assert_eq!(decode(b"5 \x80", windows).unwrap(), "5 \u{20ac}");
        let utf16 = of("text/plain; charset=utf-16");
        assert_eq!(decode(b"\xff\xfeh\0i\0", utf16).unwrap(), "hi");
        assert!(decode(b"", of("text/plain; charset=klingon")).is_err());
    }

    #[test]
    #[cfg(not(feature = "charsets"))]
    fn a_charset_that_is_not_built_in_is_told() {
        let message = decode(b"5 \x80", of("text/plain; charset=windows-1252")).unwrap_err();
        assert_eq!(message, "the charset `windows-1252` needs the feature `charsets` of the runtime");
    }
}
