//! Names the credentials of an API, for callers and in the environment.

use std::collections::HashSet;

use super::{SchemeNames, case, scope::Scope};
use crate::{
    Config,
    diagnostic::{Findings, code},
    ir::Api,
    name::{
        lock::Lock,
        pin::{self, Connection, Pin},
    },
};

/// What the type of all credentials has besides their setters.
const METHODS: &str = "new clone default into from";

/// The end of the variable that holds the base URL, which is no credential.
pub(super) const BASE_URL: &str = "BASE_URL";

/// The longest text that a variable is made of as a whole.
const MAX_CHARS: usize = 1000;

/// Prefixes of variables that configure other programs.
const FOREIGN_PREFIXES: &[&str] = &[
    "ACTIONS_",
    "ANSIBLE_",
    "CARGO_",
    "DOCKER_",
    "GIT_",
    "GNUPG",
    "GPG_",
    "HOMEBREW_",
    "KUBE",
    "LD_",
    "NODE_",
    "NPM_",
    "PIP_",
    "POETRY_",
    "RESTIC_",
    "RUNNER_",
    "RUST_",
    "RUSTC_",
    "RUSTDOC_",
    "RUSTUP_",
    "SOPS_",
    "SSH_",
    "SUDO_",
    "TF_",
    "TWINE_",
    "UV_",
    "VAULT_",
    "YARN_",
];

/// Suffixes after `_CLIENT_` in variables that hold secrets of `OAuth` clients. A crate that is named after a title ends in
/// `-client`, so that title and scheme together could spell such a variable.
const OF_CLIENTS: &[&str] = &["ASSERTION", "CERT", "CERTIFICATE", "CERTIFICATE_PASSWORD", "ID", "SECRET"];

/// Variables that other programs read their secrets from.
const FOREIGN: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ARM_ACCESS_KEY",
    "ARM_CLIENT_SECRET",
    "ARM_SAS_TOKEN",
    "ATLAS_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_DEVOPS_EXT_PAT",
    "AZURE_PASSWORD",
    "AZURE_STORAGE_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "BITBUCKET_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
    "CIRCLE_TOKEN",
    "CI_DEPLOY_PASSWORD",
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
    "CLOUDFLARE_API_KEY",
    "CLOUDFLARE_API_TOKEN",
    "CODECOV_TOKEN",
    "COHERE_API_KEY",
    "COMPOSER_AUTH",
    "CONSUL_HTTP_TOKEN",
    "COVERALLS_REPO_TOKEN",
    "DATABRICKS_CLIENT_SECRET",
    "DATABRICKS_TOKEN",
    "DATADOG_API_KEY",
    "DD_API_KEY",
    "DEEPSEEK_API_KEY",
    "DENO_DEPLOY_TOKEN",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "DIGITALOCEAN_TOKEN",
    "DISCORD_TOKEN",
    "DOPPLER_TOKEN",
    "DRONE_TOKEN",
    "EXPO_TOKEN",
    "FIREBASE_TOKEN",
    "FLY_ACCESS_TOKEN",
    "FLY_API_TOKEN",
    "GEMINI_API_KEY",
    "GEM_HOST_API_KEY",
    "GH_ENTERPRISE_TOKEN",
    "GH_TOKEN",
    "GITEA_TOKEN",
    "GITHUB_API_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GITHUB_PAT",
    "GITHUB_TOKEN",
    "GITLAB_ACCESS_TOKEN",
    "GITLAB_PRIVATE_TOKEN",
    "GITLAB_TOKEN",
    "GOOGLE_API_KEY",
    "GOOGLE_CLIENT_SECRET",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "GRADLE_PUBLISH_KEY",
    "GRADLE_PUBLISH_SECRET",
    "GROQ_API_KEY",
    "HCLOUD_TOKEN",
    "HEROKU_API_KEY",
    "HEROKU_API_TOKEN",
    "HF_TOKEN",
    "HUGGINGFACE_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "JENKINS_API_TOKEN",
    "JENKINS_TOKEN",
    "LINODE_TOKEN",
    "MAVEN_PASSWORD",
    "MISTRAL_API_KEY",
    "MYSQL_PWD",
    "NETLIFY_AUTH_TOKEN",
    "NGROK_AUTHTOKEN",
    "NOMAD_TOKEN",
    "NUGET_API_KEY",
    "OPENAI_API_KEY",
    "OPENROUTER_API_KEY",
    "OP_SERVICE_ACCOUNT_TOKEN",
    "OP_SESSION",
    "PERPLEXITY_API_KEY",
    "PULUMI_ACCESS_TOKEN",
    "PYPI_API_TOKEN",
    "PYPI_TOKEN",
    "RAILWAY_TOKEN",
    "RENOVATE_TOKEN",
    "REPLICATE_API_TOKEN",
    "SCW_SECRET_KEY",
    "SEMGREP_APP_TOKEN",
    "SENTRY_AUTH_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_TOKEN",
    "SNYK_TOKEN",
    "SONAR_TOKEN",
    "STRIPE_API_KEY",
    "STRIPE_SECRET_KEY",
    "SUPABASE_ACCESS_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "TELEGRAM_BOT_TOKEN",
    "TERRAFORM_TOKEN",
    "TRAVIS_TOKEN",
    "VERCEL_TOKEN",
    "XAI_API_KEY",
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
    // A lock has it where someone has accepted another origin than the gateway's.
    let is_gateways = |variable: &str| variable == "LOWCODEAPI_TOKEN" && !is_hosted && recorded.is_none();
    for names in names.iter().filter(|names| is_foreign(&names.variable) || is_gateways(&names.variable)) {
        let message = format!("the client would read `{}`, in which another program has its secret", names.variable);
        findings.add_with_help(code::FOREIGN_VARIABLE, "", message, "give the crate another name: `--name my-api`");
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
        let longer = format!("{word}_CREDENTIAL");
        let is_of_clients = prefix.ends_with("CLIENT") && OF_CLIENTS.contains(&word.as_str());
        let variable = variables.claim_first(&[if is_of_clients { longer.clone() } else { word }, longer]);
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
        for variable in [
            "CARGO_REGISTRY_TOKEN",
            "GITHUB_TOKEN",
            "AWS_SESSION_TOKEN",
            "NPM_CONFIG_TOKEN",
            "TF_VAR_TOKEN",
            "ARM_CLIENT_SECRET",
        ] {
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
