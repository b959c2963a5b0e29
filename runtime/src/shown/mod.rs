//! Prepares requests and external text for display.

pub(crate) mod file_name;
pub(crate) mod one_line;
pub(crate) mod redact;
pub(crate) mod spelling;
pub(crate) mod view;
