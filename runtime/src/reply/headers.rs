//! Declared headers of responses.

use std::{fmt, str::FromStr};

use reqwest::header::HeaderMap;

use crate::model::{Decodable, json::read_json, meter::Meter};

/// The headers of a response, read as their types. A header that is sent several times is one list (RFC 9110, 5.2).
#[derive(Debug, Clone, Copy)]
pub struct Headers<'r>(&'r HeaderMap);

impl<'r> Headers<'r> {
    /// Takes the headers of a response.
    pub fn new(headers: &'r HeaderMap) -> Self {
        Self(headers)
    }

    /// Reads a header that may be any text.
    pub fn text<T: From<String>>(self, name: &str) -> Option<T> {
        self.joined(name).map(T::from)
    }

    /// Reads a list of any texts.
    pub fn texts<T: From<String>>(self, name: &str) -> Option<Vec<T>> {
        let text = self.joined(name)?;
        Some(items(&text).map(|item| T::from(item.to_owned())).collect())
    }

    /// Reads a value of some texts. A header without a text has none.
    pub fn value<T: FromStr>(self, name: &str) -> Result<Option<T>, HeaderError> {
        let text = self.joined(name).filter(|text| !text.is_empty());
        text.map(|text| text.parse().map_err(|_| HeaderError::new(name, &text))).transpose()
    }

    /// Reads a list of values of some texts.
    pub fn values<T: FromStr>(self, name: &str) -> Result<Option<Vec<T>>, HeaderError> {
        let Some(text) = self.joined(name) else { return Ok(None) };
        let items: Result<Vec<T>, _> = items(&text).map(str::parse).collect();
        items.map(Some).map_err(|_| HeaderError::new(name, &text))
    }

    /// Reads the text of each line.
    pub fn lines(self, name: &str) -> Option<Vec<String>> {
        let lines: Vec<String> = self.0.get_all(name).iter().map(|line| to_text(line.as_bytes())).collect();
        (!lines.is_empty()).then_some(lines)
    }

    /// Reads JSON.
    pub fn json<T: Decodable>(self, name: &str) -> Result<Option<T>, HeaderError> {
        let Some(text) = self.joined(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let read = read_json(text.as_bytes(), &Meter::of_text(text.len(), 0));
        read.map(Some).map_err(|_| HeaderError::new(name, &text))
    }

    fn joined(self, name: &str) -> Option<String> {
        self.lines(name).map(|lines| lines.join(", "))
    }
}

/// The items of a list. None of them is empty, because servers add commas and white space.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// Reads the bytes of a header as UTF-8, else as ISO-8859-1, which HTTP once had.
fn to_text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

/// A header of a response whose text is not of the declared type.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderError {
    name: Box<str>,
    text: Box<str>,
}

impl HeaderError {
    fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Returns the name of the header in the document.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text that the server sent.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for HeaderError {
    /// Shows no text, because any header may be a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeaderError").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header `{}` of the response does not have its declared type", self.name)
    }
}

impl std::error::Error for HeaderError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static [u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, reqwest::header::HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_header_is_read_as_its_type() {
        let map = headers(&[
            ("left", b"7"),
            ("sizes", b"1,2"),
            ("sizes", b" 3 ,"),
            ("name", b"Gr\xfc\xdfe"),
            ("end", b""),
            ("odd", b"secret"),
            ("point", br#"{"x":1}"#),
        ]);
        let read = Headers::new(&map);
        assert_eq!(read.value::<i64>("Left"), Ok(Some(7)));
        assert_eq!(read.values::<i64>("sizes"), Ok(Some(vec![1, 2, 3])));
        assert_eq!(read.texts::<String>("sizes").unwrap(), ["1", "2", "3"]);
        assert_eq!(read.text::<String>("name").as_deref(), Some("Grüße"));
        assert_eq!((read.value::<i64>("end"), read.value::<bool>("none")), (Ok(None), Ok(None)));
        assert_eq!(read.text::<String>("end").as_deref(), Some(""));
        assert_eq!(read.json::<serde_json::Value>("point"), Ok(Some(serde_json::json!({"x": 1}))));
        let error = read.value::<i64>("odd").unwrap_err();
        assert_eq!((error.name(), error.text()), ("odd", "secret"));
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
