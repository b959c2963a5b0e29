//! HTTP and URL rules for any service.

pub(crate) mod base;
pub(crate) mod body;
pub(crate) mod coding;
pub(crate) mod dots;
pub(crate) mod framing;
pub(crate) mod link;
pub(crate) mod media_type;
pub(crate) mod method;
pub(crate) mod path;
pub(crate) mod retry_after;
