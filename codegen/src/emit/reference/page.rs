//! Builds a Markdown page from paragraphs.

use crate::{
    emit::{
        model::Model,
        prose::{clean, harmless, paragraphs},
    },
    ir::Docs,
};

/// A page to be.
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A page of this title, which is Markdown already, under the header of generated files.
    pub(super) fn new(model: &Model<'_>, title: &str) -> Self {
        Self { text: format!("<!-- {} -->\n\n# {title}\n", model.header.origin()) }
    }

    pub(super) fn heading(&mut self, level: usize, title: &str) {
        let marks = "#".repeat(level);
        self.paragraph(&format!("{marks} {title}"));
    }

    /// A paragraph of Markdown in which text of the document is clean.
    pub(super) fn line(&mut self, text: &str) {
        self.paragraph(&harmless(text).join("\n"));
    }

    /// Text of the document.
    pub(super) fn text(&mut self, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.line(&text);
        }
    }

    /// Summary and description.
    pub(super) fn docs(&mut self, docs: &Docs) {
        for paragraph in paragraphs(docs) {
            self.line(&paragraph);
        }
    }

    /// Code that the generator has made.
    pub(super) fn code(&mut self, language: &str, code: &str) {
        self.paragraph(&format!("```{language}\n{code}\n```"));
    }

    /// The items of a list, each of which begins with its mark.
    pub(super) fn list(&mut self, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.map(|item| harmless(&item).join("\n")).collect();
        if !items.is_empty() {
            self.paragraph(&items.join("\n"));
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push('\n');
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// The anchor that programs which show Markdown give to a heading of one identifier.
pub(super) fn anchor(identifier: &str) -> String {
    identifier.to_lowercase()
}
