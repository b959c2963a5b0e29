//! The body of a request.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use reqwest::{
    Request,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::value::RawValue;

use crate::{
    call::{
        multipart::{Multipart, Parts},
        operation::{BodyForm, Operation},
        progress::Progress,
        upload::Upload,
    },
    error::Error,
    gateway::Gateway,
    http::media_type,
};

/// The media type of urlencoded forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A body that can be sent more than once.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    None,
    /// The properties of a JSON object, in the order in which they were set.
    JsonFields {
        fields: Vec<(Cow<'static, str>, Box<RawValue>)>,
        content_type: &'static str,
    },
    Whole {
        content: Bytes,
        content_type: Cow<'static, str>,
    },
    /// In a box, as parts, because calls are moved.
    File(Box<Upload>),
    Parts(Box<Parts>),
    /// The name of the input, and the encoded `name=value`.
    Fields(Vec<(Cow<'static, str>, String)>),
}

impl Body {
    pub(crate) fn new(operation: &Operation) -> Self {
        match operation.body {
            BodyForm::None => Self::None,
            BodyForm::Json => Self::JsonFields { fields: Vec::new(), content_type: operation.json_type() },
            BodyForm::Multipart | BodyForm::Places => Self::Parts(Box::new(Parts::new(operation))),
            BodyForm::Urlencoded => Self::Fields(Vec::new()),
        }
    }

    /// Returns whether nothing is set of a body whose fields are set one by one.
    pub(crate) fn is_unset(&self) -> bool {
        match self {
            Self::JsonFields { fields, .. } => fields.is_empty(),
            Self::Parts(parts) => parts.items.is_empty(),
            Self::Fields(fields) => fields.is_empty(),
            Self::None | Self::Whole { .. } | Self::File(_) => false,
        }
    }

    /// Returns the content as text that an argument of a command can hold. `None` for files, parts and other bytes.
    pub(crate) fn text(&self) -> Option<String> {
        let content: Cow<'_, [u8]> = match self {
            Self::JsonFields { fields, .. } => json_object(fields).into(),
            Self::Whole { content, .. } => Cow::Borrowed(content),
            Self::Fields(fields) => return Some(form_text(fields)),
            Self::None | Self::File(_) | Self::Parts(_) => return None,
        };
        // An argument cannot contain NUL.
        std::str::from_utf8(&content).ok().filter(|text| !text.contains('\0')).map(str::to_owned)
    }

    /// Returns whether there is a body to compress where the caller asks.
    pub(crate) fn is_compressible(&self) -> bool {
        match self {
            Self::None => false,
            Self::Whole { content, .. } => !content.is_empty(),
            Self::Fields(fields) => !fields.is_empty(),
            Self::JsonFields { .. } | Self::Parts(_) | Self::File(_) => true,
        }
    }

    /// Returns whether the body contains a file. The timeouts of ordinary calls do not apply to uploads.
    pub(crate) fn is_upload(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Parts(parts) => parts.files().next().is_some(),
            _ => false,
        }
    }

    /// Returns whether the body can be sent again. A reader or stream can be read only once.
    pub(crate) fn is_reopenable(&self) -> bool {
        match self {
            Self::File(upload) => upload.is_reopenable(),
            Self::Parts(parts) => parts.files().all(|(_, upload)| upload.is_reopenable()),
            _ => true,
        }
    }

    /// Rejects parts that would stand in the place of others, and files without a usable name: form parsers treat such a part as
    /// an ordinary field, or drop its content.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self::Parts(parts) = self else { return Ok(()) };
        if let Some(missing) = parts.gap() {
            return Err(Error::invalid(format!(
                "`{missing}` is missing, and the parts after it are known by their places"
            )));
        }
        if parts.by_place {
            return Ok(());
        }
        // Parsers keep only the text after the last separator.
        let last =
            |upload: &Upload| upload.file_name().rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
        let nameless = parts.files().find(|(_, upload)| matches!(last(upload).as_str(), "" | "." | ".."));
        nameless.map_or(Ok(()), |(part, _)| {
            Err(Error::invalid(format!("the file of `{part}` has no name; set one with `with_file_name`")))
        })
    }

    /// Returns whether files are opened to send the body, or a boundary is made.
    pub(crate) fn is_opened(&self) -> bool {
        matches!(self, Self::File(_) | Self::Parts(_))
    }

    /// Returns what is sent, opening files. `None` if there is no body.
    pub(crate) async fn content(&self, gateway: Option<&Gateway>) -> Result<Option<Opened>, Error> {
        let mut progress = None;
        let (content_type, body, length) = match self {
            Self::None => return Ok(None),
            Self::Parts(parts) => {
                let progress = &*progress.insert(Progress::new());
                // Boxed, as that of a file, so that other calls do not carry its state.
                let Multipart { content_type, length, body } = Box::pin(parts.write(gateway, progress)).await?;
                (Cow::from(content_type), body, length)
            }
            Self::JsonFields { fields, content_type } => ((*content_type).into(), json_object(fields).into(), None),
            Self::Whole { content, content_type } => {
                (content_type.clone(), content.clone().into(), content.is_empty().then_some(0))
            }
            Self::File(upload) => {
                let body = Box::pin(upload.body(progress.insert(Progress::new()))).await?;
                (upload.content_type().to_owned().into(), body, upload.length())
            }
            Self::Fields(fields) => (FORM.into(), form_text(fields).into(), fields.is_empty().then_some(0)),
        };
        // The boundary of parts is in their type.
        let decides_type = matches!(self, Self::Parts(_));
        Ok(Some(Opened { content_type, decides_type, length, body, progress }))
    }
}

/// The body of one request, with its files opened.
pub(crate) struct Opened {
    content_type: Cow<'static, str>,
    /// Whether the media type replaces one of the caller.
    decides_type: bool,
    /// The length, unless the HTTP client knows it, as that of text that is not empty.
    length: Option<u64>,
    body: reqwest::Body,
    /// What is known of files.
    progress: Option<Arc<Progress>>,
}

impl Opened {
    /// Adds the body to a request, which may have a `Content-Type` of the caller.
    pub(crate) fn apply(self, request: &mut Request, has_type: bool) -> Result<Option<Arc<Progress>>, Error> {
        if let Some(length) = self.length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        if !has_type || self.decides_type {
            let content_type = media_type::header_of(self.content_type).map_err(Error::invalid)?;
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        *request.body_mut() = Some(self.body);
        Ok(self.progress)
    }
}

pub(crate) fn form_text(fields: &[(Cow<'static, str>, String)]) -> String {
    let pairs: Vec<&str> = fields.iter().map(|(_, pair)| pair.as_str()).collect();
    // Of all encodings, only forms write a space as a plus sign.
    pairs.join("&").replace("%20", "+")
}

pub(crate) fn json_object(fields: &[(Cow<'static, str>, Box<RawValue>)]) -> Vec<u8> {
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
