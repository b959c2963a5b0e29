//! What generated code says of one operation.

use std::borrow::Cow;

use reqwest::Method;

use crate::{client::service::Security, model::list_envelope::ListEnvelope};

/// The media type of JSON.
const JSON: &str = "application/json";

/// The form of a body whose fields are given one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyForm {
    None,
    Json,
    Multipart,
    Urlencoded,
}

/// The static description of an operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) method: Method,
    pub(crate) path: Cow<'static, str>,
    pub(crate) old_path: Option<&'static str>,
    pub(crate) server: Option<&'static str>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) list_envelope: Option<ListEnvelope>,
    pub(crate) body: BodyForm,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) security: Option<Security>,
    pub(crate) rate_limit: Option<&'static str>,
}

impl Operation {
    /// An operation of this method and path template, such as `/v1/tones/{tone_id}`.
    pub const fn new(method: Method, path: &'static str) -> Self {
        Self {
            method,
            path: Cow::Borrowed(path),
            old_path: None,
            server: None,
            accept: None,
            list_envelope: None,
            body: BodyForm::None,
            content_type: None,
            security: None,
            rate_limit: None,
        }
    }

    /// An operation that no document describes.
    pub(crate) fn owned(method: Method, path: String) -> Cow<'static, Self> {
        Cow::Owned(Self { path: Cow::Owned(path), ..Self::new(method, "") })
    }

    /// A `GET` that asks for JSON.
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path).accept(JSON)
    }

    /// A `PUT` that asks for JSON.
    pub const fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path).accept(JSON)
    }

    /// A `POST` that asks for JSON.
    pub const fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path).accept(JSON)
    }

    /// A `PATCH` that asks for JSON.
    pub const fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path).accept(JSON)
    }

    /// A `DELETE` that asks for JSON.
    pub const fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path).accept(JSON)
    }

    /// The path in the gateway's Old Format, where it differs: `/v1/tones/tone_id`.
    pub const fn old_path(mut self, path: &'static str) -> Self {
        self.old_path = Some(path);
        self
    }

    /// The URL that its path is appended to, in place of the service's. A base URL that the caller has given to the client
    /// stands in place of both.
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// The value of the `Accept` header.
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Any media type is taken, and none is asked for.
    pub const fn accept_any(mut self) -> Self {
        self.accept = None;
        self
    }

    /// The result is an envelope whose `property` holds a list and stands beside `siblings`; a bare list, a single item
    /// and a list of one-item envelopes are accepted too.
    pub const fn list_envelope(mut self, property: &'static str, siblings: &'static [&'static str]) -> Self {
        self.list_envelope = Some(ListEnvelope { property, siblings });
        self
    }

    /// It shares the service's rate limit of this name.
    pub const fn rate_limit(mut self, name: &'static str) -> Self {
        self.rate_limit = Some(name);
        self
    }

    /// The media type of the JSON body.
    pub(crate) fn json_type(&self) -> &'static str {
        self.content_type.unwrap_or(JSON)
    }

    /// What it needs, where that is not what the service says of most.
    pub const fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// The media type of the JSON body, where it is another than `application/json`.
    pub const fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// The body is a JSON object, given field by field.
    pub const fn json(mut self) -> Self {
        self.body = BodyForm::Json;
        self
    }

    /// The body is `multipart/form-data`, given part by part.
    pub const fn multipart(mut self) -> Self {
        self.body = BodyForm::Multipart;
        self
    }

    /// The body is `application/x-www-form-urlencoded`, given field by field.
    pub const fn form(mut self) -> Self {
        self.body = BodyForm::Urlencoded;
        self
    }
}
