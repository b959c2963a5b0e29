//! Watches an upload: it may take as long as it makes progress.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use crate::{
    client::limits::Limits,
    error::{Error, TimeoutKind},
};

/// How far an upload has come.
#[derive(Debug)]
pub(crate) struct Progress {
    last: Mutex<Instant>,
    /// The bytes that are still to be read from the files of the request.
    remaining: AtomicU64,
    /// The length of all files of the request.
    total: AtomicU64,
}

/// What the HTTP stack and the kernel take of a body before it is on the line, in bytes.
const BUFFERED: u64 = 4 * 1024 * 1024;

/// A line that is slow, and still one: in bytes a second.
const SLOW: u64 = 16 * 1024;

/// Longer than any call; a bound that no clock can hold ends there.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

impl Progress {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { last: Mutex::new(Instant::now()), remaining: AtomicU64::new(0), total: AtomicU64::new(0) })
    }

    /// A file of this length will be sent.
    pub(crate) fn expect(&self, length: u64) {
        self.remaining.fetch_add(length, Ordering::Relaxed);
        self.total.fetch_add(length, Ordering::Relaxed);
    }

    /// So many bytes more have been taken.
    pub(crate) fn advance(&self, bytes: usize) {
        let taken = bytes as u64;
        // The file may have grown since its length was read.
        let subtract = |left: u64| Some(left.saturating_sub(taken));
        let _ = self.remaining.fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The time at which the attempt is given up, and the bound that then was reached.
    fn deadline(&self, limits: &Limits) -> (Instant, TimeoutKind, Duration) {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Once all is handed over, the server has as long to answer as for any other call, and what buffers still hold
        // has the time that a slow line takes for it.
        let buffered = self.total.load(Ordering::Relaxed).min(BUFFERED);
        let (kind, limit) = match self.remaining.load(Ordering::Relaxed) {
            0 => (TimeoutKind::Attempt, limits.attempt.saturating_add(Duration::from_secs(buffered / SLOW))),
            _ => (TimeoutKind::Stalled, limits.stall),
        };
        let deadline = last.checked_add(limit).unwrap_or_else(|| last + FAR);
        (deadline, kind, limit)
    }

    /// Runs the attempt until a bound is reached.
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
            // Which bound holds changes while the upload goes on, so it is looked at again when the shorter one is due.
            let soon = Instant::now() + limits.stall.min(limits.attempt).min(FAR);
            let look = deadline.min(soon);
            if let Ok(result) = timeout_at(look, future.as_mut()).await {
                return result;
            }
        }
    }
}
