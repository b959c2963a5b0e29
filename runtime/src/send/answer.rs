//! What a server answered to one attempt.

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// An answer of any status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The whole body; empty where it is streamed.
    pub(crate) body: Bytes,
    /// The body of a success that the call takes as a stream.
    pub(crate) stream: Option<reqwest::Response>,
}
