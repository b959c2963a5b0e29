//! One line on a terminal that says what is going on; on anything else, nothing.

use std::{
    cell::Cell,
    io::{IsTerminal, Write, stderr},
};

/// A step that would flicker is not shown.
const STEP: u64 = 64 * 1024;

/// Clears its line when it is dropped.
pub(crate) struct Progress {
    terminal: bool,
    shown: Cell<u64>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { terminal: stderr().is_terminal(), shown: Cell::new(0) }
    }

    /// Replaces the line.
    pub(crate) fn show(&self, message: &str) {
        if self.terminal {
            // A terminal that cannot be written to is no reason to stop.
            let _ = write!(stderr(), "\r\u{1b}[2K{message} …").and_then(|()| stderr().flush());
        }
    }

    pub(crate) fn bytes(&self, address: &str, bytes: u64, all: Option<u64>) {
        if bytes / STEP > self.shown.get() / STEP || self.shown.get() == 0 {
            self.shown.set(bytes);
            let all = all.map(|all| format!(" of {} KiB", all.div_ceil(1024))).unwrap_or_default();
            self.show(&format!("downloading {address}: {} KiB{all}", bytes.div_ceil(1024)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal {
            let _ = write!(stderr(), "\r\u{1b}[2K");
        }
    }
}
