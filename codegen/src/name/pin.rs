//! Compares servers and credentials with the lock. A changed server or credential could send a secret elsewhere, so it
//! is an error until a maintainer accepts it.

use super::{
    connection::{Connection, destinations, origins, place, token_urls},
    lock::Lock,
    names::Names,
};
use crate::{
    diagnostic::{Findings, code},
    input::{Config, Pin},
    ir::Api,
    read::{pointer, url},
};

/// Reports an error for each difference from the lock that is not accepted.
pub(crate) fn check(api: &Api, names: &Names, lock: &Lock, config: &Config, findings: &mut Findings) {
    let Some(locked) = lock.connection() else { return };
    let now = Connection::of(api, names);
    for url in now.servers.difference(&locked.servers) {
        let own = api.operations.iter().find(|operation| operation.server.as_ref() == Some(url));
        let at = own.filter(|_| *url != api.base_url).map_or("/servers/0/url", |operation| &operation.pointer);
        let (origin, before) = (url::origin(url), origins(&locked.servers));
        if before.contains(&origin) {
            let same: Vec<_> =
                locked.servers.iter().filter(|it| url::origin(it) == origin).map(|it| shown(it)).collect();
            let message = format!("`servers` would send calls to {}; the lock has {}", shown(url), same.join(", "));
            settle((Pin::BasePath, url), at, message, config, findings);
        } else {
            let before = before.iter().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
            let message = format!("`servers` would send calls to {}; the lock has {before}", shown(&origin));
            settle((Pin::Origin, &origin), at, message, config, findings);
        }
    }
    // Callers of a client with an older lock have made no choice.
    for url in now.choices.difference(&locked.choices).filter(|_| !locked.choices.is_empty()) {
        let before = locked.choices.iter().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
        let message = format!("callers could choose the server {}; the lock has {before}", shown(url));
        settle((Pin::Origin, url), "/servers", message, config, findings);
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
            let message = format!("the credential of `{name}` would be sent as `{place}`; the lock {before}");
            settle((Pin::Credential, name), &at, message, config, findings);
        }
        let known = before.map(|it| &it.token_urls);
        for url in token_urls(scheme).iter().filter(|url| known.is_some_and(|known| !known.contains(*url))) {
            let known = known.into_iter().flatten().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "has none".to_owned() } else { format!("has {known}") };
            let message =
                format!("the secrets of OAuth clients of `{name}` would be sent to {}; the lock {known}", shown(url));
            settle((Pin::Credential, name), &at, message, config, findings);
        }
        // A new origin is a separate finding.
        let known = before.map(|it| &it.origins).filter(|it| !it.is_empty()).unwrap_or(&servers);
        for origin in destinations.iter().filter(|it| servers.contains(*it) && !known.contains(*it)) {
            let known = known.iter().map(|it| shown(it)).collect::<Vec<_>>().join(", ");
            let message =
                format!("the credential of `{name}` would be sent to {}; the lock sends it to {known}", shown(origin));
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
    let help = format!("if the API's operator has confirmed it, run the command with `{option} {value}`");
    findings.add_with_help(code, at, message, help);
}

fn shown(url: &str) -> String {
    if url.is_empty() { "no server".to_owned() } else { format!("`{url}`") }
}
