//! A finding of the generator or of a command.

use std::fmt::Display;

use lowcodeapi_codegen::{Diagnostic, Severity, Source, document::positions};
use serde::{Serialize, Serializer};

/// A finding, as `--message-format json` prints it on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The kind, in kebab case. `lowcodeapi_codegen::code` lists those of the generator.
    pub(crate) code: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(crate) severity: Severity,
    /// The file or address, or an empty text.
    pub(crate) file: String,
    /// The place in that file, as a JSON pointer.
    pub(crate) pointer: String,
    /// The line and the column of that place, counted from one, if the text is known.
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Finding {
    /// An error about a whole file.
    pub(crate) fn error(code: &'static str, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            file: file.into(),
            pointer: String::new(),
            line: None,
            column: None,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

impl From<&Diagnostic> for Finding {
    fn from(found: &Diagnostic) -> Self {
        Self {
            code: found.code.id,
            severity: found.severity(),
            file: found.file.clone(),
            pointer: found.pointer.clone(),
            line: None,
            column: None,
            message: found.message.clone(),
            help: found.help.clone(),
        }
    }
}

/// Converts the findings of a generation.
pub(crate) fn from_diagnostics(diagnostics: &[Diagnostic]) -> Vec<Finding> {
    diagnostics.iter().map(Finding::from).collect()
}

/// Adds line and column to findings about these texts.
pub(crate) fn locate(findings: &mut [Finding], texts: &[(&str, &str)]) {
    for (name, text) in texts {
        let mut of_text: Vec<_> = findings.iter_mut().filter(|finding| finding.file == *name).collect();
        if of_text.is_empty() {
            continue;
        }
        let pointers: Vec<String> = of_text.iter().map(|finding| finding.pointer.clone()).collect();
        let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
        for (finding, position) in of_text.iter_mut().zip(positions(&Source { name, text }, &pointers)) {
            finding.line = position.map(|position| position.line);
            finding.column = position.map(|position| position.column);
        }
    }
}

fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
