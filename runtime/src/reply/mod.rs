//! What comes back: results, errors, streams, pages.

pub(crate) mod api_error;
pub(crate) mod decode;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod lines;
pub(crate) mod one_line;
pub(crate) mod pages;
pub(crate) mod response;
pub(crate) mod stream;
pub(crate) mod temporary;
