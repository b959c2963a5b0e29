//! The headers that say where a request ends and how it travels. The HTTP client writes them; another one beside its own
//! would have the server and what stands before it read different requests.

use reqwest::header::HeaderName;

/// The headers of RFC 9110, 7.2 and 7.6.1, of RFC 9112, 6, and what proxies and clients took for such.
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

/// Why a header of this name cannot be set, if so.
pub(crate) fn refusal(name: &HeaderName) -> Option<String> {
    let is_framing = NAMES.contains(&name.as_str()) || name.as_str().starts_with("proxy-");
    is_framing.then(|| format!("the header `{name}` is set by the HTTP client alone"))
}
