//! Successful responses that are not what the call reads.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use bytes::Bytes;
use reqwest::StatusCode;

use crate::{
    error::cause::Cause,
    shown::one_line::{LINE, OneLine},
};

/// A successful response whose body does not match the document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The status of the response.
    pub status: StatusCode,
    /// The path to the value that could not be decoded, such as `data[0].id`, or `.` for the whole body.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
    /// The beginning of the body, with credentials redacted.
    pub excerpt: String,
    /// The parser's error, if parsing failed.
    pub(crate) cause: Option<Arc<Cause>>,
    pub(crate) unread: Unread,
}

/// What could not be read.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Unread {
    pub(crate) media_type: String,
    pub(crate) body: Bytes,
    /// The name and the ID of the event that the body is the data of.
    pub(crate) event: Option<String>,
    pub(crate) id: Option<Arc<str>>,
}

impl fmt::Debug for Unread {
    /// Shows no body, because a server can send back a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unread").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl DecodeError {
    /// Returns whether the server may have processed the call. It is `true` for a success status.
    pub fn may_have_been_processed(&self) -> bool {
        self.status.is_success()
    }

    /// Returns the media type of the response as sent, or an empty string if it has none.
    pub fn media_type(&self) -> &str {
        &self.unread.media_type
    }

    /// Returns the name of the server-sent event that could not be decoded, if it has one. Its data is the body.
    pub fn event(&self) -> Option<&str> {
        self.unread.event.as_deref()
    }

    /// Returns the last ID of the server-sent event that could not be decoded.
    pub fn event_id(&self) -> Option<&str> {
        self.unread.id.as_deref()
    }

    /// Returns the body as it arrived; of a streamed one, its beginning. Nothing in it is redacted.
    pub fn body(&self) -> &Bytes {
        &self.unread.body
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        let Self { status, path, message, excerpt, .. } = self;
        if let Some(event) = &self.unread.event {
            write!(f, "in the event `{event}`, ")?;
        }
        write!(
            f,
            "the response ({status}) does not match the documented form at `{path}`: {message}; the body begins: {excerpt}"
        )
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// A successful response with a media type that the document declares, but that the call does not read. A request has a
/// method for each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherMediaType {
    /// The status of the response.
    pub status: StatusCode,
    /// The media types that the call asks for.
    pub expected: &'static str,
    pub(crate) unread: Unread,
}

impl OtherMediaType {
    /// Returns the media type of the response as sent.
    pub fn media_type(&self) -> &str {
        &self.unread.media_type
    }

    /// Returns the body as it arrived. Nothing in it is redacted.
    pub fn body(&self) -> &Bytes {
        &self.unread.body
    }

    /// Returns the body as it arrived.
    pub fn into_body(self) -> Bytes {
        self.unread.body
    }
}

impl fmt::Display for OtherMediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        let Self { status, expected, unread } = self;
        write!(f, "the response ({status}) is `{}`, and not `{expected}`; its body is kept", unread.media_type)
    }
}

impl std::error::Error for OtherMediaType {}
