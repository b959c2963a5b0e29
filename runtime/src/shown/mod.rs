//! What may be shown of requests and of texts from outside.

pub(crate) mod one_line;
pub(crate) mod redact;
pub(crate) mod spelling;
pub(crate) mod view;
