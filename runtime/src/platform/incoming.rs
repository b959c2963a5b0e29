//! What arrives of a response: its head, and its body piece by piece.

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use reqwest::Response as Incoming;
#[cfg(target_arch = "wasm32")]
pub(crate) use web::Incoming;

/// Returns whether no connection could be made.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// A browser does not say whether a connection was made.
#[cfg(target_arch = "wasm32")]
pub(crate) fn is_connect(_: &reqwest::Error) -> bool {
    false
}

#[cfg(target_arch = "wasm32")]
mod web {
    use std::fmt;

    use bytes::Bytes;
    use futures_util::{
        StreamExt as _,
        stream::{self, BoxStream},
    };
    use reqwest::{
        Body, StatusCode, Url,
        header::{CONTENT_LENGTH, HeaderMap},
    };
    use send_wrapper::SendWrapper;

    /// A response of the browser, which stays on its thread, or of a transport of the caller.
    pub(crate) struct Incoming {
        status: StatusCode,
        headers: HeaderMap,
        url: Url,
        length: Option<u64>,
        chunks: BoxStream<'static, reqwest::Result<Bytes>>,
    }

    impl Incoming {
        /// Takes the response of a transport to a request to this URL.
        pub(crate) fn of(response: http::Response<Body>, url: Url) -> Self {
            let (head, body) = response.into_parts();
            let body = Bytes::copy_from_slice(body.as_bytes().unwrap_or_default());
            let length = head.headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
            let chunks = stream::iter((!body.is_empty()).then_some(Ok(body))).boxed();
            Self { status: head.status, headers: head.headers, url, length, chunks }
        }

        pub(crate) fn status(&self) -> StatusCode {
            self.status
        }

        pub(crate) fn headers(&self) -> &HeaderMap {
            &self.headers
        }

        pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
            &mut self.headers
        }

        pub(crate) fn url(&self) -> &Url {
            &self.url
        }

        pub(crate) fn content_length(&self) -> Option<u64> {
            self.length
        }

        pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
            self.chunks.next().await.transpose()
        }
    }

    impl fmt::Debug for Incoming {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Incoming").field("status", &self.status).finish_non_exhaustive()
        }
    }

    impl From<reqwest::Response> for Incoming {
        fn from(response: reqwest::Response) -> Self {
            Self {
                status: response.status(),
                headers: response.headers().clone(),
                url: response.url().clone(),
                length: response.content_length(),
                chunks: SendWrapper::new(response.bytes_stream()).boxed(),
            }
        }
    }
}
