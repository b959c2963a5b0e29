//! A call: an operation with its inputs. The module `send` sends it.

#[cfg(feature = "blocking")]
pub mod blocking;
pub(crate) mod body;
pub(crate) mod curl;
pub(crate) mod multipart;
pub(crate) mod operation;
#[cfg(feature = "catalogue")]
pub(crate) mod outcome;
mod parts;
pub(crate) mod pending;
pub(crate) mod progress;
pub(crate) mod query;
mod seams;
pub(crate) mod upload;
pub(crate) mod value;

use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_core::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    call::{
        body::{Body, FORM},
        operation::{Described, Operation},
        query::{Escape, QueryStyle, ValueStyle},
        upload::Upload,
        value::InputValue,
    },
    client::{Client, retry::RetryPolicy},
    error::Error,
    gateway::url_format::Target,
    http::{framing, media_type, path},
    model::{encodable::Encodable, layout::Layout, purpose::sending},
    shown::{redact, view::view_headers},
};

/// A call that has not been sent. Setting an input again replaces it. The setters do not fail: the first invalid input
/// is stored and returned as the error of the call.
#[derive(Clone)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) operation: Described,
    /// Names and percent-encoded values.
    pub(crate) path: Vec<(&'static str, String)>,
    /// The name of the input, and the encoded `name=value`.
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The name of the input, and `name=value` with the value percent-encoded.
    pub(crate) cookies: Vec<(&'static str, String)>,
    pub(crate) body: Body,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether the body of a successful response is streamed.
    pub(crate) streams: bool,
    /// The results that the call may return, if it decodes by description.
    #[cfg(feature = "catalogue")]
    pub(crate) outcomes: &'static [crate::call::outcome::Outcome],
    /// Overrides the operation's `Accept`.
    pub(crate) accept: Option<&'static str>,
    /// How often messages may be resumed after the connection breaks.
    pub(crate) reconnects: u32,
    /// Whether the body is compressed.
    pub(crate) gzip: bool,
    /// The schemes of the security that the caller chooses.
    pub(crate) security: Option<Vec<String>>,
    /// The first reason why the call cannot be sent.
    invalid: Option<String>,
}

impl Call {
    /// Creates a call of the operation, without inputs.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self::of(client, Described::Declared(operation))
    }

    pub(crate) fn of(client: &Client, operation: Described) -> Self {
        let body = Body::new(&operation);
        Self {
            client: client.clone(),
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body,
            timeout: None,
            retry: None,
            streams: false,
            #[cfg(feature = "catalogue")]
            outcomes: &[],
            accept: None,
            reconnects: 0,
            gzip: false,
            security: None,
            invalid: None,
        }
    }

    /// Sets a path parameter.
    pub fn path(&mut self, name: &'static str, value: impl Into<String>) {
        self.set_path(name, path::encode_value(&value.into()));
    }

    /// Sets a path parameter that is an array, an object or a union.
    pub fn styled_path(&mut self, name: &'static str, style: ValueStyle, value: impl Encodable) {
        self.set_styled_path(name, style, value, Escape::All);
    }

    /// Sets a query parameter.
    pub fn query(&mut self, name: &'static str, value: impl Into<String>) {
        self.query.retain(|(input, _)| *input != name);
        self.query.push((name, query::pair(name, &value.into())));
    }

    /// Sets a query parameter that is an array, an object or a union.
    pub fn styled_query(&mut self, name: &'static str, style: QueryStyle, value: impl Encodable) {
        self.set_query(name, style, value, Escape::All);
    }

    /// Sets a query parameter with `allowReserved`: reserved characters are not encoded, except those that would end
    /// the value.
    pub fn reserved_query(&mut self, name: &'static str, style: QueryStyle, value: impl Encodable) {
        self.set_query(name, style, value, Escape::Reserved);
    }

    /// Sets the whole query to a text, which is percent-encoded.
    pub fn query_string(&mut self, name: &'static str, text: impl Into<String>) {
        self.query.retain(|(input, _)| *input != name);
        self.query.push((name, path::encode_value(&text.into())));
    }

    /// Sets the whole query to JSON text, which is percent-encoded.
    pub fn json_query_string(&mut self, name: &'static str, value: impl Encodable) {
        if let Some(value) = self.value(name, &value) {
            self.query_string(name, value.json());
        }
    }

    /// Sets a path parameter with `allowReserved`: reserved characters that a segment can contain are not encoded.
    pub fn reserved_path(&mut self, name: &'static str, style: ValueStyle, value: impl Encodable) {
        self.set_styled_path(name, style, value, Escape::Segment);
    }

    /// Sets a header.
    pub fn header(&mut self, name: &str, value: impl Into<String>) {
        self.set_header(name, &value.into(), false);
    }

    /// Sets a header whose value is a credential, whatever its name.
    pub fn secret_header(&mut self, name: &str, value: impl Into<String>) {
        self.set_header(name, &value.into(), true);
    }

    /// Sets a header that is an array, an object or a union.
    pub fn styled_header(&mut self, name: &'static str, style: ValueStyle, value: impl Encodable) {
        let Some(value) = self.value(name, &value) else { return };
        match self.written(name, query::write_value(name, &value, style, Escape::None)) {
            Some(Some(text)) => self.header(name, text),
            Some(None) => self.headers.retain(|(had, _)| !had.as_str().eq_ignore_ascii_case(name)),
            None => {}
        }
    }

    /// Sets a cookie.
    pub fn cookie(&mut self, name: &'static str, value: impl Into<String>) {
        self.set_cookies(name, vec![format!("{name}={}", path::encode_value(&value.into()))]);
    }

    /// Sets a cookie that is an array, an object or a union. An array is one cookie, because cookie names are unique;
    /// an exploded object becomes one cookie per property.
    pub fn styled_cookie(&mut self, name: &'static str, style: ValueStyle, value: impl Encodable) {
        let Some(value) = self.value(name, &value) else { return };
        let is_exploded = value.is_object() && style == (ValueStyle::Simple { explode: true });
        let pairs = if is_exploded {
            query::write_pairs(name, QueryStyle::Repeated, &value, Escape::All)
        } else {
            let text = query::write_value(name, &value, style, Escape::All);
            text.map(|text| text.into_iter().map(|text| format!("{name}={text}")).collect())
        };
        let Some(pairs) = self.written(name, pairs) else { return };
        self.set_cookies(name, pairs);
    }

    /// Sets a cookie without encoding it. An exploded array becomes several cookies of one name, and an exploded object one
    /// per property.
    pub fn plain_cookie(&mut self, name: &'static str, explode: bool, value: impl Encodable) {
        let Some(value) = self.value(name, &value) else { return };
        let Some(pairs) = self.written(name, query::plain_pairs(name, explode, &value)) else { return };
        // A semicolon would begin another cookie.
        if pairs.iter().any(|pair| pair.contains(|c: char| c == ';' || c.is_control())) {
            return self.refuse(format!("`{name}` contains a character that is not allowed in a cookie"));
        }
        self.set_cookies(name, pairs);
    }

    /// Sets a property of the JSON body.
    pub fn json_field(&mut self, name: &'static str, value: impl Serialize) {
        let Some(value) = self.json(name, &value) else { return };
        if let Body::JsonFields { fields, .. } = &mut self.body {
            fields.retain(|(key, _)| *key != name);
            fields.push((name.into(), value));
        }
    }

    /// Sets the whole JSON body.
    pub fn json_body(&mut self, value: impl Serialize) {
        match sending(|| serde_json::to_vec(&value)) {
            Ok(content) => {
                self.body = Body::Whole { content: content.into(), content_type: self.operation.json_type().into() };
            }
            Err(error) => self.refuse(format!("cannot serialise the body as JSON: {error}")),
        }
    }

    /// Sets the body to one line of JSON per item.
    pub fn lines_body(&mut self, media_type: &'static str, items: impl IntoIterator<Item = impl Serialize>) {
        self.items_body(media_type, b"", items);
    }

    /// Sets the body to a JSON sequence (RFC 7464) of the items.
    pub fn sequence_body(&mut self, media_type: &'static str, items: impl IntoIterator<Item = impl Serialize>) {
        self.items_body(media_type, b"\x1e", items);
    }

    /// Sets the body to text with a media type.
    pub fn text_body(&mut self, media_type: &'static str, text: impl Into<String>) {
        let is_typed = media_type.contains("charset") || media_type::essence(media_type) == FORM;
        let charset = if is_typed { "" } else { "; charset=utf-8" };
        self.body = Body::Whole { content: text.into().into(), content_type: format!("{media_type}{charset}").into() };
    }

    /// Sets the body to a file. If the caller set no media type, the file keeps its guessed one if it is declared, and
    /// otherwise gets the first declared one.
    pub fn binary_body(&mut self, media_types: Option<&'static str>, upload: impl Into<Upload>) {
        self.body = Body::File(Box::new(upload.into().or_content_type(media_types)));
    }

    /// Sets the timeout of the whole call.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Sets the retry policy of the call, in place of the client's.
    pub fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }

    /// Sets how often messages may be resumed after the connection breaks.
    pub fn set_reconnects(&mut self, times: u32) {
        self.reconnects = times;
    }

    /// Compresses the body.
    #[cfg(feature = "gzip")]
    pub fn set_gzip(&mut self) {
        self.gzip = true;
    }

    /// Returns the value of a query parameter that is set to a single value.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let (_, pair) = self.query.iter().find(|(input, _)| *input == name)?;
        pair.split_once('=').map(|(_, value)| value)
    }

    /// Adds a query parameter that the operation does not declare.
    pub(crate) fn add_query(&mut self, name: &str, value: &str) {
        self.query.push(("", query::pair(name, value)));
    }

    /// Sets the body to bytes with any media type.
    pub(crate) fn raw_body(&mut self, media_type: String, content: Bytes) {
        if media_type::header(&media_type).is_err() {
            self.refuse(format!("`{}` is not a media type", self.shown(&media_type)));
        }
        self.body = Body::Whole { content, content_type: media_type.into() };
    }

    /// Returns the parts of the path that differ between LowCodeAPI's URL formats.
    pub(crate) fn target(&self) -> Target<'_> {
        let is_described = matches!(self.operation, Described::Declared(_));
        Target { old_path: self.operation.old_path, values: &self.path, is_described }
    }

    pub(crate) fn accept(&self) -> Option<&'static str> {
        self.accept.or(self.operation.accept)
    }

    /// Returns the body to send. An optional body without values is not sent.
    pub(crate) fn body(&self) -> &Body {
        if self.body.is_unset() && !self.operation.requires_body { &Body::None } else { &self.body }
    }

    /// Returns whether the caller has set the media type of the body.
    pub(crate) fn has_content_type(&self) -> bool {
        self.headers.iter().any(|(name, _)| *name == CONTENT_TYPE)
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.invalid.as_ref().map_or(Ok(()), |reason| Err(Error::invalid(reason)))?;
        self.body.check()
    }

    fn items_body(&mut self, media_type: &'static str, before: &[u8], items: impl IntoIterator<Item = impl Serialize>) {
        let mut content = Vec::new();
        for item in items {
            content.extend_from_slice(before);
            if let Err(error) = sending(|| serde_json::to_writer(&mut content, &item)) {
                return self.refuse(format!("cannot serialise an item of the body as JSON: {error}"));
            }
            content.push(b'\n');
        }
        self.body = Body::Whole { content: content.into(), content_type: media_type.into() };
    }

    fn set_header(&mut self, name: &str, value: &str, is_secret: bool) {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        let Some((key, mut value)) = header else {
            let name = self.shown(name);
            return self.refuse(format!("the header `{name}` contains characters that are not allowed in a header"));
        };
        if let Some(refusal) = framing::refusal(&key) {
            self.refuse(refusal);
        }
        value.set_sensitive(is_secret);
        self.headers.retain(|(had, _)| *had != key);
        self.headers.push((key, value));
    }

    fn set_styled_path(&mut self, name: &'static str, style: ValueStyle, value: impl Encodable, escape: Escape) {
        let Some(value) = self.value(name, &value) else { return };
        let text = query::write_value(&path::encode_value(name), &value, style, escape);
        if let Some(text) = self.written(name, text) {
            // A path without the value leads to another route, and is refused when it is expanded.
            self.set_path(name, text.unwrap_or_default());
        }
    }

    fn set_query(&mut self, name: &'static str, style: QueryStyle, value: impl Encodable, escape: Escape) {
        let Some(value) = self.value(name, &value) else { return };
        if let Some(pairs) = self.written(name, query::write_pairs(name, style, &value, escape)) {
            self.query.retain(|(input, _)| *input != name);
            self.query.extend(pairs.into_iter().map(|pair| (name, pair)));
        }
    }

    fn set_path(&mut self, name: &'static str, encoded: String) {
        self.path.retain(|(key, _)| *key != name);
        self.path.push((name, encoded));
    }

    fn set_cookies(&mut self, name: &'static str, pairs: Vec<String>) {
        self.cookies.retain(|(input, _)| *input != name);
        self.cookies.extend(pairs.into_iter().map(|pair| (name, pair)));
    }

    /// Redacts credentials in text that the caller passed.
    pub(crate) fn shown(&self, text: &str) -> String {
        redact::scrub(text, self.client.shared.secrets())
    }

    pub(crate) fn refuse(&mut self, reason: String) {
        self.invalid.get_or_insert(reason);
    }

    /// Returns what was written, or refuses the call.
    fn written<T>(&mut self, name: &str, written: Result<T, String>) -> Option<T> {
        written.map_err(|reason| self.refuse(format!("`{name}` cannot be sent: {reason}"))).ok()
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Option<Box<RawValue>> {
        sending(|| to_raw_value(value)).map_err(|error| self.refuse(not_json(name, &error))).ok()
    }

    /// Returns a value whose type the document does not declare, of its JSON.
    fn any_value(&mut self, name: &str, json: Box<RawValue>) -> Option<InputValue> {
        let value = InputValue::of_json(json, Layout::default());
        value.map_err(|error| self.refuse(not_json(name, &error))).ok()
    }

    fn value(&mut self, name: &str, value: &dyn Encodable) -> Option<InputValue> {
        InputValue::new(value).map_err(|error| self.refuse(not_json(name, &error))).ok()
    }
}

fn not_json(name: &str, error: &serde_json::Error) -> String {
    format!("cannot serialise `{name}` as JSON: {error}")
}

impl fmt::Debug for Call {
    /// Shows the operation but no inputs, because any input may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |inputs: &[(&'static str, String)]| inputs.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        f.debug_struct("Call")
            .field("method", &self.operation.method_name())
            .field("path", &redact::scrub(&self.operation.path, self.client.shared.secrets()))
            .field("query", &names(&self.query))
            .field("cookies", &names(&self.cookies))
            .field("headers", &view_headers(&self.headers.iter().cloned().collect(), self.client.shared.secrets()))
            .finish_non_exhaustive()
    }
}
