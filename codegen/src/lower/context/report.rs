//! What a lowering has found, and how much work it may still do.

use crate::{
    budget::{MAX_REFERENCES, STEP_BYTES, Steps},
    diagnostic::{Findings, code},
    read::parse::{Failure, Unresolved},
};

/// The findings, and the steps that are left.
pub(crate) struct Report<'f> {
    pub(crate) findings: &'f mut Findings,
    pub(crate) steps: Steps,
}

impl Report<'_> {
    /// Takes steps of work that several places may make necessary again; `false`, and told at this place, once there are
    /// none left.
    pub(crate) fn take_steps(&mut self, steps: usize, at: &str) -> bool {
        let goes_on = self.steps.take(steps);
        if !goes_on {
            self.steps.tell(at, self.findings);
        }
        goes_on
    }

    /// Takes the steps of a text that several places may repeat.
    pub(crate) fn take_text(&mut self, bytes: usize, at: &str) -> bool {
        self.take_steps(bytes / STEP_BYTES, at)
    }

    pub(crate) fn failure(&mut self, failure: Failure) {
        match failure {
            Failure::Unresolved(unresolved) => self.unresolved(unresolved),
            Failure::Malformed { at, message } => self.findings.add(code::MALFORMED, at, message),
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
                let message = format!("`{reference}` points at nothing in the document");
                self.findings.add_with_help(
                    code::DANGLING_REF,
                    at,
                    message,
                    "correct it, or add what it names, in the overlay",
                );
            }
            Unresolved::External { at, reference } if reference.starts_with('#') => {
                let message = format!("`{reference}` is an anchor, and only pointers are followed");
                let help = "write the way to it in the overlay: `#/components/schemas/…`";
                self.findings.add_with_help(code::DANGLING_REF, at, message, help);
            }
            Unresolved::External { at, reference } => {
                let message = format!("`{reference}` is in another document");
                let help = "bundle the documents into one first";
                self.findings.add_with_help(code::DANGLING_REF, at, message, help);
            }
            Unresolved::TooLong { at } => {
                let message = format!("more than {MAX_REFERENCES} references follow each other from here");
                self.findings.add_with_help(code::TOO_DEEP, at, message, "refer to the last of them in the overlay");
            }
            Unresolved::Circular { at } => self.findings.add(code::CIRCULAR_REF, at, "it leads back to itself"),
        }
    }

    pub(crate) fn unsupported(&mut self, at: &str, message: impl Into<String>) {
        self.findings.add(code::UNSUPPORTED, at, message);
    }
}
