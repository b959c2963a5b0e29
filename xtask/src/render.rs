//! Findings for people: what was found, where, the piece of the text it speaks of, and what to do.

use std::{fmt::Write as _, io};

use anstyle::{AnsiColor, Style};
use lowcodeapi_codegen::{Severity, Source, document::keys};
use serde_json::Value;

use crate::{finding::Finding, shown::shown};

/// More of a node than this hides the next finding.
const EXCERPT_LINES: usize = 6;
const EXCERPT_WIDTH: usize = 100;

const FRAME: Style = AnsiColor::BrightBlue.on_default().bold();
const BOLD: Style = Style::new().bold();

/// A text that findings speak of, parsed once for all of them.
pub(crate) struct Subject<'a> {
    name: &'a str,
    text: &'a str,
    tree: Value,
}

impl<'a> Subject<'a> {
    /// A text that is neither JSON nor YAML has no excerpts; what is wrong with it is a finding of its own.
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let tree = lowcodeapi_codegen::read(&Source { name, text }).tree.unwrap_or_default();
        Self { name, text, tree }
    }
}

/// One finding, with colours; the stream it is printed to takes them out where they are not wanted.
pub(crate) fn render(finding: &Finding, subjects: &[Subject<'_>]) -> String {
    let colour = colour(finding.severity);
    let mut out = format!(
        "{colour}{}[{}]{colour:#}{BOLD}: {}{BOLD:#}\n",
        finding.severity,
        finding.code,
        shown(finding.message.trim_end())
    );
    let subject = subjects.iter().find(|subject| subject.name == finding.file);
    if !finding.file.is_empty() {
        let place = finding.line.zip(finding.column);
        let line = place.map(|(line, column)| format!(" (line {line}, column {column})")).unwrap_or_default();
        let pointer = if finding.pointer.is_empty() { String::new() } else { format!("#{}", shown(&finding.pointer)) };
        push(&mut out, &format!("  {FRAME}-->{FRAME:#} {}{pointer}{line}", shown(&finding.file)));
    }
    let excerpt = subject.and_then(|subject| excerpt(subject, &finding.pointer)).unwrap_or_default();
    if !excerpt.is_empty() {
        push(&mut out, &format!("   {FRAME}|{FRAME:#}"));
        for line in excerpt {
            push(&mut out, &format!("   {FRAME}|{FRAME:#} {line}"));
        }
        push(&mut out, &format!("   {FRAME}|{FRAME:#}"));
    }
    if let Some(help) = &finding.help {
        push(&mut out, &format!("   {FRAME}={FRAME:#} {BOLD}help{BOLD:#}: {}", shown(help)));
    }
    out
}

/// How many findings there are of each severity, and how to see those that are hidden.
pub(crate) fn summary(findings: &[Finding], notes_hidden: bool) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        if count == 0 {
            continue;
        }
        let colour = colour(severity);
        let separator = if out.is_empty() { "" } else { ", " };
        let plural = if count == 1 { "" } else { "s" };
        let hidden = if severity == Severity::Note && notes_hidden { " (shown with --notes)" } else { "" };
        // Writing to a `String` cannot fail.
        let _ = write!(out, "{separator}{colour}{count} {severity}{plural}{colour:#}{hidden}");
    }
    out
}

fn push(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

fn colour(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        _ => AnsiColor::BrightGreen,
    };
    colour.on_default().bold()
}

/// The node as text, in the language of its file; nothing for the whole document and for what the file does not have.
fn excerpt(subject: &Subject<'_>, pointer: &str) -> Option<Vec<String>> {
    let key = keys(pointer).last()?;
    let node = subject.tree.pointer(pointer)?;
    let text = if subject.text.starts_with(['{', '[']) {
        let prefix = if key.parse::<usize>().is_ok() { String::new() } else { format!("{}: ", Value::from(key)) };
        // It fails where the excerpt is full.
        let mut excerpt = Excerpt(prefix.into_bytes());
        let _ = serde_json::to_writer_pretty(&mut excerpt, node);
        excerpt.text()
    } else {
        let mut excerpt = Excerpt(Vec::new());
        let _ = serde_yaml::to_writer(&mut excerpt, node);
        excerpt.text()
    };
    let mut lines: Vec<String> = text.lines().take(EXCERPT_LINES).map(shorten).collect();
    if text.lines().nth(EXCERPT_LINES).is_some() {
        lines.push("…".to_owned());
    }
    Some(lines)
}

/// The beginning of a node as text; more of it than is shown is not written.
struct Excerpt(Vec<u8>);

impl Excerpt {
    const MAX_BYTES: usize = 16 * EXCERPT_LINES * EXCERPT_WIDTH;

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl io::Write for Excerpt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(Self::MAX_BYTES.saturating_sub(self.0.len()));
        self.0.extend_from_slice(&bytes[..length]);
        if length == 0 && !bytes.is_empty() { Err(io::ErrorKind::WriteZero.into()) } else { Ok(length) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn shorten(line: &str) -> String {
    let mut out: String = shown(line).chars().take(EXCERPT_WIDTH).collect();
    if line.chars().count() > EXCERPT_WIDTH {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::locate;

    fn plain(finding: &Finding, name: &str, text: &str) -> String {
        let mut located = [finding.clone()];
        locate(&mut located, &[(name, text)]);
        anstream::adapter::strip_str(&render(&located[0], &[Subject::new(name, text)])).to_string()
    }

    fn finding(pointer: &str) -> Finding {
        Finding::error("dangling-ref", "a.json", "points at nothing").at(pointer).help("correct it")
    }

    #[test]
    fn a_finding_shows_its_place_its_piece_and_its_help() {
        let text = "{\n  \"paths\": {\n    \"/a\": {\"$ref\": \"#/no\", \"x\": [1, 2, 3]}\n  }\n}";
        assert_eq!(
            plain(&finding("/paths/~1a"), "a.json", text),
            "error[dangling-ref]: points at nothing\n  --> a.json#/paths/~1a (line 3, column 5)\n   |\n   | \"/a\": {\n   |   \"$ref\": \"#/no\",\n   |   \"x\": [\n   |     1,\n   |     2,\n   |     3\n   | …\n   |\n   = help: correct it\n"
        );
    }

    #[test]
    fn yaml_is_shown_as_yaml_with_the_line_of_a_text() {
        let text = "actions:\n  - target: $.x\n    remove: true\n";
        let target = Finding { file: "o.yaml".to_owned(), ..finding("/actions/0/target") };
        assert!(plain(&target, "o.yaml", text).contains("  --> o.yaml#/actions/0/target (line 2, column 5)\n"));
        let finding = Finding { file: "o.yaml".to_owned(), ..finding("/actions/0") };
        assert_eq!(
            plain(&finding, "o.yaml", text),
            "error[dangling-ref]: points at nothing\n  --> o.yaml#/actions/0 (line 2, column 5)\n   |\n   | target: $.x\n   | remove: true\n   |\n   = help: correct it\n"
        );
    }

    #[test]
    fn what_the_text_lacks_has_no_piece() {
        assert_eq!(
            plain(&finding("/paths/~1a"), "a.json", "{\n\"paths\": {}}"),
            "error[dangling-ref]: points at nothing\n  --> a.json#/paths/~1a (line 2, column 1)\n   = help: correct it\n"
        );
        assert!(plain(&finding("/a"), "other.json", "{}").contains("  --> a.json#/a\n"));
        assert!(!plain(&finding("/a"), "a.json", "{\"a\": \"\u{1b}[31m\"}").contains('\u{1b}'));
    }

    #[test]
    fn the_summary_counts_and_says_what_is_hidden() {
        let note = finding("").severity(Severity::Note);
        let findings = [finding(""), note.clone(), note];
        let text = summary(&findings, true);
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "1 error, 2 notes (shown with --notes)");
        assert_eq!(summary(&[], true), "");
    }
}
