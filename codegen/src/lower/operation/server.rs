//! Resolves the servers of the document and of operations.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    budget::MAX_KEY,
    diagnostic::{Findings, code},
    ir::{Api, Server, ServerVariable, Text},
    lower::context::Cx,
    read::{ledger::Read, location::join, parse::OperationSite, pointer, url},
};

/// The base of relative server URLs.
pub(crate) struct Base {
    /// The address of the document, which may be a URL.
    address: String,
    /// The URL of the document's first server.
    pub(crate) url: String,
}

impl Base {
    pub(crate) fn of(tree: &Value, name: &str) -> Self {
        let address = address(tree, name);
        let url = base_url(tree, &address);
        Self { address, url }
    }

    /// Resolves the URL of a server, as far as the document says where it is.
    fn resolved(&self, url: &str) -> String {
        let is_whole = url.starts_with('{') || url.contains("://");
        if is_whole { url.to_owned() } else { resolve(url, &self.address).unwrap_or_else(|| url.to_owned()) }
    }
}

/// Returns the address of the document: its own `$self`, else its name.
fn address(tree: &Value, name: &str) -> String {
    let own = tree.get("$self").and_then(Value::as_str).unwrap_or_default();
    let own = own.split('#').next().unwrap_or_default();
    Some(own).filter(|own| !own.is_empty()).and_then(|own| resolve(own, name)).unwrap_or_else(|| name.to_owned())
}

/// Returns the URL of the first server, resolved against the name of the document if that is a URL.
pub(crate) fn base_url(tree: &Value, name: &str) -> String {
    let url = tree.pointer("/servers/0").map(server_url).unwrap_or_default();
    resolve(&url, name).unwrap_or(url)
}

/// Returns the URL of a server as the document writes it, without what a base URL cannot have.
fn declared_url(server: &Value) -> &str {
    let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
    url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

/// Returns the URL of a server with the defaults of its variables, without a trailing slash.
fn server_url(server: &Value) -> String {
    let mut rest = declared_url(server);
    let mut url = String::new();
    // Braces in a default are not variables.
    while let Some((before, after)) = rest.split_once('{') {
        url.push_str(before);
        let variable = after.split_once('}').and_then(|(name, after)| Some((default_of(server, name)?, after)));
        if let Some((default, after)) = variable {
            url.push_str(&default);
            rest = after;
        } else {
            url.push('{');
            rest = after;
        }
        if url.len() > MAX_KEY {
            break;
        }
    }
    url.push_str(rest);
    url.truncate((0..=MAX_KEY.min(url.len())).rev().find(|end| url.is_char_boundary(*end)).unwrap_or_default());
    url.trim_end_matches('/').to_owned()
}

/// Returns the default of a variable, or an empty text.
fn default_of(server: &Value, name: &str) -> Option<String> {
    let variable = server.get("variables")?.get(name)?;
    Some(text_of(variable, "default").unwrap_or_default())
}

/// Returns a text, or a number as one.
fn text_of(node: &Value, key: &str) -> Option<String> {
    node.get(key).map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
}

/// Returns the names in braces, each once.
fn variables_of(url: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in url.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)) {
        if !name.is_empty() && !names.contains(&name) && names.len() < MAX_VARIABLES {
            names.push(name);
        }
    }
    names
}

/// The most variables of a server, and the most servers.
const MAX_VARIABLES: usize = 50;

/// Returns a server with its variables. Those that are not declared have no default.
fn template_of(server: &Value, url: String) -> Server {
    let text = |node: &Value, key: &str| {
        node.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let variables = variables_of(&url).into_iter().map(|name| {
        let node = server.get("variables").and_then(|variables| variables.get(name)).unwrap_or(&Value::Null);
        let values = node.get("enum").and_then(Value::as_array).into_iter().flatten();
        let values: Vec<String> =
            values.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
        // A host is not empty, but a part of the path may be.
        let default = text_of(node, "default").filter(|text| !text.is_empty() || is_in_path(&url, name));
        // A default that the document forbids elsewhere is permitted.
        let own = default.iter().filter(|default| !values.is_empty() && !values.contains(default)).cloned();
        let values: Vec<String> = own.chain(values.iter().cloned()).collect();
        ServerVariable {
            name: name.to_owned(),
            default,
            values,
            description: text(node, "description").map(Text::from),
        }
    });
    let variables = variables.collect();
    Server { name: text(server, "name"), description: text(server, "description").map(Text::from), variables, url }
}

/// Whether a variable of a URL stands behind its host.
fn is_in_path(url: &str, variable: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split_once(&format!("{{{variable}}}")).is_some_and(|(before, _)| before.contains('/'))
}

/// Returns the servers that callers can choose.
pub(crate) fn lower_servers(tree: &Value, base: &Base) -> Vec<Server> {
    let servers = tree.get("servers").and_then(Value::as_array).into_iter().flatten().take(MAX_VARIABLES);
    let servers: Vec<Server> = servers.map(|server| template_of(server, base.resolved(declared_url(server)))).collect();
    match servers.as_slice() {
        [only] if only.variables.is_empty() => Vec::new(),
        _ => servers,
    }
}

/// Reports what the URL of a server has that calls do not.
pub(crate) fn report_urls(cx: &mut Cx<'_, '_>) {
    let of_operations = cx.document.operations().flat_map(|site| site.levels().cloned().collect::<Vec<_>>());
    let places: BTreeSet<String> = std::iter::once(String::new()).chain(of_operations).collect();
    for place in places {
        let list = pointer::join(&place, "servers");
        let count = cx.document.node(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count.min(MAX_VARIABLES) {
            let at = pointer::join(&list, &index.to_string());
            let Some(server) = cx.document.node(&at) else { continue };
            if !cx.report.take_steps(1, &at) {
                return;
            }
            // An operation has one server.
            if place.is_empty() || index == 0 {
                cx.report.ledger.note_object(&at, Read::BASE);
            }
            let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
            let variables = pointer::join(&at, "variables");
            let at = pointer::join(&at, "url");
            if url.contains(['?', '#']) {
                let message = format!("`{url}` has a query or a fragment, which calls do not send");
                let help = "declare a parameter in an overlay; callers can also set one with `with_query`";
                cx.report.add(code::SERVER, &at, message, help);
            }
            for variable in template_of(server, declared_url(server).to_owned()).variables {
                cx.report.ledger.note_object(&pointer::join(&variables, &variable.name), Read::BASE);
                if variable.default.is_none() {
                    let name = variable.name;
                    let message = format!("the variable `{name}` has no default; callers must set it");
                    let help = "add it to `variables`, with a default, in an overlay";
                    cx.report.add(code::SERVER, &at, message, help);
                }
            }
        }
    }
}

/// Returns the server of an operation or its path, if it is not that of the document, and the same with its variables.
pub(super) fn lower_server(
    cx: &mut Cx<'_, '_>,
    base: &Base,
    site: &OperationSite<'_>,
) -> Option<(String, Option<Server>)> {
    let tree = cx.document.tree;
    let first = |at: &str| tree.pointer(&pointer::join(&pointer::join(at, "servers"), "0"));
    let (at, server) = site.levels().find_map(|at| Some((at, first(at)?)))?;
    let at = pointer::join(at, "servers");
    let url = server_url(server);
    if let Some(why) = cx.profile.refuses_own_servers() {
        cx.report.add(code::SERVER, &at, why, "remove these `servers` in an overlay");
        return None;
    }
    // A document without a URL is assumed to be on its server.
    let resolve = |url: &str| {
        let beside_document = resolve(url, &base.address);
        let is_relative = !base.url.contains("://") && url.starts_with('/');
        beside_document
            .or_else(|| resolve(url, &base.url).filter(|_| !is_path_relative(url)))
            .or_else(|| is_relative.then(|| url.to_owned()))
    };
    let Some(resolved) = resolve(&url) else {
        let message = format!("`url: {url}` is not absolute; the operation is sent to the server of the document");
        cx.report.add(code::SERVER, &at, message, "write an absolute URL in an overlay");
        return None;
    };
    let declared = declared_url(server);
    let template = resolve(declared).unwrap_or_else(|| declared.to_owned());
    let template = Some(template_of(server, template)).filter(|template| !template.variables.is_empty());
    (resolved != base.url || template.is_some()).then_some((resolved, template))
}

/// Reports servers with an unclear host, and servers without encryption that would get a credential.
pub(crate) fn report_servers(api: &Api, findings: &mut Findings) {
    let own =
        api.operations.iter().filter_map(|operation| Some((operation.server.as_ref()?, operation.pointer.as_str())));
    for (url, at) in std::iter::once((&api.base_url, "/servers/0")).chain(own) {
        if url::is_unclear(url) {
            let message = format!("URL parsers disagree about the host of `{url}`");
            findings.add_with_help(code::SERVER_UNCLEAR, at, message, "write a plain URL in an overlay");
        }
        let has_credential = !api.schemes.is_empty() && url.starts_with("http://");
        if has_credential && !url::host(url).is_some_and(|host| is_loopback(&host)) {
            let message = format!("`url: {url}` is not encrypted; the client refuses to send a credential there");
            findings.add_with_help(code::PLAINTEXT_SERVER, at, message, "write an `https` URL in an overlay");
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.")
}

/// Resolves the URL of a server against a base. Returns `None` if the base is not a URL.
pub(crate) fn resolve(url: &str, address: &str) -> Option<String> {
    if is_http(url) {
        return Some(url.to_owned());
    }
    let base = address.split(['?', '#']).next().filter(|base| is_http(base))?;
    // An empty URL is the host itself.
    let joined = join(base, if url.is_empty() { "/" } else { url });
    Some(joined.strip_suffix('/').map_or_else(|| joined.clone(), str::to_owned))
}

fn is_http(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// Whether a URL is relative to the folder of its base. An empty one is the host itself.
fn is_path_relative(url: &str) -> bool {
    !(url.is_empty() || url.starts_with('/'))
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
        ] {
            assert_eq!(resolve(url, base).as_deref(), expected, "{url}");
        }
        assert_eq!(resolve("/v2", ""), None);
    }

    #[test]
    fn the_address_of_a_document_is_what_it_says_itself() {
        for (own, name, expected) in [
            ("https://a.example/x/api.yaml#top", "local.yaml", "https://a.example/x/api.yaml"),
            ("/x/api.yaml", "https://b.example/y.yaml", "https://b.example/x/api.yaml"),
            ("/x/api.yaml", "local.yaml", "local.yaml"),
            ("", "https://b.example/y.yaml", "https://b.example/y.yaml"),
        ] {
            let tree = json!({"$self": own, "servers": [{"url": "v1"}]});
            assert_eq!(address(&tree, name), expected);
            let base = Base::of(&tree, name);
            assert_eq!(base.url.starts_with("https://"), expected.starts_with("https://"), "{}", base.url);
        }
        assert_eq!(address(&json!({}), "n"), "n");
    }

    #[test]
    fn the_first_server_is_relative_to_the_address_of_the_document() {
        let name = "https://pets.example/api/openapi.json";
        for (url, expected) in [
            ("/api/v3/", "https://pets.example/api/v3"),
            ("//other.example", "https://other.example"),
            ("v3", "https://pets.example/api/v3"),
            ("./", "https://pets.example/api"),
            ("../v3", "https://pets.example/v3"),
            ("../../../v3", "https://pets.example/v3"),
            ("https://other.example/", "https://other.example"),
        ] {
            let tree = json!({"servers": [{"url": url}]});
            assert_eq!(base_url(&tree, name), expected, "{url}");
            assert_eq!(base_url(&tree, "api/openapi.json"), url.trim_end_matches('/'));
        }
        let relative = json!({"servers": [{"url": "v3"}]});
        for bare in ["https://pets.example", "https://pets.example/", "https://pets.example/openapi?at=/x/y"] {
            assert_eq!(base_url(&relative, bare), "https://pets.example/v3");
        }
        assert_eq!(base_url(&json!({}), name), "https://pets.example");
        assert_eq!(base_url(&json!({}), "https://pets.example"), "https://pets.example");
    }
}
