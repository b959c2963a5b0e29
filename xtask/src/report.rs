//! Prints findings and statuses: JSON to standard output, text to standard error.

use std::fmt::Display;

use clap::ValueEnum;
use lowcodeapi_codegen::Severity;

use crate::{
    failure::Failure,
    finding::Finding,
    render::{self, Subject},
    shown::in_json,
};

/// The form of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people, on standard error
    Human,
    /// One JSON object per line, on standard output
    Json,
}

/// How findings are printed.
pub(crate) struct Report {
    pub(crate) format: MessageFormat,
    /// Whether text output has notes too. JSON output always has them.
    pub(crate) notes: bool,
}

impl Report {
    pub(crate) fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// Prints the findings. `texts` are the named files that they quote.
    pub(crate) fn findings(&self, findings: &[Finding], texts: &[(&str, &str)]) {
        if self.is_json() {
            findings.iter().for_each(print_json);
            return;
        }
        let shown = |finding: &&Finding| self.notes || finding.severity > Severity::Note;
        let mut subjects = Vec::new();
        if findings.iter().any(|finding| shown(&finding)) {
            subjects.extend(texts.iter().map(|(name, text)| Subject::new(name, text)));
        }
        for finding in findings.iter().filter(shown) {
            anstream::eprintln!("{}", render::render(finding, &subjects));
        }
        if !findings.is_empty() {
            anstream::eprintln!("{}", render::summary(findings, !self.notes));
        }
    }

    /// Tells why the command failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.is_json() {
            print_json(&failure.finding);
        } else {
            anstream::eprint!("{}", render::render(&failure.finding, &[]));
        }
    }

    /// What people want to know and machines do not.
    pub(crate) fn status(message: impl Display) {
        anstream::eprintln!("{message}");
    }
}

/// Every finding is text in a struct, which serialises.
fn print_json(finding: &Finding) {
    if let Ok(line) = serde_json::to_string(finding) {
        anstream::println!("{}", in_json(&line));
    }
}
