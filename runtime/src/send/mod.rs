//! Sends a call: finds the gateway's URL format, and bounds the whole.

pub(crate) mod attempt;
pub(crate) mod observe;
pub(crate) mod pace;
pub(crate) mod progress;
pub(crate) mod request;
pub(crate) mod retry;
#[cfg(feature = "tracing")]
pub(crate) mod trace;

use std::{pin::pin, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use tokio::time::{Instant, sleep};

use crate::{
    call::{Call, view::scrub_headers},
    gateway::{
        destroyed, envelope as gateway,
        envelope::{NotFound, read_not_found},
        url_format::{UrlFormat, in_old_format_alone},
    },
    reply::{
        api_error::ApiError,
        decode::{Decode, Reply},
        error::{Error, TimeoutKind},
        response::Response,
        stream::{self, ByteStream, Chunks},
    },
    send::{
        attempt::{Answer, bounded},
        retry::{Note, Retries},
    },
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
    let shared = &call.client.shared;
    let headers = scrub_headers(&answer.headers, shared.secrets());
    let provider = if shared.gateway { gateway::response_headers(&answer.body) } else { HeaderMap::new() };
    let provider_headers = scrub_headers(&provider, shared.secrets());
    Ok(Response { status: answer.status, headers, provider_headers, value })
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
        answer.body = beginning(&mut chunks, call.client.shared.limits.attempt).await;
        return Err(reply(call, &answer).failure(".", &message));
    }
    let suspect = reply(call, &answer);
    if suspect.is_suspect() {
        chunks = destroyed::watched(chunks, answer.status, suspect.content_type);
    }
    let headers = scrub_headers(&answer.headers, call.client.shared.secrets());
    Ok(ByteStream { status: answer.status, headers, length, chunks })
}

/// As much of a body as an error may show, and more, as far as it arrives in time.
async fn beginning(chunks: &mut Chunks, limit: Duration) -> Bytes {
    const ENOUGH: usize = 64 * 1024;
    let mut body = BytesMut::new();
    let mut too_late = pin!(sleep(limit));
    while body.len() < ENOUGH
        && let Either::Left((Some(Ok(chunk)), _)) = select(chunks.next(), too_late.as_mut()).await
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
    let shared = &call.client.shared;
    call.check()?;
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
    result.map_err(|error| error.after(retries.into_past()))
}

/// The URL format that the call is sent in first, or why neither can carry it.
pub(crate) fn first_format(call: &Call) -> Result<UrlFormat, Error> {
    let memory = &call.client.shared.format;
    let format = memory.known().unwrap_or(UrlFormat::New);
    let has_old = call.operation.old_path.is_some();
    if !call.client.shared.gateway || (format == UrlFormat::Old && has_old) {
        return Ok(format);
    }
    match in_old_format_alone(&call.path) {
        None => Ok(format),
        Some(_) if has_old && !memory.is_pinned() => Ok(UrlFormat::Old),
        Some(name) => Err(Error::invalid(format!(
            "the path value `{name}` has a `?`, `#` or `$` that changes the provider's path in the New Format, and the \
             call cannot be sent in the Old Format"
        ))),
    }
}

/// Sends the call in the gateway's URL format. While that is unknown, it is found out: what works is remembered for the
/// client.
async fn find_format<'c>(call: &'c Call, retries: &mut Retries<'c>) -> Result<Answer, Error> {
    let format = first_format(call)?;
    let memory = &call.client.shared.format;
    if call.operation.old_path.is_none() || memory.known() == Some(format) {
        return retries.run(call, format).await;
    }
    match format {
        UrlFormat::New => new_first(call, retries).await,
        UrlFormat::Old => old_first(call, retries).await,
    }
}

/// Sends the call in the New Format, and once more in the Old Format where the gateway has no such route. A 404 has not been
/// processed, so the call can be sent again.
async fn new_first<'c>(call: &'c Call, retries: &mut Retries<'c>) -> Result<Answer, Error> {
    let memory = &call.client.shared.format;
    let (outcome, is_break) = retries.run_to_break(call, UrlFormat::New).await;
    let first = match outcome {
        Err(error) if is_break => return after_break(call, retries, error).await,
        other => other?,
    };
    let verdict = not_found(&first);
    if first.status.is_success() || verdict == Some(NotFound::Resource) {
        memory.settle(UrlFormat::New);
        return Ok(first);
    }
    let is_reason = match verdict {
        Some(NotFound::Route) => true,
        Some(NotFound::Unclear) => call.body.is_reopenable() && memory.may_try_unclear(),
        Some(NotFound::Resource) | None => false,
    };
    if !is_reason {
        return Ok(first);
    }
    if !call.body.is_reopenable() {
        retries.note(Note::SentInOneFormat);
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

/// Sends the call in the Old Format after its connection broke in the New one: some gateways die of a New Format URL.
async fn after_break<'c>(call: &'c Call, retries: &mut Retries<'c>, error: Error) -> Result<Answer, Error> {
    if !call.operation.method.is_idempotent() {
        retries.note(Note::MayBeTheFormat);
        return Err(error);
    }
    if !call.body.is_reopenable() {
        retries.note(Note::SentInOneFormat);
        return Err(error);
    }
    let memory = &call.client.shared.format;
    // Another call may have settled it meanwhile, so that this is a retry like any other.
    if let Some(format) = memory.known() {
        if !retries.has_more() {
            return Err(error);
        }
        retries.record(&error);
        return retries.run(call, format).await;
    }
    retries.record(&error);
    let answer = retries.run(call, UrlFormat::Old).await?;
    match not_found(&answer) {
        Some(NotFound::Resource) => memory.settle(UrlFormat::Old),
        // The Old Format is not the gateway's either, so that the connection broke by chance.
        Some(NotFound::Route | NotFound::Unclear) if retries.has_more() => {
            return retries.run(call, UrlFormat::New).await;
        }
        Some(NotFound::Route | NotFound::Unclear) => return Err(error),
        None => {}
    }
    Ok(answer)
}

/// Sends the call in the Old Format, which alone carries its values safely through the open-source gateway. A gateway that
/// has no such route is another one, and is sent the New Format.
async fn old_first<'c>(call: &'c Call, retries: &mut Retries<'c>) -> Result<Answer, Error> {
    let first = retries.run(call, UrlFormat::Old).await?;
    if not_found(&first) != Some(NotFound::Route) {
        return Ok(first);
    }
    if !call.body.is_reopenable() {
        retries.note(Note::SentInOneFormat);
        return Ok(first);
    }
    retries.run(call, UrlFormat::New).await
}

fn not_found(answer: &Answer) -> Option<NotFound> {
    (answer.status == StatusCode::NOT_FOUND).then(|| read_not_found(&answer.body))
}
