//! `skill`: a page from which agents learn to call the API.

use clap::{Args, Command};
use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// The options of `skill`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("skill")).about("Write a page from which agents learn to call the API")
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    let _ = (app, options, settings);
    Err(Failure::usage("`skill` is not available in this build"))
}
