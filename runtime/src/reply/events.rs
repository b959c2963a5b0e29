//! Message streams: server-sent events, JSON lines and JSON sequences.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};
use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    error::Error,
    reply::{lines::Lines, stream::Chunks},
};

/// A server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The event type; `None` means `message`.
    pub event: Option<String>,
    /// The last event ID, from this event or an earlier one. Events share it.
    pub id: Option<Arc<str>>,
    /// How long to wait before reconnecting, if this event says so.
    pub retry: Option<Duration>,
    /// The data of the event.
    pub data: T,
}

#[cfg(feature = "catalogue")]
impl<T> Event<T> {
    /// Creates an event without a type of its own.
    pub(crate) fn of_data(data: T) -> Self {
        Self { event: None, id: None, retry: None, data }
    }

    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Event<U> {
        Event { event: self.event, id: self.id, retry: self.retry, data: convert(self.data) }
    }
}

/// The messages of a response, as a [`Stream`]: [`Event`]s for `text/event-stream`, values for JSON lines and JSON
/// sequences.
///
/// A message, with the comments and blank lines before it, is limited to the client's response limit; a larger one
/// returns [`Error::TooLarge`]. The client's stall timeout applies between two chunks. A timeout of the call itself
/// applies to the whole stream. A message that does not match the documented form returns an error and does not end the
/// stream; that of an event has its name, its ID and its data. A stream is not retried once it has begun, unless the call
/// permits reconnections. Dropping it closes it.
///
/// In `text/event-stream`, the data `[DONE]` ends the stream, because many APIs of language models send it last, and so
/// does the data that the document declares to be the last.
#[must_use = "streams do nothing unless polled"]
pub struct MessageStream<M> {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) messages: Pin<Box<dyn Stream<Item = Result<M, Error>> + Send>>,
}

impl<M: 'static> MessageStream<M> {
    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Converts each message.
    #[cfg(feature = "catalogue")]
    pub(crate) fn map<N: 'static>(self, convert: fn(M) -> N) -> MessageStream<N> {
        let messages = self.messages.map(move |message| message.map(convert));
        MessageStream { status: self.status, headers: self.headers, messages: Box::pin(messages) }
    }

    /// Returns the next message, or `None` at the end of the response.
    pub async fn next(&mut self) -> Option<Result<M, Error>> {
        self.messages.next().await
    }
}

impl<M> Stream for MessageStream<M> {
    type Item = Result<M, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.messages.as_mut().poll_next(context)
    }
}

impl<M> fmt::Debug for MessageStream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageStream").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The body from which messages are split.
struct Source {
    lines: Lines,
    limit: usize,
    framing: Framing,
    sentinel: Option<&'static str>,
    last_id: Option<Arc<str>>,
    at_start: bool,
    /// The number of bytes since the last message.
    read: usize,
}

impl Source {
    async fn next_message(&mut self) -> Result<Option<Event<Bytes>>, Error> {
        self.read = 0;
        match self.framing {
            Framing::Events => {
                let sentinel = self.sentinel.unwrap_or_default().as_bytes();
                let is_last = |data: &[u8]| data == DONE || !data.is_empty() && data == sentinel;
                Ok(self.next_event().await?.filter(|event| !is_last(event.data.trim_ascii())))
            }
            Framing::Lines | Framing::Sequence => {
                let line = self.next_line().await?;
                Ok(line.map(|data| Event { event: None, id: None, retry: None, data }))
            }
        }
    }

    /// Returns the fields of the next event with data. An incomplete event at the end of the response is discarded.
    async fn next_event(&mut self) -> Result<Option<Event<Bytes>>, Error> {
        let mut event = None;
        let mut retry = None;
        let mut data: Option<Vec<u8>> = None;
        while let Some(mut line) = self.read_line().await? {
            if std::mem::take(&mut self.at_start) && line.starts_with("\u{feff}".as_bytes()) {
                line = line.slice(3..);
            }
            if line.is_empty() {
                if let Some(data) = data.take() {
                    let id = self.last_id.clone();
                    return Ok(Some(Event { event, id, retry, data: data.into() }));
                }
                event = None;
                continue;
            }
            let (name, value) = split_field(&line);
            let text = || String::from_utf8_lossy(value).into_owned();
            match name {
                b"data" => match &mut data {
                    Some(data) => {
                        data.push(b'\n');
                        data.extend_from_slice(value);
                    }
                    None => data = Some(value.to_vec()),
                },
                b"event" => event = Some(text()).filter(|it| !it.is_empty()),
                b"id" if !value.contains(&0) => {
                    self.last_id = Some(text().into()).filter(|it: &Arc<str>| !it.is_empty());
                }
                b"retry" => retry = text().parse().ok().map(Duration::from_millis),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Returns the next line. Fails if the bytes since the last message exceed the limit.
    async fn read_line(&mut self) -> Result<Option<Bytes>, Error> {
        let line = self.lines.next().await?;
        self.read = self.read.saturating_add(line.as_ref().map_or(0, |line| line.len() + 1));
        if self.read > self.limit.saturating_add(1) { Err(Error::TooLarge { limit: self.limit }) } else { Ok(line) }
    }

    /// Returns the next line or record that is not blank.
    async fn next_line(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(line) = self.read_line().await? {
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

/// Splits `name: value` and removes one space after the colon. A comment has an empty name.
fn split_field(line: &[u8]) -> (&[u8], &[u8]) {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return (line, b"") };
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    (name, value.strip_prefix(b" ").unwrap_or(value))
}

/// The data with which many APIs of language models end their streams.
const DONE: &[u8] = b"[DONE]";

/// How messages are delimited in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Events,
    Lines,
    Sequence,
}

/// Splits the chunks of a body into messages of at most `limit` bytes. `last_id` is that of the events before, if the body continues
/// another one.
pub(crate) fn messages(
    chunks: Chunks,
    limit: usize,
    framing: Framing,
    sentinel: Option<&'static str>,
    last_id: Option<Arc<str>>,
) -> impl Stream<Item = Result<Event<Bytes>, Error>> + Send {
    let lines = match framing {
        Framing::Sequence => Lines::records(chunks, limit),
        Framing::Events | Framing::Lines => Lines::new(chunks, limit),
    };
    let source = Source { lines, limit, framing, sentinel, last_id, at_start: true, read: 0 };
    stream::unfold(Some(source), |source| async move {
        let mut source = source?;
        match source.next_message().await {
            Ok(None) => None,
            Ok(Some(message)) => Some((Ok(message), Some(source))),
            Err(error) => Some((Err(error), None)),
        }
    })
}
