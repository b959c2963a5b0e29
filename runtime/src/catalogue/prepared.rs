//! Calls that data describes.

use std::{fmt::Display, time::Duration};

use serde_json::Value;

use crate::{
    call::{Call, pending::Pending},
    catalogue::Operation,
    client::retry::RetryPolicy,
    error::Error,
    reply::{
        content::{Content, Described, Page},
        decode::{Json, Text},
        events::{Event, MessageStream},
        response::Response,
        stream::ByteStream,
    },
    send::{
        dry_run::DryRun,
        pages::{Items, Pages},
    },
};

/// A call that has its inputs and has not been sent.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is sent"]
pub struct Prepared {
    call: Call,
    operation: &'static Operation,
}

/// The response to a call: its content with status and headers.
pub type Answer = Response<Content>;

impl Prepared {
    /// Creates the call of an operation from a typed request.
    #[doc(hidden)]
    pub fn new(operation: &'static Operation, mut call: Call) -> Self {
        call.outcomes = operation.results;
        Self { call, operation }
    }

    /// Returns the operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Adds a header, or replaces one of the same name.
    pub fn with_header(mut self, name: &str, value: impl Display) -> Self {
        self.call.header(name, value.to_string());
        self
    }

    /// Sets the timeout of the whole call, including retries, in place of all timeouts of the client.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.call.set_timeout(timeout);
        self
    }

    /// Sets the retry policy, in place of the client's.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.call.set_retry(policy);
        self
    }

    /// Returns the request that would be sent, without credentials. It displays as a `curl` command.
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidRequest`] if the request cannot be sent.
    pub fn dry_run(&self) -> Result<DryRun, Error> {
        self.call.dry_run()
    }

    /// Sends the call, and returns the whole response.
    pub fn send(self) -> Pending<Answer> {
        self.call.send_with_response::<Described>()
    }

    /// Sends the call, and returns the body of the response as it arrives.
    pub fn stream(self) -> Pending<ByteStream> {
        self.call.stream_bytes()
    }

    /// Sends the call, and returns the messages of the response as they arrive, text as a JSON string. `None` if the
    /// operation has no messages.
    pub fn messages(self) -> Option<Pending<MessageStream<Event<Value>>>> {
        let messages = self.operation.messages?;
        let accept = messages.media_type;
        Some(match (messages.is_events, messages.is_text) {
            (true, true) => {
                let opened = self.call.stream_events::<Text>(accept);
                Pending::new(async move { Ok(opened.await?.map(|event| event.map(Value::String))) })
            }
            (true, false) => self.call.stream_events::<Json<Value>>(accept),
            (false, _) => {
                let opened = if messages.is_sequence {
                    self.call.stream_sequence::<Json<Value>>(accept)
                } else {
                    self.call.stream_lines::<Json<Value>>(accept)
                };
                Pending::new(async move { Ok(opened.await?.map(Event::of_data)) })
            }
        })
    }

    /// Returns the pages of the list, each requested when it is needed. `None` if the operation has no pages.
    pub fn pages(self) -> Option<Pages<Value>> {
        let pages = self.operation.pages?;
        Some(self.call.pages::<Page, Value>(pages.rule))
    }

    /// Returns the items of all pages. `None` if the operation has no pages.
    pub fn items(self) -> Option<Items<Value>> {
        let pages = self.operation.pages?;
        Some(self.call.items::<Page, Value>(pages.rule))
    }
}
