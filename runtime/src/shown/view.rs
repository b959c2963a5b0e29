//! Redacted views of requests and responses.

use std::time::Duration;

use reqwest::{
    Method, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::shown::redact::{self, REDACTED, Secrets};

/// A request with credentials redacted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RequestView {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// The path template of the operation, such as `/v1/tones/{tone_id}`. Its cardinality is low, so it suits metrics.
    pub template: String,
    /// The headers. Only values of headers that are known to be harmless are shown. The `content-type` and
    /// `content-length` of an upload are not included.
    pub headers: HeaderMap,
    /// The number of earlier attempts of this call.
    pub resend_count: usize,
}

/// A response with credentials redacted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ResponseView {
    /// The status.
    pub status: StatusCode,
    /// The headers. Only values of headers that are known to be harmless are shown.
    pub headers: HeaderMap,
    /// The length of the body in bytes; `None` if it is streamed.
    pub body_length: Option<usize>,
    /// The time from sending the request to the end of the body, or to its beginning if it is streamed.
    pub elapsed: Duration,
}

/// Returns the URL with credentials redacted.
pub(crate) fn view_url(url: &Url, secrets: &Secrets) -> String {
    redact::scrub(url.as_str(), secrets)
}

/// The headers whose values are shown. Any other may be a credential, such as an API key or a session.
const SHOWN: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-allow-origin",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-modified",
    "pragma",
    "range",
    "request-id",
    "retry-after",
    "server",
    "strict-transport-security",
    "traceparent",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "x-content-type-options",
    "x-correlation-id",
    "x-powered-by",
    "x-request-id",
    "x-trace-id",
];

/// The prefixes of rate-limit headers, whose values are shown.
const SHOWN_PREFIXES: &[&str] = &["ratelimit", "x-ratelimit-", "x-rate-limit-"];

/// The schemes of `authorization` that are shown. Anything else before a space may be part of the credential.
const SCHEMES: &[&str] = &["Basic", "Bearer", "Digest", "Token"];

/// Returns whether the values of a header of this name are shown.
pub(crate) fn is_shown(name: &HeaderName) -> bool {
    let name = name.as_str();
    SHOWN.contains(&name) || SHOWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns the headers for display: only harmless values, with credentials redacted.
pub(crate) fn view_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let view = |name: &HeaderName, value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = match text.split_once(' ') {
            _ if is_shown(name) && !value.is_sensitive() => redact::scrub(&text, secrets),
            Some((scheme, _)) if *name == AUTHORIZATION && SCHEMES.contains(&scheme) => format!("{scheme} {REDACTED}"),
            _ => REDACTED.to_owned(),
        };
        HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static(REDACTED))
    };
    headers.iter().map(|(name, value)| (view_name(name, secrets), view(name, value))).collect()
}

/// Returns the name of a header, redacted if it contains a credential.
pub(crate) fn view_name(name: &HeaderName, secrets: &Secrets) -> HeaderName {
    if !is_shown(name) && secrets.is_in_name(name.as_str()) {
        HeaderName::from_static("redacted")
    } else {
        name.clone()
    }
}

/// Returns the headers of a response for callers: credentials are redacted, and `Debug` shows only what hooks see.
pub(crate) fn scrub_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let scrubbed = |name: &HeaderName, value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let scrubbed = redact::scrub(&text, secrets);
        let mut value = match HeaderValue::from_str(&scrubbed) {
            // The scrubbed text of a valid value is valid.
            Ok(scrubbed_value) if scrubbed != text => scrubbed_value,
            _ => value.clone(),
        };
        value.set_sensitive(!is_shown(name));
        value
    };
    headers.iter().map(|(name, value)| (view_name(name, secrets), scrubbed(name, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_what_is_known_to_be_harmless_is_shown() {
        let given = headers(&[
            ("content-type", "text/plain; for=at_Mark"),
            ("x-ratelimit-remaining", "5"),
            ("authorization", "Bearer abc"),
            ("proxy-authorization", "Basic abc"),
            ("x-session", "abc"),
            ("set-cookie", "sid=abc"),
            ("cookie", "sid=abc"),
            ("location", "/?code=abc"),
            ("x-at_mark-of", "abc"),
        ]);
        let secrets = Secrets::from("at_Mark");
        let seen = view_headers(&given, &secrets);
        assert_eq!(seen["content-type"], "text/plain; for=[redacted]");
        assert_eq!(seen["x-ratelimit-remaining"], "5");
        assert_eq!(seen["authorization"], "Bearer [redacted]");
        assert_eq!(
            (seen["x-session"].as_bytes(), seen["set-cookie"].as_bytes()),
            (&b"[redacted]"[..], &b"[redacted]"[..])
        );
        let given = scrub_headers(&given, &secrets);
        assert_eq!((given["set-cookie"].to_str().unwrap(), given["redacted"].to_str().unwrap()), ("sid=abc", "abc"));
        let text = format!("{seen:?} {given:?}");
        assert!(!text.contains("abc") && !text.to_lowercase().contains("at_mark"), "{text}");
    }

    #[test]
    fn an_authorization_of_no_known_scheme_is_not_shown_in_part() {
        let given = headers(&[("authorization", "secret words")]);
        assert_eq!(view_headers(&given, &Secrets::default())["authorization"], REDACTED);
    }
}
