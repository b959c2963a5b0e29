//! What the generator makes of whole documents: one program, so that the generator is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a document that should have no errors fails its test with them"
)]

mod adoption;
mod bindings;
mod bounds;
mod documentation;
mod explanations;
mod face;
mod files;
mod ledger;
mod meaning;
mod moves;
mod names;
mod package;
mod pins;
mod pipeline;
mod reference;
mod rooms;
mod selection;
