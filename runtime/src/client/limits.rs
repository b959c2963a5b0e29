//! The limits of calls.

use std::time::Duration;

/// The timeouts and the size limit of every call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
    pub(crate) stall: Duration,
    pub(crate) response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(120),
            total: Duration::from_secs(300),
            stall: Duration::from_secs(60),
            response_bytes: 64 * 1024 * 1024,
        }
    }
}
