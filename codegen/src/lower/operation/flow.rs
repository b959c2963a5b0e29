//! Lowers the flows of OAuth 2: where tokens come from.

use serde_json::{Map, Value};

use crate::{
    diagnostic::code,
    ir::Tokens,
    lower::context::Report,
    read::{pointer, url},
};

/// The flows that give refresh tokens, and then the one that hardly ever does.
const REFRESHED: &[&str] = &["authorizationCode", "deviceAuthorization", "password", "implicit", "clientCredentials"];

/// The flow whose tokens belong to the client itself, and then those that use the same endpoint.
const OF_CLIENTS: &[&str] = &["clientCredentials", "authorizationCode", "deviceAuthorization", "password"];

/// Returns what the flows of a scheme say of its tokens. `None` if they say nothing.
pub(super) fn tokens(report: &mut Report<'_>, scheme: &Value, at: &str) -> Option<Tokens> {
    let flows = scheme.get("flows").and_then(Value::as_object)?;
    let at = pointer::join(at, "flows");
    let first = |names: &[&str], keys: &[&str]| {
        let flows = names.iter().filter_map(|name| Some((*name, flows.get(*name)?)));
        let mut urls = flows.filter_map(|(name, flow)| {
            let (key, url) = keys.iter().find_map(|key| Some((*key, flow.get(*key)?.as_str()?)))?;
            Some((pointer::join(&pointer::join(&at, name), key), url))
        });
        urls.next()
    };
    let (token_url, refresh_url) = (first(OF_CLIENTS, &["tokenUrl"]), first(REFRESHED, &["refreshUrl", "tokenUrl"]));
    if token_url.is_none() && refresh_url.is_none() {
        return None;
    }
    let is_one = token_url == refresh_url;
    let token_url = token_url.and_then(|(at, url)| usable(report, &at, url));
    let refresh_url =
        if is_one { token_url.clone() } else { refresh_url.and_then(|(at, url)| usable(report, &at, url)) };
    Some(Tokens { token_url, refresh_url, scopes: scopes(flows) })
}

/// Returns the URL if the client may send secrets there.
fn usable(report: &mut Report<'_>, at: &str, url: &str) -> Option<String> {
    let is_relative = !url.is_empty() && !url.contains("//") && !url.contains('{');
    let is_encrypted = url.starts_with("https://") && url::host(url).is_some();
    if is_relative || is_encrypted {
        return Some(url.to_owned());
    }
    let message = "the token URL is not one of `https`; OAuth clients do not get tokens from it".to_owned();
    report.add(code::TOKEN_URL, at, message, "correct it in an overlay, or set it with `OAuthClient::token_url`");
    None
}

fn scopes(flows: &Map<String, Value>) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in flows.values().filter_map(|flow| flow.get("scopes")?.as_object()).flat_map(Map::keys) {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    scopes
}
