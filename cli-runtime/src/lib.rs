//! Runs the operations of a generated client as a command, and as tools for agents.
//!
//! The client's feature `catalogue` describes the operations, the generator writes the table of commands, and this crate
//! is what all such programs have in common:
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     lowcodeapi_cli::App::new(&COMMANDS).version(env!("CARGO_PKG_VERSION")).run::<Client>()
//! }
//! ```

mod admin;
mod api;
mod app;
mod command;
mod connect;
mod failure;
#[cfg(test)]
mod fixture;
mod flow;
mod input;
#[cfg(feature = "mcp")]
mod mcp;
mod output;
mod run;
mod settings;
mod signals;
pub mod table;
mod text;

pub use crate::app::{App, MockServer, StartMock};
