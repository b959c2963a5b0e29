//! LowCodeAPI, a gateway to APIs of others: its hosts, and what only clients of it have.

use crate::read::url::host;

/// The domain of the hosted gateway.
const DOMAIN: &str = "lowcodeapi.com";

/// What clients of the gateway export of the runtime besides what every client does.
pub(crate) const EXPORTED: &[&str] = &["UrlFormat"];

/// What the method `Client::url_format` says of itself.
pub(crate) const URL_FORMAT: &str = "Which of the gateway's URL formats calls are sent in: the one that was set, else the one that it has answered \
     to; `None` until a call has settled it.";

/// What `Client::from_env` says besides.
pub(crate) fn environment(prefix: &str) -> String {
    format!(" `{prefix}_URL_FORMAT` sets the URL format: `new` or `old`.")
}

/// Whether a URL is of the hosted gateway.
pub(crate) fn is_hosted(url: &str) -> bool {
    host(url).is_some_and(|host| host.strip_suffix(DOMAIN).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_hosts_are_the_gateways() {
        for url in ["https://lowcodeapi.com", "https://api.lowcodeapi.com/jasper", "HTTPS://API.LowCodeAPI.com:443/x"] {
            assert!(is_hosted(url), "{url}");
        }
        for url in [
            "https://evillowcodeapi.com",
            "https://lowcodeapi.com.evil.example",
            "https://evil.example/lowcodeapi.com",
            "",
        ] {
            assert!(!is_hosted(url), "{url}");
        }
    }
}
