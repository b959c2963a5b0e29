//! Failures: their exit statuses, and how they are written.

use std::fmt;

use lowcodeapi_runtime::Error;

/// Why a command failed. Each class has an exit status, which scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Anything else, such as a response that cannot be read.
    Other = 1,
    /// The command line, or an input, is invalid. Nothing was sent.
    Usage = 2,
    /// The token is missing, or the server refused it.
    Auth = 3,
    /// The server does not have what was asked for.
    NotFound = 4,
    /// The server rejected the inputs: another status from 400 to 499.
    Rejected = 5,
    /// The rate limit was exceeded.
    RateLimited = 6,
    /// The server failed: a status from 500 to 599.
    Server = 7,
    /// No response arrived: no connection, or one that broke.
    Network = 8,
    /// A timeout expired.
    Timeout = 9,
    /// A local file could not be read or written.
    File = 10,
    /// The user declined to go on.
    Declined = 11,
    /// A signal ended the command: SIGINT.
    Interrupted = 130,
    /// A signal ended the command: SIGTERM.
    Terminated = 143,
}

/// A failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) class: Class,
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// The error of the call, if there was one.
    pub(crate) error: Option<Box<Error>>,
}

impl Failure {
    pub(crate) fn new(class: Class, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), help: None, error: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Class::Usage, message)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns the exit status.
    pub(crate) fn status(&self) -> u8 {
        self.class as u8
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
