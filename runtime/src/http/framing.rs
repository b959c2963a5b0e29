//! Headers that frame a request or control its transfer. The HTTP client writes them. A second one would let the server
//! and a proxy read different requests (request smuggling).

use reqwest::header::HeaderName;

/// The headers of RFC 9110, 7.2 and 7.6.1, and of RFC 9112, 6, and those that proxies and clients treat alike.
const NAMES: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns the error message if callers may not set a header of this name.
pub(crate) fn refusal(name: &HeaderName) -> Option<String> {
    let is_framing = NAMES.contains(&name.as_str()) || name.as_str().starts_with("proxy-");
    is_framing.then(|| format!("the header `{name}` can only be set by the HTTP client"))
}
