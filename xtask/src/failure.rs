//! The failure of a command, and its exit status.

use std::{fmt::Display, io, path::Path, process::ExitCode};

use crate::finding::Finding;

/// The kinds of failure that scripts tell apart by the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// 1: the document, or a checked file, has problems.
    Problem,
    /// 2: the command line is invalid. `clap` exits with the same status.
    Usage,
    /// 3: the network or the file system failed.
    Io,
    /// The status of the step of `ci` that failed.
    Step(u8),
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Problem => 1,
            Status::Usage => 2,
            Status::Io => 3,
            Status::Step(status) => status,
        })
    }
}

/// The failure of a command.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    /// Boxed to keep results small.
    pub(crate) finding: Box<Finding>,
}

impl Failure {
    pub(crate) fn new(status: Status, finding: Finding) -> Self {
        Self { status, finding: Box::new(finding) }
    }

    pub(crate) fn problem(code: &'static str, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Status::Problem, Finding::error(code, file, message))
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Status::Usage, Finding::error("usage", "", message))
    }

    pub(crate) fn network(address: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Status::Io, Finding::error("network", address, message))
    }

    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        Self::new(Status::Io, Finding::error("io", path.display().to_string(), error.to_string()))
    }

    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.finding.help = Some(help.to_string());
        self
    }
}
