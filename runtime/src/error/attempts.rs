//! The attempts of a call before the last one.

use std::time::Duration;

/// A failed attempt that was followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// How the attempt failed: the status, or the kind of connection failure.
    pub outcome: String,
    /// How long the client waited before the next attempt.
    pub delay: Duration,
}

/// What a call did before its last attempt.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// The attempts before the last one.
    pub(crate) attempts: Vec<Attempt>,
    /// Whether one of them may have been processed by the server.
    pub(crate) may_have_arrived: bool,
    /// Whether the call ended during an attempt.
    pub(crate) in_flight: bool,
    /// A note for the error: why the call was not retried although another attempt could have succeeded.
    pub(crate) note: Option<&'static str>,
}
