//! A call as generated code puts it together: an operation and the inputs it was given.

use std::{fmt::Display, time::Duration};

use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    Client, Decode, Error, ListStyle, Operation, Pending, Response, Upload,
    body::{Body, PartContent},
    send,
};

/// A call that has not been sent. Setting an input again replaces it. What cannot be sent is kept as the error of the
/// call, so that the setters need not fail.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) operation: &'static Operation,
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    cookies: Vec<(&'static str, String)>,
    pub(crate) body: Body,
    pub(crate) timeout: Option<Duration>,
    /// Why the call cannot be sent, if so: the first reason.
    invalid: Option<String>,
}

impl Call {
    /// A call of the operation without inputs.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::new(operation.body),
            timeout: None,
            invalid: None,
        }
    }

    /// Sets a path parameter.
    pub fn path(&mut self, name: &'static str, value: impl Display) {
        self.path.retain(|(key, _)| *key != name);
        self.path.push((name, value.to_string()));
    }

    /// Sets a path parameter to JSON text.
    pub fn json_path(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.path(name, text);
        }
    }

    /// Sets a query parameter.
    pub fn query(&mut self, name: &'static str, value: impl Display) {
        self.query.retain(|(key, _)| *key != name);
        self.query.push((name, value.to_string()));
    }

    /// Sets a query parameter to JSON text.
    pub fn json_query(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.query(name, text);
        }
    }

    /// Sets a query parameter that is a list. An empty list is not sent.
    pub fn query_list<T: Display>(
        &mut self,
        name: &'static str,
        style: ListStyle,
        values: impl IntoIterator<Item = T>,
    ) {
        self.query.retain(|(key, _)| *key != name);
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        let separator = match style {
            ListStyle::Repeated => {
                self.query.extend(values.into_iter().map(|value| (name, value)));
                return;
            }
            ListStyle::Comma => ",",
            ListStyle::Space => " ",
            ListStyle::Pipe => "|",
        };
        if !values.is_empty() {
            self.query.push((name, values.join(separator)));
        }
    }

    /// Sets a header.
    pub fn header(&mut self, name: &'static str, value: impl Display) {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(&value.to_string()).ok());
        match header {
            Some((key, value)) => {
                self.headers.retain(|(had, _)| *had != key);
                self.headers.push((key, value));
            }
            None => self.refuse(format!("the header `{name}` has characters that no header can carry")),
        }
    }

    /// Sets a header to JSON text.
    pub fn json_header(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.header(name, text);
        }
    }

    /// Sets a cookie.
    pub fn cookie(&mut self, name: &'static str, value: impl Display) {
        self.cookies.retain(|(key, _)| *key != name);
        self.cookies.push((name, crate::path::encode_value(&value.to_string())));
        let cookies: Vec<String> = self.cookies.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.header("cookie", cookies.join("; "));
    }

    /// Sets a cookie to JSON text.
    pub fn json_cookie(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.cookie(name, text);
        }
    }

    /// Sets a property of the JSON body.
    pub fn json_field(&mut self, name: &'static str, value: impl Serialize) {
        let Some(value) = self.json(name, &value) else { return };
        if let Body::JsonFields(fields) = &mut self.body {
            fields.retain(|(key, _)| *key != name);
            fields.push((name, value));
        }
    }

    /// Sets the JSON body as a whole.
    pub fn json_body(&mut self, value: impl Serialize) {
        match serde_json::to_vec(&value) {
            Ok(content) => self.body = Body::Whole { content, content_type: "application/json" },
            Err(error) => self.refuse(format!("the body has no JSON form: {error}")),
        }
    }

    /// Sets the body to text.
    pub fn text_body(&mut self, text: impl Into<String>) {
        self.body = Body::Whole { content: text.into().into_bytes(), content_type: "text/plain; charset=utf-8" };
    }

    /// Sets the body to a file.
    pub fn binary_body(&mut self, upload: Upload) {
        self.body = Body::File(upload);
    }

    /// Sets a part of the multipart body to text.
    pub fn text_part(&mut self, name: &'static str, value: impl Display) {
        self.part(name, PartContent::Text(value.to_string()));
    }

    /// Sets a part of the multipart body to JSON text.
    pub fn json_part(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.part(name, PartContent::Text(text));
        }
    }

    /// Sets a part of the multipart body to a file.
    pub fn file_part(&mut self, name: &'static str, upload: Upload) {
        self.part(name, PartContent::File(upload));
    }

    /// Sets a field of the urlencoded body.
    pub fn form_field(&mut self, name: &'static str, value: impl Display) {
        if let Body::Fields(fields) = &mut self.body {
            fields.retain(|(key, _)| *key != name);
            fields.push((name, value.to_string()));
        }
    }

    /// Sets a field of the urlencoded body to JSON text.
    pub fn json_form_field(&mut self, name: &'static str, value: impl Serialize) {
        if let Some(text) = self.plain_text(name, &value) {
            self.form_field(name, text);
        }
    }

    /// Bounds the call as a whole.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Sends the call and gives its result.
    pub fn send<D: Decode>(self) -> Pending<D::Output> {
        Pending::new(async move { send::send::<D>(&self).await.map(Response::into_value) })
    }

    /// Sends the call and gives its result with status and headers.
    pub fn send_with_response<D: Decode>(self) -> Pending<Response<D::Output>> {
        Pending::new(async move { send::send::<D>(&self).await })
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.invalid.as_ref().map_or(Ok(()), |reason| Err(Error::invalid(reason)))
    }

    fn part(&mut self, name: &'static str, content: PartContent) {
        if let Body::Parts(parts) = &mut self.body {
            parts.retain(|(key, _)| *key != name);
            parts.push((name, content));
        }
    }

    fn refuse(&mut self, reason: String) {
        self.invalid.get_or_insert(reason);
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Option<Box<RawValue>> {
        to_raw_value(value).map_err(|error| self.refuse(format!("`{name}` has no JSON form: {error}"))).ok()
    }

    /// JSON text, but a string as it is.
    fn plain_text(&mut self, name: &str, value: &impl Serialize) -> Option<String> {
        let json = self.json(name, value)?;
        Some(serde_json::from_str::<String>(json.get()).unwrap_or_else(|_| json.get().to_owned()))
    }
}
