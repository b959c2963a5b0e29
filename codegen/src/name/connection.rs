//! The servers and credentials that the lock records.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use serde::{Deserialize, Serialize};

use super::names::Names;
use crate::{
    ir::{Api, Auth, Scheme, Tokens},
    read::url,
};

/// The servers and credentials of calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Connection {
    /// The URL of each server that calls go to.
    pub(super) servers: BTreeSet<String>,
    /// The URLs of servers that callers can choose, with their variables.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) choices: BTreeSet<String>,
    /// The environment variable of the base URL.
    pub(super) base_url: String,
    /// By the name of the security scheme.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) credentials: BTreeMap<String, Credential>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credential {
    /// `query api_token`, `header X-Key`, `bearer`.
    pub(super) place: String,
    /// The environment variable that holds it.
    pub(super) variable: String,
    /// The origins that receive it, if calls have several origins.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) origins: BTreeSet<String>,
    /// The URLs that receive the secrets of OAuth clients.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) token_urls: BTreeSet<String>,
}

impl Connection {
    pub(super) fn of(api: &Api, names: &Names) -> Self {
        let own = api.operations.iter().filter_map(|operation| operation.server.as_ref());
        let servers: BTreeSet<String> = std::iter::once(&api.base_url).chain(own).cloned().collect();
        let are_several = origins(&servers).len() > 1;
        let mut destinations = destinations(api).into_iter();
        let credentials = api.schemes.iter().zip(&names.schemes).map(|(scheme, names)| {
            let origins = destinations.next().filter(|_| are_several).unwrap_or_default();
            let (place, variable) = (place(&scheme.auth), names.variable.clone());
            (scheme.name.clone(), Credential { place, variable, origins, token_urls: token_urls(scheme) })
        });
        let of_operations = api.operations.iter().filter_map(|operation| operation.server_template.as_ref());
        let choices = api.servers.iter().chain(of_operations).map(|server| server.url.clone()).collect();
        Self { base_url: names.base_url_variable(), credentials: credentials.collect(), servers, choices }
    }

    /// Returns the recorded credential of each scheme: that of its name, or that of a removed name in the same place.
    pub(super) fn known(&self, schemes: &[Scheme]) -> Vec<Option<&Credential>> {
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

/// Returns the origins that receive the credential of each scheme. Raw requests go to the server of the document.
pub(super) fn destinations(api: &Api) -> Vec<BTreeSet<String>> {
    let mut destinations = vec![BTreeSet::new(); api.schemes.len()];
    let own = api.operations.iter().map(|it| (it.server.as_ref().unwrap_or(&api.base_url), &it.security));
    let shared = [&api.security, &api.root_security].map(|security| (&api.base_url, security));
    for (url, security) in shared.into_iter().chain(own) {
        for index in security.iter().flat_map(|requirement| &requirement.schemes) {
            if let Some(origins) = destinations.get_mut(*index) {
                origins.insert(url::origin(url));
            }
        }
    }
    destinations
}

/// Returns the URLs that receive the secrets of OAuth clients.
pub(super) fn token_urls(scheme: &Scheme) -> BTreeSet<String> {
    scheme.tokens.iter().flat_map(Tokens::urls).cloned().collect()
}

pub(super) fn place(auth: &Auth) -> String {
    match auth {
        Auth::Query(name) => format!("query {name}"),
        Auth::Header(name) => format!("header {}", name.to_ascii_lowercase()),
        Auth::Cookie(name) => format!("cookie {name}"),
        Auth::Bearer => "bearer".to_owned(),
        Auth::Basic => "basic".to_owned(),
        Auth::Http(scheme) => format!("authorization {}", scheme.to_ascii_lowercase()),
    }
}

pub(super) fn origins(servers: &BTreeSet<String>) -> BTreeSet<String> {
    servers.iter().map(|url| url::origin(url)).collect()
}
