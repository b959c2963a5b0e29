//! The findings and the remaining steps of a lowering.

use crate::{
    budget::{MAX_REFERENCES, STEP_BYTES, Steps},
    diagnostic::{Code, Findings, code},
    read::{
        ledger::Ledger,
        parse::{Failure, Unresolved},
    },
};

/// The findings, the remaining steps, and what was read.
pub(crate) struct Report<'f> {
    pub(crate) findings: &'f mut Findings,
    pub(crate) steps: Steps,
    pub(crate) ledger: Ledger,
}

impl Report<'_> {
    /// Takes steps for work that several references may repeat. Reports it at this place and returns `false` if none
    /// are left.
    pub(crate) fn take_steps(&mut self, steps: usize, at: &str) -> bool {
        let goes_on = self.steps.take(steps);
        if !goes_on {
            self.steps.tell(at, self.findings);
        }
        goes_on
    }

    /// Takes the steps of a text that several references may repeat.
    pub(crate) fn take_text(&mut self, bytes: usize, at: &str) -> bool {
        self.take_steps(bytes / STEP_BYTES, at)
    }

    pub(crate) fn failure(&mut self, failure: Failure) {
        match failure {
            Failure::Unresolved(unresolved) => self.unresolved(unresolved),
            Failure::Malformed { at, message } => {
                let message = format!("malformed, so the client ignores it: {message}");
                self.findings.add_with_help(code::MALFORMED, at, message, "correct it in an overlay");
            }
        }
    }

    pub(crate) fn failures(&mut self, failures: Vec<Failure>) {
        for failure in failures {
            self.failure(failure);
        }
    }

    pub(crate) fn unresolved(&mut self, unresolved: Unresolved) {
        match unresolved {
            Unresolved::Dangling { at, reference } => {
                let message = format!("`$ref: {reference}` has no target in the document");
                self.findings.add_with_help(
                    code::DANGLING_REF,
                    at,
                    message,
                    "correct the reference, or add its target, in an overlay",
                );
            }
            Unresolved::External { reason: Some(reason), .. } if reason.is_empty() => {}
            Unresolved::External { at, reference, reason } => {
                let reason = reason.unwrap_or_else(|| "references to other files are not followed here".to_owned());
                let message = format!("`$ref: {reference}` has no target: {reason}");
                let help = "correct the reference, or add its target";
                self.findings.add_with_help(code::DANGLING_REF, at, message, help);
            }
            Unresolved::TooLong { at } => {
                let message = format!("this starts a chain of more than {MAX_REFERENCES} `$ref`");
                self.findings.add_with_help(code::TOO_DEEP, at, message, "refer to the end of the chain in an overlay");
            }
            Unresolved::Circular { at } => {
                let help = "replace one `$ref` of the chain by a schema in an overlay";
                self.findings.add_with_help(code::CIRCULAR_REF, at, "`$ref` leads back to itself", help);
            }
        }
    }

    /// Reports a construct that the client expresses in another way, which the message says.
    pub(crate) fn add(&mut self, code: Code, at: &str, message: impl Into<String>, help: &str) {
        self.findings.add_with_help(code, at, message, help);
    }
}
