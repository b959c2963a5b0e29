//! Everything that is specific to LowCodeAPI's gateway.
//!
//! The rest of the runtime uses it through [`Gateway`]. A client has a gateway if its service declares one; the content
//! of a response never changes that.

pub(crate) mod destroyed;
mod envelope;
mod errors;
pub(crate) mod knows;
mod not_found;
mod one_pass;
pub(crate) mod search;
pub(crate) mod url_format;

use std::{borrow::Cow, time::Duration};

use reqwest::{StatusCode, header::HeaderMap};
use serde_core::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use crate::gateway::errors::{Origin, Told};
use crate::{
    gateway::{
        destroyed::Watch,
        search::Attempts,
        url_format::{FormatMemory, OldTarget, Target, UrlFormat},
    },
    model::{Decodable, meter::Meter},
};

/// A client of a service behind LowCodeAPI's gateway. Its builder can set the URL format.
pub trait BehindGateway {}

/// The behaviour of a client behind the gateway, and what the client has learned about it.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    format: FormatMemory,
}

/// Requests.
#[expect(clippy::unused_self, reason = "requires a client behind the gateway")]
impl Gateway {
    /// Creates a gateway with the configured URL format, if any.
    pub(crate) fn new(format: Option<UrlFormat>) -> Self {
        Self { format: FormatMemory::new(format) }
    }

    /// Returns the URL format of the gateway, if it is known.
    pub(crate) fn known_format(&self) -> Option<UrlFormat> {
        self.format.known()
    }

    /// Returns the URL format to try first.
    ///
    /// # Errors
    ///
    /// Returns the reason why neither format can carry the call.
    pub(crate) fn first_format(&self, target: &Target<'_>) -> Result<UrlFormat, String> {
        url_format::first(&self.format, target)
    }

    /// Checks a call's path, and returns its replacement in the given format.
    pub(crate) fn old_target<'q>(
        &self,
        path: &str,
        query: impl Iterator<Item = &'q str>,
        target: &Target<'_>,
        format: UrlFormat,
    ) -> Result<Option<OldTarget>, String> {
        url_format::check(path, query, target)?;
        Ok(if format == UrlFormat::Old { url_format::old_target(target) } else { None })
    }

    /// Sends a call in the gateway's URL format, and determines the format if it is unknown.
    pub(crate) async fn send<A: Attempts>(&self, attempts: &mut A) -> Result<A::Answer, A::Error> {
        search::send(&self.format, attempts).await
    }

    /// Records the format of a request that the gateway answered with success.
    pub(crate) fn learn(&self, has_old_format: bool, format: UrlFormat) {
        if has_old_format {
            self.format.learn(format);
        }
    }
}

/// Results.
#[expect(clippy::unused_self, reason = "requires a client behind the gateway")]
impl Gateway {
    /// Reads a result of the usual form out of the envelope in one pass.
    pub(crate) fn read<T: Decodable>(&self, body: &[u8], property: Option<&'static str>, meter: &Meter) -> Option<T> {
        one_pass::read(body, property, meter)
    }

    /// Returns the result inside the envelope, for a type that has the properties that it `knows`.
    pub(crate) fn unwrap_known<'b>(
        &self,
        body: &'b [u8],
        has_list_envelope: bool,
        knows: Option<fn(&str) -> bool>,
    ) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |data| {
            // A list has the same forms inside and outside of the envelope, so unwrapping it is safe.
            let is_list = has_list_envelope && matches!(data.first(), Some(b'[' | b'{'));
            !is_list && knows.is_some_and(|knows| knows::is_own_data(data, knows))
        })
    }

    /// Returns the result inside the envelope, for a serde type.
    pub(crate) fn unwrap_type<'b, T: DeserializeOwned>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |data| knows::is_own_data(data, knows::type_knows::<T>))
    }

    /// Returns the result inside the envelope, for text.
    pub(crate) fn unwrap_text<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |_| false)
    }

    /// Returns the headers of the provider's response.
    pub(crate) fn response_headers(&self, body: &[u8]) -> HeaderMap {
        envelope::response_headers(body)
    }

    /// Returns an error message if the gateway has corrupted the file.
    pub(crate) fn damage(&self, content_type: &str, body: &[u8]) -> Option<String> {
        let is_destroyed = destroyed::is_suspect(content_type) && destroyed::is_destroyed(body);
        is_destroyed.then(|| destroyed::message(content_type))
    }

    /// Returns a detector for a file that arrives in chunks, if the file may be corrupted.
    pub(crate) fn watch(&self, content_type: &str) -> Option<Watch> {
        destroyed::is_suspect(content_type).then(|| Watch::new(content_type))
    }
}

/// Errors.
#[expect(clippy::unused_self, reason = "requires a client behind the gateway")]
impl Gateway {
    /// Returns what the gateway's error says besides its message.
    pub(crate) fn told(&self, status: StatusCode, body: &[u8], json: Option<&Value>) -> Told {
        Told::read(status, body, json)
    }

    /// Returns the headers of the provider's response, or none if the gateway itself responded.
    pub(crate) fn provider_headers(&self, json: &Value) -> HeaderMap {
        errors::provider_headers(json)
    }

    /// Returns the provider's error inside the envelope, or the whole body.
    pub(crate) fn detail<'v>(&self, json: &'v Value) -> &'v Value {
        errors::detail(json)
    }

    /// Returns how long the provider asks to wait, from its headers in the error body.
    pub(crate) fn retry_after(&self, body: &[u8]) -> Option<Duration> {
        errors::retry_after(body)
    }

    /// Returns whether the gateway received no response from the provider. Other gateways return a 502 for this.
    pub(crate) fn is_unreachable(&self, status: StatusCode, body: &[u8]) -> bool {
        errors::is_unreachable(status, body)
    }
}
