//! The response to one attempt.

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use crate::error::Location;

/// A response with any status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The target of a redirect that is the result of the call.
    pub(crate) location: Option<Location>,
    /// The whole body; empty if it is streamed.
    pub(crate) body: Bytes,
    /// The response of a successful call whose body is streamed. In a box, because other answers are moved without it.
    pub(crate) stream: Option<Box<reqwest::Response>>,
}
