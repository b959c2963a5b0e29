//! What carries requests to servers: reqwest, or what the caller sets in its place.

use std::{error::Error, fmt, io, pin::Pin, sync::Arc};

use futures_util::{TryFutureExt as _, future::Either};
use reqwest::{
    Body, Url,
    header::{HeaderValue, USER_AGENT},
};

use crate::{error::cause::Source, platform::incoming::Incoming};

/// A request for a [`Transport`], of the crate `http`.
pub type TransportRequest = http::Request<Body>;

/// A response of a [`Transport`], of the crate `http`.
pub type TransportResponse<B = Body> = http::Response<B>;

/// The future of [`Transport::send`].
pub type TransportFuture<'t> = Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 't>>;

/// Carries requests to servers, in place of reqwest: for tests without a network, or for platforms and protocols of
/// your own. [`ClientBuilder::transport`](crate::ClientBuilder::transport) sets it.
///
/// Requests arrive whole: with their URL, headers and credentials. Timeouts, retries, hooks and decoding stay with the
/// client. A transport must not follow redirects, and decodes compressed bodies itself if it asks for them.
///
/// An asynchronous function is a transport, and so is an `Arc` of one. A service of the crate `tower` is one in a function:
/// `move |request| { let service = service.clone(); async move { service.oneshot(request).await } }`.
///
/// ```
/// use lowcodeapi_runtime::{Transport, TransportError, TransportRequest, TransportResponse};
///
/// let canned = |request: TransportRequest| async move {
///     assert_eq!(request.uri().path(), "/v1/pets");
///     Ok::<_, TransportError>(TransportResponse::new(r#"[{"name": "Rex"}]"#))
/// };
/// # fn is_transport(_: impl Transport) {}
/// # is_transport(canned);
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request, and returns the response once its body begins. Dropping the future cancels the request.
    fn send(&self, request: TransportRequest) -> TransportFuture<'_>;
}

impl<F, A, B, E> Transport for F
where
    F: Fn(TransportRequest) -> A + Send + Sync + 'static,
    A: Future<Output = Result<TransportResponse<B>, E>> + Send + 'static,
    B: Into<Body>,
    E: Into<TransportError>,
{
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        let answer = self(request);
        Box::pin(async move { answer.await.map(|response| response.map(Into::into)).map_err(Into::into) })
    }
}

impl Transport for Arc<dyn Transport> {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        (**self).send(request)
    }
}

/// Why a [`Transport`] has no response.
#[derive(Debug)]
pub struct TransportError(pub(crate) Failure);

#[derive(Debug)]
pub(crate) enum Failure {
    Http(reqwest::Error),
    /// The server did not receive the request.
    Unsent(Source),
    /// The server may have received the request.
    Broken(Source),
}

impl TransportError {
    /// The connection failed after it was made: the server may have received the request.
    pub fn new(error: impl Into<Source>) -> Self {
        Self(Failure::Broken(error.into()))
    }

    /// No connection could be made: the server did not receive the request, so it may be sent again.
    pub fn connect(error: impl Into<Source>) -> Self {
        Self(Failure::Unsent(error.into()))
    }

    /// Returns the error without its URL, which may contain a credential.
    #[cfg(feature = "oauth2")]
    pub(crate) fn into_source(self) -> Source {
        match self.0 {
            Failure::Http(error) => Box::new(error.without_url()),
            Failure::Unsent(error) | Failure::Broken(error) => error,
        }
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self(Failure::Http(error))
    }
}

impl From<io::Error> for TransportError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::connect(error),
            _ => Self::new(error),
        }
    }
}

impl From<Source> for TransportError {
    fn from(error: Source) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Failure::Http(error) => error.fmt(f),
            Failure::Unsent(error) | Failure::Broken(error) => error.fmt(f),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Failure::Http(error) => error.source(),
            Failure::Unsent(error) | Failure::Broken(error) => error.source(),
        }
    }
}

/// The transport of a client.
#[derive(Clone)]
pub(crate) enum Http {
    Reqwest(reqwest::Client),
    /// With the `User-Agent`, which reqwest adds itself.
    Own(Arc<dyn Transport>, HeaderValue),
}

impl Http {
    /// Sends the request. The future does not hold it, because it is moved.
    pub(crate) fn execute(&self, request: reqwest::Request) -> impl Future<Output = Result<Incoming, TransportError>> {
        match self {
            Self::Reqwest(client) => Either::Left(fetched(client, request).err_into()),
            Self::Own(transport, user_agent) => Either::Right(Box::pin(async move {
                let url = request.url().clone();
                let mut request = http::Request::try_from(request)?;
                request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
                located(transport.send(request).await?, url)
            })),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn fetched(client: &reqwest::Client, request: reqwest::Request) -> impl Future<Output = reqwest::Result<Incoming>> {
    client.execute(request)
}

/// The future of a browser stays on its thread, which is the only one.
#[cfg(target_arch = "wasm32")]
async fn fetched(client: &reqwest::Client, request: reqwest::Request) -> reqwest::Result<Incoming> {
    send_wrapper::SendWrapper::new(client.execute(request)).await.map(Into::into)
}

/// Adds the URL of the request to a response, because relative redirects are resolved against it.
#[cfg(not(target_arch = "wasm32"))]
fn located(mut response: TransportResponse, url: Url) -> Result<Incoming, TransportError> {
    use reqwest::ResponseBuilderExt as _;

    let located = http::Response::builder().url(url).body(()).map_err(TransportError::new)?;
    response.extensions_mut().extend(located.into_parts().0.extensions);
    Ok(response.into())
}

#[cfg(target_arch = "wasm32")]
#[expect(clippy::unnecessary_wraps, reason = "it has the type of the function of other platforms")]
fn located(response: TransportResponse, url: Url) -> Result<Incoming, TransportError> {
    Ok(Incoming::of(response, url))
}
