//! The attempts of a call that came before its outcome.

use std::time::Duration;

/// An attempt that failed and was followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// How it failed: a status, or what became of the connection.
    pub outcome: String,
    /// How long the client then waited.
    pub delay: Duration,
}

/// What came before the outcome of a call.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// The attempts before the last one.
    pub(crate) attempts: Vec<Attempt>,
    /// Whether one of them failed in a way that leaves open whether the server has acted on it.
    pub(crate) may_have_arrived: bool,
    /// Whether the call ended in the middle of an attempt.
    pub(crate) in_flight: bool,
    /// What the error says besides: why the call was not sent again where another attempt might have gone well.
    pub(crate) note: Option<&'static str>,
}
