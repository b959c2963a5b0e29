//! The base URL, and the check that no request leaves it.

use std::{borrow::Cow, net::IpAddr};

use reqwest::Url;

use crate::http::dots;

/// The URL that all paths are appended to.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    /// The URL without a trailing slash.
    text: String,
    url: Url,
    is_private: bool,
}

/// The part of a URL that follows the base URL, percent-encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Below {
    pub(crate) path: String,
    /// The pairs of the query.
    pub(crate) query: Vec<String>,
}

/// Returns why a call cannot go to a URL. `shown` is the URL without credentials.
pub(crate) fn not_below(shown: &str) -> String {
    format!("`{shown}` is neither a URL below the base URL nor a path that begins with a slash, or it has a fragment")
}

impl Base {
    /// Parses a base URL.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it. The message does not contain the text, which may hold a credential.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("the base URL is malformed: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the scheme of the base URL is neither http nor https".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("the base URL must not contain a query, a fragment or a user".to_owned());
        }
        if dots::has_dot_segment(&without_stripped(text)) {
            return Err("the base URL must not contain a dot segment in its path".to_owned());
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { text, is_private: is_private(&url), url })
    }

    /// Returns whether connections are unencrypted and stay on this machine.
    pub(crate) fn is_plain_and_here(&self) -> bool {
        self.url.scheme() == "http" && self.is_private
    }

    /// Returns whether a credential cannot be read on the way to a URL below the base URL, which has the same origin.
    pub(crate) fn is_private(&self) -> bool {
        self.is_private
    }

    /// Returns the URL without a trailing slash.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Parses a URL that was built from the base URL, and checks that it is below it.
    ///
    /// Syntax that the parser resolves or drops is checked before parsing, the rest after it.
    ///
    /// # Errors
    ///
    /// Returns why the URL is not below the base URL.
    pub(crate) fn parse_below(&self, text: &str) -> Result<Url, String> {
        let rest = text.strip_prefix(&self.text).ok_or("the URL does not begin with the base URL")?;
        let path = rest.split('?').next().unwrap_or_default();
        let path = without_stripped(path);
        if !path.starts_with('/') {
            return Err("the path does not begin with a slash".to_owned());
        }
        if dots::has_dot_segment(&path) {
            return Err("the path contains a dot segment, which would lead to another route".to_owned());
        }
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !self.contains(&url) {
            return Err("the URL would leave the base URL".to_owned());
        }
        Ok(url)
    }

    /// Splits a URL below the base URL into what a call has of it. `None` for any other URL, and for one with a fragment.
    pub(crate) fn below(&self, url: &str) -> Option<Below> {
        let rest = url.strip_prefix(&self.text)?;
        if rest.contains('#') || !(rest.is_empty() || rest.starts_with(['/', '?'])) {
            return None;
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        // Braces would mark a path parameter.
        let path = path.replace('{', "%7B").replace('}', "%7D");
        let query = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        Some(Below { path, query })
    }

    /// Returns whether a URL has the same origin, no user, no fragment, and a path below the base.
    fn contains(&self, url: &Url) -> bool {
        let base = self.url.path().trim_end_matches('/');
        let has_path = url.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        // With one of the two schemes of a base URL, these are the origin.
        let is_of_origin = url.scheme() == self.url.scheme()
            && url.host() == self.url.host()
            && url.port_or_known_default() == self.url.port_or_known_default();
        is_bare && has_path && is_of_origin
    }
}

/// Returns the path as the URL parser reads it: without tabs and line breaks, and without spaces and control characters
/// at the end of the URL.
fn without_stripped(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte > b' ') {
        return path.into();
    }
    let kept: String = path.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    kept.trim_end_matches(|c: char| c <= ' ').to_owned().into()
}

/// Returns whether a credential cannot be read on the way: the connection is encrypted or stays on this machine.
pub(crate) fn is_private(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_here = || {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    url.scheme() == "https" || is_here()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(base: &str, path: &str) -> Result<String, String> {
        let base = Base::parse(base).unwrap();
        base.parse_below(&format!("{}{path}", base.text())).map(|url| url.to_string())
    }

    #[test]
    fn a_path_below_the_base_is_taken_as_it_is() {
        for (base, path, url) in [
            ("https://a.example/x/", "/v1/a%2Fb?c=../d", "https://a.example/x/v1/a%2Fb?c=../d"),
            ("https://a.example", "//b.example/...", "https://a.example//b.example/..."),
            ("https://a.example/x", "/@b:1/c", "https://a.example/x/@b:1/c"),
            ("https://a.example/x", "/a%2F..%2Fb", "https://a.example/x/a%2F..%2Fb"),
        ] {
            assert_eq!(below(base, path).as_deref(), Ok(url));
        }
    }

    #[test]
    fn a_path_that_leads_out_of_the_base_is_refused() {
        for base in ["https://a.example", "https://a.example/x"] {
            for path in [
                "@127.0.0.1:1/steal",
                ":1/steal",
                ".evil.example/",
                "",
                "steal",
                "\\steal",
                "/../steal",
                "/a/..",
                "/a/.",
                "/a/..?b",
                "/..\\steal",
                "/%2e%2E/steal",
                "/%2e./steal",
                "/%252e%25252E/steal",
                "/%c0%ae%c0%ae/steal",
                "/.\t./steal",
                "/..\n",
                "/.. ",
                "/..\u{1}",
                "/a#b",
            ] {
                assert!(below(base, path).is_err(), "{base} {path:?}: {:?}", below(base, path));
            }
        }
    }

    #[test]
    fn a_url_below_the_base_is_a_path_and_a_query() {
        let base = Base::parse("https://a.example/x").unwrap();
        let split = |url: &str| base.below(url).map(|below| (below.path, below.query.join("&")));
        let of = |path: &str, query: &str| Some((path.to_owned(), query.to_owned()));
        assert_eq!(split("https://a.example/x/a{b}?c=d&&e"), of("/a%7Bb%7D", "c=d&e"));
        assert_eq!((split("https://a.example/x"), split("https://a.example/x?a")), (of("", ""), of("", "a")));
        for other in ["https://a.example/xy", "https://b.example/x/a", "/a", "https://a.example/x/a#b"] {
            assert_eq!(split(other), None, "{other}");
        }
    }

    #[test]
    fn a_base_has_neither_dot_segments_nor_parts_that_a_path_cannot_follow() {
        for text in [
            "",
            "/x",
            "ftp://a.example",
            "https://a.example?b",
            "https://a.example#b",
            "https://a@b.example",
            "https://:a@b.example",
            "https://a.example/x/..",
            "https://a.example\\%2e%2e\\x",
            "https://a.example/%252e%252e/x",
        ] {
            assert!(Base::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_credential_goes_in_plain_text_to_this_machine_alone() {
        for (url, expected) in [
            ("https://a.example", true),
            ("http://localhost:1/x", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:1", true),
            ("http://2130706433", true),
            ("http://a.example", false),
            ("http://localhost.a.example", false),
            ("http://127.0.0.1.a.example", false),
            ("http://10.0.0.1", false),
            ("http://[::2]", false),
            ("http://0.0.0.0", false),
        ] {
            assert_eq!(is_private(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
