//! The body of a request.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Client, Method, Request, RequestBuilder,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
    multipart::{Form, Part},
};
use serde_json::value::RawValue;

use crate::{
    call::{
        operation::{BodyForm, Operation},
        progress::Progress,
        upload::Upload,
        written::Written,
    },
    error::Error,
    gateway::Gateway,
    http::media_type,
};

/// A body that can be sent more than once.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    None,
    /// The properties of a JSON object, in the order in which they were set.
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
    /// The name of the input, and the encoded `name=value`.
    Fields(Vec<(&'static str, String)>),
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
    pub(crate) fn of(value: &Written) -> Self {
        let media_type = (!value.is_plain()).then_some("application/json");
        Self::Text { text: value.plain_text(), media_type }
    }

    /// Returns the media type; `None` for plain text.
    pub(crate) fn media_type(&self) -> Option<&str> {
        match self {
            Self::Text { media_type, .. } => *media_type,
            Self::File(upload) => Some(upload.content_type()),
        }
    }

    /// Creates a part with a media type. A string is quoted only if the media type is JSON.
    pub(crate) fn typed(value: &Written, media_type: &'static str) -> Self {
        let is_json = media_type::is_json(&media_type::essence(media_type));
        let text = if is_json { value.json().to_owned() } else { value.plain_text() };
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

    /// Returns whether the body contains a file. The timeouts of ordinary calls do not apply to uploads.
    pub(crate) fn is_upload(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Parts(parts) => parts.iter().any(|(_, part)| matches!(part, PartContent::File(_))),
            _ => false,
        }
    }

    /// Returns whether the body can be sent again. A reader or stream can be read only once.
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

    /// Rejects files without a usable name: form parsers treat such a part as an ordinary field, or drop its content.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self::Parts(parts) = self else { return Ok(()) };
        let nameless = parts.iter().find(|(_, part)| match part {
            // Parsers keep only the text after the last separator.
            PartContent::File(upload) => {
                let name = upload.file_name().rsplit(['/', '\\']).next().unwrap_or_default().trim();
                matches!(name, "" | "." | "..")
            }
            PartContent::Text { .. } => false,
        });
        nameless.map_or(Ok(()), |(part, _)| {
            Err(Error::invalid(format!("the file of `{part}` has no name; set one with `with_file_name`")))
        })
    }

    /// Adds the body to a request, opening its files.
    pub(crate) async fn apply(
        &self,
        mut request: Request,
        http: &Client,
        gateway: Option<&Gateway>,
        progress: &Arc<Progress>,
    ) -> Result<Request, Error> {
        let (content_type, body) = match self {
            Self::None => {
                // Some servers reject these methods without a `Content-Length`, even if it is 0.
                if [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
                    request.headers_mut().insert(CONTENT_LENGTH, 0.into());
                }
                return Ok(request);
            }
            // Parsers reject a form without parts.
            Self::Parts(parts) if parts.is_empty() => {
                request.headers_mut().insert(CONTENT_LENGTH, 0.into());
                return Ok(request);
            }
            Self::Parts(parts) => {
                let form = form(parts, gateway, progress).await?;
                // The form adds its own `Content-Type`; a request has only one.
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
    // Of all encodings, only forms write a space as a plus sign.
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
        // Writing to a `Vec` cannot fail.
        let _ = serde_json::to_writer(&mut out, name);
        out.push(b':');
        out.extend(value.get().as_bytes());
    }
    out.push(b'}');
    out
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

async fn form(
    parts: &[(&'static str, PartContent)],
    gateway: Option<&Gateway>,
    progress: &Arc<Progress>,
) -> Result<Form, Error> {
    // Names are encoded above; reqwest's encodings differ from what form parsers read.
    let mut form = Form::new().percent_encode_noop();
    for (name, content) in parts {
        let mut parameters = quotable(name);
        let typed = |part: Part, media_type: &str| {
            part.mime_str(media_type).map_err(|_| Error::invalid(format!("`{media_type}` is not a media type")))
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
