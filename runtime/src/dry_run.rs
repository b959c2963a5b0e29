//! What a call would send.

use std::fmt::{self, Write as _};

use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue},
};

use crate::{
    Call, Error, Upload,
    body::{Body, PartContent, form_text, json_object},
    credential::Variable,
    redact::{self, REDACTED, Secrets},
    request::head,
    send::first_format,
    view::{view_headers, view_url},
};

/// What a call would send, without the credential. It displays as a line for `curl`, in which an environment variable
/// stands for the credential.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DryRun {
    /// The method.
    pub method: Method,
    /// The whole URL, in the gateway's format that the client would try first.
    pub url: String,
    /// The headers; those that the HTTP client adds on its own are not among them.
    pub headers: HeaderMap,
    /// The body; a file stands there by its name, media type and length.
    pub body: Option<String>,
    curl: String,
}

impl DryRun {
    /// The line for `curl`, as a POSIX shell reads it.
    pub fn curl(&self) -> &str {
        &self.curl
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.curl)
    }
}

pub(crate) fn dry_run(call: &Call) -> Result<DryRun, Error> {
    call.check()?;
    let shared = &call.client.shared;
    let request = head(call, first_format(call)?)?;
    let secrets = shared.secrets();
    let mut headers = view_headers(request.headers(), secrets);
    if let Some(media_type) = media_type(&call.body)? {
        headers.insert(CONTENT_TYPE, media_type);
    }
    let url = view_url(request.url(), secrets);
    let body = describe(&call.body).map(|body| redact::scrub(&body, secrets));
    let variables = shared.keyring.variables();
    let mut curl = format!("curl --request {} {}", request.method(), quote(&url, &variables));
    write_headers(&mut curl, &headers, &call.body, &variables);
    write_body(&mut curl, &call.body, secrets, &variables);
    Ok(DryRun { method: request.method().clone(), url, headers, body, curl })
}

fn media_type(body: &Body) -> Result<Option<HeaderValue>, Error> {
    let text = match body {
        Body::None => return Ok(None),
        Body::JsonFields { content_type, .. } => content_type,
        Body::Whole { content_type, .. } => content_type.as_ref(),
        Body::File(upload) => upload.content_type(),
        Body::Parts(_) => "multipart/form-data",
        Body::Fields(_) => "application/x-www-form-urlencoded",
    };
    HeaderValue::from_str(text).map(Some).map_err(|_| Error::invalid(format!("`{text}` is no media type")))
}

/// The body for people.
fn describe(body: &Body) -> Option<String> {
    match body {
        Body::None => None,
        Body::JsonFields { fields, .. } => Some(String::from_utf8_lossy(&json_object(fields)).into_owned()),
        Body::Whole { content, .. } => Some(String::from_utf8_lossy(content).into_owned()),
        Body::File(upload) => Some(describe_file(upload)),
        Body::Fields(fields) => Some(form_text(fields)),
        Body::Parts(parts) => {
            let lines = parts.iter().map(|(name, part)| match part {
                PartContent::Text { text, .. } => format!("{name}={text}"),
                PartContent::File(upload) => format!("{name}={}", describe_file(upload)),
            });
            Some(lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn describe_file(upload: &Upload) -> String {
    format!("<{}, {}, {} bytes>", upload.file_name(), upload.content_type(), upload.length())
}

/// The text between quotes that a POSIX shell takes as it is, a variable in place of each credential.
fn quote(text: &str, variables: &[Variable]) -> String {
    let mut out = String::from("'");
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(REDACTED) {
        let fits = |variable: &&Variable| before.ends_with(&variable.after);
        let variable = variables.iter().find(fits).or(variables.first()).map_or("TOKEN", |it| it.name);
        out.push_str(&before.replace('\'', r"'\''"));
        // Writing to a string cannot fail.
        let _ = write!(out, "'\"${variable}\"'");
        rest = after;
    }
    out.push_str(&rest.replace('\'', r"'\''"));
    out.push('\'');
    out
}

fn write_headers(curl: &mut String, headers: &HeaderMap, body: &Body, variables: &[Variable]) {
    for (name, value) in headers {
        // curl writes these itself.
        if *name == CONTENT_LENGTH || (*name == CONTENT_TYPE && matches!(body, Body::Parts(_))) {
            continue;
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = if *name == AUTHORIZATION && text.starts_with("Basic ") {
            // The variable holds user and password, which curl encodes.
            format!("--user {}", quote(&text, variables).replace("Basic ", ""))
        } else {
            format!("--header {}", quote(&format!("{name}: {text}"), variables))
        };
        curl.push(' ');
        curl.push_str(&shown);
    }
}

fn write_body(curl: &mut String, body: &Body, secrets: &Secrets, variables: &[Variable]) {
    let shown = |text: &str| quote(&redact::scrub(text, secrets), variables);
    let path = |upload: &Upload| {
        let path = upload.path().map(|path| path.display().to_string());
        path.unwrap_or_else(|| upload.file_name().to_owned())
    };
    match body {
        Body::None => {}
        Body::JsonFields { .. } | Body::Whole { .. } | Body::Fields(_) => {
            let text = describe(body).unwrap_or_default();
            let _ = write!(curl, " --data-raw {}", shown(&text));
        }
        Body::File(upload) => {
            let _ = write!(curl, " --data-binary {}", shown(&format!("@{}", path(upload))));
        }
        Body::Parts(parts) => {
            for (name, part) in parts {
                let _ = match part {
                    PartContent::Text { text, media_type: None } => {
                        write!(curl, " --form-string {}", shown(&format!("{name}={text}")))
                    }
                    PartContent::Text { text, media_type: Some(media_type) } => {
                        let form = format!("{name}={};type={media_type}", escaped(text));
                        write!(curl, " --form {}", shown(&form))
                    }
                    PartContent::File(upload) => {
                        let (path, file_name) = (escaped(&path(upload)), escaped(upload.file_name()));
                        let form = format!("{name}=@{path};type={};filename={file_name}", upload.content_type());
                        write!(curl, " --form {}", shown(&form))
                    }
                };
            }
        }
    }
}

/// A value of curl's `--form` between the quotes in which a semicolon does not end it.
fn escaped(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', r"\\").replace('"', r#"\""#))
}
