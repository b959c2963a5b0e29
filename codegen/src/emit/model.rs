//! What every back end reads, and what it makes.

use crate::{format::header::Header, ir::Api, name::Names};

/// What the document says, with a name for everything, and where it is from.
#[derive(Clone, Copy)]
pub(crate) struct Model<'a> {
    pub(crate) api: &'a Api,
    pub(crate) names: &'a Names,
    /// What every generated file begins with.
    pub(crate) header: &'a Header,
}

/// Makes files of a model, in any language.
pub(crate) trait Backend: Sync {
    /// The files. The same model gives the same files, on any machine.
    fn files(&self, model: &Model<'_>) -> Vec<Draft>;
}

/// A file as a back end made it.
pub(crate) struct Draft {
    /// Its path below the back end's folder.
    pub(crate) path: String,
    /// Its text, or why there is none: a defect of the back end.
    pub(crate) source: Result<String, String>,
}
