//! Sends calls whose responses are message streams.

use bytes::Bytes;
use futures_util::StreamExt as _;
use reqwest::StatusCode;

use crate::{
    call::{Call, pending::Pending},
    error::Error,
    reply::{
        decode::Decode,
        events::{Event, Framing, MessageStream, messages},
    },
    send::execute::{decode_message, open},
};

impl Call {
    /// Sends the call with this `Accept` header, and reads server-sent events.
    pub fn stream_events<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<Event<D::Output>>> {
        let read = |call: &Call, status, event: Event<Bytes>| {
            let data = decode_message::<D>(call, status, event.data)?;
            Ok(Event { event: event.event, id: event.id, retry: event.retry, data })
        };
        Pending::new(open_messages(self, accept, Framing::Events, read))
    }

    /// Sends the call with this `Accept` header, and reads JSON lines.
    pub fn stream_lines<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<D::Output>> {
        let read = |call: &Call, status, line: Event<Bytes>| decode_message::<D>(call, status, line.data);
        Pending::new(open_messages(self, accept, Framing::Lines, read))
    }
}

async fn open_messages<M: Send + 'static>(
    mut call: Call,
    accept: &'static str,
    framing: Framing,
    read: fn(&Call, StatusCode, Event<Bytes>) -> Result<M, Error>,
) -> Result<MessageStream<M>, Error> {
    call.streams = true;
    call.accept = Some(accept);
    let opened = open(&call).await?;
    let (status, headers) = (opened.status, opened.headers);
    let messages = messages(opened.chunks, call.client.shared.limits.response_bytes, framing);
    // A message that cannot be read does not end the stream.
    let messages = messages.map(move |message| read(&call, status, message?));
    Ok(MessageStream { status, headers, messages: Box::pin(messages) })
}
