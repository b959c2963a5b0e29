//! The body of a request, as it is put together.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Client, Method, Request, RequestBuilder,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
    multipart::{Form, Part},
};
use serde_json::{Value, value::RawValue};

use crate::{
    call::{
        operation::{BodyForm, Operation},
        progress::Progress,
        query,
        upload::Upload,
    },
    error::Error,
    gateway::Gateway,
    http::media_type,
};

/// A body, kept so that it can be sent again.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    None,
    /// The properties of a JSON object, in the order in which they were given.
    JsonFields {
        fields: Vec<(&'static str, Box<RawValue>)>,
        content_type: &'static str,
    },
    Whole {
        content: Bytes,
        content_type: Cow<'static, str>,
    },
    File(Upload),
    Parts(Vec<(&'static str, PartContent)>),
    /// Which input each is of, and `name=value` as it goes over the wire.
    Fields(Vec<(&'static str, String)>),
}

#[derive(Debug, Clone)]
pub(crate) enum PartContent {
    Text {
        text: String,
        /// Its media type, where it is no plain text.
        media_type: Option<&'static str>,
    },
    File(Upload),
}

impl PartContent {
    pub(crate) fn text(text: String) -> Self {
        Self::Text { text, media_type: None }
    }

    /// A value as OpenAPI has it where the document says no more: what has members is JSON, anything else is text.
    pub(crate) fn of(value: &Value) -> Self {
        let media_type = matches!(value, Value::Array(_) | Value::Object(_)).then_some("application/json");
        Self::Text { text: query::plain_text(value), media_type }
    }

    /// Its media type, where it is no plain text.
    pub(crate) fn media_type(&self) -> Option<&str> {
        match self {
            Self::Text { media_type, .. } => *media_type,
            Self::File(upload) => Some(upload.content_type()),
        }
    }

    /// A value of a media type; a text is JSON in its quotes alone.
    pub(crate) fn typed(value: &Value, media_type: &'static str) -> Self {
        let is_json = media_type::is_json(&media_type::essence(media_type));
        let text = if is_json { value.to_string() } else { query::plain_text(value) };
        Self::Text { text, media_type: Some(media_type) }
    }
}

impl Body {
    pub(crate) fn new(operation: &Operation) -> Self {
        match operation.body {
            BodyForm::None => Self::None,
            BodyForm::Json => Self::JsonFields { fields: Vec::new(), content_type: operation.json_type() },
            BodyForm::Multipart => Self::Parts(Vec::new()),
            BodyForm::Urlencoded => Self::Fields(Vec::new()),
        }
    }

    /// Whether it holds a file, which may take longer than any bound for a call would allow.
    pub(crate) fn is_upload(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Parts(parts) => parts.iter().any(|(_, part)| matches!(part, PartContent::File(_))),
            _ => false,
        }
    }

    /// Whether it can be sent again: a reader or a stream is read once.
    pub(crate) fn is_reopenable(&self) -> bool {
        match self {
            Self::File(upload) => upload.is_reopenable(),
            Self::Parts(parts) => parts.iter().all(|(_, part)| match part {
                PartContent::File(upload) => upload.is_reopenable(),
                PartContent::Text { .. } => true,
            }),
            _ => true,
        }
    }

    /// Refuses a file whose name no form can carry: parsers take the part for none that has a file, or drop its content.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self::Parts(parts) = self else { return Ok(()) };
        let nameless = parts.iter().find(|(_, part)| match part {
            // Parsers keep what follows the last separator.
            PartContent::File(upload) => {
                let name = upload.file_name().rsplit(['/', '\\']).next().unwrap_or_default().trim();
                matches!(name, "" | "." | "..")
            }
            PartContent::Text { .. } => false,
        });
        nameless.map_or(Ok(()), |(part, _)| {
            Err(Error::invalid(format!("the file of `{part}` has no name; `with_file_name` gives it one")))
        })
    }

    /// Puts the body into a request; files are opened here.
    pub(crate) async fn apply(
        &self,
        mut request: Request,
        http: &Client,
        gateway: Option<&Gateway>,
        progress: &Arc<Progress>,
    ) -> Result<Request, Error> {
        let (content_type, body) = match self {
            Self::None => {
                // Some servers refuse these methods without the length of their body, be it none.
                if [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
                    request.headers_mut().insert(CONTENT_LENGTH, 0.into());
                }
                return Ok(request);
            }
            // A form without parts is none that a parser would take.
            Self::Parts(parts) if parts.is_empty() => {
                request.headers_mut().insert(CONTENT_LENGTH, 0.into());
                return Ok(request);
            }
            Self::Parts(parts) => {
                let form = form(parts, gateway, progress).await?;
                // The form adds its own beside it, and a request has one.
                request.headers_mut().remove(CONTENT_TYPE);
                let request = RequestBuilder::from_parts(http.clone(), request).multipart(form).build();
                return request.map_err(|error| Error::invalid(error.without_url().to_string()));
            }
            Self::JsonFields { fields, content_type } => (*content_type, json_object(fields).into()),
            Self::Whole { content, content_type } => (content_type.as_ref(), content.clone().into()),
            Self::File(upload) => {
                request.headers_mut().insert(CONTENT_LENGTH, upload.length().into());
                (upload.content_type(), upload.body(progress).await?)
            }
            Self::Fields(fields) => ("application/x-www-form-urlencoded", form_text(fields).into()),
        };
        request.headers_mut().insert(CONTENT_TYPE, media_type::header(content_type).map_err(Error::invalid)?);
        *request.body_mut() = Some(body);
        Ok(request)
    }
}

pub(crate) fn form_text(fields: &[(&'static str, String)]) -> String {
    let pairs: Vec<&str> = fields.iter().map(|(_, pair)| pair.as_str()).collect();
    // Alone among the encodings, a form writes a space as a plus sign.
    pairs.join("&").replace("%20", "+")
}

pub(crate) fn json_object(fields: &[(&'static str, Box<RawValue>)]) -> Vec<u8> {
    let mut out =
        Vec::with_capacity(2 + fields.iter().map(|(name, value)| name.len() + value.get().len() + 4).sum::<usize>());
    out.push(b'{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        // Writing a string to memory cannot fail.
        let _ = serde_json::to_writer(&mut out, name);
        out.push(b':');
        out.extend(value.get().as_bytes());
    }
    out.push(b'}');
    out
}

/// A name as browsers write it between the quotes of a part's header: what would end the quotes, or the line, is
/// percent-encoded, and so are the backslash, which parsers read in different ways, and every other control character.
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

async fn form(
    parts: &[(&'static str, PartContent)],
    gateway: Option<&Gateway>,
    progress: &Arc<Progress>,
) -> Result<Form, Error> {
    // The names are made fit for their quotes here; reqwest's own encodings are not those that form parsers read.
    let mut form = Form::new().percent_encode_noop();
    for (name, content) in parts {
        let mut parameters = quotable(name);
        let typed = |part: Part, media_type: &str| {
            part.mime_str(media_type).map_err(|_| Error::invalid(format!("`{media_type}` is no media type")))
        };
        let part = match content {
            PartContent::Text { text, media_type: None } => Part::text(text.clone()),
            PartContent::Text { text, media_type: Some(media_type) } => typed(Part::text(text.clone()), media_type)?,
            PartContent::File(upload) => {
                let file = Part::stream_with_length(upload.body(progress).await?, upload.length());
                let file = typed(file, upload.content_type())?;
                let file_name = quotable(upload.file_name());
                let (raw, length) = (upload.file_name(), upload.length());
                match gateway.and_then(|gateway| gateway.file_parameters(&parameters, raw, &file_name, length)) {
                    Some(all) => {
                        parameters = all;
                        file
                    }
                    None => file.file_name(file_name),
                }
            }
        };
        form = form.part(parameters, part);
    }
    Ok(form)
}
