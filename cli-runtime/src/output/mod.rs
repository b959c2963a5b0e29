//! Writes results and failures.

mod cell;
mod fail;
mod form;
mod json;
mod listing;
mod look;
mod people;
mod printer;
mod record;
mod seen;
mod select;
mod sink;
mod table;

use serde_json::Value;

pub(crate) use crate::output::{fail::fail, listing::Listing, look::Role, printer::Printer, seen::line, sink::Sink};
#[cfg(test)]
pub(crate) use crate::output::{look::Look, sink::testing::Shared};
use crate::{failure::Failure, settings::Settings};

/// Writes text of the program itself to standard output. A closed pipe is no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut sink = Sink::stdout();
    sink.text(text)?;
    sink.flush()
}

/// Writes a value to standard output, in the format that was asked for.
pub(crate) fn print_value(value: &Value, settings: &Settings) -> Result<(), Failure> {
    Printer::new(settings)?.value(value)
}
