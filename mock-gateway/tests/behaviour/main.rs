//! Tests the gateway over plain HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "an unexpected response fails the test")]

mod document;
mod envelope;
mod inputs;
mod lists;
mod observed;
mod old_format;
mod round_trip;
mod routes;
mod server;
mod support;
mod uploads;
