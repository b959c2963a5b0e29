//! Redirects that are results.

use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    error::{Error, Location},
    reply::decode::{Decode, Reply},
};

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

/// Returns the redirect.
#[derive(Debug)]
pub struct Redirected;

impl Decode for Redirected {
    type Output = Redirect;

    fn decode(reply: Reply<'_>) -> Result<Redirect, Error> {
        let status = reply.status();
        Ok(reply.redirect.unwrap_or(Redirect { status, location: None, headers: HeaderMap::new() }))
    }
}
