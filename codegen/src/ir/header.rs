//! Declared headers of responses.

use super::{Text, Type};

/// A declared header of a response.
#[derive(Debug)]
pub(crate) struct ResponseHeader {
    pub(crate) name: String,
    pub(crate) description: Option<Text>,
    pub(crate) deprecated: bool,
    /// The type of its value, or of each item.
    pub(crate) ty: Type,
    pub(crate) form: HeaderForm,
}

/// How the text of a header holds its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum HeaderForm {
    /// One plain value.
    Value,
    /// Plain values with commas between.
    List,
    /// A value in each line, as cookies are sent.
    Lines,
    Json,
}
