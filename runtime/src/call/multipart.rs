//! Bodies of several parts: forms (RFC 7578), and the other kinds of RFC 2046.

use std::{borrow::Cow, fmt::Write as _, io, sync::Arc};

use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Body,
    header::{HeaderName, HeaderValue},
};

use crate::{
    call::{
        operation::{BodyForm, Operation},
        progress::Progress,
        upload::Upload,
        value::InputValue,
    },
    error::Error,
    gateway::Gateway,
    http::{media_type, path},
    platform::outgoing::streamed,
};

/// The media type of forms.
const FORM: &str = "multipart/form-data";

/// The parts of a body.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) media_type: &'static str,
    /// The names of the inputs in the order in which the document declares them; empty if the order does not matter.
    pub(crate) order: &'static [&'static str],
    /// Whether the parts are known by their places, and sent without names.
    pub(crate) by_place: bool,
    pub(crate) items: Vec<Part>,
    /// Headers of all parts with a name.
    pub(crate) headers: Vec<(String, HeaderName, HeaderValue)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The name of the input.
    pub(crate) input: &'static str,
    pub(crate) name: Cow<'static, str>,
    pub(crate) content: PartContent,
}

#[derive(Debug, Clone)]
pub(crate) enum PartContent {
    Text {
        text: String,
        /// The media type; `None` for plain text.
        media_type: Option<&'static str>,
    },
    File(Upload),
}

impl PartContent {
    pub(crate) fn text(text: String) -> Self {
        Self::Text { text, media_type: None }
    }

    /// Creates a part by OpenAPI's default rules: objects and arrays are JSON, other values are text.
    pub(crate) fn of(value: &InputValue) -> Self {
        let media_type = (!value.is_plain()).then_some("application/json");
        Self::Text { text: value.plain_text(), media_type }
    }

    /// Creates a part with a media type. A string is quoted only if the media type is JSON.
    pub(crate) fn typed(value: &InputValue, media_type: &'static str) -> Self {
        let is_json = media_type::is_json(&media_type::essence(media_type));
        let text = if is_json { value.json().to_owned() } else { value.plain_text() };
        Self::Text { text, media_type: Some(media_type) }
    }

    /// Returns the media type; `None` for plain text.
    pub(crate) fn media_type(&self) -> Option<&str> {
        match self {
            Self::Text { media_type, .. } => *media_type,
            Self::File(upload) => Some(upload.content_type()),
        }
    }

    pub(crate) fn file(&self) -> Option<&Upload> {
        match self {
            Self::Text { .. } => None,
            Self::File(upload) => Some(upload),
        }
    }
}

/// A body that is ready to be sent.
pub(crate) struct Multipart {
    pub(crate) content_type: String,
    /// `None` if a file has an unknown length.
    pub(crate) length: Option<u64>,
    pub(crate) body: Body,
}

impl Parts {
    pub(crate) fn new(operation: &Operation) -> Self {
        Self {
            media_type: operation.content_type.unwrap_or(FORM),
            order: operation.parts,
            by_place: operation.body == BodyForm::Places,
            items: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Returns an input that is not set although a later one is, whose parts would take its place.
    pub(crate) fn gap(&self) -> Option<&'static str> {
        let is_set = |input: &&str| self.items.iter().any(|part| part.input == *input);
        let last = self.order.iter().rposition(&is_set).filter(|_| self.by_place)?;
        self.order[..last].iter().copied().find(|input| !is_set(input))
    }

    /// Sets the parts of an input.
    pub(crate) fn set(
        &mut self,
        input: &'static str,
        parts: impl IntoIterator<Item = (Cow<'static, str>, PartContent)>,
    ) {
        self.items.retain(|part| part.input != input);
        self.items.extend(parts.into_iter().map(|(name, content)| Part { input, name, content }));
        if !self.order.is_empty() {
            let place = |part: &Part| self.order.iter().position(|name| *name == part.input);
            self.items.sort_by_key(|part| place(part).unwrap_or(usize::MAX));
        }
    }

    /// Sets the part with a name that the document does not declare, or all of a declared one. `None` removes it.
    pub(crate) fn add(&mut self, name: &str, content: Option<PartContent>) {
        self.items.retain(|part| part.name != name);
        self.items.extend(content.map(|content| Part { input: "", name: name.to_owned().into(), content }));
    }

    /// Sets a header of all parts with a name.
    pub(crate) fn set_header(&mut self, part: String, name: HeaderName, value: HeaderValue) {
        self.remove_header(&part, name.as_str());
        self.headers.push((part, name, value));
    }

    /// Removes a header of all parts with a name.
    pub(crate) fn remove_header(&mut self, part: &str, name: &str) {
        self.headers.retain(|(had, key, _)| had != part || !name.eq_ignore_ascii_case(key.as_str()));
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &Upload)> {
        self.items.iter().filter_map(|part| Some((part.name.as_ref(), part.content.file()?)))
    }

    /// Writes the body, and opens its files. A body without parts has only its end, which parsers of forms accept.
    pub(crate) async fn write(&self, gateway: Option<&Gateway>, progress: &Arc<Progress>) -> Result<Multipart, Error> {
        let boundary = boundary();
        let mut pieces: Vec<BoxStream<'static, io::Result<Bytes>>> = Vec::new();
        let mut length = Some(0);
        let mut text = Vec::new();
        for part in &self.items {
            text.extend_from_slice(self.head(part, &boundary, gateway)?.as_bytes());
            match &part.content {
                PartContent::Text { text: content, .. } => text.extend_from_slice(content.as_bytes()),
                PartContent::File(upload) => {
                    let head = std::mem::take(&mut text);
                    let known = length.zip(upload.length());
                    length = known.and_then(|(length, file): (u64, u64)| {
                        length.checked_add(head.len() as u64)?.checked_add(file)
                    });
                    pieces.push(stream::iter([Ok(head.into())]).boxed());
                    pieces.push(upload.content(progress).await?);
                }
            }
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let length = length.and_then(|length: u64| length.checked_add(text.len() as u64));
        let body = if pieces.is_empty() {
            Body::from(text)
        } else {
            pieces.push(stream::iter([Ok(text.into())]).boxed());
            streamed(stream::iter(pieces).flatten().boxed()).await.map_err(|error| Error::invalid(error.to_string()))?
        };
        Ok(Multipart { content_type: self.content_type(Some(&boundary)), length, body })
    }

    /// Returns the media type with its parameters, with a boundary if there is one.
    pub(crate) fn content_type(&self, boundary: Option<&str>) -> String {
        let mut media_type = self.media_type.to_owned();
        if let Some(boundary) = boundary {
            // Writing to a string cannot fail.
            let _ = write!(media_type, "; boundary={boundary}");
        }
        // RFC 2387 requires the type of the first part.
        if let Some(root) = self.items.first().filter(|_| self.is_related()) {
            let of_root = media_type::essence(root.content.media_type().unwrap_or("text/plain"));
            let _ = write!(media_type, "; type=\"{of_root}\"");
        }
        media_type
    }

    pub(crate) fn is_form(&self) -> bool {
        media_type::essence(self.media_type) == FORM
    }

    fn is_related(&self) -> bool {
        media_type::essence(self.media_type) == "multipart/related"
    }

    /// Returns the headers of a part, with the boundary before it.
    fn head(&self, part: &Part, boundary: &str, gateway: Option<&Gateway>) -> Result<String, Error> {
        let mut head = format!("--{boundary}\r\n");
        for (key, value) in self.names(part, gateway) {
            // Writing to a string cannot fail.
            let _ = write!(head, "{key}: {value}\r\n");
        }
        if let Some(media_type) = self.type_of(part) {
            media_type::header(media_type).map_err(Error::invalid)?;
            let _ = write!(head, "Content-Type: {media_type}\r\n");
        }
        for (key, value) in self.headers_of(part) {
            let _ = write!(head, "{key}: {value}\r\n");
        }
        head.push_str("\r\n");
        Ok(head)
    }

    /// Returns the media type that a part is sent with. Outside of forms, text without a type is ASCII.
    pub(crate) fn type_of<'p>(&self, part: &'p Part) -> Option<&'p str> {
        part.content.media_type().or((!self.is_form()).then_some("text/plain; charset=utf-8"))
    }

    /// Returns the headers that callers set for a part.
    pub(crate) fn headers_of<'p>(&'p self, part: &'p Part) -> impl Iterator<Item = (&'p HeaderName, &'p str)> {
        let headers = self.headers.iter().filter(|(of, ..)| *of == part.name);
        headers.map(|(_, key, value)| (key, value.to_str().unwrap_or_default()))
    }

    /// Returns the headers that name a part.
    pub(crate) fn names(&self, part: &Part, gateway: Option<&Gateway>) -> Vec<(&'static str, String)> {
        if self.by_place {
            return Vec::new();
        }
        let mut disposition = format!("form-data; name=\"{}\"", quotable(&part.name));
        if let Some(upload) = part.content.file() {
            let name = upload.file_name();
            let quoted = quotable(name);
            // The open-source gateway reads `filename` as ISO 8859-1, and prefers the extended form (RFC 8187).
            let is_extended = !name.is_ascii() && (!self.is_form() || gateway.is_some());
            // A form has the name as it is (RFC 7578, 4.2). Headers of other parts are ASCII.
            let plain = if self.is_form() { quoted } else { quoted.replace(|c: char| !c.is_ascii(), "_") };
            let _ = write!(disposition, "; filename=\"{plain}\"");
            if is_extended {
                let _ = write!(disposition, "; filename*=UTF-8''{}", path::encode_value(name));
            }
        }
        let id = self.is_related().then(|| ("Content-ID", format!("<{}>", path::encode_value(&part.name))));
        [("Content-Disposition", disposition)].into_iter().chain(id).collect()
    }
}

/// Returns a text that no part contains.
fn boundary() -> String {
    let random = || fastrand::u64(..);
    format!("{:016x}-{:016x}-{:016x}-{:016x}", random(), random(), random(), random())
}

/// Encodes a name for the quoted string of a part's header as browsers do: quotes and line breaks are percent-encoded.
/// So are the backslash, which parsers interpret differently, and all other control characters.
pub(crate) fn quotable(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '"' | '\\') || c.is_ascii_control() {
            out.push_str(&utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC).to_string());
        } else {
            out.push(c);
        }
    }
    out
}
