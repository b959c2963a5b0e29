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
            self.line(&without_headings(&text));
        }
    }

    /// Summary and description.
    pub(super) fn docs(&mut self, docs: &Docs) {
        for paragraph in paragraphs(docs) {
            self.line(&without_headings(&paragraph.text));
        }
    }

    /// Code that the generator has made.
    pub(super) fn code(&mut self, language: &str, code: &str) {
        self.paragraph(&format!("```{language}\n{code}\n```"));
    }

    /// The items of a list, each with its marker.
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

/// Markdown of the document with its headings in bold. As headings they could take the anchors that links lead to.
fn without_headings(text: &str) -> String {
    let mut fence = None;
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start_matches([' ', '>']);
        let marks = |mark| trimmed.len() - trimmed.trim_start_matches(mark).len();
        let mark = ['`', '~'].into_iter().map(|mark| (mark, marks(mark))).find(|(_, length)| *length >= 3);
        if let Some((open, length)) = fence {
            fence = fence.filter(|_| mark.is_none_or(|(mark, closing)| mark != open || closing < length));
            lines.push(line.to_owned());
            continue;
        }
        fence = mark;
        let indent = &line[..line.len() - trimmed.len()];
        let title = trimmed.trim_start_matches('#');
        let is_heading = (1..=6).contains(&(trimmed.len() - title.len())) && title.starts_with([' ', '\t']);
        let is_underline = !trimmed.is_empty()
            && (trimmed.trim_end().chars().all(|c| c == '=') || trimmed.trim_end().chars().all(|c| c == '-'))
            && lines.last().is_some_and(|before| !before.trim().is_empty());
        if is_heading {
            let title = title.trim().trim_end_matches('#').trim_end();
            lines.push(if title.is_empty() { indent.to_owned() } else { format!("{indent}**{title}**") });
        } else if is_underline {
            // Under a blank line it is a rule.
            lines.push(String::new());
            lines.push(format!("{indent}---"));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_the_document_take_no_anchor() {
        for (given, expected) in [
            ("# Bird #\ntext", "**Bird**\ntext"),
            ("a\n## `get_bird`", "a\n**`get_bird`**"),
            ("> ### Bird", "> **Bird**"),
            ("Bird\n===\ntext", "Bird\n\n---\ntext"),
            ("Bird\n---", "Bird\n\n---"),
            ("#tag\n\n---\n#######", "#tag\n\n---\n#######"),
            ("```text\n# code\n~~~\n```\n# Bird", "```text\n# code\n~~~\n```\n**Bird**"),
            ("````\n```\n# code\n````\n# Bird", "````\n```\n# code\n````\n**Bird**"),
        ] {
            assert_eq!(without_headings(given), expected, "{given}");
        }
    }
}
