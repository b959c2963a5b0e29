//! What is peculiar to LowCodeAPI's gateway.
//!
//! The rest of the runtime meets it through [`Gateway`]. A client has one where its service says that it stands behind the
//! gateway; no response, whatever is in it, makes another client behave so.

pub(crate) mod destroyed;
mod envelope;
mod errors;
mod knows;
mod multipart;
mod not_found;
mod one_pass;
pub(crate) mod search;
pub(crate) mod url_format;

use std::{borrow::Cow, time::Duration};

use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
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

/// A client of a service that stands behind LowCodeAPI's gateway. Its builder can set the format of URLs.
pub trait BehindGateway {}

/// How a client behind the gateway differs from others, and what it has learned of the gateway.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    format: FormatMemory,
}

/// Requests.
#[expect(clippy::unused_self, reason = "only a client behind the gateway comes to these")]
impl Gateway {
    /// The gateway of a client that was set to this format of URLs, if to any.
    pub(crate) fn new(format: Option<UrlFormat>) -> Self {
        Self { format: FormatMemory::new(format) }
    }

    /// The format of URLs that the gateway takes, where that is known.
    pub(crate) fn known_format(&self) -> Option<UrlFormat> {
        self.format.known()
    }

    /// The format that a call is sent in first, or why it can be sent in none.
    pub(crate) fn first_format(&self, target: &Target<'_>) -> Result<UrlFormat, String> {
        url_format::first(&self.format, target)
    }

    /// Checks a call's path, and returns what stands in its place in the format.
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

    /// Sends a call in the format that the gateway takes. While that is unknown, it is found out.
    pub(crate) async fn send<A: Attempts>(&self, attempts: &mut A) -> Result<A::Answer, A::Error> {
        search::send(&self.format, attempts).await
    }

    /// Notes the format of a request that the gateway has answered with success.
    pub(crate) fn learn(&self, has_old_format: bool, format: UrlFormat) {
        if has_old_format {
            self.format.learn(format);
        }
    }

    /// The parameters of a file's part, from that for its name on; `None` where the usual ones do.
    pub(crate) fn file_parameters(&self, name: &str, file_name: &str, quoted: &str, length: u64) -> Option<String> {
        multipart::file_parameters(name, file_name, quoted, length)
    }
}

/// Results.
#[expect(clippy::unused_self, reason = "only a client behind the gateway comes to these")]
impl Gateway {
    /// Reads a result of the usual form out of the envelope in one pass.
    pub(crate) fn read<T: Decodable>(&self, body: &[u8], property: Option<&'static str>, meter: &Meter) -> Option<T> {
        one_pass::read(body, property, meter)
    }

    /// The result inside the envelope, to be read as a model.
    pub(crate) fn unwrap_model<'b, T: Decodable>(&self, body: &'b [u8], has_list_envelope: bool) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |data| {
            // A list may have any form, which is the same in the envelope and without it.
            let is_list = has_list_envelope && matches!(data.first(), Some(b'[' | b'{'));
            !is_list && knows::is_own_data(data, knows::model_knows::<T>)
        })
    }

    /// The result inside the envelope, to be read as a type of serde.
    pub(crate) fn unwrap_type<'b, T: DeserializeOwned>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |data| knows::is_own_data(data, knows::type_knows::<T>))
    }

    /// The result inside the envelope, to be read as text.
    pub(crate) fn unwrap_text<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        envelope::unwrap(body, |_| false)
    }

    /// The headers of the provider's response.
    pub(crate) fn response_headers(&self, body: &[u8]) -> HeaderMap {
        envelope::response_headers(body)
    }

    /// What is wrong with the bytes of a file, if the gateway has destroyed them.
    pub(crate) fn damage(&self, content_type: &str, body: &[u8]) -> Option<String> {
        let is_destroyed = destroyed::is_suspect(content_type) && destroyed::is_destroyed(body);
        is_destroyed.then(|| destroyed::message(content_type))
    }

    /// What looks for the same in a file that arrives in pieces, where it may be destroyed.
    pub(crate) fn watch(&self, content_type: &str) -> Option<Watch> {
        destroyed::is_suspect(content_type).then(|| Watch::new(content_type))
    }
}

/// Errors.
#[expect(clippy::unused_self, reason = "only a client behind the gateway comes to these")]
impl Gateway {
    /// What the gateway says with an error besides its message.
    pub(crate) fn told(&self, status: StatusCode, body: &[u8], json: Option<&Value>) -> Told {
        Told::read(status, body, json)
    }

    /// The headers of the provider's answer; none where the gateway answered itself.
    pub(crate) fn provider_headers(&self, json: &Value) -> HeaderMap {
        errors::provider_headers(json)
    }

    /// The provider's own error inside the envelope, else the whole.
    pub(crate) fn detail<'v>(&self, json: &'v Value) -> &'v Value {
        errors::detail(json)
    }

    /// How long the provider asks to wait, by its headers inside an error body.
    pub(crate) fn retry_after(&self, body: &[u8]) -> Option<Duration> {
        errors::retry_after(body)
    }

    /// Whether the gateway had no answer from the provider, which others say by a 502.
    pub(crate) fn is_unreachable(&self, status: StatusCode, body: &[u8]) -> bool {
        errors::is_unreachable(status, body)
    }
}
