//! What documentation says of an item.

use crate::{
    emit::facts,
    ir::{Docs, Limit},
};

/// What the document says in words.
pub(super) fn docs_text(docs: &Docs) -> String {
    let texts = [docs.summary.as_deref(), docs.description.as_deref(), docs.link.as_deref()];
    texts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// The limits that only documentation has.
pub(super) fn limits(limits: &[Limit]) -> Vec<String> {
    limits.iter().map(facts::limit).collect()
}
