//! The lock also pins where calls go, how each credential is sent, and which environment variables hold it. A document that
//! changes one of these decides who gets a secret, so it is refused until a maintainer accepts the change by name.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::{
    Config,
    diagnostic::{Findings, code},
    ir::{Api, Auth, Scheme},
    name::{Names, lock::Lock},
    read::pointer,
};

/// A kind of pinned value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pin {
    /// Scheme, host and port of a server. Its value is the origin: `https://api.example.com`.
    Origin,
    /// The path of a server's URL. Its value is the whole URL.
    BasePath,
    /// Where a credential stands in a request. Its value is the name of the security scheme.
    Credential,
    /// The names of environment variables. The names in the lock are kept unless a change is accepted. Its value is their
    /// prefix.
    Variables,
}

/// Where calls go, and with which credentials.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connection {
    /// The URL of each server that calls go to.
    pub(crate) servers: BTreeSet<String>,
    /// The environment variable of the base URL.
    pub(crate) base_url: String,
    /// By the name of the security scheme.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) credentials: BTreeMap<String, Credential>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credential {
    /// `query api_token`, `header X-Key`, `bearer`.
    pub(crate) place: String,
    /// The environment variable that holds it.
    pub(crate) variable: String,
    /// The origins that it is sent to, where calls go to several.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    origins: BTreeSet<String>,
}

impl Connection {
    pub(crate) fn of(api: &Api, names: &Names) -> Self {
        let own = api.operations.iter().filter_map(|operation| operation.server.as_ref());
        let servers: BTreeSet<String> = std::iter::once(&api.base_url).chain(own).cloned().collect();
        let are_several = origins(&servers).len() > 1;
        let mut destinations = destinations(api).into_iter();
        let credentials = api.schemes.iter().zip(&names.schemes).map(|(scheme, names)| {
            let origins = destinations.next().filter(|_| are_several).unwrap_or_default();
            let (place, variable) = (place(&scheme.auth), names.variable.clone());
            (scheme.name.clone(), Credential { place, variable, origins })
        });
        Self { base_url: names.base_url_variable(), credentials: credentials.collect(), servers }
    }

    /// What the lock has for each scheme: under its name, or else for one of another name that is gone and stood in the same
    /// place, which is the same credential.
    pub(crate) fn known(&self, schemes: &[Scheme]) -> Vec<Option<&Credential>> {
        let names: HashSet<&str> = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        let mut gone: Vec<_> = self.credentials.iter().filter(|(name, _)| !names.contains(name.as_str())).collect();
        let known = schemes.iter().map(|scheme| {
            self.credentials.get(&scheme.name).or_else(|| {
                let at = gone.iter().position(|(_, it)| it.place == place(&scheme.auth))?;
                Some(gone.remove(at).1)
            })
        });
        known.collect()
    }
}

/// The origins that the credential of each scheme is sent to. A request of the caller's own goes to the document's server,
/// as most operations do.
fn destinations(api: &Api) -> Vec<BTreeSet<String>> {
    let mut destinations = vec![BTreeSet::new(); api.schemes.len()];
    let own = api.operations.iter().map(|it| (it.server.as_ref().unwrap_or(&api.base_url), &it.security));
    for (url, security) in std::iter::once((&api.base_url, &api.security)).chain(own) {
        for index in security.iter().flat_map(|requirement| &requirement.schemes) {
            if let Some(origins) = destinations.get_mut(*index) {
                origins.insert(origin(url));
            }
        }
    }
    destinations
}

fn place(auth: &Auth) -> String {
    match auth {
        Auth::Query(name) => format!("query {name}"),
        Auth::Header(name) => format!("header {}", name.to_ascii_lowercase()),
        Auth::Cookie(name) => format!("cookie {name}"),
        Auth::Bearer => "bearer".to_owned(),
        Auth::Basic => "basic".to_owned(),
        Auth::Http(scheme) => format!("authorization {}", scheme.to_ascii_lowercase()),
    }
}

/// Reports an error for each difference from the lock that was not accepted.
pub(crate) fn check(api: &Api, names: &Names, lock: &Lock, config: &Config, findings: &mut Findings) {
    let Some(locked) = lock.connection() else { return };
    let now = Connection::of(api, names);
    for url in now.servers.difference(&locked.servers) {
        let own = api.operations.iter().find(|operation| operation.server.as_ref() == Some(url));
        let at = own.filter(|_| *url != api.base_url).map_or("/servers/0/url", |operation| &operation.pointer);
        let (origin, before) = (origin(url), origins(&locked.servers));
        if before.contains(&origin) {
            let same: Vec<_> =
                locked.servers.iter().filter(|it| self::origin(it) == origin).map(|it| shown(it)).collect();
            let message = format!("calls would go to {}; the lock has {}", shown(url), same.join(", "));
            settle((Pin::BasePath, url), at, message, config, findings);
        } else {
            let before = before.iter().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
            let message = format!("calls would go to {}; the lock has {before}", shown(&origin));
            settle((Pin::Origin, &origin), at, message, config, findings);
        }
    }
    check_credentials(api, locked, config, findings);
}

fn check_credentials(api: &Api, locked: &Connection, config: &Config, findings: &mut Findings) {
    let servers = origins(&locked.servers);
    for ((scheme, before), destinations) in api.schemes.iter().zip(locked.known(&api.schemes)).zip(destinations(api)) {
        let (name, place) = (&scheme.name, place(&scheme.auth));
        let at = pointer::join("/components/securitySchemes", name);
        if before.is_none_or(|it| it.place != place) {
            let before = before.map_or_else(|| "does not have it".to_owned(), |it| format!("has `{}`", it.place));
            let message = format!("the credential `{name}` would be sent as `{place}`; the lock {before}");
            settle((Pin::Credential, name), &at, message, config, findings);
        }
        // An origin that the lock does not have is a finding of its own.
        let known = before.map(|it| &it.origins).filter(|it| !it.is_empty()).unwrap_or(&servers);
        for origin in destinations.iter().filter(|it| servers.contains(*it) && !known.contains(*it)) {
            let known = known.iter().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
            let message =
                format!("the credential `{name}` would be sent to {}; the lock sends it to {known}", shown(origin));
            settle((Pin::Credential, name), &at, message, config, findings);
        }
    }
}

fn settle((pin, value): (Pin, &str), at: &str, message: String, config: &Config, findings: &mut Findings) {
    if config.accepts(pin, value) {
        findings.add(code::CONNECTION_ACCEPTED, at, message);
        return;
    }
    let (code, option) = match pin {
        Pin::Origin => (code::ORIGIN_CHANGED, "--accept-origin"),
        Pin::BasePath => (code::BASE_PATH_CHANGED, "--accept-base-path"),
        Pin::Credential | Pin::Variables => (code::CREDENTIAL_CHANGED, "--accept-credential"),
    };
    let help = format!("if upstream has confirmed it, run the command with `{option} {value}`");
    findings.add_with_help(code, at, message, help);
}

fn origins(servers: &BTreeSet<String>) -> BTreeSet<String> {
    servers.iter().map(|url| origin(url)).collect()
}

fn shown(url: &str) -> String {
    if url.is_empty() { "no address".to_owned() } else { format!("`{url}`") }
}

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

/// Whether a URL is of the hosted LowCodeAPI gateway.
pub(crate) fn is_lowcodeapi(url: &str) -> bool {
    host(url).is_some_and(|host| host == "lowcodeapi.com" || host.ends_with(".lowcodeapi.com"))
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
