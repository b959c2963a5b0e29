//! The description of an operation, as generated code declares it.

use std::{borrow::Cow, ops::Deref};

use reqwest::Method;

use crate::{
    client::{
        server::{ServerTemplate, ServerVariable},
        service::Security,
    },
    http::method::{self, QUERY},
    model::list_envelope::ListEnvelope,
};

/// The media type of JSON.
const JSON: &str = "application/json";

/// The format of a body whose fields are set one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyForm {
    None,
    Json,
    Multipart,
    /// A multipart body whose parts are known by their places, and sent without names.
    Places,
    Urlencoded,
}

/// The static description of an operation.
#[derive(Debug, Clone)]
pub struct Operation {
    method: Method,
    /// The name of a method that has no constant. It replaces `method`.
    method_name: Option<&'static str>,
    pub(crate) path: Cow<'static, str>,
    pub(crate) old_path: Option<&'static str>,
    pub(crate) server: Option<ServerTemplate>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) list_envelope: Option<ListEnvelope>,
    pub(crate) body: BodyForm,
    pub(crate) content_type: Option<&'static str>,
    /// The names of the parts of a multipart body, if their order matters.
    pub(crate) parts: &'static [&'static str],
    /// Whether a body without values is sent, empty.
    pub(crate) requires_body: bool,
    pub(crate) security: Option<Security>,
    pub(crate) rate_limit: Option<&'static str>,
    /// The header that tells the server that two requests are the same call.
    pub(crate) idempotency_key: Option<&'static str>,
    /// All media types that a success can have, if a call can ask for more than one form of it.
    pub(crate) declared: Option<&'static str>,
    /// Whether a redirect is the result.
    pub(crate) redirects: bool,
    /// The data that ends the events of a response, besides `[DONE]`.
    pub(crate) sentinel: Option<&'static str>,
    /// Whether the body has a property `stream` that asks for messages.
    pub(crate) has_stream_flag: bool,
}

/// The description of a call: of generated code, or one of its own.
#[derive(Debug, Clone)]
pub(crate) enum Described {
    Declared(&'static Operation),
    /// In a box, because calls are moved.
    Own(Box<Operation>),
}

impl Deref for Described {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        match self {
            Self::Declared(operation) => operation,
            Self::Own(operation) => operation,
        }
    }
}

impl Operation {
    /// Creates an operation from its method and path template, such as `/v1/tones/{tone_id}`.
    pub const fn new(method: Method, path: &'static str) -> Self {
        Self {
            method,
            method_name: None,
            path: Cow::Borrowed(path),
            old_path: None,
            server: None,
            accept: None,
            list_envelope: None,
            body: BodyForm::None,
            content_type: None,
            parts: &[],
            requires_body: false,
            security: None,
            rate_limit: None,
            idempotency_key: None,
            declared: None,
            redirects: false,
            sentinel: None,
            has_stream_flag: false,
        }
    }

    /// Creates an operation that no document describes.
    pub(crate) fn undeclared(method: Method, path: String) -> Self {
        Self { path: Cow::Owned(path), ..Self::new(method, "") }
    }

    /// Returns the operation with another path, which has no parameters.
    pub(crate) fn with_path(&self, path: String) -> Self {
        Self { path: Cow::Owned(path), old_path: None, ..self.clone() }
    }

    /// Creates a `GET` that accepts JSON.
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path).accept(JSON)
    }

    /// Creates a `PUT` that accepts JSON.
    pub const fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path).accept(JSON)
    }

    /// Creates a `POST` that accepts JSON.
    pub const fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path).accept(JSON)
    }

    /// Creates a `PATCH` that accepts JSON.
    pub const fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path).accept(JSON)
    }

    /// Creates a `DELETE` that accepts JSON.
    pub const fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path).accept(JSON)
    }

    /// Creates a `QUERY` that accepts JSON.
    pub const fn query(path: &'static str) -> Self {
        Self::named(QUERY, path).accept(JSON)
    }

    /// Creates an operation whose method has this name, in the case in which it is sent.
    pub const fn named(method: &'static str, path: &'static str) -> Self {
        let mut operation = Self::new(Method::GET, path);
        operation.method_name = Some(method);
        operation
    }

    /// Returns the name of the method.
    pub(crate) fn method_name(&self) -> &str {
        self.method_name.unwrap_or(self.method.as_str())
    }

    /// Returns the method.
    ///
    /// # Errors
    ///
    /// Returns why the name of the method is not that of one.
    pub(crate) fn method(&self) -> Result<Method, String> {
        self.method_name.map_or_else(|| Ok(self.method.clone()), method::method)
    }

    /// Returns whether a repeated call has the effect of one.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotency_key.is_some() || method::is_idempotent(self.method_name())
    }

    /// Sets the path in the gateway's Old Format, such as `/v1/tones/tone_id`, if it differs.
    pub const fn old_path(mut self, path: &'static str) -> Self {
        self.old_path = Some(path);
        self
    }

    /// Sets the server of this operation, in place of the service's. If the caller sets a base URL on the client, the path
    /// of the server follows it.
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(ServerTemplate::new(url));
        self
    }

    /// Sets the variables in the URL of the operation's server.
    pub const fn server_variables(mut self, variables: &'static [ServerVariable]) -> Self {
        if let Some(server) = self.server {
            self.server = Some(server.variables(variables));
        }
        self
    }

    /// Sets the `Accept` header.
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Accepts any media type and sends no `Accept` header.
    pub const fn accept_any(mut self) -> Self {
        self.accept = None;
        self
    }

    /// Declares all media types of a success, of which a call asks for some.
    pub const fn declares(mut self, media_types: &'static str) -> Self {
        self.declared = Some(media_types);
        self
    }

    /// Declares that a redirect is the result.
    pub const fn redirects(mut self) -> Self {
        self.redirects = true;
        self
    }

    /// Declares the data that ends the events of a response.
    pub const fn sentinel(mut self, data: &'static str) -> Self {
        self.sentinel = Some(data);
        self
    }

    /// Declares that the JSON body has a property `stream`, which is `true` if the response is to be messages.
    pub const fn stream_flag(mut self) -> Self {
        self.has_stream_flag = true;
        self
    }

    /// Declares that the result is an object whose `property` holds an array, next to `siblings`. A bare array, a
    /// single item and an array of one-item objects are accepted too.
    pub const fn list_envelope(mut self, property: &'static str, siblings: &'static [&'static str]) -> Self {
        self.list_envelope = Some(ListEnvelope { property, siblings });
        self
    }

    /// Sets the header that tells the server that two requests are the same call. If the caller does not set it, each call has a
    /// value of its own, which its retries keep.
    pub const fn idempotency_key(mut self, header: &'static str) -> Self {
        self.idempotency_key = Some(header);
        self
    }

    /// Applies the service's rate limit of this name.
    pub const fn rate_limit(mut self, name: &'static str) -> Self {
        self.rate_limit = Some(name);
        self
    }

    /// Returns the media type of the JSON body.
    pub(crate) fn json_type(&self) -> &'static str {
        self.content_type.unwrap_or(JSON)
    }

    /// Sets the security requirements, in place of the service's.
    pub const fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// Sets the media type of a JSON body, which is `application/json` by default, or of a multipart body, which is
    /// `multipart/form-data` by default.
    pub const fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// Declares a JSON object body whose properties are set one by one.
    pub const fn json(mut self) -> Self {
        self.body = BodyForm::Json;
        self
    }

    /// Declares a `multipart/form-data` body whose parts are set one by one.
    pub const fn multipart(mut self) -> Self {
        self.body = BodyForm::Multipart;
        self
    }

    /// Sets the order of the parts, by the names of their inputs.
    pub const fn parts(mut self, names: &'static [&'static str]) -> Self {
        self.parts = names;
        self
    }

    /// Sends the parts of a multipart body without names. Each is known by its place in the order.
    pub const fn parts_by_place(mut self) -> Self {
        self.body = BodyForm::Places;
        self
    }

    /// Sends the body although nothing of it is set: an empty object, or a form without fields.
    pub const fn required_body(mut self) -> Self {
        self.requires_body = true;
        self
    }

    /// Declares an `application/x-www-form-urlencoded` body whose fields are set one by one.
    pub const fn form(mut self) -> Self {
        self.body = BodyForm::Urlencoded;
        self
    }
}
