//! Server-sent events that go on after the connection breaks.

use std::{pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use reqwest::header::HeaderValue;

use crate::{
    call::Call,
    error::{Error, TimeoutKind},
    platform::clock::{Instant, sleep},
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
    /// When the caller's own timeout ends the stream.
    deadline: Option<Instant>,
    /// How many reconnections are left.
    left: u32,
}

impl Resumed {
    pub(crate) fn new(call: Call, framing: Framing, chunks: Chunks, started: Instant) -> Self {
        let messages = messages_of(&call, framing, chunks, None);
        // Only the events of a call that can be repeated have a place to go on from.
        let can_resume = framing == Framing::Events && call.operation.is_idempotent();
        let left = if can_resume { call.reconnects } else { 0 };
        let deadline = call.timeout.and_then(|timeout| started.checked_add(timeout));
        Self { call, framing, messages, last_id: None, wait: WAIT, has_begun: false, deadline, left }
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
        while self.left > 0 && (self.last_id.is_some() || !self.has_begun) {
            let Some(wait) = self.wait_after(&error) else { break };
            self.left -= 1;
            sleep(wait).await;
            if let Some(deadline) = self.deadline {
                self.call.timeout = Some(deadline.saturating_duration_since(Instant::now()));
            }
            if let Some(id) = &self.last_id {
                self.call.header("last-event-id", id.as_ref());
            }
            match open(&self.call).await {
                Ok(opened) => {
                    self.messages = messages_of(&self.call, self.framing, opened.chunks, self.last_id.clone());
                    return Ok(());
                }
                Err(again) => error = again,
            }
        }
        Err(error)
    }

    /// Returns the time before the next reconnection, or `None` if the stream ends with the error.
    fn wait_after(&self, error: &Error) -> Option<Duration> {
        let policy = self.call.retry.unwrap_or(self.call.client.shared.retry);
        let is_over = match error {
            Error::Api(error) => !policy.retries(error.status(), error.headers()),
            Error::Timeout { kind: TimeoutKind::Total, .. } => true,
            error => !error.is_retryable(),
        };
        let asked = error.retry_after();
        let wait = asked.map_or(self.wait, |asked| asked.max(self.wait));
        let is_in_time =
            self.deadline.is_none_or(|deadline| Instant::now().checked_add(wait).is_some_and(|end| end < deadline));
        // An ID that no header can carry cannot be sent back.
        let is_id = |id: &Arc<str>| HeaderValue::from_str(id).is_ok();
        let can_wait = asked.is_none_or(|asked| policy.waits(asked));
        (!is_over && can_wait && is_in_time && self.last_id.as_ref().is_none_or(is_id)).then_some(wait)
    }
}

fn messages_of(
    call: &Call,
    framing: Framing,
    chunks: Chunks,
    last_id: Option<Arc<str>>,
) -> Pin<Box<dyn Stream<Item = Result<Event<Bytes>, Error>> + Send>> {
    Box::pin(messages(chunks, call.client.shared.limits.response_bytes, framing, call.operation.sentinel, last_id))
}
