//! Texts of the document.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// A text of the document. Clones share its Markdown, which the first thread that needs it makes.
#[derive(Clone)]
pub(crate) struct Text(Arc<Shared>);

struct Shared {
    text: String,
    markdown: OnceLock<Arc<Markdown>>,
}

/// A text as Markdown that holds only prose.
pub(crate) struct Markdown {
    pub(crate) text: String,
    /// Its lines in a comment.
    pub(crate) lines: Vec<String>,
}

impl Text {
    /// Returns the text as Markdown, and makes it on the first call. All callers must pass the same function.
    pub(crate) fn markdown(&self, make: impl FnOnce(&str) -> Arc<Markdown>) -> &Markdown {
        self.0.markdown.get_or_init(|| make(&self.0.text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::new(Shared { text, markdown: OnceLock::new() }))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.text.fmt(f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Text {}
