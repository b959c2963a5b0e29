//! Closes traits to other crates.

/// A supertrait of the traits that only this crate implements.
pub trait Sealed {}
