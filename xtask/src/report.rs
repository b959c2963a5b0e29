//! Prints findings and statuses: JSON to standard output, text to standard error.

use std::{collections::HashSet, fmt::Display};

use clap::ValueEnum;
use lowcodeapi_codegen::Severity;

use crate::{
    failure::Failure,
    finding::{Finding, locate},
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
        let is_shown = |finding: &Finding| self.is_json() || self.notes || finding.severity > Severity::Note;
        let mut shown: Vec<Finding> = findings.iter().filter(|finding| is_shown(finding)).cloned().collect();
        locate(&mut shown, texts);
        if self.is_json() {
            shown.iter().for_each(print_json);
            return;
        }
        let named: HashSet<&str> = shown.iter().map(|finding| finding.file.as_str()).collect();
        let named = texts.iter().filter(|(name, _)| named.contains(name));
        let subjects: Vec<_> = named.map(|(name, text)| Subject::new(name, text)).collect();
        for finding in &shown {
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
