//! Converts errors of the HTTP client.

use std::{error::Error as Cause, time::Duration};

use crate::{
    client::{
        limits::Limits,
        transport::{self, TransportError},
    },
    error::{
        Error, TimeoutKind,
        cause::{self, Source},
    },
    platform::incoming,
    shown::redact::{self, Secrets},
};

/// Converts the error of a request that was sent with these limits.
pub(crate) fn transport_error(error: TransportError, limits: &Limits, elapsed: Duration, secrets: &Secrets) -> Error {
    let error = match error.0 {
        transport::Failure::Http(error) => error,
        transport::Failure::Unsent(error) => return failure(&*error, secrets, Error::connect),
        transport::Failure::Broken(error) => return failure(&*error, secrets, Error::transport),
    };
    match (incoming::is_connect(&error), error.is_timeout()) {
        (true, true) => Error::timeout(TimeoutKind::Connect, limits.connect),
        (true, false) => failure(&error.without_url(), secrets, Error::connect),
        // Only a timeout that the caller set on the HTTP client itself ends up here.
        (false, true) => Error::timeout(TimeoutKind::Attempt, elapsed),
        (false, false) => failure(&error.without_url(), secrets, Error::transport),
    }
}

/// Converts an error. That of reqwest must be without its URL, which contains the credential.
fn failure(error: &(dyn Cause + 'static), secrets: &Secrets, make: fn(String, Option<Source>) -> Error) -> Error {
    make(describe(error, secrets), Some(cause::scrubbed(error, secrets)))
}

/// Returns the error and its causes on one line.
fn describe(error: &dyn Cause, secrets: &Secrets) -> String {
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
