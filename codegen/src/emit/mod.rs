//! **emit**: from the model, which is read and never changed, to the files of each back end. Emission cannot fail: what
//! cannot be expressed was settled before.
//!
//! A back end is a module of its own that implements [`Backend`], and a row of [`implementation`]. What several of them need is
//! in modules that know no back end's files: `prose` writes text of the document as Markdown, `rust::call` says how Rust
//! code calls an operation, and `rust::example` writes such a call.

mod facts;
mod model;
mod prose;
mod reference;
pub(crate) mod rust;

pub(crate) use self::model::Model;
use crate::{
    diagnostic::{Findings, code},
    emit::model::{Backend, Draft},
    format::File,
    input::BackEnd,
};

/// Every back end.
fn implementation(back_end: BackEnd) -> &'static dyn Backend {
    match back_end {
        BackEnd::RustClient => &rust::render::RustClient,
        BackEnd::Reference => &reference::Reference,
    }
}

/// The files of a back end.
pub(crate) fn files(back_end: BackEnd, model: &Model<'_>, findings: &mut Findings) -> Vec<File> {
    let drafts = implementation(back_end).files(model).into_iter();
    let file = |draft: Draft| {
        let Draft { path, source } = draft;
        let source = source.unwrap_or_else(|error| {
            let message = format!("the generated `{path}` does not parse: {error}");
            findings.add_with_help(code::INTERNAL, "", message, "report this defect with the document");
            String::new()
        });
        File { path, source }
    };
    drafts.map(file).collect()
}
