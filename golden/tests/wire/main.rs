//! Calls the generated clients of the cases: what a server sees of a call, and what a caller sees of an answer.

#![allow(clippy::unwrap_used, reason = "a request or a result that is not of the expected form fails its test")]

mod bodies;
mod gateway;
mod gateway_inputs;
mod models;
mod names;
mod parameters;
mod plain;
mod responses;
mod security;
mod servers;
mod streams;
mod support;
