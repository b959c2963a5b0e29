//! Names the credentials of an API, for callers and in the environment.

use std::collections::HashSet;

use super::{SchemeNames, case, scope::Scope};
use crate::{
    Config,
    diagnostic::{Findings, code},
    ir::Api,
    lock::Lock,
    pin::{self, Connection, Pin},
};

/// What the type of all credentials has besides their setters.
const METHODS: &str = "new clone default into from";

/// The end of the variable that holds the base URL, which is no credential.
pub(super) const BASE_URL: &str = "BASE_URL";

/// The longest text that a variable is made of as a whole.
const MAX_CHARS: usize = 1000;

/// Prefixes of variables that configure other programs.
const FOREIGN_PREFIXES: &[&str] = &[
    "ACTIONS_", "CARGO_", "DOCKER_", "GIT_", "GNUPG", "GPG_", "KUBE", "LD_", "NODE_", "NPM_", "PIP_", "RUNNER_",
    "RUST_", "RUSTC_", "RUSTDOC_", "RUSTUP_", "SSH_", "SUDO_", "TF_VAR_", "TWINE_", "UV_", "VAULT_",
];

/// Variables that other programs read their secrets from.
const FOREIGN: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_DEVOPS_EXT_PAT",
    "BITBUCKET_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
    "CIRCLE_TOKEN",
    "CI_JOB_TOKEN",
    "CLOUDFLARE_API_KEY",
    "CLOUDFLARE_API_TOKEN",
    "CODECOV_TOKEN",
    "DATADOG_API_KEY",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "DIGITALOCEAN_TOKEN",
    "FLY_ACCESS_TOKEN",
    "FLY_API_TOKEN",
    "GEMINI_API_KEY",
    "GH_ENTERPRISE_TOKEN",
    "GH_TOKEN",
    "GITEA_TOKEN",
    "GITHUB_API_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GITHUB_PAT",
    "GITHUB_TOKEN",
    "GITLAB_ACCESS_TOKEN",
    "GITLAB_TOKEN",
    "GITLAB_PRIVATE_TOKEN",
    "GOOGLE_API_KEY",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "HEROKU_API_KEY",
    "HEROKU_API_TOKEN",
    "HF_TOKEN",
    "HUGGINGFACE_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "JENKINS_API_TOKEN",
    "JENKINS_TOKEN",
    "MISTRAL_API_KEY",
    "NETLIFY_AUTH_TOKEN",
    "OPENAI_API_KEY",
    "PYPI_API_TOKEN",
    "PYPI_TOKEN",
    "SENTRY_AUTH_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_TOKEN",
    "SNYK_TOKEN",
    "SONAR_TOKEN",
    "STRIPE_API_KEY",
    "STRIPE_SECRET_KEY",
    "TERRAFORM_TOKEN",
    "TRAVIS_TOKEN",
    "VERCEL_TOKEN",
];

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
    let is_hosted = api.is_gateway() && pin::is_lowcodeapi(&api.base_url);
    let derived = if is_hosted { "LOWCODEAPI".to_owned() } else { env_word(package) };
    let locked = lock.connection().filter(|_| !config.accepts(Pin::Variables, &derived));
    let recorded = locked.and_then(|it| it.base_url.strip_suffix(BASE_URL)?.strip_suffix('_'));
    let prefix = recorded.unwrap_or(&derived).to_owned();
    if config.name.is_some() && prefix != derived {
        let message =
            format!("they begin with `{prefix}_`, as the lock has it, though the crate is called `{package}`");
        let help = format!("to have them begin with `{derived}_`, run the command with `--accept-variables {derived}`");
        findings.add_with_help(code::VARIABLES_KEPT, "", message, help);
    }
    let mut names = new_names(api, &prefix);
    if let Some(locked) = locked {
        keep_variables(&mut names, api, locked);
    }
    for names in names.iter().filter(|names| is_foreign(&names.variable)) {
        let message = format!("the client would read `{}`, in which another program has its secret", names.variable);
        findings.add_with_help(code::FOREIGN_VARIABLE, "", message, "give the crate another name: `--name my-client`");
    }
    (prefix, names)
}

/// Gives each credential the variable that the lock has for it, and to a new one none that the lock has for another: who
/// renames schemes does not choose which secret goes where.
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
        let setter = setters.claim_first(&[name.clone(), format!("{name}_credential")]);
        let word = env_word(setter.trim_end_matches('_'));
        let variable = variables.claim_first(&[word.clone(), format!("{word}_CREDENTIAL")]);
        SchemeNames { setter, variable: format!("{prefix}_{variable}") }
    });
    names.collect()
}

/// Whether a text is a valid name for one of our environment variables.
pub(crate) fn is_variable(text: &str) -> bool {
    let known = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(known)
}

/// Whether another program reads its secret or its configuration from a variable.
fn is_foreign(variable: &str) -> bool {
    FOREIGN.contains(&variable) || is_steering(variable)
}

/// Whether a variable configures another program, by its prefix.
pub(super) fn is_steering(variable: &str) -> bool {
    FOREIGN_PREFIXES.iter().any(|prefix| variable.starts_with(prefix))
}

pub(super) fn env_word(text: &str) -> String {
    let words: String = text.chars().take(MAX_CHARS).map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    words.split_whitespace().collect::<Vec<_>>().join("_").to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_other_programs_are_known() {
        for variable in
            ["CARGO_REGISTRY_TOKEN", "GITHUB_TOKEN", "AWS_SESSION_TOKEN", "NPM_CONFIG_TOKEN", "TF_VAR_TOKEN"]
        {
            assert!(is_foreign(variable), "{variable}");
        }
        for variable in ["LOWCODEAPI_TOKEN", "CARGO_CLIENT_TOKEN_", "PETSTORE_TOKEN", "GITHUB_CLIENT_TOKEN"] {
            assert_eq!(is_foreign(variable), variable.starts_with("CARGO_"), "{variable}");
        }
        assert!(
            is_variable("A_1") && !is_variable("a") && !is_variable("1A") && !is_variable("A=B") && !is_variable("")
        );
    }
}
