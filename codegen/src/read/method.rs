//! The operations of a path item, by HTTP method.

use std::borrow::Cow;

use serde_json::Value;

use super::pointer;

/// The HTTP methods that have a key of their own in a path item, in the order of the specification.
pub(crate) const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The key of a path item for operations of other methods.
pub const ADDITIONAL: &str = "additionalOperations";

/// An operation of a path item.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MethodSite<'t> {
    /// The method as it is sent.
    pub method: Cow<'t, str>,
    /// The pointer of the operation, relative to the path item.
    pub pointer: String,
    pub(crate) node: &'t Value,
    /// Why the operation cannot be called.
    pub(crate) defect: Option<&'static str>,
    /// Its position among the operations of the path item.
    pub(crate) rank: usize,
}

/// Returns the operations of a path item that can be called, without what it refers to.
pub fn methods_of(item: &Value) -> impl Iterator<Item = MethodSite<'_>> {
    sites_of(item).into_iter().filter(|site| site.defect.is_none() && site.node.is_object())
}

/// Returns the operations of a path item in the order of the specification, also those that cannot be called.
pub(crate) fn sites_of(item: &Value) -> Vec<MethodSite<'_>> {
    let Some(item) = item.as_object() else { return Vec::new() };
    let mut sites: Vec<MethodSite<'_>> = Vec::new();
    for (key, node) in item {
        let Some(rank) = rank(key) else { continue };
        let defect = (METHODS[rank] != key).then_some("the method is not in lower case");
        let pointer = pointer::join("", key);
        sites.push(MethodSite { method: Cow::Owned(key.to_ascii_uppercase()), pointer, node, defect, rank });
    }
    for (name, node) in item.get(ADDITIONAL).and_then(Value::as_object).into_iter().flatten() {
        let pointer = pointer::join(&pointer::join("", ADDITIONAL), name);
        // A method that has a key of its own is read all the same, unless the path item has both.
        let own = rank(name);
        let is_twice = own.is_some_and(|rank| sites.iter().any(|site| site.rank == rank));
        let defect = if is_twice {
            Some("the path item has an operation of this method already")
        } else if name.eq_ignore_ascii_case("connect") {
            Some("a client does not open tunnels")
        } else {
            (!is_token(name)).then_some("its key is not the name of an HTTP method")
        };
        let method = if own.is_some() { Cow::Owned(name.to_ascii_uppercase()) } else { Cow::Borrowed(name.as_str()) };
        sites.push(MethodSite { method, pointer, node, defect, rank: own.unwrap_or(METHODS.len()) });
    }
    sites.sort_by(|one, other| (one.rank, &one.pointer).cmp(&(other.rank, &other.pointer)));
    sites
}

/// Returns the pointer of the operation of a method, relative to its path item.
pub fn method_pointer(method: &str) -> String {
    let key = METHODS.iter().find(|key| key.to_ascii_uppercase() == method);
    key.map_or_else(|| pointer::join(&pointer::join("", ADDITIONAL), method), |key| pointer::join("", key))
}

/// Whether a key of a path item is a method, in any case.
pub(crate) fn is_method(key: &str) -> bool {
    rank(key).is_some()
}

/// The position of the method in the specification.
fn rank(key: &str) -> Option<usize> {
    METHODS.iter().position(|method| method.eq_ignore_ascii_case(key))
}

/// Whether a text is a token of RFC 9110, as the name of a method is.
fn is_token(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_without_a_key_keep_their_case() {
        let item = json!({
            "query": {}, "get": {}, "Put": {}, "x-get": {}, "parameters": [],
            "additionalOperations": {"LINK": {}, "m-search": {}, "CONNECT": {}, "GET": {}, "post": {}, "A B": {}, "": {}}
        });
        let sites = sites_of(&item);
        let found: Vec<_> =
            sites.iter().map(|site| (site.method.as_ref(), site.pointer.as_str(), site.defect.is_some())).collect();
        let expected = [
            ("GET", "/additionalOperations/GET", true),
            ("GET", "/get", false),
            ("PUT", "/Put", true),
            ("POST", "/additionalOperations/post", false),
            ("QUERY", "/query", false),
            ("", "/additionalOperations/", true),
            ("A B", "/additionalOperations/A B", true),
            ("CONNECT", "/additionalOperations/CONNECT", true),
            ("LINK", "/additionalOperations/LINK", false),
            ("m-search", "/additionalOperations/m-search", false),
        ];
        assert_eq!(found, expected);
        assert_eq!(methods_of(&item).count(), 5);
        assert_eq!(method_pointer("QUERY"), "/query");
        assert_eq!(method_pointer("LINK"), "/additionalOperations/LINK");
    }
}
