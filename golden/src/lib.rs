//! The output of every case under `cases/`, a module each, compiled with warnings denied.
#![deny(warnings)]
#![allow(missing_docs, reason = "the modules are named after their cases, and their items are documented")]
#![allow(clippy::pedantic, reason = "documents decide the names, and some cases are about bad ones")]

include!(concat!(env!("OUT_DIR"), "/cases.rs"));
