//! The place of a repair, and its findings.

use serde_json::Value;

use crate::{
    budget::{self, Steps},
    diagnostic::{Code, Findings},
};

/// The steps of a copied value, which is walked like any other.
const STEPS: usize = 8;

/// The place of a repair, and its findings.
pub(super) struct Site<'a> {
    pub(super) pointer: &'a str,
    pub(super) findings: &'a mut Findings,
    pub(super) copies: &'a mut Steps,
}

impl Site<'_> {
    pub(super) fn mended(&mut self, code: Code, message: impl Into<String>) {
        self.findings.add(code, self.pointer, message);
    }

    /// Takes the steps of a copy. Reports it and returns `false` if not enough are left.
    pub(super) fn take_copy(&mut self, value: &Value) -> bool {
        let goes_on = !self.copies.are_spent() && self.copies.take(STEPS * budget::tally_of(value, 0).nodes);
        if !goes_on {
            self.copies.tell(self.pointer, self.findings);
        }
        goes_on
    }
}
