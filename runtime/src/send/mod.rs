//! Sends calls: one attempt, its repetitions, and what is made of the answer. The verbs of `Call` that send are here.

pub(crate) mod answer;
pub(crate) mod attempt;
pub(crate) mod dry_run;
pub(crate) mod execute;
pub(crate) mod formats;
pub(crate) mod messages;
pub(crate) mod observe;
pub(crate) mod pages;
pub(crate) mod raw;
pub(crate) mod request;
pub(crate) mod retry;
#[cfg(feature = "tracing")]
pub(crate) mod trace;
