//! Bodies of requests that are read piece by piece.

use std::io;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use reqwest::Body;

/// Makes a body of a stream.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn streamed(pieces: BoxStream<'static, io::Result<Bytes>>) -> impl Future<Output = io::Result<Body>> {
    std::future::ready(Ok(Body::wrap_stream(pieces)))
}

/// Makes a body of a stream. Browsers take whole bodies alone, so it is read first.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn streamed(pieces: BoxStream<'static, io::Result<Bytes>>) -> io::Result<Body> {
    let pieces: Vec<Bytes> = futures_util::TryStreamExt::try_collect(pieces).await?;
    Ok(Body::from(pieces.concat()))
}
