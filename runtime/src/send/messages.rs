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
    send::execute::{decode_message, open, refuse_message},
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

    /// Sends the call with this `Accept` header, and reads a JSON sequence.
    pub fn stream_sequence<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<D::Output>> {
        let read = |call: &Call, status, record: Event<Bytes>| {
            if is_cut_off(&record.data) {
                return Err(refuse_message(call, status, record.data, "the value may be cut off"));
            }
            decode_message::<D>(call, status, record.data)
        };
        Pending::new(open_messages(self, accept, Framing::Sequence, read))
    }
}

/// Whether a record of a JSON sequence may be the beginning of a longer value: a number or a word that no white space ends
/// (RFC 7464, 2.4).
fn is_cut_off(record: &[u8]) -> bool {
    record.last().is_some_and(u8::is_ascii_alphanumeric)
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
