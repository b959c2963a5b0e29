//! The commands that are not operations.

use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// A command that is not an operation.
#[derive(Debug, Clone)]
pub(crate) enum AdminAction {}

/// Runs a command that is not an operation.
pub(crate) async fn run<C: Described>(app: &App, action: AdminAction, settings: &Settings) -> Result<(), Failure> {
    let _ = (app, settings);
    match action {}
}
