//! The one error of every call.

pub(crate) mod api_error;
pub(crate) mod attempts;
pub(crate) mod cause;

use std::{
    fmt::{self, Write as _},
    io,
    sync::Arc,
    time::Duration,
};

use reqwest::StatusCode;

use crate::{
    error::{
        api_error::ApiError,
        attempts::{Attempt, Past},
        cause::{Cause, Source},
    },
    shown::one_line::{LINE, OneLine},
};

/// Where a redirect leads, without the credential of the call.
///
/// Such a URL may be all that is needed to get in, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Location(String);

impl Location {
    pub(crate) fn new(url: String) -> Self {
        Self(url)
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Location([redacted])")
    }
}

/// Why a call, or the making of a client, came to nothing. No variant holds or prints the credential.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be made: a missing or malformed token, a base URL that is none.
    Config(String),
    /// The inputs cannot be sent. Nothing went over the network.
    #[non_exhaustive]
    InvalidRequest {
        /// What is wrong with them.
        message: String,
        /// The file that could not be read, where that was the reason.
        source: Option<io::Error>,
    },
    /// No connection could be made, so that the server never saw the request.
    #[non_exhaustive]
    Connect {
        /// What failed.
        message: String,
        /// The error of the HTTP client, without credentials. Its own sources lead to the [`io::Error`], if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// The connection failed after it was made. Whether the server has acted on the request is open.
    #[non_exhaustive]
    Transport {
        /// What failed.
        message: String,
        /// The error of the HTTP client, without credentials. Its own sources lead to the [`io::Error`], if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// Time ran out.
    #[non_exhaustive]
    Timeout {
        /// Which bound was reached.
        kind: TimeoutKind,
        /// The bound.
        after: Duration,
        /// Whether the server may have acted on the request; it certainly has not where nothing was sent yet.
        may_have_been_processed: bool,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// The server answered with an error status.
    Api(Box<ApiError>),
    /// The server answered with a redirect, which is not followed: it would carry the credential elsewhere.
    #[non_exhaustive]
    Redirect {
        /// The status of the response.
        status: StatusCode,
        /// The host that it leads to, without the rest of the URL.
        host: Option<String>,
        /// The whole URL that it leads to, for those who know that it may be followed.
        location: Option<Location>,
    },
    /// The response was larger than the client's limit.
    #[non_exhaustive]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The server answered with success, and with a body that is not of the documented form.
    Decode(Box<DecodeError>),
    /// A download could not be written to its file.
    #[non_exhaustive]
    Io {
        /// What could not be done.
        message: String,
        /// Why.
        source: io::Error,
    },
}

/// Which bound of time was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// Connecting took too long; the server never saw the request.
    Connect,
    /// One attempt took too long.
    Attempt,
    /// The call as a whole took too long.
    Total,
    /// An upload, or a response that is read as a stream, made no progress.
    Stalled,
}

/// How a successful response failed to be what the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The status of the response.
    pub status: StatusCode,
    /// Where in the result the failure is: `data[0].id`, or `.` for the whole.
    pub path: String,
    /// What was expected and what was there.
    pub message: String,
    /// The beginning of the body, without the credential.
    pub excerpt: String,
    /// What the reader of the body said, where it is that which failed.
    pub(crate) cause: Option<Arc<Cause>>,
}

impl DecodeError {
    /// Whether the server may have acted on the call: it answered with success.
    pub fn may_have_been_processed(&self) -> bool {
        self.status.is_success()
    }
}

impl Error {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidRequest { message: message.into(), source: None }
    }

    pub(crate) fn connect(message: String, source: Option<Source>) -> Self {
        Self::Connect { message, source, attempts: Vec::new() }
    }

    pub(crate) fn transport(message: String, source: Option<Source>) -> Self {
        Self::Transport { message, source, attempts: Vec::new() }
    }

    pub(crate) fn timeout(kind: TimeoutKind, after: Duration) -> Self {
        Self::Timeout { kind, after, may_have_been_processed: kind != TimeoutKind::Connect, attempts: Vec::new() }
    }

    /// The error of the last attempt, with those before it. Where one of those may have reached the server, no later
    /// refusal makes it certain that nothing did.
    pub(crate) fn after(self, past: Past) -> Self {
        let Past { attempts: history, may_have_arrived, in_flight, note } = past;
        let mut this = match self {
            Self::Connect { message, source, .. } if may_have_arrived => Self::transport(message, source),
            Self::InvalidRequest { message, source } if may_have_arrived => {
                Self::transport(message, source.map(|source| Box::new(source) as Source))
            }
            Self::Timeout { kind: TimeoutKind::Connect, after, .. } if may_have_arrived => {
                Self::transport(format!("connecting took longer than {after:?}"), None)
            }
            other => other,
        };
        match &mut this {
            Self::Connect { message, attempts, .. } | Self::Transport { message, attempts, .. } => {
                if let Some(note) = note {
                    message.push_str("; ");
                    message.push_str(note);
                }
                *attempts = history;
            }
            Self::Timeout { kind, may_have_been_processed, attempts, .. } => {
                // The call as a whole may end before an attempt, or between two.
                if *kind == TimeoutKind::Total {
                    *may_have_been_processed = in_flight || may_have_arrived;
                }
                *attempts = history;
            }
            Self::Api(error) => {
                error.attempts = history;
                error.may_have_arrived = may_have_arrived;
                error.note = note;
            }
            _ => {}
        }
        this
    }

    /// Whether the server may have acted on the call, so that to make it again may do its work twice. `false` is certain,
    /// `true` is not.
    ///
    /// | error | |
    /// |---|---|
    /// | [`Config`](Self::Config), [`InvalidRequest`](Self::InvalidRequest) | no: nothing was sent |
    /// | [`Connect`](Self::Connect) | no: there was no connection to send it on |
    /// | [`Timeout`](Self::Timeout) | not while connecting, nor before anything was sent; else it may have been |
    /// | [`Transport`](Self::Transport) | it may have been: the connection broke after it was made |
    /// | [`Api`](Self::Api) | not with a 4xx but 408, nor with a 503 that says when to come back; else it may have been |
    /// | [`Redirect`](Self::Redirect), [`TooLarge`](Self::TooLarge) | it may have been |
    /// | [`Decode`](Self::Decode), [`Io`](Self::Io) | it was, as far as the status tells |
    ///
    /// It covers all attempts of the call: a refusal that follows an attempt whose connection broke is no proof that
    /// nothing was done.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Config(_) | Self::InvalidRequest { .. } | Self::Connect { .. } => false,
            Self::Timeout { may_have_been_processed, .. } => *may_have_been_processed,
            Self::Api(error) => error.may_have_been_processed(),
            Self::Decode(error) => error.may_have_been_processed(),
            Self::Transport { .. } | Self::Redirect { .. } | Self::TooLarge { .. } | Self::Io { .. } => true,
        }
    }

    /// The attempts that failed before the last one, which this error tells of.
    pub fn attempts(&self) -> &[Attempt] {
        match self {
            Self::Connect { attempts, .. } | Self::Transport { attempts, .. } | Self::Timeout { attempts, .. } => {
                attempts
            }
            Self::Api(error) => &error.attempts,
            _ => &[],
        }
    }

    /// Whether the same call may well succeed later: no connection, a timeout, 408, 429, 502, 503, 504, or a gateway that had
    /// no answer from the provider. It does not say that a repeated call is safe; that depends on the operation.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Transport { .. } | Self::Timeout { .. } => true,
            Self::Api(error) => {
                error.is_provider_unreachable() || matches!(error.status().as_u16(), 408 | 429 | 502 | 503 | 504)
            }
            _ => false,
        }
    }

    /// How long the server asks to wait before the next call.
    pub fn retry_after(&self) -> Option<Duration> {
        self.as_api().and_then(ApiError::retry_after)
    }

    /// The status of the response, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::Redirect { status, .. } => Some(*status),
            Self::Decode(error) => Some(error.status),
            _ => None,
        }
    }

    /// What the server said, where it answered with an error status.
    pub fn as_api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// What kind of error it is, in one word of few.
    #[cfg(feature = "tracing")]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::InvalidRequest { .. } => "invalid_request",
            Self::Connect { .. } => "connect",
            Self::Transport { .. } => "transport",
            Self::Timeout { .. } => "timeout",
            Self::Api(_) => "api",
            Self::Redirect { .. } => "redirect",
            Self::TooLarge { .. } => "too_large",
            Self::Decode(_) => "decode",
            Self::Io { .. } => "io",
        }
    }

    /// Whether the inputs cannot be sent. Nothing went over the network.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self, Self::InvalidRequest { .. })
    }

    /// Whether no connection could be made, be it that connecting took too long.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Timeout { kind: TimeoutKind::Connect, .. })
    }

    /// Whether the connection failed after it was made.
    pub fn is_transport(&self) -> bool {
        matches!(self, Self::Transport { .. })
    }

    /// Whether the server answered with a redirect.
    pub fn is_redirect(&self) -> bool {
        matches!(self, Self::Redirect { .. })
    }

    /// Whether the response was larger than the limit of the client.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }

    /// Whether the server answered with success, and with a body that is not of the documented form.
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Whether a bound of time was reached.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether the client's credential is missing, unknown, or may not do this: 401 or 403. Those of a provider behind the
    /// gateway are not about that credential; see [`is_provider_auth`](Self::is_provider_auth).
    pub fn is_auth(&self) -> bool {
        self.refuses_credentials() && !self.is_provider_auth()
    }

    /// Whether a provider behind the gateway refuses the credentials that the gateway holds for it: its own 401 or 403.
    pub fn is_provider_auth(&self) -> bool {
        self.refuses_credentials() && self.as_api().is_some_and(ApiError::is_from_provider)
    }

    fn refuses_credentials(&self) -> bool {
        matches!(self.as_api().map(|error| error.status().as_u16()), Some(401 | 403))
    }

    /// Whether what the call refers to does not exist: 404.
    pub fn is_not_found(&self) -> bool {
        self.as_api().is_some_and(|error| error.status() == StatusCode::NOT_FOUND)
    }

    /// Whether there were too many requests: 429.
    pub fn is_rate_limited(&self) -> bool {
        self.as_api().is_some_and(|error| error.status() == StatusCode::TOO_MANY_REQUESTS)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        match self {
            Self::Config(message) => write!(f, "the client cannot be made: {message}"),
            Self::InvalidRequest { message, .. } => write!(f, "the request cannot be sent: {message}"),
            Self::Connect { message, .. } => {
                write!(f, "no connection to the server, so that the request was not processed: {message}")
            }
            Self::Transport { message, .. } => {
                write!(f, "the connection failed, and the request may have been processed: {message}")
            }
            Self::Timeout { kind, after, may_have_been_processed, .. } => {
                let what = match kind {
                    TimeoutKind::Connect => "connecting took",
                    TimeoutKind::Attempt => "one attempt took",
                    TimeoutKind::Total => "the call took",
                    TimeoutKind::Stalled => "the transfer made no progress for",
                };
                let processed = if *may_have_been_processed { "may have been" } else { "was not" };
                write!(f, "timed out: {what} longer than {after:?}, and the request {processed} processed")
            }
            Self::Api(error) => write!(f, "{error}"),
            Self::Redirect { status, host, .. } => {
                let host = host.as_deref().unwrap_or("nowhere");
                write!(f, "the server redirects to {host} ({status}), which is not followed; check the base URL")
            }
            Self::TooLarge { limit } => write!(f, "the response is larger than the limit of {limit} bytes"),
            Self::Decode(error) => write!(f, "{error}"),
            Self::Io { message, source } => write!(f, "{message}: {source}"),
        }?;
        match self.attempts().len() {
            0 => Ok(()),
            retries => write!(f, " (the last of {} attempts)", retries + 1),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        let Self { status, path, message, excerpt, .. } = self;
        write!(f, "the response ({status}) is not of the documented form at `{path}`: {message}; it begins: {excerpt}")
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl std::error::Error for Error {
    /// The cause. [`Api`](Self::Api) and [`Decode`](Self::Decode) display as what they hold, so that theirs is its cause.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InvalidRequest { source: Some(source), .. } | Self::Io { source, .. } => Some(source),
            Self::Connect { source: Some(source), .. } | Self::Transport { source: Some(source), .. } => {
                Some(&**source)
            }
            Self::Api(error) => error.source(),
            Self::Decode(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_and_crosses_threads() {
        fn crosses<T: std::error::Error + Send + Sync + 'static>() {}
        crosses::<Error>();
        crosses::<ApiError>();
        crosses::<DecodeError>();
        assert!(size_of::<Error>() <= 72, "{}", size_of::<Error>());
    }
}
