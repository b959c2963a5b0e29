//! Redirects that are results.

use reqwest::{StatusCode, header::HeaderMap};

use crate::error::Location;

/// The answer of an operation whose documented result is a redirect. The client does not follow it, because that would
/// send the credential elsewhere.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Redirect {
    /// The status.
    pub status: StatusCode,
    /// The whole target URL, if the server sent one.
    pub location: Option<Location>,
    /// The headers of the response.
    pub headers: HeaderMap,
}
