//! Decodes the body of a successful response. All models are read through this module.

use std::{any::TypeId, borrow::Cow, marker::PhantomData, sync::Arc};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{
        Error,
        cause::Cause,
        decode::{DecodeError, OtherMediaType, Unread},
    },
    gateway::{Gateway, knows},
    http::media_type,
    model::{
        self, Decodable, Failure,
        counted::Counted,
        json::{read_json, without_mark},
        list_envelope::{ListEnvelope, into_list_envelope},
        meter::Meter,
        one_pass,
    },
    reply::{charset, redirect::Redirect},
    shown::{
        one_line::one_line,
        redact::{self, EXCERPT, Secrets, excerpt},
    },
};

/// A successful response whose body has not been decoded.
#[derive(Debug)]
pub struct Reply<'a> {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) gateway: Option<&'a Gateway>,
    /// The media type of the body as sent; empty if there is none.
    pub(crate) content_type: &'a str,
    /// The name of the event that the body is the data of.
    pub(crate) event: Option<&'a str>,
    /// The response, if a redirect is the result of the call. In a box, because others are moved without it.
    pub(crate) redirect: Option<Box<Redirect>>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) list_envelope: Option<ListEnvelope>,
    /// What the call's result may be, for calls that decode by description.
    #[cfg(feature = "catalogue")]
    pub(crate) outcomes: &'static [crate::call::outcome::Outcome],
    pub(crate) secrets: &'a Secrets,
    /// The client's limit for responses, in bytes.
    pub(crate) limit: usize,
}

impl<'a> Reply<'a> {
    /// Returns the name of the event that the body is the data of, if it is one and has a name.
    pub fn event(&self) -> Option<&'a str> {
        self.event
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the raw body.
    pub fn into_body(self) -> Bytes {
        self.body
    }
}

/// A decoder for the body of a successful response.
pub trait Decode: 'static {
    /// The type of the decoded value.
    type Output: Send + 'static;

    /// Decodes the body.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Decode`] if the body does not match the documented form.
    fn decode(reply: Reply<'_>) -> Result<Self::Output, Error>;

    /// Returns whether there is nothing to decode.
    fn is_absent(body: &[u8]) -> bool {
        body.is_empty()
    }
}

/// Decodes JSON.
#[derive(Debug)]
pub struct Json<T> {
    model: PhantomData<fn() -> T>,
}

/// Returns the body unchanged.
#[derive(Debug)]
pub struct Binary;

/// Decodes JSON as a type that is not generated.
#[derive(Debug)]
pub(crate) struct Serde<T> {
    model: PhantomData<fn() -> T>,
}

/// Returns the body unchanged, with any media type.
#[derive(Debug)]
pub(crate) struct Raw;

/// Decodes text in the charset that the response declares, otherwise in UTF-8. A JSON string is unquoted.
#[derive(Debug)]
pub struct Text;

/// Decodes text as [`Text`] does, into a type of known texts.
#[derive(Debug)]
pub struct Word<T> {
    word: PhantomData<fn() -> T>,
}

/// Returns the redirect that is the result.
#[derive(Debug)]
pub struct Redirected;

/// Ignores the body.
#[derive(Debug)]
pub struct Empty;

/// Decodes a body that may be absent.
#[derive(Debug)]
pub struct Optional<D> {
    decode: PhantomData<fn() -> D>,
}

impl<T: Decodable + Send + 'static> Decode for Json<T> {
    type Output = T;

    fn decode(mut reply: Reply<'_>) -> Result<T, Error> {
        reply.transcode()?;
        let property = reply.list_envelope.map(|form| form.property);
        let meter = reply.meter();
        let read = match reply.gateway {
            Some(gateway) => gateway.read(reply.json(), property, &meter),
            None => one_pass::read(reply.json(), property, &meter),
        };
        match (read, meter.refusal()) {
            (Some(value), _) => Ok(value),
            // The budget is exhausted; any other form would exceed it as well.
            (None, Some(refusal)) => Err(reply.failure(".", refusal.message())),
            (None, None) => decode_any_form(&reply),
        }
    }

    /// White space is no JSON.
    fn is_absent(body: &[u8]) -> bool {
        without_mark(body).trim_ascii().is_empty()
    }
}

/// Decodes JSON in any known form, or reports where it does not match. It reads the text twice, so it is slower than
/// `one_pass`.
pub(crate) fn decode_any_form<T: Decodable>(reply: &Reply<'_>) -> Result<T, Error> {
    let meter = reply.meter();
    let body = match reply.gateway {
        Some(gateway) => {
            gateway.unwrap_known(reply.json(), reply.list_envelope.is_some(), Some(knows::model_knows::<T>))
        }
        None => reply.json().into(),
    };
    let read = match &reply.list_envelope {
        Some(form) => read_list(&body, form, &meter),
        None => read_json(&body, &meter),
    };
    // An empty list is `null` from servers written in Go.
    let of_null = || T::of_null().filter(|_| body.trim_ascii() == b"null");
    read.or_else(|failure| {
        let message = if body.is_empty() { "the body is empty" } else { failure.message() };
        of_null().ok_or_else(|| reply.failure_of_reader(&failure.path(), message))
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

    fn decode(mut reply: Reply<'_>) -> Result<T, Error> {
        reply.transcode()?;
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
        charset::decode(&reply.body, charset::of(reply.content_type))
            .map(Cow::into_owned)
            .map_err(|message| reply.failure_of_reader(".", &message))
    }
}

impl<T: From<String> + Send + 'static> Decode for Word<T> {
    type Output = T;

    fn decode(reply: Reply<'_>) -> Result<T, Error> {
        Text::decode(reply).map(T::from)
    }
}

impl<D: Decode> Decode for Optional<D> {
    type Output = Option<D::Output>;

    fn decode(reply: Reply<'_>) -> Result<Option<D::Output>, Error> {
        let is_absent = matches!(reply.status.as_u16(), 204 | 205) || D::is_absent(&reply.body);
        if is_absent { Ok(None) } else { D::decode(reply).map(Some) }
    }
}

impl Decode for Redirected {
    type Output = Redirect;

    fn decode(reply: Reply<'_>) -> Result<Redirect, Error> {
        let (status, location, headers) = (reply.status, None, HeaderMap::new());
        Ok(reply.redirect.map_or(Redirect { status, location, headers }, |redirect| *redirect))
    }
}

impl Decode for Empty {
    type Output = ();

    fn decode(_: Reply<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl Reply<'_> {
    /// Returns the budget for reading the body.
    fn meter(&self) -> Meter {
        Meter::of_text(self.body.len(), self.limit)
    }

    /// Returns the body as JSON text. A byte order mark is skipped, as RFC 8259, 8.1, allows.
    fn json(&self) -> &[u8] {
        without_mark(&self.body)
    }

    /// Returns the body as any JSON value, out of the envelopes. `knows` tells whether the result has a property.
    #[cfg(feature = "catalogue")]
    pub(crate) fn value(&self, knows: Option<fn(&str) -> bool>) -> Result<Value, Error> {
        let body = match self.gateway {
            Some(gateway) => gateway.unwrap_known(self.json(), self.list_envelope.is_some(), knows),
            None => self.json().into(),
        };
        let meter = self.meter();
        let read = match &self.list_envelope {
            Some(form) => read_list(&body, form, &meter),
            None => read_json(&body, &meter),
        };
        read.map_err(|failure| {
            let message = if body.is_empty() { "the body is empty" } else { failure.message() };
            self.failure_of_reader(&failure.path(), message)
        })
    }

    /// Returns the content of a JSON string, if the response is one.
    fn quoted(&self) -> Option<String> {
        let text = match self.gateway {
            Some(gateway) => gateway.unwrap_text(self.json()),
            None if media_type::essence(self.content_type) == "application/json" => self.json().into(),
            None => return None,
        };
        serde_json::from_slice(&text).ok()
    }

    /// Makes UTF-8 of JSON in another charset, which the standard does not permit but servers send.
    fn transcode(&mut self) -> Result<(), Error> {
        // The parser finds text that is no UTF-8.
        let Some(charset) = charset::of(self.content_type).filter(|charset| !charset.is_utf8()) else { return Ok(()) };
        match charset::decode(&self.body, Some(charset)) {
            Ok(text) => self.body = text.into_owned().into(),
            Err(message) => return Err(self.failure_of_reader(".", &message)),
        }
        Ok(())
    }

    /// Returns an error message if the media type is wrong: an HTML page or JSON must not be saved in place of a
    /// picture.
    pub(crate) fn unexpected(&self) -> Option<String> {
        // A raw request accepts any media type.
        let accept = self.accept?;
        let media_type = media_type::essence(self.content_type);
        (!media_type::can_answer(accept, &media_type)).then(|| format!("expected `{accept}`, not `{media_type}`"))
    }

    /// Returns an error message if the gateway has corrupted the file.
    fn damage(&self) -> Option<String> {
        self.gateway?.damage(self.content_type, &self.body)
    }

    pub(crate) fn failure(&self, path: &str, message: &str) -> Error {
        Error::Decode(Box::new(self.decode_error(path, message)))
    }

    /// Returns a decoding error whose source is the parser's error.
    fn failure_of_reader(&self, path: &str, message: &str) -> Error {
        let mut error = self.decode_error(path, message);
        error.cause = Some(Arc::new(Cause::new(error.message.clone())));
        Error::Decode(Box::new(error))
    }

    /// Returns the error of a response whose media type another verb reads.
    pub(crate) fn other_media_type(&self) -> Error {
        let (status, expected) = (self.status, self.accept.unwrap_or_default());
        Error::OtherMediaType(Box::new(OtherMediaType { status, expected, unread: self.unread() }))
    }

    fn unread(&self) -> Unread {
        let media_type = one_line(&redact::scrub(self.content_type, self.secrets), EXCERPT);
        Unread { media_type, body: self.body.clone(), event: None, id: None }
    }

    fn decode_error(&self, path: &str, message: &str) -> DecodeError {
        DecodeError {
            status: self.status,
            path: one_line(&redact::scrub(path, self.secrets), EXCERPT),
            message: one_line(&redact::scrub(message, self.secrets), EXCERPT),
            excerpt: excerpt(&self.body, self.secrets),
            cause: None,
            unread: self.unread(),
        }
    }
}
