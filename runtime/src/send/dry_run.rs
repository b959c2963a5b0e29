//! Dry runs: what a call would send.

use std::fmt;

use reqwest::{
    Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    call::{
        Call,
        body::{Body, FORM, form_text, json_object},
        curl,
        multipart::{Part, PartContent, Parts},
        upload::Upload,
    },
    error::Error,
    http::media_type,
    send::request::{first_format, head, keys},
    shown::{
        redact::{self, REDACTED},
        view::{is_shown, view_headers, view_url},
    },
};

/// The request that a call would send, without credentials and without the values of headers that may be credentials.
/// It displays as a `curl` command in which environment variables replace these values, such as `$HEADER_X_TEAM` for
/// the value of `x-team`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DryRun {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// The headers, except those that the HTTP client adds itself.
    pub headers: HeaderMap,
    /// The body, before it is compressed. A file is shown as its name, media type and length. The headers of a part are
    /// in brackets behind its name.
    pub body: Option<String>,
    curl: String,
}

impl DryRun {
    /// Returns the `curl` command, for a POSIX shell.
    pub fn curl(&self) -> &str {
        &self.curl
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.curl)
    }
}

impl Call {
    /// Returns what the call would send, without credentials.
    pub fn dry_run(&self) -> Result<DryRun, Error> {
        self.check()?;
        let secrets = self.client.shared.secrets();
        let request = head(self, first_format(self)?, &keys(self)?)?;
        let mut headers = request.headers().clone();
        let body = self.body();
        if let Some(media_type) = content_type(body).map_err(Error::invalid)?
            && (!self.has_content_type() || matches!(body, Body::Parts(_)))
        {
            headers.insert(CONTENT_TYPE, media_type);
        }
        let is_coded = self.gzip && body.is_compressible();
        if is_coded {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Ok(DryRun {
            method: request.method().clone(),
            url: view_url(request.url(), secrets),
            body: describe(body).map(|body| redact::scrub(&body, secrets)),
            curl: curl::curl(&request, &headers, body, is_coded, secrets),
            headers: view_headers(&headers, secrets),
        })
    }
}

fn content_type(body: &Body) -> Result<Option<HeaderValue>, String> {
    let text = match body {
        Body::None => return Ok(None),
        Body::JsonFields { content_type, .. } => content_type,
        Body::Whole { content_type, .. } => content_type.as_ref(),
        Body::File(upload) => upload.content_type(),
        Body::Parts(parts) => {
            let media_types = parts.items.iter().filter_map(|part| part.content.media_type());
            media_types.map(media_type::header).collect::<Result<Vec<_>, _>>()?;
            &parts.content_type(None)
        }
        Body::Fields(_) => FORM,
    };
    media_type::header(text).map(Some)
}

/// Returns a readable form of the body.
fn describe(body: &Body) -> Option<String> {
    match body {
        Body::None => None,
        Body::JsonFields { fields, .. } => Some(String::from_utf8_lossy(&json_object(fields)).into_owned()),
        Body::Whole { content, .. } => Some(String::from_utf8_lossy(content).into_owned()),
        Body::File(upload) => Some(describe_file(upload)),
        Body::Fields(fields) => Some(form_text(fields)),
        Body::Parts(parts) => {
            let lines: Vec<String> = parts.items.iter().map(|part| describe_part(parts, part)).collect();
            Some(lines.join("\n"))
        }
    }
}

fn describe_part(parts: &Parts, part: &Part) -> String {
    let value = |name: &HeaderName, value: &str| if is_shown(name) { value.to_owned() } else { REDACTED.to_owned() };
    let headers = parts.headers_of(part).map(|(name, text)| format!("{name}: {}", value(name, text)));
    let headers: Vec<String> = headers.collect();
    let headers = if headers.is_empty() { String::new() } else { format!(" [{}]", headers.join(", ")) };
    let content = match &part.content {
        PartContent::Text { text, .. } => text.clone(),
        PartContent::File(upload) => describe_file(upload),
    };
    format!("{}{headers}={content}", part.name)
}

fn describe_file(upload: &Upload) -> String {
    let (name, media_type) = (upload.file_name(), upload.content_type());
    match upload.length() {
        Some(length) => format!("<{name}, {media_type}, {length} bytes>"),
        None => format!("<{name}, {media_type}>"),
    }
}
