//! A file to upload.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use reqwest::Body;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::{InspectReader, ReaderStream};

use crate::{Error, progress::Progress};

/// A file for an upload: its name, its media type, and where its content comes from.
///
/// A file on disk is opened when the request is sent, and again for every further attempt; it is streamed and never sits
/// in memory whole.
#[derive(Debug, Clone)]
pub struct Upload {
    content: Content,
    file_name: String,
    content_type: String,
    /// Whether the media type was only guessed.
    is_guess: bool,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Bytes),
    Path { path: PathBuf, length: u64 },
}

impl Upload {
    /// Bytes in memory, under a file name, from whose ending the media type is guessed.
    pub fn from_bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let file_name = file_name.into();
        let content_type = guess(&file_name);
        Self { content: Content::Bytes(bytes.into()), file_name, content_type, is_guess: true }
    }

    /// A file on disk, under its own name, from whose ending the media type is guessed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] when there is no such file, or it may not be read.
    pub async fn from_path(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let unreadable = |source| unreadable(path, source);
        let length = tokio::fs::metadata(path).await.map_err(unreadable)?;
        if !length.is_file() {
            return Err(Error::invalid(format!("{} is no file", path.display())));
        }
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let content_type = guess(&file_name);
        let content = Content::Path { path: path.to_owned(), length: length.len() };
        Ok(Self { content, file_name, content_type, is_guess: true })
    }

    /// Sets the file name that the server sees.
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets the media type, in place of the guessed one: `application/pdf`.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self.is_guess = false;
        self
    }

    /// Takes the declared media type, unless the caller has set one.
    pub(crate) fn or_content_type(self, declared: Option<&str>) -> Self {
        match declared {
            Some(declared) if self.is_guess => self.with_content_type(declared),
            _ => self,
        }
    }

    /// The file name that the server sees.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The media type that the server sees.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The length of the content, in bytes.
    pub(crate) fn length(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Path { length, .. } => *length,
        }
    }

    /// The content as a body, opened anew.
    pub(crate) async fn body(&self, progress: &Arc<Progress>) -> Result<Body, Error> {
        progress.expect(self.length());
        match &self.content {
            Content::Bytes(bytes) => Ok(stream(Cursor::new(bytes.clone()), self.length(), progress)),
            Content::Path { path, .. } => {
                let file = tokio::fs::File::open(path).await.map_err(|source| unreadable(path, source))?;
                // A file that has grown since is sent up to the length that was announced.
                Ok(stream(file, self.length(), progress))
            }
        }
    }
}

/// What is read from a file at a time, in bytes.
const CHUNK: usize = 64 * 1024;

fn stream(reader: impl AsyncRead + Send + Unpin + 'static, length: u64, progress: &Arc<Progress>) -> Body {
    let progress = Arc::clone(progress);
    let reader = InspectReader::new(reader.take(length), move |bytes: &[u8]| progress.advance(bytes.len()));
    Body::wrap_stream(ReaderStream::with_capacity(reader, CHUNK))
}

fn guess(file_name: &str) -> String {
    mime_guess::from_path(file_name).first_or_octet_stream().essence_str().to_owned()
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::InvalidRequest { message: format!("cannot read {}: {source}", path.display()), source: Some(source) }
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
        assert!(Upload::from_path("/").await.unwrap_err().to_string().contains("is no file"));
    }
}
