//! `auth`: the token in the system's keychain.

use clap::{Args, Command, Subcommand};
use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// The options of `auth`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// What is done with the token.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Action {
    /// Store the token in the system's keychain
    #[cfg(feature = "keychain")]
    Login,
    /// Tell where the token is from, and whether the API accepts it
    Status,
    /// Remove the token from the system's keychain
    #[cfg(feature = "keychain")]
    Logout,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("auth")).about("Store the token, tell where it is from, and remove it")
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    let _ = (app, options, settings);
    Err(Failure::usage("`auth` is not available in this build"))
}
