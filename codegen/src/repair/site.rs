//! The place of a repair, and its findings.

use crate::diagnostic::{Code, Findings};

/// The place of a repair, and its findings.
pub(super) struct Site<'a> {
    pub(super) pointer: &'a str,
    pub(super) findings: &'a mut Findings,
}

impl Site<'_> {
    pub(super) fn mended(&mut self, code: Code, message: impl Into<String>) {
        self.findings.add(code, self.pointer, message);
    }
}
