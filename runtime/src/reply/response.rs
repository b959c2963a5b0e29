//! A result with its status and headers.

use reqwest::{StatusCode, header::HeaderMap};

/// The result of a successful call, with the status and headers of the response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The status.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The headers of the API behind a LowCodeAPI gateway, if the gateway passes them on. Always empty for clients of other
    /// services.
    pub provider_headers: HeaderMap,
    /// The decoded result.
    pub value: T,
}

impl<T> Response<T> {
    /// Returns the result without status and headers.
    pub fn into_value(self) -> T {
        self.value
    }
}
