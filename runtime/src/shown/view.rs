//! What may be shown of a request and of a response: the credential is taken out.

use std::time::Duration;

use reqwest::{
    Method, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::shown::redact::{self, REDACTED, Secrets};

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
    /// The headers, of which only those that are known to be harmless have their values. `content-type` and
    /// `content-length` of an upload are not among them.
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
    /// The headers, of which only those that are known to be harmless have their values.
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

/// The headers whose values are shown. Any other may be a credential: under a name of the service's own, or as a session.
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

/// What the names of headers begin with that tell of rate limits.
const SHOWN_PREFIXES: &[&str] = &["ratelimit", "x-ratelimit-", "x-rate-limit-"];

/// The schemes that are shown of an `authorization`; anything else before a space may be a part of the credential.
const SCHEMES: &[&str] = &["Basic", "Bearer", "Digest", "Token"];

/// Whether the values of a header of this name are shown.
pub(crate) fn is_shown(name: &HeaderName) -> bool {
    let name = name.as_str();
    SHOWN.contains(&name) || SHOWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The headers for people: the values of those that are known to be harmless, without the credential.
pub(crate) fn view_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let view = |name: &HeaderName, value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = match text.split_once(' ') {
            _ if is_shown(name) => redact::scrub(&text, secrets),
            Some((scheme, _)) if *name == AUTHORIZATION && SCHEMES.contains(&scheme) => format!("{scheme} {REDACTED}"),
            _ => REDACTED.to_owned(),
        };
        HeaderValue::from_str(&shown).unwrap_or(HeaderValue::from_static(REDACTED))
    };
    headers.iter().map(|(name, value)| (view_name(name, secrets), view(name, value))).collect()
}

/// The name of a header, unless the credential stands in it.
pub(crate) fn view_name(name: &HeaderName, secrets: &Secrets) -> HeaderName {
    if !is_shown(name) && secrets.is_in_name(name.as_str()) {
        HeaderName::from_static("redacted")
    } else {
        name.clone()
    }
}

/// The headers of a response for callers: the credential is taken out, and `Debug` shows no more than hooks are shown.
pub(crate) fn scrub_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let scrubbed = |name: &HeaderName, value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let scrubbed = redact::scrub(&text, secrets);
        let mut value = match HeaderValue::from_str(&scrubbed) {
            // What was left of a header's text is a header's text still.
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
