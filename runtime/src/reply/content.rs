//! Decodes results that data describes instead of a type.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    call::outcome::{Form, of_status},
    error::{Error, Location},
    reply::decode::{Binary, Decode, Reply, Text},
};

/// The content of a successful response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// JSON, with all properties that the server sent, out of the gateway's envelope.
    Json(Value),
    /// Text.
    Text(String),
    /// A file, with its media type, or a body that the document does not declare.
    Bytes(String, Bytes),
    /// The response has no body.
    Empty,
}

/// Decodes what the call's outcomes describe.
#[derive(Debug)]
pub(crate) struct Described;

/// As [`Described`], for a page of a list, which is JSON.
#[derive(Debug)]
pub(crate) struct Page;

impl Decode for Described {
    type Output = Content;

    fn decode(reply: Reply<'_>) -> Result<Content, Error> {
        if let Some(redirect) = &reply.redirect {
            let location = redirect.location.as_ref().map(Location::as_str);
            return Ok(Content::Json(json!({ "status": redirect.status.as_u16(), "location": location })));
        }
        let outcome = of_status(reply.outcomes, reply.status.as_u16());
        let Some(outcome) = outcome else {
            return Ok(Content::Bytes(reply.content_type.to_owned(), reply.into_body()));
        };
        if outcome.is_optional && reply.body.is_empty() {
            return Ok(Content::Empty);
        }
        match outcome.form {
            Form::Json => reply.value(outcome.knows).map(Content::Json),
            Form::Text => Text::decode(reply).map(Content::Text),
            Form::Bytes => {
                let media_type = reply.content_type.to_owned();
                Binary::decode(reply).map(|bytes| Content::Bytes(media_type, bytes))
            }
            Form::Empty => Ok(Content::Empty),
        }
    }
}

impl Decode for Page {
    type Output = Value;

    fn decode(reply: Reply<'_>) -> Result<Value, Error> {
        let knows = of_status(reply.outcomes, reply.status.as_u16()).and_then(|outcome| outcome.knows);
        reply.value(knows)
    }
}
