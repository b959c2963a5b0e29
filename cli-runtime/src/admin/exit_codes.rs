//! `help exit-codes`: what the exit statuses mean.

use std::fmt::Write as _;

use crate::{
    failure::{Class, Failure},
    output,
};

/// Writes the exit statuses and their meanings to standard output.
pub(crate) fn run() -> Result<(), Failure> {
    output::print(&text())
}

fn text() -> String {
    let mut text = "Exit statuses:\n\n    0  The command succeeded.\n".to_owned();
    for class in Class::ALL {
        // Writing to a string does not fail.
        writeln!(text, "{:5}  {}", *class as u8, class.meaning()).ok();
    }
    text.push_str("\nWith `--error-format json`, the object on standard error says more.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_stands_on_a_line() {
        let text = text();
        for status in ["    0  ", "    2  ", "   11  ", "  130  ", "  143  "] {
            assert_eq!(text.lines().filter(|line| line.starts_with(status)).count(), 1, "{status}");
        }
    }
}
