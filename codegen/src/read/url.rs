//! The parts of a server's URL, as every URL parser sees them.

/// Returns scheme, host and port of a URL in lower case; an empty text for a relative URL.
pub(crate) fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
    // URL parsers end the host at a backslash too.
    let host = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}").to_ascii_lowercase()
}

/// Returns the host of an http or https URL, if every URL parser agrees on it.
pub(crate) fn host(url: &str) -> Option<String> {
    let origin = origin(url);
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    (host.chars().all(is_plain) && port.chars().all(|c| c.is_ascii_digit())).then(|| host.to_owned())
}

/// Whether URL parsers may disagree about the host, or the URL has user information.
pub(crate) fn is_unclear(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains(|c: char| matches!(c, '\\' | '@' | '%') || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_every_reader_sees() {
        for (url, expected) in [
            ("https://api.lowcodeapi.com/jasper", Some("api.lowcodeapi.com")),
            ("HTTPS://API.LowCodeAPI.com:443", Some("api.lowcodeapi.com")),
            ("https://evil.example\\.lowcodeapi.com", Some("evil.example")),
            ("https://evil.example\\@x.lowcodeapi.com/", Some("evil.example")),
            ("https://evil.example#.lowcodeapi.com", Some("evil.example")),
            ("https://evil.example?.lowcodeapi.com", Some("evil.example")),
            ("https://x@evil.example/.lowcodeapi.com", None),
            ("https://evil.example%2f.lowcodeapi.com", None),
            ("https://evil.example\t.lowcodeapi.com", None),
            ("https://evil。example", None),
            ("ftp://api.lowcodeapi.com", None),
            ("/jasper", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn hosts_that_readers_disagree_about_are_unclear() {
        for url in ["https://a\\.b", "https://a@b", "https://a%00b", "https://a b", "https://a\tb/"] {
            assert!(is_unclear(url), "{url}");
        }
        for url in ["https://a.example/@b\\c%20", "/a@b", "https://{tenant}.a.example", "https://[::1]:80"] {
            assert!(!is_unclear(url), "{url}");
        }
    }
}
