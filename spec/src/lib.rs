//! The OpenAPI document of Jasper behind LowCodeAPI, as upstream said it, with what the project knows better.
//!
//! The files are handed out as text, so that a build script needs no paths and a published client carries the document
//! it was made from.

/// What upstream said: the snapshot, defects included, never edited by hand.
pub const DOCUMENT: &str = include_str!("../jasper.openapi.json");

/// What the project knows better: names, response types, nested fields; an OAI Overlay 1.0 document.
pub const OVERLAY: &str = include_str!("../jasper.overlay.yaml");

/// The names and the argument order that were given once and stay.
pub const LOCK: &str = include_str!("../jasper.lock.json");

/// Where the snapshot is from: source, date, method, SHA-256.
pub const PROVENANCE: &str = include_str!("../jasper.provenance.json");
