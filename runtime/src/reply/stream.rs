//! The body of a response as it arrives: bytes, and their way into a file.

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
use tokio::{
    io::{AsyncRead, AsyncWriteExt as _},
    time::{Instant, timeout},
};
use tokio_util::io::StreamReader;

use crate::{
    client::Client,
    error::{DecodeError, Error, TimeoutKind},
    gateway::destroyed::Watch,
    reply::{temporary::Temporary, transport::transport_error},
};

/// The chunks of a body; each may take as long as the client's stall timeout.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// What reads a body chunk by chunk.
struct Reader {
    response: reqwest::Response,
    client: Client,
    /// The end of the time that the caller has given the call as a whole.
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
            Ok(Err(error)) => Err(transport_error(error, limits, started.elapsed(), self.client.shared.secrets())),
            Err(_) => Err(out_of_time),
        }
    }
}

/// The chunks of a response that has begun. Nothing is read ahead, and nothing after an error. `total` is the time that the
/// caller has given the call as a whole, which began at `started`.
pub(crate) fn chunks(
    response: reqwest::Response,
    client: &Client,
    started: Instant,
    total: Option<Duration>,
) -> Chunks {
    let deadline = total.and_then(|total| Some((started.checked_add(total)?, total)));
    let reader = Reader { response, client: client.clone(), deadline };
    Box::pin(stream::try_unfold(
        reader,
        |mut reader| async move { Ok(reader.next().await?.map(|chunk| (chunk, reader))) },
    ))
}

/// The chunks of a file that may have been destroyed on the way, which end with an error once it turns out to be.
pub(crate) fn watched(chunks: Chunks, status: StatusCode, watch: Watch) -> Chunks {
    Box::pin(stream::try_unfold((chunks, watch), move |(mut chunks, mut watch)| async move {
        let Some(chunk) = chunks.next().await.transpose()? else { return Ok(None) };
        if let Some(message) = watch.damage(&chunk) {
            let (path, excerpt) = (".".to_owned(), String::new());
            return Err(Error::Decode(Box::new(DecodeError { status, path, message, excerpt, cause: None })));
        }
        Ok(Some((chunk, (chunks, watch))))
    }))
}

/// A download as it arrives, at constant memory: a [`Stream`] of chunks.
///
/// The client's limit on the size of responses does not hold for it. Between two chunks the server has the client's
/// stall timeout; where the call has a timeout of its own, that bounds the download as a whole. A download that has
/// begun is not repeated. Dropping it ends it.
#[must_use = "a download is read chunk by chunk, or saved"]
pub struct ByteStream {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) length: Option<u64>,
    pub(crate) chunks: Chunks,
}

impl ByteStream {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The length of the body in bytes, where the server has told.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// The next chunk; `None` at the end of the body.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.chunks.next().await
    }

    /// The download as a reader.
    pub fn into_async_read(self) -> impl AsyncRead + Send {
        StreamReader::new(self.chunks.map(|chunk| chunk.map_err(io::Error::other)))
    }

    /// Saves the download under a path, whole or not at all, and gives its length in bytes. It grows in a file of another
    /// name beside it, takes the place of what stood there when it is whole, and leaves nothing behind when it fails. On
    /// Unix it has the permissions of the file that it replaces. A link is replaced itself; what is no file is not.
    ///
    /// # Errors
    ///
    /// That of the download, or [`Error::Io`] when the file cannot be written.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        let cannot = |source| Error::Io { message: format!("cannot write {}", path.display()), source };
        let beside = path.clone();
        let file = in_background(move || make_file(&beside)).await.map_err(cannot)?;
        let (file, temporary) = file;
        let mut file = tokio::fs::File::from_std(file);
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

/// A file beside the one that it is to become, and with the permissions of that one, or of a file that is made in the usual
/// way.
fn make_file(path: &Path) -> io::Result<(std::fs::File, Temporary)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replaced = replaced(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let replaced = replaced?;
        // Who may not read the old content may not read the new one, not even while it grows.
        let kept = replaced.map(|it| it.permissions().mode() & 0o777);
        let (file, temporary) = Temporary::make(folder, options.mode(kept.unwrap_or(0o666)))?;
        if let Some(kept) = kept {
            // Those with which it is made are subject to the mask of the process.
            file.set_permissions(std::fs::Permissions::from_mode(kept))?;
        }
        Ok((file, temporary))
    }
    #[cfg(not(unix))]
    replaced.and_then(|_| Temporary::make(folder, &mut options))
}

/// The file that stands under the path, if one does. A folder, a pipe or a device is none that a file could replace.
fn replaced(path: &Path) -> io::Result<Option<std::fs::Metadata>> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(_) => Err(io::Error::new(ErrorKind::AlreadyExists, "what stands there is no file")),
        // A link that leads nowhere is replaced as well.
        Err(_) => Ok(None),
    }
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(ErrorKind::Interrupted.into()))
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
