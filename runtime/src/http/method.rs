//! HTTP methods, and what repeating their requests does.

use reqwest::Method;

/// The method of a query in the body (RFC 10008).
pub(crate) const QUERY: &str = "QUERY";

/// Returns whether a repeated request has the effect of one. A method that RFC 9110 and RFC 10008 do not define may do
/// anything, so its requests are not repeated.
pub(crate) fn is_idempotent(method: &str) -> bool {
    matches!(method, "PUT" | "DELETE") || is_safe(method)
}

/// Returns whether the request only reads.
pub(crate) fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | QUERY)
}

/// Returns the method of this name, which is case-sensitive.
///
/// # Errors
///
/// Returns why the text is no method.
pub(crate) fn method(name: &str) -> Result<Method, String> {
    Method::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is not an HTTP method"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_methods_of_the_standards_are_repeated() {
        for name in ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"] {
            assert!(is_safe(name) && is_idempotent(name), "{name}");
        }
        for name in ["PUT", "DELETE"] {
            assert!(!is_safe(name) && is_idempotent(name), "{name}");
        }
        for name in ["POST", "PATCH", "CONNECT", "LINK", "query", "PURGE"] {
            assert!(!is_safe(name) && !is_idempotent(name), "{name}");
        }
    }

    #[test]
    fn a_method_keeps_its_case() {
        assert_eq!(method("M-Search").unwrap().as_str(), "M-Search");
        assert!(method("A B").is_err() && method("").is_err());
    }
}
