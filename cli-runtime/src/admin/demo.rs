//! `demo`: calls every operation of the embedded server.

use clap::{Args, Command};
use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// The options of `demo`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("demo")).about("Call every operation of the embedded server")
}

/// Runs the command.
pub(crate) async fn run<C: Described>(app: &App, options: Options, settings: &Settings) -> Result<(), Failure> {
    let _ = (app, options, settings);
    Err(Failure::usage("`demo` is not available in this build"))
}
