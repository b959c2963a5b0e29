//! Calls of the client against the embedded gateway and against servers that answer with given bytes: one program, so that
//! the client and what it needs are linked once.

#![allow(clippy::unwrap_used, reason = "a call or an answer that is not of the expected form fails its test")]

mod catalogue;
mod confined;
mod fault_table;
mod faults;
mod formats;
mod seams;
mod streams;
mod support;
mod token;
mod trace;
mod wire;
