//! Sends calls: attempts, retries and decoding. Implements the methods of `Call` that send.

pub(crate) mod answer;
pub(crate) mod attempt;
pub(crate) mod dry_run;
pub(crate) mod execute;
pub(crate) mod formats;
pub(crate) mod messages;
pub(crate) mod observe;
pub(crate) mod operation;
pub(crate) mod pages;
pub(crate) mod raw;
pub(crate) mod request;
pub(crate) mod resume;
pub(crate) mod retry;
#[cfg(feature = "tracing")]
pub(crate) mod trace;
