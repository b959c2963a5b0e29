//! Tells the user something on standard error, beside the result.

use std::io::{self, Write as _};

/// Writes text and a line break. A standard error that is closed is no reason to fail.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
