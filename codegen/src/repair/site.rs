//! Where a repair works, and where it says what it did.

use serde_json::Value;

use crate::{
    budget::{self, Steps},
    diagnostic::{Code, Findings},
};

/// What a value counts that is copied: it is walked like any other then.
const STEPS: usize = 8;

/// The place that a repair works on, and where it says what it did.
pub(super) struct Site<'a> {
    pub(super) pointer: &'a str,
    pub(super) findings: &'a mut Findings,
    pub(super) copies: &'a mut Steps,
}

impl Site<'_> {
    pub(super) fn mended(&mut self, code: Code, message: impl Into<String>) {
        self.findings.add(code, self.pointer, message);
    }

    /// Takes as many steps as a copy has values; `false`, and told, where there are not so many left.
    pub(super) fn take_copy(&mut self, value: &Value) -> bool {
        let goes_on = !self.copies.are_spent() && self.copies.take(STEPS * budget::tally_of(value, 0).nodes);
        if !goes_on {
            self.copies.tell(self.pointer, self.findings);
        }
        goes_on
    }
}
