//! Upstream's prose as Markdown that rustdoc renders cleanly.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Docs;

/// A documentation comment of several paragraphs.
#[derive(Default)]
pub(super) struct Comment {
    paragraphs: Vec<String>,
}

impl Comment {
    /// A comment that begins with upstream's words, or with `fallback` where it has none.
    pub(super) fn of(docs: &Docs, fallback: impl FnOnce() -> String) -> Self {
        let mut comment = Self::default();
        for text in [&docs.summary, &docs.description].into_iter().flatten() {
            let text = clean(text);
            // A description that repeats the summary is said once.
            if !text.is_empty()
                && comment.paragraphs.iter().all(|it| it.trim_end_matches('.') != text.trim_end_matches('.'))
            {
                comment.paragraphs.push(text);
            }
        }
        if comment.paragraphs.is_empty() {
            comment.paragraphs.push(fallback());
        }
        if docs.deprecated {
            comment.paragraphs.push("Deprecated.".to_owned());
        }
        if let Some(default) = docs.default.as_ref().filter(|default| default.chars().count() <= WIDTH) {
            comment.paragraphs.push(format!("The default is {}.", clean_code(default)));
        }
        comment
    }

    /// A paragraph of our own, which is Markdown already.
    pub(super) fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.paragraphs.push(text.into());
        self
    }

    pub(super) fn emit(&self) -> TokenStream {
        emit_doc(&self.paragraphs.join("\n\n"))
    }
}

/// Text of our own as a documentation comment.
pub(super) fn emit_doc(text: &str) -> TokenStream {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        fence = match (fence, fence_of(line)) {
            (Some(opened), Some(marks)) if marks == line && marks.starts_with(opened) => None,
            (Some(opened), _) => Some(opened),
            (None, marks) => marks,
        };
        if fence.is_some() || line.starts_with(['|', '`']) {
            lines.push(line.to_owned());
        } else {
            wrap(line, &mut lines);
        }
    }
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    // One attribute, which is printed as a block and set in lines by `output`, takes far less work than one a line.
    let block = lines.clone().collect::<Vec<_>>().join("\n");
    if block.is_empty() || block.contains("*/") || block.contains("/*") || block.ends_with('/') {
        return quote! { #(#[doc = #lines])* };
    }
    quote! { #[doc = #block] }
}

/// The widest line of a comment, in characters.
const WIDTH: usize = 100;

/// Breaks a long line at its spaces, never before what would begin something at the start of a line.
fn wrap(line: &str, into: &mut Vec<String>) {
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut current = String::new();
    for word in line.split(' ') {
        let is_long = current.chars().count() + 1 + word.chars().count() > WIDTH;
        if is_long && !current.trim().is_empty() && !begins_markup(word) {
            into.push(std::mem::replace(&mut current, format!("{indent}{word}")));
        } else {
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
    }
    into.push(current);
}

fn begins_markup(word: &str) -> bool {
    let is_number = word.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    word.is_empty()
        || is_number
        || word.starts_with("```")
        || word.starts_with(['-', '*', '+', '#', '>', '|', '=', '~', '_'])
}

/// One line of upstream's prose.
pub(super) fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as code, on one line.
pub(super) fn clean_code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // What holds backticks is code between two of them.
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Escapes what rustdoc would take for HTML or for a link, marks bare URLs as links, and keeps upstream's examples from
/// being compiled as Rust.
pub(super) fn clean(text: &str) -> String {
    let text: String = text.trim().replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    // Each line, and whether it is prose: what goes on over several lines, a link say, is seen when these are one.
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim_end();
        let marks = fence_of(line);
        match (fence, marks) {
            (None, Some(marks)) => {
                let info = line.trim_start()[marks.len()..].trim();
                let marks = "`".repeat(marks.len());
                out.push((format!("{marks}{}", if is_language(info) { info } else { "text" }), false));
                fence = fence_of(line);
            }
            (Some(opened), Some(marks)) if marks.starts_with(opened) && line.trim_start().len() == marks.len() => {
                out.push(("`".repeat(opened.len()), false));
                fence = None;
            }
            (Some(_), _) => out.push((line.to_owned(), false)),
            (None, None) => push_prose(&mut out, line),
        }
    }
    if let Some(opened) = fence {
        out.push(("`".repeat(opened.len()), false));
    }
    let escaped = |line: &str| {
        let text = line.trim_start();
        format!("{}{}", &line[..line.len() - text.len()], escape(text))
    };
    let lines = out.into_iter().map(|(line, is_prose)| if is_prose { escaped(&line) } else { line });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The marks of a line that begins or ends a code block: three or more backticks or tildes.
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3).then(|| &line[..length])
}

/// Whether rustdoc takes the word for another language than Rust, and so leaves the block alone.
fn is_language(info: &str) -> bool {
    let is_word = info.starts_with(|c: char| c.is_ascii_alphabetic())
        && info.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#'));
    let is_rust = ["rust", "edition", "should", "no", "ignore", "compile", "test", "standalone", "custom"];
    is_word && !is_rust.iter().any(|word| info.starts_with(word))
}

/// Adds a line of prose: to the paragraph before it, where it continues one.
fn push_prose(out: &mut Vec<(String, bool)>, line: &str) {
    let text = line.trim_start();
    if let Some((previous, _)) = out.last_mut()
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
    out.push((format!("{}{text}", " ".repeat(indent.min(3))), true));
}

/// One line outside of code blocks; what stands between backticks is kept.
fn escape(line: &str) -> String {
    // A lone backtick opens nothing.
    let has_code = line.matches('`').count().is_multiple_of(2);
    if has_code { escape_prose(line) } else { escape_prose(&line.replace('`', "\\`")) }
}

/// The code between two backticks that begins here, if some does.
fn code(rest: &str) -> Option<&str> {
    let end = rest.strip_prefix('`')?.find('`')?;
    Some(&rest[..end + 2])
}

fn escape_prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // A link in angle brackets is one already.
        if let Some(kept) = autolink(rest).or_else(|| code(rest).filter(|_| !out.ends_with('\\'))) {
            out.push_str(kept);
            rest = &rest[kept.len()..];
            continue;
        }
        // Within a word, and as the target of a link, it stays as it is.
        let is_word_start = !out.ends_with(char::is_alphanumeric) && !out.ends_with("](");
        if is_word_start && (rest.starts_with("http://") || rest.starts_with("https://")) {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']' | '|'))
                .unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '\'']);
            out.push('<');
            out.push_str(url);
            out.push('>');
            rest = &rest[url.len()..];
            continue;
        }
        match c {
            '[' if !is_link(rest) => out.push_str("\\["),
            '<' | '>' if !(c == '>' && out.is_empty()) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The `<https://…>` that begins here, if one does.
fn autolink(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('<').filter(|inner| inner.starts_with("http://") || inner.starts_with("https://"))?;
    let end = inner.find(|c: char| c == '>' || c == '<' || c.is_whitespace())?;
    inner[end..].starts_with('>').then(|| &rest[..end + 2])
}

/// Whether a Markdown link with an absolute target begins here; others would lead nowhere.
fn is_link(rest: &str) -> bool {
    rest.split_once("](").is_some_and(|(text, target)| !text[1..].contains('[') && target.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_escaped_and_code_is_kept() {
        assert_eq!(clean("a <b> [c] `<d> [e]`"), "a \\<b\\> \\[c] `<d> [e]`");
        assert_eq!(clean("lone ` tick <b>"), "lone \\` tick \\<b\\>");
        assert_eq!(clean("see https://a.example/b?c=[d]. And more"), "see <https://a.example/b?c=[d>]. And more");
        assert_eq!(clean("[text](https://a.example/) [other](#here)"), "[text](https://a.example/) \\[other](#here)");
        assert_eq!(
            clean("see <https://a.example/b> or <https://a b>"),
            "see <https://a.example/b> or \\<<https://a> b\\>"
        );
        assert_eq!(clean("(https://a.example)"), "(<https://a.example>)");
        assert_eq!(clean("the [`a` b](https://a.example/#c)"), "the [`a` b](https://a.example/#c)");
        assert_eq!(clean("- the [a\n  b](https://a.example/)"), "- the [a b](https://a.example/)");
        assert_eq!(clean("[`a`](#b) of `c`"), "\\[`a`](#b) of `c`");
        assert_eq!(clean("> quoted"), "> quoted");
        assert_eq!(clean("a\n\n  > quoted"), "a\n\n  > quoted");
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
        assert_eq!(clean("~~~\nlet a;\n~~~"), "```text\nlet a;\n```");
        assert_eq!(clean("a\rb c"), "a b c");
        assert_eq!(clean("x\n\n        deep"), "x\n\n   deep");
        assert_eq!(clean("x\n  y\n- z"), "x y\n- z");
    }
}
