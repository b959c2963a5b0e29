//! Servers: the document's, and those that operations have of their own.

use serde_json::Value;

use super::Lowering;
use crate::{Profile, parse::OperationSite, pointer};

/// The URL of the document's first server, as it stands where the document's name is no address to make it absolute by.
pub(super) fn base_url(tree: &Value, name: &str) -> String {
    let url = tree.pointer("/servers/0").map(server_url).unwrap_or_default();
    if !(name.starts_with("https://") || name.starts_with("http://")) {
        return url;
    }
    let folder = name.rfind('/').map_or(name, |end| &name[..end]);
    let beside = || format!("{folder}/{}", if url == "." { "" } else { url.trim_start_matches("./") });
    absolute(&url, name).unwrap_or_else(beside).trim_end_matches('/').to_owned()
}

/// A server's URL, each variable at its default, without a trailing slash.
fn server_url(server: &Value) -> String {
    let mut url = server.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let variables = server.get("variables").and_then(Value::as_object).into_iter().flatten();
    for (name, variable) in variables {
        let default = variable.get("default").map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        url = url.replace(&format!("{{{name}}}"), &default.unwrap_or_default());
    }
    url.trim_end_matches('/').to_owned()
}

impl Lowering<'_, '_> {
    /// The server of an operation, where it, or its path, has one that is not the document's.
    pub(super) fn lower_server(&mut self, site: &OperationSite<'_>) -> Option<String> {
        let tree = self.document.tree;
        let first = |at: &str| tree.pointer(&pointer::join(&pointer::join(at, "servers"), "0"));
        let (at, server) = [&site.pointer, &site.item_pointer].into_iter().find_map(|at| Some((at, first(at)?)))?;
        let at = pointer::join(at, "servers");
        let url = server_url(server);
        if self.profile == Profile::LowCodeApi {
            self.unsupported(&at, "its own `servers` are not followed: the gateway is called");
            return None;
        }
        match absolute(&url, &self.base_url) {
            Some(url) if url == self.base_url => None,
            Some(url) => Some(url),
            None => {
                self.unsupported(&at, format!("`{url}` is no absolute URL; it is sent to the document's server"));
                None
            }
        }
    }
}

/// A server's URL made absolute; one that begins with a slash is on the same host.
fn absolute(url: &str, base: &str) -> Option<String> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Some(url.to_owned());
    }
    let (scheme, rest) = base.split_once("://")?;
    let host = rest.split('/').next().unwrap_or_default();
    match url.strip_prefix("//") {
        Some(rest) => Some(format!("{scheme}://{rest}")),
        None if url.starts_with('/') || url.is_empty() => Some(format!("{scheme}://{host}{url}")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_is_on_the_host_of_the_documents_unless_it_has_one() {
        let base = "https://api.example/v1";
        for (url, expected) in [
            ("http://other.example", Some("http://other.example")),
            ("//other.example/x", Some("https://other.example/x")),
            ("/v2", Some("https://api.example/v2")),
            ("", Some("https://api.example")),
            ("v2", None),
        ] {
            assert_eq!(absolute(url, base).as_deref(), expected, "{url}");
        }
        assert_eq!(absolute("/v2", ""), None);
    }

    #[test]
    fn the_first_server_is_relative_to_the_address_of_the_document() {
        let name = "https://pets.example/api/openapi.json";
        for (url, expected) in [
            ("/api/v3/", "https://pets.example/api/v3"),
            ("//other.example", "https://other.example"),
            ("v3", "https://pets.example/api/v3"),
            ("./", "https://pets.example/api"),
            ("https://other.example/", "https://other.example"),
        ] {
            let tree = json!({"servers": [{"url": url}]});
            assert_eq!(base_url(&tree, name), expected, "{url}");
            assert_eq!(base_url(&tree, "api/openapi.json"), url.trim_end_matches('/'));
        }
        assert_eq!(base_url(&json!({}), name), "https://pets.example");
        assert_eq!(base_url(&json!({}), "https://pets.example"), "https://pets.example");
    }
}
