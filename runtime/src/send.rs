//! Sends a call: composes the URL, bounds the time, reads the answer, and finds the gateway's URL format.

use std::{
    error::Error as _,
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    ApiError, Auth, Call, Decode, Error, Response, TimeoutKind, UrlFormat,
    client::Limits,
    decode::Reply,
    gateway::{NotFound, read_not_found},
    path, redact,
};

/// An answer of any status, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Sends the call and decodes what it gives. All but the decoding is the same for every operation.
pub(crate) async fn send<D: Decode>(call: &Call) -> Result<Response<D::Output>, Error> {
    let answer = execute(call).await?;
    let shared = &call.client.shared;
    let media_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let reply = Reply {
        media_type,
        accept: call.operation.accept,
        status: answer.status,
        body: answer.body,
        gateway: shared.gateway,
        list_envelope: call.operation.list_envelope,
        token: shared.auth.as_ref().map(|(_, token)| token),
    };
    let value = D::decode(reply)?;
    Ok(Response { status: answer.status, headers: answer.headers, value })
}

async fn execute(call: &Call) -> Result<Answer, Error> {
    call.check()?;
    let limits = &call.client.shared.limits;
    // The time that an upload takes is its size over the caller's line: no default can know it.
    let total = call.timeout.or_else(|| (!call.body.is_upload()).then_some(limits.total));
    let answer = match total {
        Some(total) => bounded(total, TimeoutKind::Total, find_format(call)).await,
        None => find_format(call).await,
    }?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    let secret = call.client.shared.secret();
    Err(Error::Api(Box::new(ApiError::read(answer.status, &answer.headers, &answer.body, secret))))
}

/// Sends the call in the gateway's New Format, and once more in the Old Format where the gateway has no such route; what
/// works is remembered for the client. A 404 has not been processed, so the call can be sent again.
async fn find_format(call: &Call) -> Result<Answer, Error> {
    let memory = &call.client.shared.format;
    if call.operation.old_path.is_none() {
        return attempt(call, UrlFormat::New).await;
    }
    if let Some(format) = memory.known() {
        return attempt(call, format).await;
    }
    let first = attempt(call, UrlFormat::New).await?;
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
    let second = attempt(call, UrlFormat::Old).await?;
    match not_found(&second) {
        Some(NotFound::Route | NotFound::Unclear) => Ok(first),
        Some(NotFound::Resource) => {
            memory.settle(UrlFormat::Old);
            Ok(second)
        }
        None => {
            if second.status.is_success() || verdict == Some(NotFound::Route) {
                memory.settle(UrlFormat::Old);
            }
            Ok(second)
        }
    }
}

fn not_found(answer: &Answer) -> Option<NotFound> {
    (answer.status == StatusCode::NOT_FOUND).then(|| read_not_found(&answer.body))
}

async fn attempt(call: &Call, format: UrlFormat) -> Result<Answer, Error> {
    let limits = &call.client.shared.limits;
    let progress = Progress::new();
    let request = request(call, format, &progress).await?;
    let run = run(call, request, limits);
    match call.timeout {
        // The caller's own bound is over the whole call, and stands in place of all others.
        Some(_) => run.await,
        None if call.body.is_upload() => progress.watch(limits, run).await,
        None => bounded(limits.attempt, TimeoutKind::Attempt, run).await,
    }
}

async fn run(call: &Call, request: reqwest::Request, limits: &Limits) -> Result<Answer, Error> {
    let shared = &call.client.shared;
    let started = Instant::now();
    let failed = |error| transport_error(error, limits, started.elapsed(), shared.secret());
    let url = request.url().clone();
    let mut response = shared.http.execute(request).await.map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| url.join(location).ok());
        let host = target.and_then(|target| target.host_str().map(|host| redact::scrub(host, shared.secret())));
        return Err(Error::Redirect { status, host });
    }
    let too_large = Error::TooLarge { limit: limits.response_bytes };
    if response.content_length().is_some_and(|length| length > limits.response_bytes as u64) {
        return Err(too_large);
    }
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > limits.response_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body: body.freeze() })
}

async fn request(call: &Call, format: UrlFormat, progress: &Arc<Progress>) -> Result<reqwest::Request, Error> {
    let shared = &call.client.shared;
    let url = url(call, format)?;
    let mut request = shared.http.request(call.operation.method.clone(), url);
    if let Some(accept) = call.operation.accept {
        request = request.header(ACCEPT, accept);
    }
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let mut cookies: Vec<String> = call.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if let Some((auth, token)) = &shared.auth {
        let token = token.expose();
        match auth {
            Auth::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes());
                let name = name.map_err(|_| Error::invalid("the header of the token is malformed"))?;
                request = request.header(name, secret_header(token)?);
            }
            Auth::Bearer => request = request.header(AUTHORIZATION, secret_header(&format!("Bearer {token}"))?),
            Auth::Basic => {
                let (user, password) = token.split_once(':').unwrap_or((token, ""));
                request = request.basic_auth(user, Some(password));
            }
            Auth::Cookie(name) => cookies.push(format!("{name}={}", path::encode_value(token))),
            Auth::Query(_) => {}
        }
    }
    if !cookies.is_empty() {
        request = request.header(COOKIE, secret_header(&cookies.join("; "))?);
    }
    let request = call.body.apply(request, progress).await?;
    request.build().map_err(|error| Error::invalid(describe(error, shared.secret())))
}

/// A header whose value does not print.
fn secret_header(value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Error::invalid("the token has characters that no header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn url(call: &Call, format: UrlFormat) -> Result<Url, Error> {
    let shared = &call.client.shared;
    // The values are checked by the template in either format.
    let expanded = path::expand(call.operation.path, &call.path).map_err(Error::invalid)?;
    let old = call.operation.old_path.filter(|_| format == UrlFormat::Old);
    let path = old.unwrap_or(&expanded);
    let mut url =
        Url::parse(&format!("{}{path}", shared.base_url)).map_err(|error| Error::invalid(error.to_string()))?;
    {
        let mut query = url.query_pairs_mut();
        if old.is_some() {
            // The gateway decodes the value once and puts it into the provider's path as it is, so the encoded value is
            // encoded once more.
            query.extend_pairs(&call.path);
        }
        query.extend_pairs(call.query.iter().map(|(_, name, value)| (name, value)));
        if let Some((Auth::Query(name), token)) = &shared.auth {
            query.append_pair(name, token.expose());
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    Ok(url)
}

async fn bounded<T>(
    limit: Duration,
    kind: TimeoutKind,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, future).await.unwrap_or(Err(Error::Timeout { kind, after: limit }))
}

fn transport_error(error: reqwest::Error, limits: &Limits, elapsed: Duration, secret: &str) -> Error {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Error::Timeout { kind: TimeoutKind::Connect, after: limits.connect },
        (true, false) => Error::Connect(describe(error, secret)),
        // Only a bound that the caller has set on the HTTP client itself ends up here.
        (false, true) => Error::Timeout { kind: TimeoutKind::Attempt, after: elapsed },
        (false, false) => Error::Transport(describe(error, secret)),
    }
}

/// The error and its causes in one line. The URL, which holds the credential, is taken out of it first.
fn describe(error: reqwest::Error, secret: &str) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    redact::scrub(&text, secret)
}

/// How far an upload has come.
#[derive(Debug)]
pub(crate) struct Progress {
    last: Mutex<Instant>,
    /// The bytes that are still to be read from the files of the request.
    remaining: AtomicU64,
}

impl Progress {
    fn new() -> Arc<Self> {
        Arc::new(Self { last: Mutex::new(Instant::now()), remaining: AtomicU64::new(0) })
    }

    /// A file of this length will be sent.
    pub(crate) fn expect(&self, length: u64) {
        self.remaining.fetch_add(length, Ordering::Relaxed);
    }

    /// So many bytes more have been taken.
    pub(crate) fn advance(&self, bytes: usize) {
        let taken = bytes as u64;
        // The file may have grown since its length was read.
        let subtract = |left: u64| Some(left.saturating_sub(taken));
        let _ = self.remaining.fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The time at which the attempt is given up, and the bound that then was reached.
    fn deadline(&self, limits: &Limits) -> (Instant, TimeoutKind, Duration) {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Once all is sent, the server has as long to answer as for any other call.
        let (kind, limit) = match self.remaining.load(Ordering::Relaxed) {
            0 => (TimeoutKind::Attempt, limits.attempt),
            _ => (TimeoutKind::Stalled, limits.stall),
        };
        (last + limit, kind, limit)
    }

    async fn watch<T>(&self, limits: &Limits, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut future = pin!(future);
        loop {
            let (deadline, kind, after) = self.deadline(limits);
            if deadline <= Instant::now() {
                return Err(Error::Timeout { kind, after });
            }
            // Which bound holds changes while the upload goes on, so it is looked at again when the shorter one is due.
            let look = deadline.min(Instant::now() + limits.stall.min(limits.attempt));
            if let Ok(result) = timeout_at(look, future.as_mut()).await {
                return result;
            }
        }
    }
}
