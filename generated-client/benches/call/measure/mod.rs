//! What is measured, each in its own way.

pub(crate) mod allocations;
pub(crate) mod transfer;
