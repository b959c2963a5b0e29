//! Writes results and failures.

mod fail;
mod json;
mod look;
mod seen;
mod sink;

pub(crate) use crate::output::fail::fail;
