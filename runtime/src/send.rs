//! Sends a call: finds the gateway's URL format, and bounds the whole.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use tokio::time::Instant;

use crate::{
    ApiError, ByteStream, Call, Decode, Error, Response, TimeoutKind, UrlFormat,
    attempt::{Answer, bounded},
    decode::Reply,
    gateway::{NotFound, read_not_found},
    retry::Retries,
    stream::{self, Chunks},
    view::scrub_headers,
};

/// Sends the call and decodes what it gives. All but the decoding is the same for every operation.
pub(crate) async fn send<D: Decode>(call: &Call) -> Result<D::Output, Error> {
    let answer = execute(call).await?;
    D::decode(reply(call, &answer))
}

/// The same, with what came around it.
pub(crate) async fn send_with_response<D: Decode>(call: &Call) -> Result<Response<D::Output>, Error> {
    let answer = execute(call).await?;
    let value = D::decode(reply(call, &answer))?;
    let headers = scrub_headers(&answer.headers, call.client.shared.secrets());
    Ok(Response { status: answer.status, headers, value })
}

/// Sends the call, whose answer is streamed, and gives the answer once its body begins.
pub(crate) async fn open(call: &Call) -> Result<ByteStream, Error> {
    let started = Instant::now();
    let mut answer = execute(call).await?;
    // A streamed call has its body here; a server that answered at once and wholly is no different.
    let response = answer.stream.take().ok_or_else(|| Error::transport("the answer has no body".to_owned()))?;
    let length = response.content_length();
    let mut chunks = stream::chunks(response, call, started);
    let unexpected = reply(call, &answer).unexpected();
    if let Some(message) = unexpected {
        answer.body = beginning(&mut chunks).await;
        return Err(reply(call, &answer).failure(".", &message));
    }
    let headers = scrub_headers(&answer.headers, call.client.shared.secrets());
    Ok(ByteStream { status: answer.status, headers, length, chunks })
}

/// As much of a body as an error may show, and more.
async fn beginning(chunks: &mut Chunks) -> Bytes {
    const ENOUGH: usize = 64 * 1024;
    let mut body = BytesMut::new();
    while body.len() < ENOUGH
        && let Some(Ok(chunk)) = chunks.next().await
    {
        body.extend_from_slice(&chunk);
    }
    body.freeze()
}

/// Decodes one message of a stream: it has no envelope.
pub(crate) fn decode_message<D: Decode>(call: &Call, status: StatusCode, body: Bytes) -> Result<D::Output, Error> {
    let answer = Answer { status, headers: HeaderMap::new(), body, stream: None };
    D::decode(Reply { gateway: false, list_envelope: None, ..reply(call, &answer) })
}

fn reply<'a>(call: &'a Call, answer: &'a Answer) -> Reply<'a> {
    let shared = &call.client.shared;
    let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Reply {
        content_type: content_type.unwrap_or_default(),
        accept: call.accept(),
        status: answer.status,
        body: answer.body.clone(),
        gateway: shared.gateway,
        list_envelope: call.operation.list_envelope,
        secrets: shared.secrets(),
        limit: shared.limits.response_bytes,
    }
}

async fn execute(call: &Call) -> Result<Answer, Error> {
    call.check()?;
    let shared = &call.client.shared;
    // The time that an upload takes is its size over the caller's line: no default can know it.
    let turn = || shared.pace.turn(call.operation.rate_limit);
    let is_own_bound = call.timeout.is_some();
    let first = if is_own_bound { None } else { turn().await };
    let total = call.timeout.or_else(|| (!call.body.is_upload()).then_some(shared.limits.total));
    let deadline = total.and_then(|total| Instant::now().checked_add(total));
    let mut retries = Retries::new(call, deadline);
    retries.set_turn(first);
    let answer = match total {
        Some(total) => {
            let run = pin!(async {
                // The caller's own bound is over the wait too.
                if is_own_bound {
                    retries.set_turn(turn().await);
                }
                find_format(call, &mut retries).await
            });
            bounded(total, TimeoutKind::Total, run).await
        }
        None => find_format(call, &mut retries).await,
    };
    let result = answer.and_then(|answer| {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let error = ApiError::read(answer.status, &answer.headers, &answer.body, shared.gateway, shared.secrets());
        Err(Error::Api(Box::new(error)))
    });
    result.map_err(|error| {
        let (history, may_have_arrived) = retries.into_history();
        error.after(history, may_have_arrived)
    })
}

/// Sends the call in the gateway's New Format, and once more in the Old Format where the gateway has no such route; what
/// works is remembered for the client. A 404 has not been processed, so the call can be sent again.
async fn find_format<'c>(call: &'c Call, retries: &mut Retries<'c>) -> Result<Answer, Error> {
    let memory = &call.client.shared.format;
    if call.operation.old_path.is_none() {
        return retries.run(call, UrlFormat::New).await;
    }
    if let Some(format) = memory.known() {
        return retries.run(call, format).await;
    }
    let first = retries.run(call, UrlFormat::New).await?;
    let verdict = not_found(&first);
    if first.status.is_success() || verdict == Some(NotFound::Resource) {
        memory.settle(UrlFormat::New);
        return Ok(first);
    }
    let is_reason = match verdict {
        _ if !call.body.is_reopenable() => false,
        Some(NotFound::Route) => true,
        Some(NotFound::Unclear) => memory.may_try_unclear(),
        Some(NotFound::Resource) | None => false,
    };
    if !is_reason {
        return Ok(first);
    }
    let second = retries.run(call, UrlFormat::Old).await?;
    match not_found(&second) {
        Some(NotFound::Resource) => {
            memory.settle(UrlFormat::Old);
            Ok(second)
        }
        None if second.status.is_success() || verdict == Some(NotFound::Route) => {
            memory.settle(UrlFormat::Old);
            Ok(second)
        }
        // Neither says more than the first one did.
        Some(NotFound::Route | NotFound::Unclear) | None => Ok(first),
    }
}

fn not_found(answer: &Answer) -> Option<NotFound> {
    (answer.status == StatusCode::NOT_FOUND).then(|| read_not_found(&answer.body))
}
