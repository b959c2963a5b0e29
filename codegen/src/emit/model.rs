//! The input and output of back ends.

use crate::{format::header::Header, ir::Api, name::Names};

/// The intermediate representation with its names.
#[derive(Clone, Copy)]
pub(crate) struct Model<'a> {
    pub(crate) api: &'a Api,
    pub(crate) names: &'a Names,
    /// Whether the catalogue is written too, which the root of the client then declares.
    pub(crate) has_catalogue: bool,
    /// The header of generated files.
    pub(crate) header: &'a Header,
}

/// Writes files from a model, in any language.
pub(crate) trait Backend: Sync {
    /// Returns the files. They depend only on the model.
    fn files(&self, model: &Model<'_>) -> Vec<Draft>;
}

/// A file of a back end.
pub(crate) struct Draft {
    /// Its path below the back end's folder.
    pub(crate) path: String,
    /// The text, or the error of a defective back end.
    pub(crate) source: Result<String, String>,
}
