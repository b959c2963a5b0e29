//! Options that accept changes of what the lock pins.

use clap::Args;
use lowcodeapi_codegen::{Config, Pin};

/// Accepted changes. An option without a value accepts any change of its kind.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Accepted changes of servers, credentials and environment variables")]
pub(crate) struct Accept {
    /// Accept another origin of the server
    #[arg(long = "accept-origin", value_name = "ORIGIN", num_args = 0..=1, default_missing_value = ANY)]
    origins: Vec<String>,
    /// Accept another path of a known server
    #[arg(long = "accept-base-path", value_name = "URL", num_args = 0..=1, default_missing_value = ANY)]
    base_paths: Vec<String>,
    /// Accept a credential that is new, is sent in another place or to another known server, or gets tokens from another URL
    #[arg(long = "accept-credential", value_name = "SCHEME", num_args = 0..=1, default_missing_value = ANY)]
    credentials: Vec<String>,
    /// Accept other names of environment variables
    #[arg(long = "accept-variables", value_name = "PREFIX", num_args = 0..=1, default_missing_value = ANY)]
    variables: Vec<String>,
}

/// Stands for an option without a value.
const ANY: &str = "";

impl Accept {
    /// Adds the accepted changes to a configuration.
    pub(crate) fn apply(&self, config: Config) -> Config {
        let all = [
            (Pin::Origin, &self.origins),
            (Pin::BasePath, &self.base_paths),
            (Pin::Credential, &self.credentials),
            (Pin::Variables, &self.variables),
        ];
        let given = all.into_iter().flat_map(|(pin, values)| values.iter().map(move |value| (pin, value)));
        given.fold(config, |config, (pin, value)| config.accept(pin, Some(value.clone()).filter(|value| value != ANY)))
    }
}
