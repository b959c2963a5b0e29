//! Environment variables: valid names, and those of other programs.

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

/// Whether a text is a valid name for one of our environment variables.
pub(super) fn is_variable(text: &str) -> bool {
    let known = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(known)
}

/// Whether another program reads its secret or its configuration from a variable.
pub(super) fn is_foreign(variable: &str) -> bool {
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
