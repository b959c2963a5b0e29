//! Writes results and failures.

use std::process::ExitCode;

use crate::{failure::Failure, settings::Settings};

/// Writes a failure to standard error, and returns its exit status.
pub(crate) fn fail(failure: &Failure, settings: &Settings) -> ExitCode {
    let _ = settings;
    eprintln!("error: {failure}");
    ExitCode::from(failure.status())
}
