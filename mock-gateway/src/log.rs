//! The log of requests.

use bytes::Bytes;

/// The URL format of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlFormat {
    /// Path parameters are in the path.
    New,
    /// Path parameters are in the query, and their names in the path.
    Old,
    /// The operation has no path parameters, so both formats are the same.
    Same,
}

/// A request as it arrived, and its outcome.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path as sent, percent-encoded and with the provider's name.
    pub path: String,
    /// The percent-decoded path.
    pub decoded_path: String,
    /// The decoded pairs of the query, in order, including the token.
    pub query: Vec<(String, String)>,
    /// The headers, in order, with lower-case names. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The URL format; `None` if no operation matched.
    pub format: Option<UrlFormat>,
    /// The New Format path of the matched operation, such as `/v1/tones/{tone_id}`.
    pub route: Option<String>,
    /// The `operationId` of the matched operation, if it has one.
    pub operation: Option<String>,
    /// The status of the response; 0 if the connection was closed without one.
    pub status: u16,
}

impl RecordedRequest {
    /// Returns the first value of a header. The name ignores case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)))
    }

    /// Returns the first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        first(self.query.iter().filter(|(key, _)| key == name))
    }
}

fn first<'a>(mut pairs: impl Iterator<Item = &'a (String, String)>) -> Option<&'a str> {
    pairs.next().map(|(_, value)| value.as_str())
}
