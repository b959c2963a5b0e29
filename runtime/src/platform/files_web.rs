//! The web has no files: opening one is an error of the standard library, so no file is ever read or written.

use std::{
    fs, io,
    path::Path,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A file that no platform opens.
pub(crate) struct File(fs::File);

impl File {
    pub(crate) async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        fs::File::open(path).map(Self)
    }

    pub(crate) fn from_std(file: fs::File) -> Self {
        Self(file)
    }

    pub(crate) async fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    pub(crate) async fn metadata(&self) -> io::Result<fs::Metadata> {
        self.0.metadata()
    }

    pub(crate) async fn sync_all(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}

impl AsyncRead for File {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }
}

impl AsyncWrite for File {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

pub(crate) async fn metadata(path: impl AsRef<Path>) -> io::Result<fs::Metadata> {
    fs::metadata(path)
}

/// Runs work that blocks. The web has no other thread for it.
pub(crate) async fn in_background<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    work()
}
