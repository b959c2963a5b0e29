//! The response to one attempt.

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// A response with any status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The whole body; empty if it is streamed.
    pub(crate) body: Bytes,
    /// The response of a successful call whose body is streamed.
    pub(crate) stream: Option<reqwest::Response>,
}
