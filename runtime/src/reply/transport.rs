//! Converts errors of the HTTP client.

use std::{error::Error as _, time::Duration};

use crate::{
    client::limits::Limits,
    error::{
        Error, TimeoutKind,
        cause::{self, Source},
    },
    shown::redact::{self, Secrets},
};

/// Converts the error of a request that was sent with these limits.
pub(crate) fn transport_error(error: reqwest::Error, limits: &Limits, elapsed: Duration, secrets: &Secrets) -> Error {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Error::timeout(TimeoutKind::Connect, limits.connect),
        (true, false) => failure(error, secrets, Error::connect),
        // Only a timeout that the caller set on the HTTP client itself ends up here.
        (false, true) => Error::timeout(TimeoutKind::Attempt, elapsed),
        (false, false) => failure(error, secrets, Error::transport),
    }
}

/// Converts an error. Removes the URL first, because it contains the credential.
fn failure(error: reqwest::Error, secrets: &Secrets, make: fn(String, Option<Source>) -> Error) -> Error {
    let error = error.without_url();
    make(describe(&error, secrets), Some(cause::scrubbed(&error, secrets)))
}

/// Returns the error and its causes on one line.
fn describe(error: &reqwest::Error, secrets: &Secrets) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    redact::scrub(&text, secrets)
}
