//! **emit**: writes the files of each back end from a read-only model. Emission cannot fail, because earlier stages
//! settle unsupported constructs.
//!
//! A back end is a module that implements [`Backend`], and a row of [`implementation`]. Shared modules know no files of
//! a back end: `plain` writes text of the document as plain text, `prose` as Markdown, `schema` writes types as JSON
//! Schemas, `raw` writes JSON in Rust, `rust::call` describes the call of an operation in Rust, and `rust::example` writes such a call.

mod bindings;
mod catalogue;
mod command;
mod facts;
mod model;
mod pattern;
mod plain;
mod prose;
mod raw;
mod reference;
pub(crate) mod rust;
mod schema;

use std::sync::{Mutex, mpsc::Receiver};

pub(crate) use self::model::Model;
use crate::{
    diagnostic::{Findings, code},
    emit::model::{Backend, Draft},
    format::File,
    input::BackEnd,
    ir::Text,
};

/// Every back end.
fn implementation(back_end: BackEnd) -> &'static dyn Backend {
    match back_end {
        BackEnd::RustClient => &rust::render::RustClient,
        BackEnd::Catalogue => &catalogue::Catalogue,
        BackEnd::Command => &command::Command,
        BackEnd::Reference => &reference::Reference,
        BackEnd::Bindings => &bindings::Bindings,
    }
}

/// Converts texts to Markdown as they arrive, so that emission need not.
pub(crate) fn prepare(texts: &Mutex<Receiver<Vec<Text>>>) {
    for text in texts.lock().iter().flat_map(|texts| texts.iter().flatten()) {
        prose::markdown(&text);
    }
}

/// The files of a back end.
pub(crate) fn files(back_end: BackEnd, model: &Model<'_>, findings: &mut Findings) -> Vec<File> {
    // A catalogue and commands are for calls.
    if matches!(back_end, BackEnd::Catalogue | BackEnd::Command) && !model.api.has_client() {
        return Vec::new();
    }
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
