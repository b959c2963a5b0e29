//! Sends a call within its timeouts, and decodes the response.

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

use crate::{
    call::{Call, pending::Pending},
    error::{Error, api_error::ApiError},
    http::{coding, link, media_type},
    platform::clock::{Instant, sleep},
    reply::{
        decode::{Decode, Reply},
        redirect::Redirect,
        response::Response,
        stream::{self, ByteStream, Chunks},
    },
    send::{answer::Answer, formats::InFormats, retry::Retries},
    shown::view::scrub_headers,
};

impl Call {
    /// Sends the call and returns its result.
    pub fn send<D: Decode>(self) -> Pending<D::Output> {
        Pending::new(async move { send::<D>(&self).await })
    }

    /// Sends the call and returns its result with status and headers.
    pub fn send_with_response<D: Decode>(self) -> Pending<Response<D::Output>> {
        Pending::new(async move { send_with_response::<D>(&self).await })
    }

    /// Sends the call and returns its result, or `None` if it has not changed since what the call's conditions name.
    pub fn send_if_modified<D: Decode>(self) -> Pending<Option<D::Output>> {
        Pending::new(async move {
            match send::<D>(&self).await {
                Err(Error::Api(error)) if error.status() == StatusCode::NOT_MODIFIED => Ok(None),
                result => result.map(Some),
            }
        })
    }

    /// Sends the call and returns the body as a stream.
    pub fn stream_bytes(mut self) -> Pending<ByteStream> {
        self.streams = true;
        Pending::new(async move { open(&self).await })
    }

    /// As [`send`](Self::send), with another `Accept` header than the operation's.
    pub fn send_as<D: Decode>(mut self, accept: &'static str) -> Pending<D::Output> {
        self.accept = Some(accept);
        self.send::<D>()
    }

    /// As [`stream_bytes`](Self::stream_bytes), with another `Accept` header than the operation's.
    pub fn stream_bytes_as(mut self, accept: &'static str) -> Pending<ByteStream> {
        self.accept = Some(accept);
        self.stream_bytes()
    }
}

/// Sends the call and decodes its result. Only the decoding is generic over the operation.
pub(crate) async fn send<D: Decode>(call: &Call) -> Result<D::Output, Error> {
    let answer = execute(call).await?;
    D::decode(checked(call, &answer)?)
}

/// As [`send`], with the URL of the next page in the header `Link`.
pub(crate) async fn send_page<D: Decode>(call: &Call) -> Result<(D::Output, Option<String>), Error> {
    let answer = execute(call).await?;
    Ok((D::decode(checked(call, &answer)?)?, link::next(&answer.headers)))
}

/// As [`send`], with the status and headers.
async fn send_with_response<D: Decode>(call: &Call) -> Result<Response<D::Output>, Error> {
    let answer = execute(call).await?;
    let value = D::decode(checked(call, &answer)?)?;
    let shared = &call.client.shared;
    let headers = scrub_headers(&answer.headers, shared.secrets());
    let provider_headers = shared.gateway.as_ref().map(|gateway| gateway.response_headers(&answer.body));
    let provider_headers = scrub_headers(&provider_headers.unwrap_or_default(), shared.secrets());
    Ok(Response { status: answer.status, headers, provider_headers, value })
}

/// Sends a call whose body is streamed, and returns once the body begins.
pub(crate) async fn open(call: &Call) -> Result<ByteStream, Error> {
    let started = Instant::now();
    let mut answer = execute(call).await?;
    // A streamed call has its body here even if the server sent all of it at once.
    let response = answer.stream.take().ok_or_else(|| Error::transport("the response has no body".to_owned(), None))?;
    let length = response.content_length();
    let mut chunks = stream::chunks(*response, &call.client, started, call.timeout);
    let (is_other, unexpected) = (is_other(call, &answer), reply(call, &answer).unexpected());
    let limits = &call.client.shared.limits;
    if is_other {
        answer.body = beginning(&mut chunks, limits.attempt, limits.response_bytes).await;
        checked(call, &answer)?;
    }
    if let Some(message) = unexpected {
        answer.body = beginning(&mut chunks, limits.attempt, ENOUGH).await;
        return Err(reply(call, &answer).failure(".", &message));
    }
    let gateway = call.client.shared.gateway.as_ref();
    if let Some(watch) = gateway.and_then(|gateway| gateway.watch(content_type(&answer))) {
        chunks = stream::watched(chunks, answer.status, watch);
    }
    let headers = scrub_headers(&answer.headers, call.client.shared.secrets());
    Ok(ByteStream { status: answer.status, headers, length, chunks })
}

/// The length of a beginning that has at least as much of the body as an error may show.
const ENOUGH: usize = 64 * 1024;

/// Reads the body until it has the length, as far as it arrives in time.
async fn beginning(chunks: &mut Chunks, limit: Duration, length: usize) -> Bytes {
    let mut body = BytesMut::new();
    let mut too_late = pin!(sleep(limit));
    while body.len() < length
        && let Either::Left((Some(Ok(chunk)), _)) = select(chunks.next(), too_late.as_mut()).await
    {
        body.extend_from_slice(&chunk);
    }
    body.freeze()
}

/// Decodes one message of a stream, which may be an event with a name. Messages have no envelope.
pub(crate) fn decode_message<D: Decode>(
    call: &Call,
    status: StatusCode,
    event: Option<&str>,
    body: Bytes,
) -> Result<D::Output, Error> {
    let answer = Answer { status, headers: HeaderMap::new(), location: None, body, stream: None };
    D::decode(Reply { event, gateway: None, list_envelope: None, ..reply(call, &answer) })
}

/// Returns the error of a message that cannot be decoded.
pub(crate) fn refuse_message(call: &Call, status: StatusCode, body: Bytes, message: &str) -> Error {
    let answer = Answer { status, headers: HeaderMap::new(), location: None, body, stream: None };
    reply(call, &answer).failure(".", message)
}

/// Returns the response for its decoder, unless the document declares its media type for another verb than the call's.
fn checked<'a>(call: &'a Call, answer: &'a Answer) -> Result<Reply<'a>, Error> {
    let reply = reply(call, answer);
    if is_other(call, answer) { Err(reply.other_media_type()) } else { Ok(reply) }
}

fn is_other(call: &Call, answer: &Answer) -> bool {
    let is_told = |declared: &str| {
        let media_type = content_type(answer);
        let accepts = call.accept().is_some_and(|accept| media_type::includes(accept, media_type));
        !accepts && media_type::names(declared, media_type)
    };
    call.operation.declared.is_some_and(is_told)
}

fn reply<'a>(call: &'a Call, answer: &'a Answer) -> Reply<'a> {
    let shared = &call.client.shared;
    Reply {
        content_type: content_type(answer),
        accept: call.accept(),
        status: answer.status,
        body: answer.body.clone(),
        event: None,
        redirect: call.operation.redirects.then(|| {
            let headers = scrub_headers(&answer.headers, shared.secrets());
            Box::new(Redirect { status: answer.status, location: answer.location.clone(), headers })
        }),
        gateway: shared.gateway.as_ref(),
        list_envelope: call.operation.list_envelope,
        #[cfg(feature = "catalogue")]
        outcomes: call.outcomes,
        secrets: shared.secrets(),
        limit: shared.limits.response_bytes,
    }
}

fn content_type(answer: &Answer) -> &str {
    answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn execute(call: &Call) -> Result<Answer, Error> {
    let keyed = call.with_key();
    let call = keyed.as_deref().unwrap_or(call);
    let shared = &call.client.shared;
    call.check()?;
    // The caller's own timeout includes the wait for the first attempt.
    let first = if call.timeout.is_some() { None } else { shared.pace.turn(call.operation.rate_limit).await };
    let mut retries = Retries::new(call, first);
    let answer = match &shared.gateway {
        Some(gateway) => gateway.send(&mut InFormats { call, retries: &mut retries }).await,
        None => retries.run(call, None).await,
    };
    let result = answer.and_then(|answer| {
        if answer.status.is_success() || answer.status.is_redirection() && call.operation.redirects {
            let undecoded = coding::undecoded(&answer.headers).filter(|_| !answer.body.is_empty());
            return undecoded.map_or(Ok(()), |it| Err(reply(call, &answer).failure(".", &it))).map(|()| answer);
        }
        let error =
            ApiError::read(answer.status, &answer.headers, &answer.body, shared.gateway.as_ref(), shared.secrets());
        Err(Error::Api(Box::new(error)))
    });
    result.map_err(|error| error.after(retries.into_past()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::operation::Operation,
        client::{Client, builder::ClientBuilder, service::Service},
        reply::decode::Text,
        send::attempt::attempt,
    };

    #[test]
    fn futures_are_small() {
        static SERVICE: Service = Service::new("http://localhost", "TEST");
        static OPERATION: Operation = Operation::get("/");
        /// What allocators keep ready: a larger box costs several thousand instructions a call.
        const SMALL: usize = 1024;
        let client: Client = ClientBuilder::new(&SERVICE).build().unwrap();
        let call = Call::new(&client, &OPERATION);
        let of_call = size_of::<Call>() + size_of_val(&send_with_response::<Text>(&call));
        let of_attempt = size_of_val(&attempt(&call, None, &[], 0, None));
        assert!(of_call < SMALL && of_attempt < SMALL, "{of_call}, {of_attempt}");
    }
}
