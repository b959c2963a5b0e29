//! What differs between native platforms and the web: the clock, files, and what arrives of a response.

pub(crate) mod clock;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod files;
#[cfg(target_arch = "wasm32")]
#[path = "files_web.rs"]
pub(crate) mod files;
pub(crate) mod incoming;
pub(crate) mod outgoing;
