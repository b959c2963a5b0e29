//! From the body of a successful response to the result. Everything that reads a model goes through here.

use std::{any::TypeId, marker::PhantomData, sync::Arc};

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{DecodeError, Error, cause::Cause},
    gateway::Gateway,
    http::media_type,
    model::{
        self, Decodable, Failure,
        counted::Counted,
        json::{read_json, without_mark},
        list_envelope::{ListEnvelope, into_list_envelope},
        meter::Meter,
        one_pass,
    },
    shown::{
        one_line::one_line,
        redact::{self, EXCERPT, Secrets, excerpt},
    },
};

/// A successful response, before its body is read.
#[derive(Debug)]
pub struct Reply<'a> {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) gateway: Option<&'a Gateway>,
    /// The media type of the body, as it was given; empty where none is.
    pub(crate) content_type: &'a str,
    pub(crate) accept: Option<&'static str>,
    pub(crate) list_envelope: Option<ListEnvelope>,
    pub(crate) secrets: &'a Secrets,
    /// What the client accepts as a response, in bytes.
    pub(crate) limit: usize,
}

impl Reply<'_> {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as it came.
    pub fn into_body(self) -> Bytes {
        self.body
    }
}

/// A way to read the body of a successful response.
pub trait Decode: 'static {
    /// What it reads.
    type Output: Send + 'static;

    /// Reads the body.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when the body is not of the documented form.
    fn decode(reply: Reply<'_>) -> Result<Self::Output, Error>;
}

/// Reads JSON.
#[derive(Debug)]
pub struct Json<T> {
    model: PhantomData<fn() -> T>,
}

/// Takes the body as it is.
#[derive(Debug)]
pub struct Binary;

/// Reads the JSON of a type that is not generated.
#[derive(Debug)]
pub(crate) struct Serde<T> {
    model: PhantomData<fn() -> T>,
}

/// Takes the body as it is, whatever its media type.
#[derive(Debug)]
pub(crate) struct Raw;

/// Reads text: UTF-8, or ISO 8859-1 where the response says so; of JSON, the string that it is.
#[derive(Debug)]
pub struct Text;

/// Reads nothing.
#[derive(Debug)]
pub struct Empty;

/// Reads a body where there is one.
#[derive(Debug)]
pub struct Optional<D> {
    decode: PhantomData<fn() -> D>,
}

impl<T: Decodable + Send + 'static> Decode for Json<T> {
    type Output = T;

    fn decode(reply: Reply<'_>) -> Result<T, Error> {
        let property = reply.list_envelope.map(|form| form.property);
        let meter = reply.meter();
        let read = match reply.gateway {
            Some(gateway) => gateway.read(reply.json(), property, &meter),
            None => one_pass::read(reply.json(), property, &meter),
        };
        match (read, meter.refusal()) {
            (Some(value), _) => Ok(value),
            // In any other form it would take as much.
            (None, Some(refusal)) => Err(reply.failure(".", refusal.message())),
            (None, None) => decode_any_form(&reply),
        }
    }
}

/// Reads JSON of any known form, or says where it is of none. It is slower than `one_pass`: it reads the text twice.
pub(crate) fn decode_any_form<T: Decodable>(reply: &Reply<'_>) -> Result<T, Error> {
    let meter = reply.meter();
    let has_list_envelope = reply.list_envelope.is_some();
    let body = match reply.gateway {
        Some(gateway) => gateway.unwrap_model::<T>(reply.json(), has_list_envelope),
        None => reply.json().into(),
    };
    let read = match &reply.list_envelope {
        Some(form) => read_list(&body, form, &meter),
        None => read_json(&body, &meter),
    };
    read.map_err(|failure| {
        let message = if body.is_empty() { "the body is empty" } else { failure.message() };
        reply.failure_of_reader(&failure.path(), message)
    })
}

fn read_list<T: Decodable>(body: &[u8], form: &ListEnvelope, meter: &Meter) -> Result<T, Failure> {
    model::decode(into_list_envelope(read_json(body, meter)?, form), meter)
}

impl Decode for Binary {
    type Output = Bytes;

    fn decode(reply: Reply<'_>) -> Result<Bytes, Error> {
        match reply.unexpected().or_else(|| reply.damage()) {
            Some(message) => Err(reply.failure(".", &message)),
            None => Ok(reply.body),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> Decode for Serde<T> {
    type Output = T;

    fn decode(reply: Reply<'_>) -> Result<T, Error> {
        let body = match reply.gateway {
            Some(gateway) => gateway.unwrap_type::<T>(reply.json()),
            None => reply.json().into(),
        };
        let meter = reply.meter();
        let mut failure = None;
        let mut reader = serde_json::Deserializer::from_slice(&body);
        let read = meter.around(|| {
            let mut read = || T::deserialize(Counted::new(&mut reader, &meter, &mut failure));
            if TypeId::of::<T>() == TypeId::of::<Value>() { meter.untyped(read) } else { read() }
        });
        let read = read.and_then(|value| reader.end().map(|()| value));
        read.map_err(|error| {
            let message = failure.map_or_else(|| error.to_string(), |failure| failure.to_string());
            reply.failure_of_reader(".", &message)
        })
    }
}

impl Decode for Raw {
    type Output = Bytes;

    fn decode(reply: Reply<'_>) -> Result<Bytes, Error> {
        match reply.damage() {
            Some(message) => Err(reply.failure(".", &message)),
            None => Ok(reply.body),
        }
    }
}

impl Decode for Text {
    type Output = String;

    fn decode(reply: Reply<'_>) -> Result<String, Error> {
        if let Some(text) = reply.quoted() {
            return Ok(text);
        }
        if reply.is_latin1() {
            return Ok(reply.body.iter().copied().map(char::from).collect());
        }
        match std::str::from_utf8(&reply.body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(reply.failure_of_reader(".", &error.to_string())),
        }
    }
}

impl<D: Decode> Decode for Optional<D> {
    type Output = Option<D::Output>;

    fn decode(reply: Reply<'_>) -> Result<Option<D::Output>, Error> {
        if reply.body.is_empty() { Ok(None) } else { D::decode(reply).map(Some) }
    }
}

impl Decode for Empty {
    type Output = ();

    fn decode(_: Reply<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl Reply<'_> {
    /// What reading the body may cost.
    fn meter(&self) -> Meter {
        Meter::of_text(self.body.len(), self.limit)
    }

    /// The body as JSON text, without the byte order mark that RFC 8259, 8.1, lets a reader skip.
    fn json(&self) -> &[u8] {
        without_mark(&self.body)
    }

    /// The text in a JSON string, where the response is one.
    fn quoted(&self) -> Option<String> {
        let text = match self.gateway {
            Some(gateway) => gateway.unwrap_text(self.json()),
            None if media_type::essence(self.content_type) == "application/json" => self.json().into(),
            None => return None,
        };
        serde_json::from_slice(&text).ok()
    }

    fn is_latin1(&self) -> bool {
        self.content_type.to_ascii_lowercase().contains("charset=iso-8859-1")
    }

    /// What is wrong with the media type, if anything: a page or a JSON text in place of a picture is not to be saved as
    /// one.
    pub(crate) fn unexpected(&self) -> Option<String> {
        // A raw request asks for nothing in particular.
        let accept = self.accept?;
        let media_type = media_type::essence(self.content_type);
        (!media_type::can_answer(accept, &media_type)).then(|| format!("expected `{accept}`, not `{media_type}`"))
    }

    /// What is wrong with the bytes, if the gateway has destroyed them.
    fn damage(&self) -> Option<String> {
        self.gateway?.damage(self.content_type, &self.body)
    }

    pub(crate) fn failure(&self, path: &str, message: &str) -> Error {
        Error::Decode(Box::new(self.decode_error(path, message)))
    }

    /// The failure of what reads the body, which is its cause.
    fn failure_of_reader(&self, path: &str, message: &str) -> Error {
        let mut error = self.decode_error(path, message);
        error.cause = Some(Arc::new(Cause::new(error.message.clone())));
        Error::Decode(Box::new(error))
    }

    fn decode_error(&self, path: &str, message: &str) -> DecodeError {
        DecodeError {
            status: self.status,
            path: one_line(&redact::scrub(path, self.secrets), EXCERPT),
            message: one_line(&redact::scrub(message, self.secrets), EXCERPT),
            excerpt: excerpt(&self.body, self.secrets),
            cause: None,
        }
    }
}
