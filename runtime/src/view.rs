//! What may be shown of a request and of a response: the credential is taken out.

use std::time::Duration;

use reqwest::{
    Method, StatusCode, Url,
    header::{HeaderMap, HeaderValue},
};

use crate::redact::{self, REDACTED, Secrets};

/// What may be shown of a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RequestView {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// The path template of the operation, such as `/v1/tones/{tone_id}`; it has few values, so that metrics can be kept
    /// by it.
    pub template: String,
    /// The headers. `content-type` and `content-length` of an upload are not among them.
    pub headers: HeaderMap,
    /// How many attempts of this call went before this one.
    pub resend_count: usize,
}

/// What may be shown of a response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ResponseView {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The length of the body in bytes; `None` where it is read as a stream.
    pub body_length: Option<usize>,
    /// The time from the sending of the request to the end of the body, or to its beginning where it is read as a stream.
    pub elapsed: Duration,
}

/// The URL without the credential.
pub(crate) fn view_url(url: &Url, secrets: &Secrets) -> String {
    redact::scrub(url.as_str(), secrets)
}

/// The headers without the credential. Of one that is marked as sensitive, no more is shown than the scheme before it.
pub(crate) fn view_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let view = |value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let scrubbed = redact::scrub(&text, secrets);
        let shown = match text.split_once(' ') {
            _ if !value.is_sensitive() || scrubbed != text => scrubbed,
            Some((scheme, _)) => format!("{scheme} {REDACTED}"),
            None => REDACTED.to_owned(),
        };
        HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static(REDACTED))
    };
    headers.iter().map(|(name, value)| (name.clone(), view(value))).collect()
}
