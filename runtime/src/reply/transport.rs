//! What became of a connection.

use std::{error::Error as _, time::Duration};

use crate::{
    client::limits::Limits,
    error::{
        Error, TimeoutKind,
        cause::{self, Source},
    },
    shown::redact::{self, Secrets},
};

/// The error of a request that failed, whose bounds these are.
pub(crate) fn transport_error(error: reqwest::Error, limits: &Limits, elapsed: Duration, secrets: &Secrets) -> Error {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Error::timeout(TimeoutKind::Connect, limits.connect),
        (true, false) => failure(error, secrets, Error::connect),
        // Only a bound that the caller has set on the HTTP client itself ends up here.
        (false, true) => Error::timeout(TimeoutKind::Attempt, elapsed),
        (false, false) => failure(error, secrets, Error::transport),
    }
}

/// The error of what failed. The URL, which holds the credential, is taken out of it first.
fn failure(error: reqwest::Error, secrets: &Secrets, make: fn(String, Option<Source>) -> Error) -> Error {
    let error = error.without_url();
    make(describe(&error, secrets), Some(cause::scrubbed(&error, secrets)))
}

/// The error and its causes in one line.
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
