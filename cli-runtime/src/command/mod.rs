//! The command line: the tree of commands, and what is read from it.

use std::{ffi::OsString, process::ExitCode};

use clap::ArgMatches;
use lowcodeapi_runtime::catalogue::Catalogue;

use crate::{admin::AdminAction, app::App, settings::Settings, table::Command};

/// A command line.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) settings: Settings,
    pub(crate) action: Action,
}

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Action {
    /// To call an operation. The matches are those of its options.
    Call { command: &'static Command, matches: ArgMatches },
    /// A command that is not an operation.
    Admin(AdminAction),
}

/// Reads a command line. Prints help and mistakes, and returns the exit status then.
pub(crate) fn parse(app: &App, catalogue: &'static Catalogue, arguments: Vec<OsString>) -> Result<Parsed, ExitCode> {
    let _ = (app, catalogue, arguments);
    Err(ExitCode::from(2))
}
