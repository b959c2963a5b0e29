//! What callers see of each attempt.

use std::{fmt, sync::Arc};

use reqwest::header::HeaderMap;

use crate::{
    error::Error,
    shown::view::{RequestView, ResponseView},
};

/// Sees every attempt of every call of a client: for logs, metrics, the propagation of trace contexts, tests.
///
/// Hooks run in the order in which they were given before the request, and in the reverse order after it. They run on the
/// task of the call, and must not block.
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
    /// Before a request is sent. What is put into `headers` is sent with it, in place of headers of the same names. The
    /// headers that the HTTP client alone sets, `host`, `content-length` and those of the connection, make the request
    /// fail, and so do credentials where none may be sent; see
    /// [`allow_plaintext_credentials`](crate::ClientBuilder::allow_plaintext_credentials).
    fn before(&self, request: &RequestView, headers: &mut HeaderMap) {
        let _ = (request, headers);
    }

    /// After the request: once for each [`before`](Self::before).
    fn after(&self, request: &RequestView, outcome: Outcome<'_>) {
        let _ = (request, outcome);
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// The server answered, with whatever status.
    Answered(&'a ResponseView),
    /// There was no answer, or none that can be taken.
    Failed(&'a Error),
    /// The caller gave the call up, or its time as a whole ran out.
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
