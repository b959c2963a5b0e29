//! The doors through which the fuzz targets reach what reads bytes from outside. Compiled with `--cfg fuzzing` alone.

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};

use crate::{
    ApiError,
    redact::{self, Secrets},
    retry,
};

const SECRET: &str = "at_marked";

/// Reads any bytes as the body of an error, and any as its headers; the credential must not come out.
///
/// # Panics
///
/// When it does.
pub fn read_error(body: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(body) {
        headers.insert("retry-after", value.clone());
        headers.insert("x-request-id", value);
    }
    let error =
        ApiError::read(StatusCode::BAD_REQUEST, &headers, &Bytes::copy_from_slice(body), true, &Secrets::from(SECRET));
    let seen = format!("{error} {error:?} {} {:?} {:?}", error.body(), error.headers(), error.decode::<String>());
    assert!(!seen.contains(SECRET), "{seen}");
}

/// Reads any text as a delay, and takes the credential out of it.
pub fn read_delay(text: &str) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert("retry-after", value);
    }
    let _ = retry::retry_after(&headers, text.as_bytes());
    let _ = redact::scrub(text, &Secrets::from(SECRET));
}
