//! Facts that a command tells, as an object whose order is kept.

use serde_json::{Map, Value};

use crate::{failure::Failure, output::print_value, settings::Settings};

/// Facts in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct Report(Map<String, Value>);

impl Report {
    /// Adds a fact.
    pub(super) fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Writes the facts to standard output, as results are written.
    pub(super) fn write(self, settings: &Settings) -> Result<(), Failure> {
        print_value(&Value::Object(self.0), settings)
    }
}
