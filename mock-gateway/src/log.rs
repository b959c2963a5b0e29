//! What the gateway saw.

use bytes::Bytes;

/// The URL format that a request was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlFormat {
    /// Path parameters in the path.
    New,
    /// Path parameters in the query, their names in the path.
    Old,
    /// The operation has no path parameters, so both formats are one.
    Same,
}

/// One request, as it arrived, and what became of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path as on the wire, with the provider's name, percent-encoding kept.
    pub path: String,
    /// The same path with percent-encoding undone.
    pub decoded_path: String,
    /// The query's pairs, decoded, in order; the token is one of them.
    pub query: Vec<(String, String)>,
    /// The header fields, in order, names in lower case. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Bytes,
    /// The URL format; `None` where no operation matched.
    pub format: Option<UrlFormat>,
    /// The New Format path of the operation that matched, such as `/v1/tones/{tone_id}`.
    pub route: Option<String>,
    /// The `operationId` of the operation that matched, where it has one.
    pub operation: Option<String>,
    /// The status that was answered; 0 where the connection was closed without an answer.
    pub status: u16,
}

impl RecordedRequest {
    /// The first value of a header, whatever the letter case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)))
    }

    /// The first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        first(self.query.iter().filter(|(key, _)| key == name))
    }
}

fn first<'a>(mut pairs: impl Iterator<Item = &'a (String, String)>) -> Option<&'a str> {
    pairs.next().map(|(_, value)| value.as_str())
}
