//! What is peculiar to the LowCodeAPI gateway.

pub(crate) mod destroyed;
pub(crate) mod envelope;
pub(crate) mod errors;
pub(crate) mod url_format;
