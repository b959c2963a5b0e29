//! Hooks: let callers observe each attempt.

use std::{fmt, sync::Arc};

use reqwest::header::HeaderMap;

use crate::{
    error::Error,
    shown::view::{RequestView, ResponseView},
};

/// Observes every attempt of every call of a client: for logging, metrics, trace propagation or tests.
///
/// Hooks run in the order in which they were added before the request, and in reverse order after it. They run on the
/// task of the call and must not block.
///
/// ```
/// use lowcodeapi_runtime::{Hook, Outcome, RequestView};
///
/// struct Log;
///
/// impl Hook for Log {
///     fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
///         match outcome {
///             Outcome::Answered(it) => println!("{} {}: {} in {:?}", request.method, request.url, it.status, it.elapsed),
///             other => println!("{} {}: {other:?}", request.method, request.url),
///         }
///     }
/// }
/// ```
pub trait Hook: Send + Sync + 'static {
    /// Called before a request is sent. Entries in `headers` are sent with the request and replace headers of the same
    /// names. The value of a header whose name suggests a credential, such as `authorization` or `x-api-key`, is redacted
    /// like the client's own credentials, and so is a value that is marked with
    /// [`set_sensitive`](crate::header::HeaderValue::set_sensitive). The request fails if `headers` contains one that the HTTP client sets itself (`host`, `content-length`,
    /// connection headers), or a credential where none may be sent; see
    /// [`allow_plaintext_credentials`](crate::ClientBuilder::allow_plaintext_credentials).
    fn before(&self, request: &RequestView, headers: &mut HeaderMap) {
        let _ = (request, headers);
    }

    /// Called after the request, once for each call of [`before`](Self::before).
    fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
        let _ = (request, outcome);
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// The server responded, with any status.
    Answered(&'a ResponseView),
    /// There was no response, or the response was rejected.
    Failed(&'a Error),
    /// The caller dropped the call, or the timeout of the call expired.
    Cancelled,
}

/// The hooks of a client.
#[derive(Clone, Default)]
pub(crate) struct Hooks(pub(crate) Vec<Arc<dyn Hook>>);

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} hooks", self.0.len())
    }
}
