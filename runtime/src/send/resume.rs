//! Server-sent events that go on after the connection breaks.

use std::{pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use tokio::time::sleep;

use crate::{
    call::Call,
    error::Error,
    reply::{
        events::{Event, Framing, messages},
        stream::Chunks,
    },
    send::execute::open,
};

/// The time before the first reconnection, unless an event says another one.
const WAIT: Duration = Duration::from_secs(1);

/// The longest time before a reconnection, whatever an event says.
const LONGEST: Duration = Duration::from_secs(30);

/// The messages of a response, and of those that continue it.
pub(crate) struct Resumed {
    call: Call,
    framing: Framing,
    messages: Pin<Box<dyn Stream<Item = Result<Event<Bytes>, Error>> + Send>>,
    last_id: Option<Arc<str>>,
    wait: Duration,
    has_begun: bool,
    /// How many reconnections are left.
    left: u32,
}

impl Resumed {
    pub(crate) fn new(call: Call, framing: Framing, chunks: Chunks) -> Self {
        let messages = messages_of(&call, framing, chunks);
        // Only the events of a call that can be repeated have a place to go on from.
        let can_resume = framing == Framing::Events && call.operation.is_idempotent();
        let left = if can_resume { call.reconnects } else { 0 };
        Self { call, framing, messages, last_id: None, wait: WAIT, has_begun: false, left }
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    pub(crate) async fn next(&mut self) -> Option<Result<Event<Bytes>, Error>> {
        loop {
            match self.messages.next().await? {
                Ok(event) => {
                    self.has_begun = true;
                    if self.left > 0 {
                        self.last_id.clone_from(&event.id);
                        self.wait = event.retry.unwrap_or(self.wait).min(LONGEST);
                    }
                    return Some(Ok(event));
                }
                Err(error) => {
                    if let Err(error) = self.resume(error).await {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// Connects again, or returns the error. Without an ID, events that were read would come again.
    async fn resume(&mut self, mut error: Error) -> Result<(), Error> {
        while self.left > 0 && error.is_retryable() && (self.last_id.is_some() || !self.has_begun) {
            self.left -= 1;
            sleep(self.wait).await;
            if let Some(id) = &self.last_id {
                self.call.header("last-event-id", id.as_ref());
            }
            match open(&self.call).await {
                Ok(opened) => {
                    self.messages = messages_of(&self.call, self.framing, opened.chunks);
                    return Ok(());
                }
                Err(again) => error = again,
            }
        }
        Err(error)
    }
}

fn messages_of(
    call: &Call,
    framing: Framing,
    chunks: Chunks,
) -> Pin<Box<dyn Stream<Item = Result<Event<Bytes>, Error>> + Send>> {
    Box::pin(messages(chunks, call.client.shared.limits.response_bytes, framing, call.operation.sentinel))
}
