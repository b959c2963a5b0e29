//! Sends calls whose responses are message streams.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;

use crate::{
    call::{Call, pending::Pending},
    error::Error,
    platform::clock::Instant,
    reply::{
        decode::Decode,
        events::{Event, Framing, MessageStream},
    },
    send::{
        execute::{decode_message, open, refuse_message},
        resume::Resumed,
    },
};

impl Call {
    /// Sends the call with this `Accept` header, and reads server-sent events.
    pub fn stream_events<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<Event<D::Output>>> {
        let read = |call: &Call, status, event: Event<Bytes>| {
            let Event { event, id, retry, data } = event;
            match decode_message::<D>(call, status, event.as_deref(), data) {
                Ok(data) => Ok(Event { event, id, retry, data }),
                Err(error) => Err(error.of_event(event, id)),
            }
        };
        Pending::new(open_messages(self, accept, Framing::Events, read))
    }

    /// Sends the call with this `Accept` header, and reads JSON lines.
    pub fn stream_lines<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<D::Output>> {
        let read = |call: &Call, status, line: Event<Bytes>| decode_message::<D>(call, status, None, line.data);
        Pending::new(open_messages(self, accept, Framing::Lines, read))
    }

    /// Sends the call with this `Accept` header, and reads a JSON sequence.
    pub fn stream_sequence<D: Decode>(self, accept: &'static str) -> Pending<MessageStream<D::Output>> {
        let read = |call: &Call, status, record: Event<Bytes>| {
            if is_cut_off(&record.data) {
                return Err(refuse_message(call, status, record.data, "the value may be cut off"));
            }
            decode_message::<D>(call, status, None, record.data)
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
    call.set_stream_flag();
    let started = Instant::now();
    let opened = open(&call).await?;
    let (status, headers) = (opened.status, opened.headers);
    let resumed = Resumed::new(call, framing, opened.chunks, started);
    // A message that cannot be read does not end the stream.
    let messages = stream::unfold(resumed, move |mut resumed| async move {
        let message = resumed.next().await?;
        let read = message.and_then(|message| read(resumed.call(), status, message));
        Some((read, resumed))
    });
    Ok(MessageStream { status, headers, messages: messages.boxed() })
}
