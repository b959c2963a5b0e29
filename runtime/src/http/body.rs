//! Reads bodies within a limit.

use bytes::{Bytes, BytesMut};

use crate::platform::incoming::Incoming;

/// Reads the whole body. Returns `None` if it exceeds the limit.
pub(crate) async fn read_body(response: &mut Incoming, limit: usize) -> reqwest::Result<Option<Bytes>> {
    let announced = response.content_length().unwrap_or_default();
    if announced > limit as u64 {
        return Ok(None);
    }
    let Some(first) = response.chunk().await? else { return Ok(Some(Bytes::new())) };
    if first.len() > limit {
        return Ok(None);
    }
    let mut next = response.chunk().await?;
    if next.is_none() {
        // A body in a single chunk is not copied.
        return Ok(Some(first));
    }
    // The length is the server's claim, so it reserves at most 1 MiB.
    let mut body = BytesMut::with_capacity(announced.min(1 << 20) as usize);
    body.extend_from_slice(&first);
    while let Some(chunk) = next {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
        next = response.chunk().await?;
    }
    Ok(Some(body.freeze()))
}
