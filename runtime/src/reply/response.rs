//! A result with what came around it.

use reqwest::{StatusCode, header::HeaderMap};

/// What a successful call gave: the value, and the status and headers it came with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The status; the gateway answers 200 where the provider answered 201.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The headers of the provider's response, where a gateway stands before it and passes them on; else none.
    pub provider_headers: HeaderMap,
    /// The decoded result.
    pub value: T,
}

impl<T> Response<T> {
    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }
}
