//! From the body of a successful response to the result. Everything that reads a model goes through here.

use std::marker::PhantomData;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{
    DecodeError, Error, Token,
    gateway::{self, ListEnvelope},
    redact,
};

/// The longest part of a body that an error shows, in characters.
const EXCERPT: usize = 240;

/// A successful response, before its body is read.
#[derive(Debug)]
pub struct Reply<'a> {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) gateway: bool,
    /// The media type of the body, in lower case and without parameters; empty where none is given.
    pub(crate) media_type: String,
    pub(crate) accept: Option<&'static str>,
    pub(crate) is_latin1: bool,
    pub(crate) list_envelope: Option<ListEnvelope>,
    pub(crate) token: Option<&'a Token>,
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

/// Reads JSON; the gateway's envelope is taken off first.
#[derive(Debug)]
pub struct Json<T> {
    model: PhantomData<fn() -> T>,
}

/// Takes the body as it is.
#[derive(Debug)]
pub struct Binary;

/// Reads text: UTF-8, or ISO 8859-1 where the response says so.
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

impl<T: DeserializeOwned + Send + 'static> Decode for Json<T> {
    type Output = T;

    fn decode(reply: Reply<'_>) -> Result<T, Error> {
        let body = if reply.gateway { gateway::unwrap_envelope(&reply.body) } else { reply.body.as_ref().into() };
        let failure = match &reply.list_envelope {
            Some(form) => match serde_json::from_slice(&body) {
                Ok(value) => {
                    let value = gateway::into_list_envelope(value, form);
                    match serde_path_to_error::deserialize(value) {
                        Ok(value) => return Ok(value),
                        Err(error) => (error.path().to_string(), error.into_inner()),
                    }
                }
                Err(error) => (".".to_owned(), error),
            },
            None => match serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(&body)) {
                Ok(value) => return Ok(value),
                Err(error) => (error.path().to_string(), error.into_inner()),
            },
        };
        let (path, error) = failure;
        let message = if body.is_empty() { "the body is empty".to_owned() } else { error.to_string() };
        Err(reply.failure(&path, &message))
    }
}

impl Decode for Binary {
    type Output = Bytes;

    fn decode(reply: Reply<'_>) -> Result<Bytes, Error> {
        // A page or a JSON text in place of a picture is not to be saved as one.
        let is_message = reply.media_type.starts_with("text/") || reply.media_type.ends_with("json");
        let is_documented =
            reply.accept.is_some_and(|accept| accept.contains(&reply.media_type) || accept.contains("*/*"));
        if is_message && !is_documented {
            let message = format!("expected `{}`, not `{}`", reply.accept.unwrap_or_default(), reply.media_type);
            return Err(reply.failure(".", &message));
        }
        Ok(reply.body)
    }
}

impl Decode for Text {
    type Output = String;

    fn decode(reply: Reply<'_>) -> Result<String, Error> {
        if reply.gateway
            && let Ok(text) = serde_json::from_slice::<String>(&gateway::unwrap_envelope(&reply.body))
        {
            return Ok(text);
        }
        if reply.is_latin1 {
            return Ok(reply.body.iter().copied().map(char::from).collect());
        }
        match std::str::from_utf8(&reply.body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(reply.failure(".", &error.to_string())),
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
    fn failure(&self, path: &str, message: &str) -> Error {
        let secret = self.token.map_or("", Token::expose);
        let message = redact::scrub(message, secret);
        let path = redact::scrub(path, secret);
        Error::Decode(Box::new(DecodeError {
            status: self.status,
            path,
            message,
            excerpt: excerpt(&self.body, secret),
        }))
    }
}

/// The beginning of a body, on one line and without the credential.
pub(crate) fn excerpt(body: &[u8], secret: &str) -> String {
    // Enough for every character to be of four bytes, and for a secret that begins in the excerpt to be seen whole.
    let window = &body[..body.len().min(EXCERPT * 4 + secret.len() * 6)];
    let text = redact::scrub(&String::from_utf8_lossy(window), secret);
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
