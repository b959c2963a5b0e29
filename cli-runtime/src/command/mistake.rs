//! What a command line ends with before anything runs: help, or a mistake.

use std::process::ExitCode;

use crate::{
    failure::Failure,
    output,
    settings::{ErrorFormat, Settings},
};

/// Help that is asked for, or a mistake.
#[derive(Debug)]
pub(super) enum Mistake {
    /// What clap says.
    Clap(Box<clap::Error>),
    /// What only this program knows.
    Failure(Failure),
}

impl From<clap::Error> for Mistake {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

impl From<Failure> for Mistake {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Mistake {
    /// Prints it, and returns the exit status.
    pub(super) fn print(self, is_json: bool) -> ExitCode {
        let error_format = if is_json { ErrorFormat::Json } else { ErrorFormat::Human };
        let settings = Settings { error_format, ..Settings::default() };
        match self {
            Self::Failure(failure) => output::fail(&failure, &settings),
            Self::Clap(error) if is_json && error.use_stderr() => output::fail(&failure_of(&error), &settings),
            Self::Clap(error) => {
                // Who closes the pipe has read enough.
                error.print().ok();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
        }
    }
}

/// Returns the failure that an error of clap is: its first paragraph is the message, the others are help.
fn failure_of(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.trim().strip_prefix("error: ").unwrap_or(&text);
    match text.split_once("\n\n") {
        Some((message, help)) => Failure::usage(message.trim()).help(help.trim()),
        None => Failure::usage(text.trim()),
    }
}
