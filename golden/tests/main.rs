//! The tests of the cases under `cases/`: what the generator makes of them, and what the clients do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a case or a result that is not of the expected form fails its test"
)]

mod case;
mod catalogue;
mod examples;
mod round_trip;
mod snapshots;
mod stability;
mod wire;
