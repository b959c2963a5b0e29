//! Raw requests: paths that no operation describes, sent with the client's credential, retries and errors.

use std::{fmt::Display, time::Duration};

use bytes::Bytes;
use reqwest::Method;
use serde_core::{Serialize, de::DeserializeOwned};

use crate::{
    call::{
        Call,
        operation::{Described, Operation},
        pending::Pending,
        upload::Upload,
    },
    client::{Client, retry::RetryPolicy},
    error::Error,
    http::base::{self, Below},
    reply::{
        decode::{Raw, Serde, Text},
        events::{Event, MessageStream},
        response::Response,
        stream::ByteStream,
    },
    send::dry_run::DryRun,
};

/// The media type of server-sent events.
const EVENTS: &str = "text/event-stream";
/// The media types of JSON lines.
const LINES: &str = "application/x-ndjson, application/jsonl";
/// The media type of JSON sequences.
const SEQUENCE: &str = "application/json-seq";

/// A request to any path of the service, for operations that its document does not describe.
///
/// ```no_run
/// # async fn example(client: lowcodeapi_runtime::__private::Client) -> Result<(), lowcodeapi_runtime::Error> {
/// use lowcodeapi_runtime::{Method, serde_json::Value};
///
/// let audiences: Value = client.raw_request(Method::GET, "/v1/audiences").query("size", 50).send_json().await?;
/// # Ok(())
/// # }
/// ```
///
/// Messages are read as those of other requests. The header `Accept` asks for them, unless the caller sets another.
///
/// ```no_run
/// # async fn example(client: lowcodeapi_runtime::__private::Client) -> Result<(), lowcodeapi_runtime::Error> {
/// use lowcodeapi_runtime::{Method, serde_json::Value};
///
/// let mut news = client.raw_request(Method::GET, "/v1/news").with_reconnects(3).stream_json_events::<Value>().await?;
/// while let Some(event) = news.next().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    call: Call,
}

impl Client {
    /// Creates a request to a path below the base URL, such as `/v1/tones/ton_1?size=5`, or to a URL below it that the server
    /// gave, such as that of the next page. Values in it must be percent-encoded. The credentials are those of the document's
    /// root security.
    pub fn raw_request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        let given = path.into();
        let base = &self.shared.destination.base;
        let below =
            if given.starts_with('/') { base.below(&format!("{}{given}", base.text())) } else { base.below(&given) };
        let is_below = below.is_some();
        let Below { path, query } = below.unwrap_or_else(|| Below { path: "/".to_owned(), query: Vec::new() });
        let mut operation = Operation::undeclared(method, path);
        operation.security = self.shared.keyring.root_security();
        let mut call = Call::of(self, Described::Own(Box::new(operation)));
        call.query.extend(query.into_iter().map(|pair| ("", pair)));
        if !is_below {
            let shown = call.shown(&given);
            call.refuse(base::not_below(&shown));
        }
        RawRequest { call }
    }
}

impl RawRequest {
    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.call.add_query(name, &value.to_string());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        self.call.header(name, value.to_string());
        self
    }

    /// Sets a header whose value is a credential, whatever its name: it is redacted like the credentials of the client.
    pub fn secret_header(mut self, name: &str, value: impl Display) -> Self {
        self.call.secret_header(name, value.to_string());
        self
    }

    /// Sets the body to the value as JSON.
    pub fn json(mut self, value: impl Serialize) -> Self {
        self.call.json_body(value);
        self
    }

    /// Sets the body to bytes with a media type.
    pub fn body(mut self, media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        self.call.raw_body(media_type.into(), content.into());
        self
    }

    /// Sets the body to a file.
    pub fn upload(mut self, upload: Upload) -> Self {
        self.call.binary_body(None, upload);
        self
    }

    /// Chooses between the alternatives of the document's root security: the one that needs these schemes, by their names in
    /// the document. Without names, it is the alternative without credentials, which the document
    /// must allow.
    pub fn with_security(mut self, schemes: &[&str]) -> Self {
        self.call.choose_security(schemes);
        self
    }

    /// Sets the timeout of the whole call, in place of all timeouts of the client.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.call.set_timeout(timeout);
        self
    }

    /// Sets the retry policy of the call, in place of the client's.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.call.set_retry(policy);
        self
    }

    /// Permits this many reconnections if the connection breaks while events are read, for methods that may be repeated. The
    /// server is told the last event ID, to go on from there; after events without an ID, the break is an error.
    pub fn with_reconnects(mut self, times: u32) -> Self {
        self.call.set_reconnects(times);
        self
    }

    /// Sends the request, and returns the body with status and headers.
    pub fn send(self) -> Pending<Response<Bytes>> {
        self.call.send_with_response::<Raw>()
    }

    /// Sends the request, and decodes the response from JSON.
    pub fn send_json<T: DeserializeOwned + Send + 'static>(self) -> Pending<T> {
        self.call.send::<Serde<T>>()
    }

    /// Sends the request, and returns the body as a stream.
    pub fn stream(self) -> Pending<ByteStream> {
        self.call.stream_bytes()
    }

    /// Sends the request, and returns a stream of server-sent events, whose data is text.
    pub fn stream_events(self) -> Pending<MessageStream<Event<String>>> {
        self.call.stream_events::<Text>(EVENTS)
    }

    /// Sends the request, and returns a stream of server-sent events, whose data is decoded from JSON.
    pub fn stream_json_events<T: DeserializeOwned + Send + 'static>(self) -> Pending<MessageStream<Event<T>>> {
        self.call.stream_events::<Serde<T>>(EVENTS)
    }

    /// Sends the request, and returns a stream of values, each decoded from a line of JSON.
    pub fn stream_json_lines<T: DeserializeOwned + Send + 'static>(self) -> Pending<MessageStream<T>> {
        self.call.stream_lines::<Serde<T>>(LINES)
    }

    /// Sends the request, and returns a stream of values, each decoded from a record of a JSON sequence (RFC 7464).
    pub fn stream_json_sequence<T: DeserializeOwned + Send + 'static>(self) -> Pending<MessageStream<T>> {
        self.call.stream_sequence::<Serde<T>>(SEQUENCE)
    }

    /// Returns what would be sent, without credentials.
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidRequest`] if the request cannot be sent.
    pub fn dry_run(&self) -> Result<DryRun, Error> {
        self.call.dry_run()
    }
}
