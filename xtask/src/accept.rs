//! The changes of what a lock pins that the command line accepts.

use clap::Args;
use lowcodeapi_codegen::{Config, Pin};

/// Accepted changes: of a value that is named, or any of its kind.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Changes of where calls go and of how credentials are sent")]
pub(crate) struct Accept {
    /// Accept that calls go to another origin
    #[arg(long, value_name = "ORIGIN", num_args = 0..=1)]
    accept_origin: Option<Option<String>>,
    /// Accept that calls go to another path of a server
    #[arg(long, value_name = "URL", num_args = 0..=1)]
    accept_base_path: Option<Option<String>>,
    /// Accept that a credential is new, or is sent in another place
    #[arg(long, value_name = "SCHEME", num_args = 0..=1)]
    accept_credential: Option<Option<String>>,
    /// Accept that environment variables get other names
    #[arg(long, value_name = "PREFIX", num_args = 0..=1)]
    accept_variables: Option<Option<String>>,
}

impl Accept {
    /// The configuration with what is accepted.
    pub(crate) fn apply(&self, config: Config) -> Config {
        let all = [
            (Pin::Origin, &self.accept_origin),
            (Pin::BasePath, &self.accept_base_path),
            (Pin::Credential, &self.accept_credential),
            (Pin::Variables, &self.accept_variables),
        ];
        let given = all.into_iter().filter_map(|(pin, value)| Some((pin, value.clone()?)));
        given.fold(config, |config, (pin, value)| config.accept(pin, value))
    }
}
