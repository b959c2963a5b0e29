//! `help exit-codes`: what the exit statuses mean.

use std::io::{self, Write as _};

use crate::failure::{Class, Failure};

/// Writes the exit statuses and their meanings to standard output.
pub(crate) fn run() -> Result<(), Failure> {
    match io::stdout().lock().write_all(text().as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Class::Other, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

fn text() -> String {
    String::new()
}
