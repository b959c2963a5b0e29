//! The command `jasper` as a program: its output, exit statuses, files and terminal behaviour. One test program, so that the
//! embedded gateway is linked once.

#![allow(clippy::unwrap_used, reason = "a program or a file that does not behave as expected fails its test")]

mod admin;
#[cfg(feature = "mcp")]
mod agents;
mod cases;
mod exits;
mod files;
mod operations;
mod pages;
mod reserved;
mod secrets;
mod signals;
mod support;
#[cfg(unix)]
mod terminal;
