//! The error type of all calls.

pub(crate) mod api_error;
pub(crate) mod attempts;
pub(crate) mod cause;
pub(crate) mod decode;
pub(crate) mod shapes;

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
        cause::Source,
        decode::{DecodeError, OtherMediaType},
    },
    shown::{
        one_line::{LINE, OneLine},
        redact::{self, Secrets},
    },
};

/// The target URL of a redirect, without the credential of the call.
///
/// Such a URL may itself grant access, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Location(String);

impl Location {
    pub(crate) fn new(url: String) -> Self {
        Self(url)
    }

    /// Returns the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Location([redacted])")
    }
}

/// An error of a call or of building a client. No variant holds or displays the credential.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built: for example, the token is missing or malformed, or the base URL is invalid.
    Config(String),
    /// The request cannot be sent because an input is invalid. Nothing was sent.
    #[non_exhaustive]
    InvalidRequest {
        /// What is wrong with the input.
        message: String,
        /// The I/O error, if a file could not be read.
        source: Option<io::Error>,
    },
    /// A provider of credentials failed, such as the authorization server. The call was not sent.
    #[non_exhaustive]
    Credential {
        /// What failed.
        message: String,
        /// The provider's error, with credentials redacted.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// No connection could be made. The server did not receive the request.
    #[non_exhaustive]
    Connect {
        /// What failed.
        message: String,
        /// The HTTP client's error, with credentials redacted. Its sources lead to the [`io::Error`], if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// The connection failed after it was made. The server may have processed the request.
    #[non_exhaustive]
    Transport {
        /// What failed.
        message: String,
        /// The HTTP client's error, with credentials redacted. Its sources lead to the [`io::Error`], if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// A timeout expired.
    #[non_exhaustive]
    Timeout {
        /// Which timeout expired.
        kind: TimeoutKind,
        /// The duration of the timeout.
        after: Duration,
        /// Whether the server may have processed the request; `false` if nothing had been sent.
        may_have_been_processed: bool,
        /// The attempts before the last one.
        attempts: Vec<Attempt>,
    },
    /// The server returned an error status.
    Api(Box<ApiError>),
    /// The server returned a redirect. Redirects are not followed, because that would send the credential elsewhere.
    #[non_exhaustive]
    Redirect {
        /// The status of the response.
        status: StatusCode,
        /// The host of the target, without the rest of the URL.
        host: Option<String>,
        /// The whole target URL, for callers who know that it is safe to follow.
        location: Option<Location>,
    },
    /// The response exceeded the client's limit.
    #[non_exhaustive]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The server returned a success status, but the body does not match the documented form.
    Decode(Box<DecodeError>),
    /// The server returned a success status and a media type that the document declares, but not the one that the call
    /// asks for.
    OtherMediaType(Box<OtherMediaType>),
    /// A download could not be written to its file.
    #[non_exhaustive]
    Io {
        /// What failed.
        message: String,
        /// The I/O error.
        source: io::Error,
    },
}

/// Which timeout expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// The connect timeout. The server did not receive the request.
    Connect,
    /// The timeout of one attempt.
    Attempt,
    /// The timeout of the whole call.
    Total,
    /// The stall timeout: an upload, or a response that is read as a stream, made no progress.
    Stalled,
}

impl Error {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidRequest { message: message.into(), source: None }
    }

    /// Redacts the credentials in what the caller's code says of an input that cannot be read.
    pub(crate) fn scrubbed(self, secrets: &Secrets) -> Self {
        match self {
            Self::InvalidRequest { message, source } => Self::InvalidRequest {
                message: redact::scrub(&message, secrets),
                source: source.map(|source| cause::scrubbed_io(&source, secrets)),
            },
            other => other,
        }
    }

    /// Adds the fields of the event whose data could not be decoded.
    pub(crate) fn of_event(mut self, event: Option<String>, id: Option<Arc<str>>) -> Self {
        if let Self::Decode(error) = &mut self {
            error.unread.event = event;
            error.unread.id = id;
        }
        self
    }

    /// Returns the error of a credential that its provider does not give.
    pub(crate) fn credential(scheme: &str, error: &(dyn std::error::Error + 'static), secrets: &Secrets) -> Self {
        let reason = redact::scrub(&error.to_string(), secrets);
        let message = format!("the provider of the credential `{scheme}` failed: {reason}");
        Self::Credential { message, source: Some(cause::scrubbed(error, secrets)) }
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

    /// Adds the attempts that preceded the last one. If one of them may have reached the server, the call may have been
    /// processed, whatever the last attempt returned.
    pub(crate) fn after(self, past: Past) -> Self {
        let Past { attempts: history, may_have_arrived, in_flight, note } = past;
        let mut this = match self {
            Self::Connect { message, source, .. } if may_have_arrived => Self::transport(message, source),
            Self::InvalidRequest { message, source } if may_have_arrived => {
                Self::transport(message, source.map(|source| Box::new(source) as Source))
            }
            Self::Credential { message, source } if may_have_arrived => Self::transport(message, source),
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
                // The timeout of the call can expire before an attempt or between two.
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

    /// Returns whether the server may have processed the call, so that repeating it could repeat its effects. `false`
    /// is certain; `true` is not.
    ///
    /// | error | may have been processed |
    /// |---|---|
    /// | [`Config`](Self::Config), [`InvalidRequest`](Self::InvalidRequest), [`Credential`](Self::Credential) | no: nothing was sent |
    /// | [`Connect`](Self::Connect) | no: no connection was made |
    /// | [`Timeout`](Self::Timeout) | no while connecting or before anything was sent; otherwise yes |
    /// | [`Transport`](Self::Transport) | yes: the connection broke after it was made |
    /// | [`Api`](Self::Api) | no for a 4xx other than 408 and for a 503 with `Retry-After`; otherwise yes |
    /// | [`Redirect`](Self::Redirect), [`TooLarge`](Self::TooLarge) | yes |
    /// | [`Decode`](Self::Decode), [`OtherMediaType`](Self::OtherMediaType), [`Io`](Self::Io) | yes: the status was a success |
    ///
    /// The answer covers all attempts of the call: if the connection of an earlier attempt broke, a later refusal does
    /// not prove that nothing was processed.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Config(_) | Self::InvalidRequest { .. } | Self::Credential { .. } | Self::Connect { .. } => false,
            Self::Timeout { may_have_been_processed, .. } => *may_have_been_processed,
            Self::Api(error) => error.may_have_been_processed(),
            Self::Decode(error) => error.may_have_been_processed(),
            Self::Transport { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::OtherMediaType(_)
            | Self::Io { .. } => true,
        }
    }

    /// Returns the failed attempts before the last one. The error itself describes the last attempt.
    pub fn attempts(&self) -> &[Attempt] {
        match self {
            Self::Connect { attempts, .. } | Self::Transport { attempts, .. } | Self::Timeout { attempts, .. } => {
                attempts
            }
            Self::Api(error) => &error.attempts,
            _ => &[],
        }
    }

    /// Returns whether the same call may succeed later: after a connection failure, a timeout, a 408, 429, 502, 503 or
    /// 504, or if the gateway received no response from the provider. It does not say whether repeating the call is
    /// safe; that depends on the operation.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Transport { .. } | Self::Timeout { .. } => true,
            Self::Api(error) => {
                error.is_provider_unreachable() || matches!(error.status().as_u16(), 408 | 429 | 502 | 503 | 504)
            }
            _ => false,
        }
    }

    /// Returns how long the server asks to wait before the next call.
    pub fn retry_after(&self) -> Option<Duration> {
        self.as_api().and_then(ApiError::retry_after)
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::Redirect { status, .. } => Some(*status),
            Self::Decode(error) => Some(error.status),
            Self::OtherMediaType(error) => Some(error.status),
            _ => None,
        }
    }

    /// Returns the error response, if the server returned an error status.
    pub fn as_api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Returns a short name for the kind of error.
    #[cfg(feature = "tracing")]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::InvalidRequest { .. } => "invalid_request",
            Self::Credential { .. } => "credential",
            Self::Connect { .. } => "connect",
            Self::Transport { .. } => "transport",
            Self::Timeout { .. } => "timeout",
            Self::Api(_) => "api",
            Self::Redirect { .. } => "redirect",
            Self::TooLarge { .. } => "too_large",
            Self::Decode(_) => "decode",
            Self::OtherMediaType(_) => "other_media_type",
            Self::Io { .. } => "io",
        }
    }

    /// Returns whether the request could not be sent because an input is invalid. Nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self, Self::InvalidRequest { .. })
    }

    /// Returns whether a provider of credentials failed. The call was not sent.
    pub fn is_credential(&self) -> bool {
        matches!(self, Self::Credential { .. })
    }

    /// Returns whether no connection could be made, including connect timeouts.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Timeout { kind: TimeoutKind::Connect, .. })
    }

    /// Returns whether the connection failed after it was made.
    pub fn is_transport(&self) -> bool {
        matches!(self, Self::Transport { .. })
    }

    /// Returns whether the server returned a redirect.
    pub fn is_redirect(&self) -> bool {
        matches!(self, Self::Redirect { .. })
    }

    /// Returns whether the response exceeded the client's limit.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }

    /// Returns whether the server returned a success status with a body that does not match the documented form.
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Returns whether a timeout expired.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Returns whether the client's credential is missing, unknown, or lacks permission: 401 or 403.
    pub fn is_auth(&self) -> bool {
        self.refuses_credentials() && !self.is_provider_auth()
    }

    /// Returns whether a 401 or 403 is about the credentials of a LowCodeAPI gateway for the API behind it, and not about
    /// the client's; [`is_auth`](Self::is_auth) is then `false`. Always `false` for clients of other services.
    pub fn is_provider_auth(&self) -> bool {
        self.refuses_credentials() && self.as_api().is_some_and(ApiError::is_from_provider)
    }

    fn refuses_credentials(&self) -> bool {
        matches!(self.as_api().map(|error| error.status().as_u16()), Some(401 | 403))
    }

    /// Returns whether the resource does not exist: 404.
    pub fn is_not_found(&self) -> bool {
        self.as_api().is_some_and(|error| error.status() == StatusCode::NOT_FOUND)
    }

    /// Returns whether there were too many requests: 429.
    pub fn is_rate_limited(&self) -> bool {
        self.as_api().is_some_and(|error| error.status() == StatusCode::TOO_MANY_REQUESTS)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        match self {
            Self::Config(message) => write!(f, "cannot build the client: {message}"),
            Self::InvalidRequest { message, .. } => write!(f, "cannot send the request: {message}"),
            Self::Credential { message, .. } => {
                write!(f, "cannot get the credential, so the call was not sent: {message}")
            }
            Self::Connect { message, .. } => {
                write!(f, "cannot connect to the server, so the request was not processed: {message}")
            }
            Self::Transport { message, .. } => {
                write!(f, "the connection failed; the request may have been processed: {message}")
            }
            Self::Timeout { kind, after, may_have_been_processed, .. } => {
                let what = match kind {
                    TimeoutKind::Connect => "connecting took",
                    TimeoutKind::Attempt => "one attempt took",
                    TimeoutKind::Total => "the call took",
                    TimeoutKind::Stalled => "the transfer made no progress for",
                };
                let processed = if *may_have_been_processed { "may have been" } else { "was not" };
                write!(f, "timed out: {what} longer than {after:?}; the request {processed} processed")
            }
            Self::Api(error) => write!(f, "{error}"),
            Self::Redirect { status, host, .. } => {
                let host = host.as_deref().unwrap_or("nowhere");
                write!(
                    f,
                    "the server redirects to {host} ({status}), which the client does not follow; check the base URL"
                )
            }
            Self::TooLarge { limit } => write!(f, "the response is larger than the limit of {limit} bytes"),
            Self::Decode(error) => write!(f, "{error}"),
            Self::OtherMediaType(error) => write!(f, "{error}"),
            Self::Io { message, source } => write!(f, "{message}: {source}"),
        }?;
        match self.attempts().len() {
            0 => Ok(()),
            retries => write!(f, " (the last of {} attempts)", retries + 1),
        }
    }
}

impl std::error::Error for Error {
    /// Returns the cause. [`Api`](Self::Api) and [`Decode`](Self::Decode) display as the value they hold, so their
    /// source is that value's source.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InvalidRequest { source: Some(source), .. } | Self::Io { source, .. } => Some(source),
            Self::Credential { source: Some(source), .. }
            | Self::Connect { source: Some(source), .. }
            | Self::Transport { source: Some(source), .. } => Some(&**source),
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
