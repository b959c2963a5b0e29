//! Names the credentials of an API, for callers and in the environment.

use foldhash::HashSet;

use super::{
    case,
    connection::Connection,
    lock::Lock,
    names::SchemeNames,
    scope::Scope,
    variable::{BASE_URL, env_word, is_foreign},
};
use crate::{
    diagnostic::{Findings, code},
    input::{Config, Pin},
    ir::Api,
    profile::lowcodeapi,
};

/// What the type of all credentials has besides their setters.
const METHODS: &str = "new clone default into from";

/// Returns the name of the setter of a credential's provider.
pub(crate) fn provider_setter(setter: &str) -> String {
    format!("{}_provider", setter.trim_end_matches('_'))
}

/// Suffixes after `_CLIENT_` in variables that hold secrets of `OAuth` clients. A crate that is named after a title ends in
/// `-client`, so that title and scheme together could spell such a variable.
const OF_CLIENTS: &[&str] = &["ASSERTION", "CERT", "CERTIFICATE", "CERTIFICATE_PASSWORD", "ID", "SECRET"];

/// Returns the prefix of the environment variables and the names of the security schemes. If the API has one scheme, its
/// credential is called the token. Variables in the lock keep their names, unless a change is accepted.
pub(super) fn name_schemes(
    api: &Api,
    package: &str,
    lock: &Lock,
    config: &Config,
    findings: &mut Findings,
) -> (String, Vec<SchemeNames>) {
    // The token of the hosted gateway is never sent elsewhere, whatever the profile.
    let is_hosted = api.is_gateway() && lowcodeapi::is_hosted(&api.base_url);
    let derived = if is_hosted { lowcodeapi::VARIABLES.to_owned() } else { env_word(package) };
    let locked = lock.connection().filter(|_| !config.accepts(Pin::Variables, &derived));
    let recorded = locked.and_then(|it| it.base_url.strip_suffix(BASE_URL)?.strip_suffix('_'));
    let prefix = recorded.unwrap_or(&derived).to_owned();
    if config.name.is_some() && prefix != derived {
        let message =
            format!("environment variables keep the prefix `{prefix}_` of the lock, although the crate is `{package}`");
        let help = format!("to use `{derived}_`, run the command with `--accept-variables {derived}`");
        findings.add_with_help(code::VARIABLES_KEPT, "", message, help);
    }
    let mut names = new_names(api, &prefix);
    if let Some(locked) = locked {
        keep_variables(&mut names, api, locked);
    }
    // A lock has it if another origin than that of the gateway was accepted.
    let is_gateways = |variable: &str| variable == lowcodeapi::TOKEN && !is_hosted && recorded.is_none();
    for names in names.iter().filter(|names| is_foreign(&names.variable) || is_gateways(&names.variable)) {
        let message = format!("the client would read `{}`, which holds the secret of another program", names.variable);
        findings.add_with_help(
            code::FOREIGN_VARIABLE,
            "",
            message,
            "choose another name for the crate: `--name my-api`",
        );
    }
    (prefix, names)
}

/// Keeps the recorded variable of each credential. A new credential cannot get the variable of another one, so renaming
/// schemes does not redirect secrets.
fn keep_variables(names: &mut [SchemeNames], api: &Api, locked: &Connection) {
    let recorded: HashSet<&str> = locked.credentials.values().map(|it| it.variable.as_str()).collect();
    for (names, known) in names.iter_mut().zip(locked.known(&api.schemes)) {
        if let Some(credential) = known {
            names.variable.clone_from(&credential.variable);
            continue;
        }
        while recorded.contains(names.variable.as_str()) {
            names.variable.push_str("_CREDENTIAL");
        }
    }
}

fn new_names(api: &Api, prefix: &str) -> Vec<SchemeNames> {
    if let [_] = api.schemes.as_slice() {
        return vec![SchemeNames { setter: "token".to_owned(), variable: format!("{prefix}_TOKEN") }];
    }
    let (mut setters, mut variables) = (Scope::reserving(METHODS), Scope::reserving(BASE_URL));
    let names = api.schemes.iter().map(|scheme| {
        // The one brand that almost every document has, and that is two words by its capitals.
        let name = case::snake(&scheme.name.replace("OAuth", "Oauth"));
        let setter = claim_setters(&mut setters, &name);
        let word = env_word(setter.trim_end_matches('_'));
        let longer = format!("{word}_CREDENTIAL");
        let is_of_clients = prefix.ends_with("CLIENT") && OF_CLIENTS.contains(&word.as_str());
        let variable = variables.claim_first(&[if is_of_clients { longer.clone() } else { word }, longer]);
        SchemeNames { setter, variable: format!("{prefix}_{variable}") }
    });
    names.collect()
}

/// Claims the setters of a credential and of its provider.
fn claim_setters(setters: &mut Scope, name: &str) -> String {
    let longer = format!("{name}_credential");
    let numbered = (2..).map(|number| format!("{longer}_{number}"));
    let mut candidates = [name.to_owned(), longer.clone()].into_iter().chain(numbered);
    let is_free = |it: &String| !it.is_empty() && !setters.is_taken(it) && !setters.is_taken(&provider_setter(it));
    // Only finitely many names are taken.
    let setter = candidates.find(is_free).unwrap_or(longer);
    setters.claim(&setter);
    setters.claim(&provider_setter(&setter));
    setter
}
