//! The program as it is run: what it writes, what it says where, and its exit statuses. Nothing here needs the network.

#![allow(clippy::unwrap_used, reason = "what cannot be set up or read fails its test")]

mod checks;
mod corpus;
mod diffs;
mod fetches;
mod generates;
mod locks;
mod pairs;
mod pins;
mod places;
mod refusals;
mod server;
mod sessions;
mod supervises;
mod support;
mod workflows;
