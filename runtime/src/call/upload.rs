//! Uploads of files.

use std::{
    fmt,
    future::Future,
    io::{self, Cursor, ErrorKind},
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use reqwest::Body;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::io::{ReaderStream, StreamReader};

use crate::{
    call::progress::Progress,
    error::Error,
    http::media_type,
    platform::{
        files::{self, File},
        outgoing::streamed,
    },
};

/// A file to upload: its name, media type and content.
///
/// A file on disk is opened for each attempt. If its length or modification time has changed since the upload was
/// created, even while it is sent, the call fails. Content from a file, reader or stream is never held in memory as a
/// whole.
///
/// An upload from [`from_reader`](Self::from_reader) or [`from_stream`](Self::from_stream) can be read only once, so
/// its call is not retried. A call with an upload from [`from_fn`](Self::from_fn) can be.
#[derive(Clone)]
pub struct Upload {
    content: Content,
    /// `None` if it is known only when the content has been read.
    length: Option<u64>,
    file_name: String,
    content_type: String,
    /// Whether the media type was guessed from the file name.
    is_guess: bool,
    on_progress: Option<OnProgress>,
}

type Reader = Box<dyn AsyncRead + Send + Unpin>;
type Open = dyn Fn() -> Pin<Box<dyn Future<Output = io::Result<Reader>> + Send>> + Send + Sync;
type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path(PathBuf, Option<SystemTime>),
    /// The first attempt takes the reader.
    Once(Arc<Mutex<Option<Reader>>>),
    Open(Arc<Open>),
}

impl Upload {
    /// Creates an upload of bytes in memory. The media type is guessed from the extension of the file name.
    pub fn from_bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(file_name.into(), Some(length), Content::Bytes(bytes))
    }

    /// Creates an upload of `length` bytes from a reader. It can be sent only once.
    pub fn from_reader(
        file_name: impl Into<String>,
        length: u64,
        reader: impl AsyncRead + Send + Unpin + 'static,
    ) -> Self {
        Self::once(file_name.into(), Some(length), reader)
    }

    /// Creates an upload of all that a reader yields, whose length is not known before. It is sent in chunks, which not all
    /// servers accept, and can be sent only once.
    pub fn from_unsized_reader(file_name: impl Into<String>, reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self::once(file_name.into(), None, reader)
    }

    fn once(file_name: String, length: Option<u64>, reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let reader: Reader = Box::new(reader);
        Self::new(file_name, length, Content::Once(Arc::new(Mutex::new(Some(reader)))))
    }

    /// Creates an upload of `length` bytes from a stream. It can be sent only once.
    pub fn from_stream(
        file_name: impl Into<String>,
        length: u64,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self::from_reader(file_name, length, StreamReader::new(Box::pin(stream)))
    }

    /// Creates an upload of all that a stream yields, as [`from_unsized_reader`](Self::from_unsized_reader) does.
    pub fn from_unsized_stream(
        file_name: impl Into<String>,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self::from_unsized_reader(file_name, StreamReader::new(Box::pin(stream)))
    }

    /// Creates an upload of `length` bytes from the reader that the function opens. It is called for each attempt, so
    /// the call can be retried.
    pub fn from_fn<F, R>(
        file_name: impl Into<String>,
        length: u64,
        open: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<R>> + Send + 'static,
        R: AsyncRead + Send + Unpin + 'static,
    {
        let open = move || -> Pin<Box<dyn Future<Output = io::Result<Reader>> + Send>> {
            let opened = open();
            Box::pin(async move { Ok(Box::new(opened.await?) as Reader) })
        };
        Self::new(file_name.into(), Some(length), Content::Open(Arc::new(open)))
    }

    fn new(file_name: String, length: Option<u64>, content: Content) -> Self {
        let content_type = guess(&file_name);
        Self { content, length, file_name, content_type, is_guess: true, on_progress: None }
    }

    /// Creates an upload of a file on disk. The media type is guessed from the extension of its name.
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidRequest`] if the file does not exist or cannot be read.
    pub async fn from_path(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let unreadable = |source| unreadable(path, source);
        let metadata = files::metadata(path).await.map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Error::invalid(format!("{} is not a file", path.display())));
        }
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let content = Content::Path(path.to_owned(), metadata.modified().ok());
        Ok(Self::new(file_name, Some(metadata.len()), content))
    }

    /// Sets the file name that the server sees. A multipart form requires one; without it the call fails.
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets the media type, such as `application/pdf`, in place of the guessed one.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self.is_guess = false;
        self
    }

    /// Calls the function after each chunk with the bytes handed to the connection so far and the total length, if it is
    /// known. Each attempt starts again at 0. The function must not block.
    pub fn with_progress(mut self, on_progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(on_progress));
        self
    }

    /// Chooses one of the declared media types, unless the caller has set one.
    pub(crate) fn or_content_type(self, declared: Option<&str>) -> Self {
        let Some(declared) = declared.filter(|_| self.is_guess) else { return self };
        let agreed = media_type::agreed(declared, &self.content_type).to_owned();
        self.with_content_type(agreed)
    }

    /// Returns the file name that the server sees.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Returns the media type that the server sees.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns the length of the content, in bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the path, if the content is a file on disk.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::Path(path, _) => Some(path),
            _ => None,
        }
    }

    /// Returns whether the content can be sent again.
    pub(crate) fn is_reopenable(&self) -> bool {
        !matches!(self.content, Content::Once(_))
    }

    /// Opens the content and returns it as a body.
    pub(crate) async fn body(&self, progress: &Arc<Progress>) -> Result<Body, Error> {
        let unreadable = |source| unreadable(Path::new(&self.file_name), source);
        streamed(self.content(progress).await?).await.map_err(unreadable)
    }

    /// Opens the content.
    pub(crate) async fn content(&self, progress: &Arc<Progress>) -> Result<Chunks, Error> {
        progress.expect(self.length.unwrap_or(UNKNOWN));
        match &self.content {
            Content::Bytes(bytes) => Ok(self.stream(Cursor::new(bytes.clone()), progress, None)),
            Content::Path(path, modified) => {
                let unreadable = |source| unreadable(path, source);
                let file = File::open(path).await.map_err(unreadable)?;
                let state = State { length: self.length.unwrap_or_default(), modified: *modified };
                if !state.is_of(&file).await.map_err(unreadable)? {
                    let message = format!("{} has changed since the upload was created", path.display());
                    return Err(Error::invalid(message));
                }
                let watched = file.try_clone().await.map_err(unreadable)?;
                Ok(self.stream(file, progress, Some(Arc::new((watched, state)))))
            }
            Content::Once(reader) => match reader.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(reader) => Ok(self.stream(reader, progress, None)),
                None => Err(Error::invalid(format!(
                    "`{}` was already sent, and its source cannot be read again",
                    self.file_name
                ))),
            },
            Content::Open(open) => {
                let reader = open().await.map_err(|source| unreadable(Path::new(&self.file_name), source))?;
                Ok(self.stream(reader, progress, None))
            }
        }
    }

    /// Streams the reader's bytes up to the announced length. The request fails if the source ends earlier, or if a
    /// file has changed before its last bytes are read.
    fn stream(
        &self,
        reader: impl AsyncRead + Send + Unpin + 'static,
        progress: &Arc<Progress>,
        watched: Option<Arc<(File, State)>>,
    ) -> Chunks {
        let (progress, on_progress) = (Arc::clone(progress), self.on_progress.clone());
        let (length, file_name) = (self.length, Arc::<str>::from(self.file_name.as_str()));
        let pieces = ReaderStream::with_capacity(reader.take(length.unwrap_or(u64::MAX)), CHUNK);
        let chunks = stream::try_unfold((pieces, 0), move |(mut pieces, sent)| {
            let (progress, on_progress, file_name) = (progress.clone(), on_progress.clone(), file_name.clone());
            let watched = watched.clone();
            async move {
                let Some(piece) = pieces.next().await.transpose()? else {
                    return match length {
                        Some(length) if sent < length => {
                            let message = format!("`{file_name}` ended after {sent} of {length} bytes");
                            Err(io::Error::new(ErrorKind::UnexpectedEof, message))
                        }
                        Some(_) => Ok(None),
                        None => {
                            progress.advance(UNKNOWN.saturating_sub(sent));
                            Ok(None)
                        }
                    };
                };
                let sent = sent + piece.len() as u64;
                if Some(sent) == length
                    && let Some((file, state)) = watched.as_deref()
                    && !state.is_of(file).await?
                {
                    return Err(io::Error::other(format!("`{file_name}` has changed while it was sent")));
                }
                progress.advance(piece.len() as u64);
                if let Some(on_progress) = on_progress {
                    on_progress(sent, length);
                }
                Ok(Some((piece, (pieces, sent))))
            }
        });
        chunks.boxed()
    }
}

/// The metadata by which a change of the file is detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    length: u64,
    /// `None` if the file system does not report it.
    modified: Option<SystemTime>,
}

impl State {
    /// Returns whether the file is unchanged.
    async fn is_of(&self, file: &File) -> io::Result<bool> {
        let metadata = file.metadata().await?;
        Ok(*self == Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// The content of an upload.
pub(crate) type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Stands for an unknown length until the content ends: more than any upload has.
const UNKNOWN: u64 = 1 << 50;

/// The size of a read from the source, in bytes.
const CHUNK: usize = 64 * 1024;

fn guess(file_name: &str) -> String {
    mime_guess::from_path(file_name).first_or_octet_stream().essence_str().to_owned()
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::InvalidRequest { message: format!("cannot read {}: {source}", path.display()), source: Some(source) }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_guessed_and_can_be_set() {
        assert_eq!(Upload::from_bytes("brand.pdf", "x").content_type(), "application/pdf");
        assert_eq!(Upload::from_bytes("brand", "x").content_type(), "application/octet-stream");
        assert_eq!(Upload::from_bytes("brand", "x").with_content_type("text/plain").content_type(), "text/plain");
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_an_invalid_request() {
        let error = Upload::from_path("/nowhere/at/all").await.unwrap_err();
        assert!(matches!(&error, Error::InvalidRequest { source: Some(_), .. }), "{error:?}");
        assert!(error.to_string().contains("/nowhere/at/all"));
        assert!(Upload::from_path("/").await.unwrap_err().to_string().contains("is not a file"));
    }
}
