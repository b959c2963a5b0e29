//! Files on disk.

use std::io::{self, ErrorKind};

pub(crate) use tokio::fs::{File, metadata};

/// Runs work that blocks.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(ErrorKind::Interrupted.into()))
}
