//! Responses: results, downloads, message streams and pages.

pub(crate) mod body_text;
pub(crate) mod charset;
#[cfg(feature = "catalogue")]
pub(crate) mod content;
pub(crate) mod decode;
pub(crate) mod events;
pub(crate) mod headers;
pub(crate) mod lines;
pub(crate) mod pagination;
pub(crate) mod redirect;
pub(crate) mod response;
pub(crate) mod stream;
pub(crate) mod temporary;
pub(crate) mod transport;
