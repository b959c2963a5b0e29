//! One attempt: sends the request with its timeouts, and reads the response, or its beginning if the body is streamed.

use std::{future::Future, pin::pin, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{StatusCode, header::LOCATION};

use crate::{
    call::Call,
    client::{credential::Key, limits::Limits, pace::Turn, transport::TransportError},
    error::{Error, Location, TimeoutKind},
    gateway::url_format::UrlFormat,
    http::{body::read_body, coding},
    platform::clock::{Instant, timeout, timeout_at},
    platform::incoming::Incoming,
    reply::transport::transport_error,
    send::{answer::Answer, observe::Observed, request::request},
    shown::{
        one_line::one_line,
        redact::{self, REDACTED, Secrets},
    },
};

/// Sends the call once, after waiting for its rate limit. `resend_count` is the number of earlier attempts.
pub(crate) async fn attempt(
    call: &Call,
    format: Option<UrlFormat>,
    keys: &[Key<'_>],
    resend_count: usize,
    turn: Option<Turn<'_>>,
) -> Result<Answer, Error> {
    let limits = &call.client.shared.limits;
    // In a scope of its own, so that the future does not keep the request.
    let (progress, observed, sent) = {
        let (mut request, progress) = request(call, format, keys).await?;
        // Nothing was sent before this point; if the call ends earlier, the slot is released.
        if let Some(turn) = turn {
            turn.take();
        }
        let mut observed = Observed::begin(call, &mut request, resend_count);
        if let Err(refused) = observed.check() {
            let outcome = Err(refused);
            observed.end(&outcome);
            return outcome;
        }
        (progress, observed, call.client.shared.http.execute(request))
    };
    // The future is large, so it is not moved after this.
    let run = pin!(run(call, format, sent, limits));
    #[cfg(feature = "tracing")]
    let run = pin!(tracing::Instrument::instrument(run, observed.span.clone()));
    let outcome = match (call.timeout, progress) {
        // The caller's own timeout covers the whole call and replaces all others. The retries apply it.
        (Some(_), _) => run.await,
        (None, Some(progress)) if call.body.is_upload() => Box::pin(progress.watch(limits, run)).await,
        (None, _) => bounded(limits.attempt, TimeoutKind::Attempt, run).await,
    };
    observed.end(&outcome);
    outcome
}

async fn run(
    call: &Call,
    format: Option<UrlFormat>,
    sent: impl Future<Output = Result<Incoming, TransportError>>,
    limits: &Limits,
) -> Result<Answer, Error> {
    let shared = &call.client.shared;
    let started = Instant::now();
    let failed = |error: TransportError| transport_error(error, limits, started.elapsed(), shared.secrets());
    let mut response = sent.await.map_err(failed)?;
    let status = response.status();
    // 304 answers a conditional request; it is not a redirect.
    if status.is_redirection() && (status != StatusCode::NOT_MODIFIED || call.operation.redirects) {
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| response.url().join(location).ok());
        let secrets = shared.secrets();
        // Host names are lower case, so the comparison must ignore case.
        let is_told = |host: &str| secrets.is_in_name(host);
        let host = target.as_ref().and_then(|target| target.host_str());
        let url = match (&target, host) {
            (Some(target), Some(host)) if is_told(host) => Some(target.as_str().replacen(host, REDACTED, 1)),
            (target, _) => target.as_ref().map(|target| target.as_str().to_owned()),
        };
        let location = url.map(|url| Location::new(redact::scrub(&url, secrets)));
        if call.operation.redirects {
            let headers = std::mem::take(response.headers_mut());
            return Ok(Answer { status, headers, location, body: Bytes::new(), stream: None });
        }
        let host = host.map(|host| if is_told(host) { REDACTED.to_owned() } else { one_line(host, HOST) });
        return Err(Error::Redirect { status, host, location });
    }
    if status.is_success()
        && let Some((gateway, format)) = shared.gateway.as_ref().zip(format)
    {
        // A success proves that the gateway has the route, even if the connection breaks before the body ends.
        gateway.learn(call.operation.old_path.is_some(), format);
    }
    let undecoded = coding::undecoded(response.headers());
    let is_decoded = undecoded.is_none();
    if let Some(message) = undecoded
        && !status.is_success()
    {
        // The status matters more than a body that cannot be read.
        let headers = std::mem::take(response.headers_mut());
        return Ok(Answer { status, headers, location: None, body: message.into(), stream: None });
    }
    if call.streams && status.is_success() && is_decoded {
        let headers = std::mem::take(response.headers_mut());
        return Ok(Answer { status, headers, location: None, body: Bytes::new(), stream: Some(Box::new(response)) });
    }
    let body = if status.is_success() {
        let body = read_body(&mut response, limits.response_bytes).await.map_err(|error| failed(error.into()))?;
        body.ok_or(Error::TooLarge { limit: limits.response_bytes })?
    } else {
        // Boxed, so that successful calls do not carry its state.
        Box::pin(read_beginning(&mut response, limits, shared.secrets())).await
    };
    let headers = std::mem::take(response.headers_mut());
    Ok(Answer { status, headers, location: None, body, stream: None })
}

/// The maximum length of a displayed host name, in characters; that of DNS.
const HOST: usize = 253;

/// The maximum number of bytes read from an error response.
const ERROR_BYTES: usize = 256 * 1024;

/// The maximum time to read an error response; half the attempt timeout if that is shorter.
const ERROR_TIME: Duration = Duration::from_secs(10);

/// Reads the body of an error response within the limits, or as much as arrives before the connection breaks: the
/// status matters more than a truncated body. Does not wait for the rest.
async fn read_beginning(response: &mut Incoming, limits: &Limits, secrets: &Secrets) -> Bytes {
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

/// Returns the future's output, or an error if the timeout expires first.
async fn bounded<T>(
    limit: Duration,
    kind: TimeoutKind,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(limit, future).await.unwrap_or(Err(Error::timeout(kind, limit)))
}
