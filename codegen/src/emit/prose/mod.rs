//! Writes text of the document as safe Markdown: without HTML, code to run, and links other than to the web.

mod inline;
mod memo;
mod rustdoc;

use std::sync::Arc;

use self::{
    inline::escape,
    memo::{Memo, remembered},
    rustdoc::{is_harmless, is_language, may_harm},
};
use crate::{
    ir::{Docs, Markdown, Text},
    unseen::{in_one_line, is_unseen},
};

/// The lines of Markdown that holds text of the document, which is clean already. If a parser would still find more than
/// prose in it, the whole text becomes a block of plain text.
pub(super) fn harmless(text: &str) -> Arc<Vec<String>> {
    thread_local!(static LINES: Memo<Arc<Vec<String>>> = Memo::default());
    // Most sentences of our own are one short line.
    let is_line = !text.is_empty() && text.len() <= WIDTH && !text.starts_with(' ') && !text.contains('\n');
    if is_line && !may_harm(text) {
        return Arc::new(vec![text.to_owned()]);
    }
    remembered(&LINES, text, |text| {
        let lines = lay_out(text);
        Arc::new(if is_harmless(&lines.join("\n")) { lines } else { lay_out(&fenced(text)) })
    })
}

/// Breaks a text into the lines of a comment.
pub(super) fn lay_out(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        fence = match (fence, fence_of(line)) {
            (Some(opened), Some(marks)) if marks == line && marks.starts_with(opened) => None,
            (Some(opened), _) => Some(opened),
            (None, marks) => marks,
        };
        // A heading ends with its line, also within a quotation or a list.
        let is_heading = line.trim_start_matches([' ', '>', '-', '*', '+']).starts_with('#');
        if fence.is_some() || is_heading || line.starts_with(['|', '`']) {
            lines.push(line.to_owned());
        } else {
            wrap(line, &mut lines);
        }
    }
    lines
}

/// Puts a text into a block of plain text. The fence is longer than any run of backticks in it.
fn fenced(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c == '\n' || !is_unseen(*c)).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest.max(2) + 1);
    format!("{marks}text\n{text}\n{marks}")
}

/// The widest line of a comment, in characters.
pub(super) const WIDTH: usize = 100;

/// Lines with a deeper indent than this are not broken: each piece would be mostly indent.
const MAX_INDENT: usize = 40;

/// Breaks a long line at its spaces, never before what would begin something at the start of a line.
fn wrap(line: &str, into: &mut Vec<String>) {
    // A fast path for most lines.
    if line.len() <= WIDTH && !line.starts_with(' ') {
        into.push(line.to_owned());
        return;
    }
    let indent = hanging(line);
    if indent.len() > MAX_INDENT {
        into.push(line.to_owned());
        return;
    }
    let mut current = String::new();
    let mut width = 0;
    for word in line.split(' ') {
        let added = word.chars().count();
        let is_long = width + 1 + added > WIDTH;
        // Within code there may be what would begin HTML or a footnote.
        let is_begun =
            begins_markup(word) || word.starts_with("[^") || word.starts_with('<') && !word.starts_with("<http");
        if is_long && current.len() > indent.len() && !is_begun {
            into.push(std::mem::replace(&mut current, format!("{indent}{word}")));
            width = indent.len() + added;
        } else {
            if !current.is_empty() {
                current.push(' ');
                width += 1;
            }
            current.push_str(word);
            width += added;
        }
    }
    into.push(current);
}

/// What the lines begin with that a long one goes on in: below the text of a list's item, and still in a quotation.
fn hanging(line: &str) -> String {
    let mut rest = line.trim_start();
    let mut out = " ".repeat(line.len() - rest.len());
    while let Some((mark, text)) = mark_of(rest) {
        if mark == ">" {
            out.push_str("> ");
        } else {
            out.push_str(&" ".repeat(mark.len() + 1));
        }
        rest = text;
    }
    out
}

/// The mark of a list or quotation that the text begins with, and what comes behind its space.
fn mark_of(text: &str) -> Option<(&str, &str)> {
    let (mark, text) = text.split_once(' ')?;
    let is_number = || mark.len() > 1 && matches!(mark.trim_start_matches(|c: char| c.is_ascii_digit()), "." | ")");
    (matches!(mark, "-" | "*" | "+" | ">") || is_number()).then_some((mark, text))
}

fn begins_markup(word: &str) -> bool {
    let is_number = word.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    word.is_empty()
        || is_number
        || word.starts_with("```")
        || word.starts_with(['-', '*', '+', '#', '>', '|', '=', '~', '_'])
}

/// What a line of upstream's prose is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prose,
    /// The marks around code.
    Fence,
    Code,
}

/// One line of upstream's prose. Code in blocks becomes code between backticks.
pub(super) fn clean_line(text: &str) -> String {
    let mut words = Vec::new();
    let mut code = String::new();
    for (line, kind) in lines_of(text) {
        match kind {
            Kind::Prose => words.push(escape_indented(&line)),
            Kind::Code => code.extend([line.as_str(), " "]),
            Kind::Fence if code.trim().is_empty() => {}
            Kind::Fence => words.push(clean_code(&std::mem::take(&mut code))),
        }
    }
    let line = words.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ");
    if is_harmless(&line) { line } else { clean_code(text) }
}

/// Text as code, on one line.
pub(super) fn clean_code(text: &str) -> String {
    let text = in_one_line(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        // There is no code of nothing.
        return "`\"\"`".to_owned();
    }
    // What holds backticks is code between more of them.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{text}`");
    }
    let marks = "`".repeat(if longest == 2 { 3 } else { longest + 1 });
    format!("{marks} {text} {marks}")
}

/// Several texts as code.
pub(super) fn code_list(texts: &[String]) -> String {
    texts.iter().map(|text| clean_code(text)).collect::<Vec<_>>().join(", ")
}

/// A URL as a link, or as code where it leads nowhere by itself.
pub(super) fn clean_url(url: &str) -> String {
    let url: String = url.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect();
    if url.starts_with("http://") || url.starts_with("https://") {
        format!("<{}>", url.replace('<', "%3C").replace('>', "%3E"))
    } else {
        clean_code(&url)
    }
}

/// Summary and description, as far as they are there. A description that repeats the summary is said once.
pub(super) fn paragraphs(docs: &Docs) -> Vec<&Markdown> {
    let mut paragraphs: Vec<&Markdown> = Vec::new();
    for text in [&docs.summary, &docs.description].into_iter().flatten().map(markdown) {
        let is_new = |it: &&Markdown| it.text.trim_end_matches('.') != text.text.trim_end_matches('.');
        if !text.text.is_empty() && paragraphs.iter().all(is_new) {
            paragraphs.push(text);
        }
    }
    paragraphs
}

/// Returns a text as clean Markdown, with its lines.
pub(super) fn markdown(text: &Text) -> &Markdown {
    thread_local!(static MADE: Memo<Arc<Markdown>> = Memo::default());
    text.markdown(|text| remembered(&MADE, text, |text| Arc::new(cleaned(text))))
}

/// Escapes what rustdoc would take for HTML or for a link, marks bare URLs as links, and keeps upstream's examples from
/// being compiled as Rust. If rustdoc would still find more than prose, the text becomes a block of plain text.
pub(super) fn clean(text: &str) -> String {
    cleaned(text).text
}

fn cleaned(text: &str) -> Markdown {
    let lines = lines_of(text).into_iter();
    let lines = lines.map(|(line, kind)| if kind == Kind::Prose { escape_indented(&line) } else { line });
    let markdown = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
    let lines = lay_out(&markdown);
    if is_harmless(&lines.join("\n")) {
        return Markdown { text: markdown, lines };
    }
    let text = fenced(&normalized(text));
    let lines = lay_out(&text);
    Markdown { text, lines }
}

fn escape_indented(line: &str) -> String {
    let text = line.trim_start();
    format!("{}{}", &line[..line.len() - text.len()], escape(&single_spaced(text)))
}

/// The line with one space behind each mark of a list or quotation that it begins with: four more would begin code.
fn single_spaced(line: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(line.len()), line);
    while let Some((mark, text)) = mark_of(rest) {
        out.extend([mark, " "]);
        rest = text.trim_start_matches(' ');
    }
    out + rest
}

/// Normalizes line ends and tabs, and removes unseen characters, which could hide the start of a line's markup.
fn normalized(text: &str) -> String {
    // A fast path for most texts.
    if text.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return text.trim_end().to_owned();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    let mut text: String = text.chars().filter(|c| *c == '\n' || !is_unseen(*c)).collect();
    text.truncate(text.trim_end().len());
    text
}

/// Returns the lines of a text, with the lines of a paragraph joined.
fn lines_of(text: &str) -> Vec<(String, Kind)> {
    let text = normalized(text);
    let mut out: Vec<(String, Kind)> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.trim().lines() {
        let line = line.trim_end();
        match (fence, fence_of(line)) {
            (None, Some(marks)) => {
                let info = line.trim_start()[marks.len()..].trim();
                out.push((format!("{marks}{}", if is_language(info) { info } else { "text" }), Kind::Fence));
                fence = Some(marks);
            }
            (Some(opened), Some(marks)) if marks.starts_with(opened) && line.trim_start().len() == marks.len() => {
                out.push((opened.to_owned(), Kind::Fence));
                fence = None;
            }
            (Some(_), _) => out.push((line.to_owned(), Kind::Code)),
            (None, None) => push_prose(&mut out, line),
        }
    }
    if let Some(opened) = fence {
        out.push((opened.to_owned(), Kind::Fence));
    }
    out
}

/// The marks of a line that begins or ends a code block: three or more backticks or tildes. Backticks with others in the
/// same line are code within it.
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3 && (mark == '~' || !line[length..].contains('`'))).then(|| &line[..length])
}

/// Adds a line of prose: to the paragraph before it, where it continues one.
fn push_prose(out: &mut Vec<(String, Kind)>, line: &str) {
    let text = line.trim_start();
    if let Some((previous, Kind::Prose)) = out.last_mut()
        && !begins_markup(text)
        && !previous.is_empty()
        && !previous.starts_with(['#', '|', '`', '='])
        && !previous.ends_with('\\')
    {
        previous.push(' ');
        previous.push_str(text);
        return;
    }
    // Four spaces would begin a code block.
    let indent = line.len() - text.len();
    out.push((format!("{}{text}", " ".repeat(indent.min(3))), Kind::Prose));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_escaped_and_code_is_kept() {
        assert_eq!(clean("- the [a\n  b](https://a.example/)"), "- the [a b](https://a.example/)");
        assert_eq!(clean("a\n\n  > quoted <b>"), "a\n\n  > quoted \\<b\\>");
        assert_eq!(clean("a\n```a [b]``` [c]\n[d]"), "a\n```a [b]``` \\[c]\n\\[d]");
        assert_eq!(clean("-     a\n- 1.     b  c\n>     d"), "- a\n- 1. b  c\n> d");
        let words = "word ".repeat(19);
        let mut lines = Vec::new();
        wrap(&format!("`{words}<div> [^1]: long a` b"), &mut lines);
        assert_eq!(lines, [format!("`{words}<div> [^1]:"), "long a` b".to_owned()]);
        assert_eq!(clean_line("a [b]\n````\n[c] ``` d\n````\n<e>"), "a \\[b] ```` [c] ``` d ```` \\<e\\>");
    }

    #[test]
    fn texts_become_code_and_links() {
        let cases = [("a\r\n b", "`a b`"), ("", "`\"\"`"), ("`a`", "`` `a` ``"), ("a``b", "``` a``b ```")];
        for (text, code) in cases {
            assert_eq!(clean_code(text), code);
        }
        let cases = [
            (" https://a.example/ b", "<https://a.example/b>"),
            ("https://a.example/<b>`", "<https://a.example/%3Cb%3E`>"),
            ("‹https://a.example›", "`‹https://a.example›`"),
            ("docs/a", "`docs/a`"),
        ];
        for (url, link) in cases {
            assert_eq!(clean_url(url), link);
        }
    }

    #[test]
    fn long_lines_go_on_below_their_text() {
        let cases =
            [("a", ""), ("- a", "  "), ("  12. a", "      "), ("> - a", ">   "), ("  a", "  "), ("-a 1.2 a", "")];
        for (line, indent) in cases {
            assert_eq!(hanging(line), indent, "{line}");
        }
    }

    #[test]
    fn code_is_never_compiled() {
        assert_eq!(clean("x\n```\nlet a;\n```"), "x\n```text\nlet a;\n```");
        assert_eq!(clean("x\n```rust\nlet a;"), "x\n```text\nlet a;\n```");
        assert_eq!(clean("x\n```json\n{}\n```"), "x\n```json\n{}\n```");
        for info in ["edition2021", "should_panic", "{.bash}", ",", "rust,no_run", "a b"] {
            assert_eq!(clean(&format!("```{info}\nlet a;\n```")), "```text\nlet a;\n```", "{info}");
        }
        assert_eq!(clean("````\n```\na\n```\n````"), "````text\n```\na\n```\n````");
        assert_eq!(clean("~~~\nlet a;\n```\n~~~\nb"), "~~~text\nlet a;\n```\n~~~\nb");
        assert_eq!(clean("a\rb c"), "a b c");
        assert_eq!(clean("x\n\n        deep"), "x\n\n   deep");
        assert_eq!(clean("x\n  y\n- z"), "x y\n- z");
    }
}
