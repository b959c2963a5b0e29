//! Writes text of the document as plain text, for terminals and for readers of data.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::unseen::is_unseen;

/// Returns Markdown as plain text: paragraphs and items of lists on lines of their own, without markup.
pub(super) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut link: Option<String> = None;
    for event in Parser::new(&markdown.replace('\t', "    ")) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                text.extend(part.chars().filter(|c| *c == '\n' || !is_unseen(*c)));
            }
            Event::SoftBreak => text.push(' '),
            Event::HardBreak | Event::End(TagEnd::Item | TagEnd::CodeBlock) => break_line(&mut text),
            Event::Start(Tag::Item) => {
                break_line(&mut text);
                text.push_str("- ");
            }
            Event::Start(Tag::Link { dest_url, .. }) => link = Some(dest_url.into_string()),
            Event::End(TagEnd::Link) => push_link(&mut text, link.take()),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::List(_)) => {
                break_line(&mut text);
                text.push('\n');
            }
            _ => {}
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").replace("\n\n\n", "\n\n").trim().to_owned()
}

/// Returns Markdown as plain text on one line.
pub(super) fn plain_line(markdown: &str) -> String {
    plain(markdown).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the first sentence of Markdown as plain text, without the full stop.
pub(super) fn first_sentence(markdown: &str) -> String {
    let line = plain_line(markdown);
    let ends = [". ", "! ", "? ", ": ", "; "].into_iter().flat_map(|end| line.match_indices(end)).map(|(at, _)| at);
    // An abbreviation ends no sentence.
    let end = ends.filter(|at| !ABBREVIATIONS.iter().any(|it| line[..*at].ends_with(it))).min();
    let sentence = end.map_or(line.as_str(), |at| &line[..at]);
    let sentence = sentence.trim_end_matches('.');
    match sentence.char_indices().nth(MAX_SENTENCE) {
        None => sentence.to_owned(),
        Some((end, _)) => {
            let cut = sentence[..end].rsplit_once(' ').map_or(&sentence[..end], |(words, _)| words);
            format!("{cut}…")
        }
    }
}

const ABBREVIATIONS: [&str; 4] = ["e.g", "i.e", "etc", "vs"];

/// The longest sentence on one line, in characters.
const MAX_SENTENCE: usize = 120;

fn break_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// A link that the text does not show already follows it.
fn push_link(text: &mut String, url: Option<String>) {
    let url: String = url.unwrap_or_default().chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect();
    if url.starts_with("http") && !text.ends_with(&url) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, " <{url}>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_words_stay() {
        let markdown =
            "# Title\n\nSome *bold* `code`\nand a [link](https://a.example).\n\n- one\n- two\n\n```\nx = 1\n```";
        assert_eq!(plain(markdown), "Title\n\nSome bold code and a link <https://a.example>.\n\n- one\n- two\n\nx = 1");
        assert_eq!(plain_line("a\u{202E}b\n\nc"), "ab c");
        assert_eq!(plain(""), "");
    }

    #[test]
    fn a_sentence_ends_at_its_mark() {
        assert_eq!(first_sentence("Lists items, e.g. tones. They are long."), "Lists items, e.g. tones");
        assert_eq!(first_sentence("One."), "One");
        let long = "word ".repeat(50);
        assert!(first_sentence(&long).ends_with("word…"));
        assert!(first_sentence(&long).chars().count() <= MAX_SENTENCE + 1);
    }
}
