//! Sends a call: finds the gateway's URL format, and bounds the whole.

use reqwest::{StatusCode, header::CONTENT_TYPE};
use tokio::time::Instant;

use crate::{
    ApiError, Call, Decode, Error, Response, TimeoutKind, UrlFormat,
    api_error::scrub_headers,
    attempt::{Answer, bounded},
    decode::Reply,
    gateway::{NotFound, read_not_found},
    retry::Retries,
};

/// Sends the call and decodes what it gives. All but the decoding is the same for every operation.
pub(crate) async fn send<D: Decode>(call: &Call) -> Result<Response<D::Output>, Error> {
    let answer = execute(call).await?;
    let shared = &call.client.shared;
    let media_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_latin1 = media_type.to_ascii_lowercase().contains("charset=iso-8859-1");
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let reply = Reply {
        media_type,
        is_latin1,
        accept: call.operation.accept,
        status: answer.status,
        body: answer.body,
        gateway: shared.gateway,
        list_envelope: call.operation.list_envelope,
        secrets: shared.secrets(),
    };
    let value = D::decode(reply)?;
    let headers = scrub_headers(&answer.headers, shared.secrets());
    Ok(Response { status: answer.status, headers, value })
}

async fn execute(call: &Call) -> Result<Answer, Error> {
    call.check()?;
    let shared = &call.client.shared;
    // The time that an upload takes is its size over the caller's line: no default can know it.
    let total = call.timeout.or_else(|| (!call.body.is_upload()).then_some(shared.limits.total));
    let deadline = total.and_then(|total| Instant::now().checked_add(total));
    let mut retries = Retries::new(call, deadline);
    let answer = match total {
        Some(total) => bounded(total, TimeoutKind::Total, find_format(call, &mut retries)).await,
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
async fn find_format(call: &Call, retries: &mut Retries<'_>) -> Result<Answer, Error> {
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
