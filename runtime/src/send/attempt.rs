//! One attempt: sends a request, bounds it, and reads the answer to its end, or to its body where that is streamed.

use std::{future::Future, pin::pin, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{StatusCode, header::LOCATION};
use tokio::time::{Instant, timeout_at};

use crate::{
    call::{Call, progress::Progress},
    client::{limits::Limits, pace::Turn},
    error::{Error, Location, TimeoutKind},
    gateway::url_format::UrlFormat,
    reply::transport::transport_error,
    send::{answer::Answer, observe::Observed, request::request},
    shown::{
        one_line::one_line,
        redact::{self, REDACTED, Secrets},
    },
};

/// Sends the call once, in its turn where it needs one; `resend_count` attempts went before it.
pub(crate) async fn attempt(
    call: &Call,
    format: Option<UrlFormat>,
    resend_count: usize,
    turn: Option<Turn<'_>>,
) -> Result<Answer, Error> {
    let limits = &call.client.shared.limits;
    let progress = Progress::new();
    let mut request = request(call, format, &progress).await?;
    // Until here nothing was sent, and the turn is another's if the call ends.
    if let Some(turn) = turn {
        turn.take();
    }
    let mut observed = Observed::begin(call, &mut request, resend_count);
    if let Err(refused) = observed.check() {
        let outcome = Err(refused);
        observed.end(&outcome);
        return outcome;
    }
    // It is large, and stays where it is from here on.
    let run = pin!(run(call, format, request, limits));
    #[cfg(feature = "tracing")]
    let run = pin!(tracing::Instrument::instrument(run, observed.span.clone()));
    let outcome = match call.timeout {
        // The caller's own bound is over the whole call, and stands in place of all others.
        Some(_) => run.await,
        None if call.body.is_upload() => progress.watch(limits, run).await,
        None => bounded(limits.attempt, TimeoutKind::Attempt, run).await,
    };
    observed.end(&outcome);
    outcome
}

async fn run(
    call: &Call,
    format: Option<UrlFormat>,
    request: reqwest::Request,
    limits: &Limits,
) -> Result<Answer, Error> {
    let shared = &call.client.shared;
    let started = Instant::now();
    let failed = |error| transport_error(error, limits, started.elapsed(), shared.secrets());
    let mut response = shared.http.execute(request).await.map_err(failed)?;
    let status = response.status();
    // 304 answers a condition, and leads nowhere.
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| response.url().join(location).ok());
        let secrets = shared.secrets();
        // A host's name is in lower case, whatever it was.
        let is_told = |host: &str| secrets.is_in_name(host);
        let host = target.as_ref().and_then(|target| target.host_str());
        let url = match (&target, host) {
            (Some(target), Some(host)) if is_told(host) => Some(target.as_str().replacen(host, REDACTED, 1)),
            (target, _) => target.as_ref().map(|target| target.as_str().to_owned()),
        };
        let location = url.map(|url| Location::new(redact::scrub(&url, secrets)));
        let host = host.map(|host| if is_told(host) { REDACTED.to_owned() } else { one_line(host, HOST) });
        return Err(Error::Redirect { status, host, location });
    }
    if status.is_success()
        && let Some((gateway, format)) = shared.gateway.as_ref().zip(format)
    {
        // It has the route, also where the connection breaks before the body ends.
        gateway.learn(call.operation.old_path.is_some(), format);
    }
    let headers = std::mem::take(response.headers_mut());
    if call.streams && status.is_success() {
        return Ok(Answer { status, headers, body: Bytes::new(), stream: Some(response) });
    }
    let body = if status.is_success() {
        let body = read_body(&mut response, limits.response_bytes).await.map_err(failed)?;
        body.ok_or(Error::TooLarge { limit: limits.response_bytes })?
    } else {
        read_beginning(&mut response, limits, shared.secrets()).await
    };
    Ok(Answer { status, headers, body, stream: None })
}

/// The body to its end; `None` where it is longer than the limit.
async fn read_body(response: &mut reqwest::Response, limit: usize) -> reqwest::Result<Option<Bytes>> {
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
        // What arrives in one piece is not copied.
        return Ok(Some(first));
    }
    // The length is the server's word, on which no more is taken than this.
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

/// The longest name of a host that is told, in characters; DNS has none that is longer.
const HOST: usize = 253;

/// The most that is read of an error's body, in bytes.
const ERROR_BYTES: usize = 256 * 1024;

/// The time that an error's body has, where half an attempt is not shorter.
const ERROR_TIME: Duration = Duration::from_secs(10);

/// The body of an error, or as much of it as comes within the limits and before the connection breaks: the status says
/// more than how it ended. What comes after that is not waited for.
async fn read_beginning(response: &mut reqwest::Response, limits: &Limits, secrets: &Secrets) -> Bytes {
    let limit = limits.response_bytes.min(ERROR_BYTES);
    let end = Instant::now() + ERROR_TIME.min(limits.attempt / 2);
    let mut body = BytesMut::new();
    loop {
        match timeout_at(end, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                let room = limit - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    break;
                }
            }
            Ok(Ok(None)) => return body.freeze(),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    redact::scrub_beginning(&String::from_utf8_lossy(&body), secrets).into()
}

/// The future's result, or the bound that it went over.
pub(crate) async fn bounded<T>(
    limit: Duration,
    kind: TimeoutKind,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, future).await.unwrap_or(Err(Error::timeout(kind, limit)))
}
