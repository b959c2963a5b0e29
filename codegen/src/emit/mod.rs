//! **emit**: from the model, which is read and never changed, to the files of each back end. Emission cannot fail: what
//! cannot be expressed was settled before.
//!
//! A back end is a module of its own that implements [`Backend`], and a variant of [`BackEnd`]. It may use what is common to
//! all of them: [`prose`] for text of the document as Markdown, and [`call`] for how Rust code calls an operation.

mod prose;
pub(crate) mod rust;

use crate::{
    diagnostic::{Findings, code},
    format::{File, header::Header},
    ir::Api,
    name::Names,
};

/// What is made of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackEnd {
    /// The Rust client.
    RustClient,
}

impl BackEnd {
    fn implementation(self) -> &'static dyn Backend {
        match self {
            Self::RustClient => &rust::RustClient,
        }
    }
}

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

/// The files of a back end.
pub(crate) fn files(back_end: BackEnd, model: &Model<'_>, findings: &mut Findings) -> Vec<File> {
    let drafts = back_end.implementation().files(model).into_iter();
    let file = |draft: Draft| {
        let Draft { path, source } = draft;
        let source = source.unwrap_or_else(|error| {
            findings.add(code::INTERNAL, "", format!("{path}: {error}"));
            String::new()
        });
        File { path, source }
    };
    drafts.map(file).collect()
}
