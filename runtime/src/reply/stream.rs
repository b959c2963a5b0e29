//! Streams the body of a response, and saves it to a file.

use std::{
    fmt,
    io::{self, ErrorKind},
    path::Path,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};
use reqwest::{StatusCode, header::HeaderMap};
use tokio::io::{AsyncRead, AsyncWriteExt as _};
use tokio_util::io::StreamReader;

use crate::{
    client::Client,
    error::{
        Error, TimeoutKind,
        decode::{DecodeError, Unread},
    },
    gateway::destroyed::Watch,
    platform::clock::{Instant, timeout},
    platform::{
        files::{File, in_background},
        incoming::Incoming,
    },
    reply::{temporary::Temporary, transport::transport_error},
    shown::file_name::suggested_file_name,
};

/// The chunks of a body. The client's stall timeout applies to each.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// Reads a body chunk by chunk.
struct Reader {
    response: Incoming,
    client: Client,
    /// The deadline and duration of the call's own timeout.
    deadline: Option<(Instant, Duration)>,
}

impl Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let limits = &self.client.shared.limits;
        let started = Instant::now();
        let (bound, out_of_time) = match self.deadline {
            Some((end, total)) => (end.saturating_duration_since(started), Error::timeout(TimeoutKind::Total, total)),
            None => (limits.stall, Error::timeout(TimeoutKind::Stalled, limits.stall)),
        };
        match timeout(bound, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(error)) => {
                Err(transport_error(error.into(), limits, started.elapsed(), self.client.shared.secrets()))
            }
            Err(_) => Err(out_of_time),
        }
    }
}

/// Returns the chunks of a response. Reads nothing ahead, and nothing after an error. `total` is the call's own
/// timeout, which started at `started`.
pub(crate) fn chunks(response: Incoming, client: &Client, started: Instant, total: Option<Duration>) -> Chunks {
    let deadline = total.and_then(|total| Some((started.checked_add(total)?, total)));
    let reader = Reader { response, client: client.clone(), deadline };
    Box::pin(stream::try_unfold(
        reader,
        |mut reader| async move { Ok(reader.next().await?.map(|chunk| (chunk, reader))) },
    ))
}

/// Checks the chunks of a file that the gateway may have corrupted, and ends with an error once that is certain.
pub(crate) fn watched(chunks: Chunks, status: StatusCode, watch: Watch) -> Chunks {
    Box::pin(stream::try_unfold((chunks, watch), move |(mut chunks, mut watch)| async move {
        let Some(chunk) = chunks.next().await.transpose()? else { return Ok(None) };
        if let Some(message) = watch.damage(&chunk) {
            let (path, excerpt) = (".".to_owned(), String::new());
            return Err(Error::Decode(Box::new(DecodeError {
                status,
                path,
                message,
                excerpt,
                cause: None,
                unread: Unread::default(),
            })));
        }
        Ok(Some((chunk, (chunks, watch))))
    }))
}

/// A streamed download, as a [`Stream`] of chunks. It needs constant memory.
///
/// The client's response limit does not apply. The client's stall timeout applies between two chunks. A timeout of the
/// call itself applies to the whole download. A download is not retried once it has begun. Dropping it cancels it.
#[must_use = "a download is lost unless it is read or saved"]
pub struct ByteStream {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) length: Option<u64>,
    pub(crate) chunks: Chunks,
}

impl ByteStream {
    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the file name that the server suggests in `Content-Disposition`, as a single name without anything that leads
    /// to another folder or hides what the file is.
    pub fn file_name(&self) -> Option<String> {
        suggested_file_name(&self.headers)
    }

    /// Returns the length of the body in bytes, if the server sent it.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the next chunk, or `None` at the end of the body.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.chunks.next().await
    }

    /// Returns the download as a reader.
    pub fn into_async_read(self) -> impl AsyncRead + Send {
        StreamReader::new(self.chunks.map(|chunk| chunk.map_err(io::Error::other)))
    }

    /// Saves the download to a file, and returns its length in bytes. The data is written to a temporary file in the
    /// same folder, which replaces the target once it is complete and is removed on failure. On Unix the file keeps the
    /// permissions of the one that it replaces. A symbolic link is itself replaced; a folder or special file is an
    /// error.
    ///
    /// # Errors
    ///
    /// Returns the error of the download, or [`Error::Io`] if the file cannot be written.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        let cannot = |source| Error::Io { message: format!("cannot write {}", path.display()), source };
        let beside = path.clone();
        let file = in_background(move || make_file(&beside)).await.map_err(cannot)?;
        let (file, temporary) = file;
        let mut file = File::from_std(file);
        let mut length = 0;
        while let Some(chunk) = self.next().await {
            let chunk = chunk?;
            file.write_all(&chunk).await.map_err(cannot)?;
            length += chunk.len() as u64;
        }
        file.flush().await.map_err(cannot)?;
        file.sync_all().await.map_err(cannot)?;
        let target = path.clone();
        in_background(move || temporary.replace(&target)).await.map_err(cannot)?;
        Ok(length)
    }
}

/// Creates a temporary file next to the target, with the target's permissions if it exists and default ones otherwise.
fn make_file(path: &Path) -> io::Result<(std::fs::File, Temporary)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replaced = replaced(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let replaced = replaced?;
        // Set when the file is created: whoever cannot read the old content must never be able to read the new one.
        let kept = replaced.map(|it| it.permissions().mode() & 0o777);
        let (file, temporary) = Temporary::make(folder, options.mode(kept.unwrap_or(0o666)))?;
        if let Some(kept) = kept {
            // The mode at creation is subject to the umask.
            file.set_permissions(std::fs::Permissions::from_mode(kept))?;
        }
        Ok((file, temporary))
    }
    #[cfg(not(unix))]
    replaced.and_then(|_| Temporary::make(folder, &mut options))
}

/// Returns the metadata of the existing target. A folder, pipe or device is an error, because a file cannot replace it.
fn replaced(path: &Path) -> io::Result<Option<std::fs::Metadata>> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(_) => Err(io::Error::new(ErrorKind::AlreadyExists, "the target exists and is not a file")),
        // A dangling symbolic link is replaced too.
        Err(_) => Ok(None),
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.as_mut().poll_next(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("status", &self.status)
            .field("content_length", &self.length)
            .finish_non_exhaustive()
    }
}
