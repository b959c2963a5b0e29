//! The formats of a report.

mod github;
mod json;
mod markdown;
mod sarif;
mod text;

use clap::ValueEnum;

use super::report::Changes;
use crate::shown::in_json;

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    Text,
    /// For pull requests and release notes
    Markdown,
    /// One object, for other programs
    Json,
    /// Annotations of GitHub's workflows
    Github,
    /// Static Analysis Results Interchange Format 2.1.0
    Sarif,
}

/// Returns the report. It ends with a line break. `file` is the new document in messages about places.
pub(crate) fn show(format: Format, changes: &Changes, file: &str) -> String {
    match format {
        Format::Text => text::text(changes),
        Format::Markdown => markdown::markdown(changes),
        Format::Json => in_lines(&json::json(changes)),
        Format::Github => github::github(changes, file),
        Format::Sarif => in_lines(&sarif::sarif(changes, file)),
    }
}

/// JSON of several lines, safe to show.
fn in_lines(json: &str) -> String {
    json.lines().map(|line| in_json(line) + "\n").collect()
}

pub(crate) use self::markdown::{in_text, markdown, section};
