//! Upload timeouts: an upload may take any time as long as it makes progress.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{
    client::limits::Limits,
    error::{Error, TimeoutKind},
    platform::clock::{Instant, timeout_at},
};

/// The progress of an upload.
#[derive(Debug)]
pub(crate) struct Progress {
    last: Mutex<Instant>,
    /// The bytes of the request's files that have not been read yet.
    remaining: AtomicU64,
    /// The total length of the request's files, in bytes.
    total: AtomicU64,
}

/// The bytes of a body that the HTTP stack and the kernel may buffer.
const BUFFERED: u64 = 4 * 1024 * 1024;

/// The slowest connection that is supported, in bytes per second.
const SLOW: u64 = 16 * 1024;

/// The maximum timeout, longer than any call: a longer one could overflow the clock.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

impl Progress {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { last: Mutex::new(Instant::now()), remaining: AtomicU64::new(0), total: AtomicU64::new(0) })
    }

    /// Announces a file of this length.
    pub(crate) fn expect(&self, length: u64) {
        self.remaining.fetch_add(length, Ordering::Relaxed);
        self.total.fetch_add(length, Ordering::Relaxed);
    }

    /// Records that more bytes have been read, as many as `taken`.
    pub(crate) fn advance(&self, taken: u64) {
        // The file may have grown since its length was read.
        let subtract = |left: u64| Some(left.saturating_sub(taken));
        let _ = self.remaining.fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Returns the deadline of the attempt, and the timeout that expires then.
    fn deadline(&self, limits: &Limits) -> (Instant, TimeoutKind, Duration) {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Once everything has been read, the server has the usual attempt timeout, plus the time that a slow connection
        // needs to send what is still buffered.
        let buffered = self.total.load(Ordering::Relaxed).min(BUFFERED);
        let (kind, limit) = match self.remaining.load(Ordering::Relaxed) {
            0 => (TimeoutKind::Attempt, limits.attempt.saturating_add(Duration::from_secs(buffered / SLOW))),
            _ => (TimeoutKind::Stalled, limits.stall),
        };
        let deadline = last.checked_add(limit).unwrap_or_else(|| last + FAR);
        (deadline, kind, limit)
    }

    /// Runs the attempt until a timeout expires.
    pub(crate) async fn watch<T>(
        &self,
        limits: &Limits,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut future = pin!(future);
        loop {
            let (deadline, kind, after) = self.deadline(limits);
            if deadline <= Instant::now() {
                return Err(Error::timeout(kind, after));
            }
            // The deadline changes during the upload, so it is computed again when the shorter timeout expires.
            let soon = Instant::now() + limits.stall.min(limits.attempt).min(FAR);
            let look = deadline.min(soon);
            if let Ok(result) = timeout_at(look, future.as_mut()).await {
                return result;
            }
        }
    }
}
