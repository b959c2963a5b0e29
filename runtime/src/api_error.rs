//! What a server says with an error status, in any of the shapes it says it in.

use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Attempt, decode,
    gateway::{self, NotFound},
    redact::{self, Secrets},
    retry::{self, Note},
};

/// An answer with an error status, as far as it could be read. The credential has been taken out of it.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    headers: HeaderMap,
    message: String,
    code: Option<String>,
    request_id: Option<String>,
    body: String,
    /// The provider's own error, inside the gateway's envelope.
    detail: Option<Value>,
    /// Whether it is a gateway's 404 for a route that it does not have.
    is_route: bool,
    retry_after: Option<Duration>,
    pub(crate) attempts: Vec<Attempt>,
    /// Whether an attempt before the last one may have reached the server.
    pub(crate) may_have_arrived: bool,
    /// Why the call was not sent again.
    pub(crate) note: Option<Note>,
}

impl ApiError {
    /// Reads the shapes of the hosted gateway (`{"data": {"error": {…}}}`), of the open-source gateway (`{"message",
    /// "provider", "error", "headers"}`), of the provider itself, and whatever else came.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        gateway: bool,
        secrets: &Secrets,
    ) -> Self {
        let text = redact::scrub(&String::from_utf8_lossy(body), secrets);
        let json: Option<Value> = serde_json::from_slice(decode::without_mark(text.as_bytes())).ok();
        // Once more after the escapes have been read: `\u00e9` may have been a part of the credential.
        let json = json.map(|json| scrub_value(json, secrets));
        let detail = json.as_ref().map(|json| if gateway { detail_of(json) } else { json }.clone());
        let found = |read: fn(&Value) -> Option<String>| {
            detail.as_ref().and_then(read).or_else(|| json.as_ref().and_then(read))
        };
        let message = found(message_in).unwrap_or_else(|| match json {
            Some(_) => String::new(),
            None => readable(&text),
        });
        let request_id = found(request_id_in).or_else(|| {
            let header = headers.get("x-request-id").and_then(|value| value.to_str().ok());
            header.map(|id| redact::scrub(id, secrets))
        });
        let code = found(code_in);
        let is_route = gateway && status == StatusCode::NOT_FOUND && gateway::read_not_found(body) == NotFound::Route;
        Self {
            status,
            headers: scrub_headers(headers, secrets),
            message,
            code,
            request_id,
            body: text,
            detail,
            is_route,
            retry_after: retry::retry_after(headers, body),
            attempts: Vec::new(),
            may_have_arrived: false,
            note: None,
        }
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the server said; empty where it said nothing that could be read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The server's own code for the error.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The id under which the provider, or a server on the way, knows the call.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the server asks to wait: by its `Retry-After`, or by the provider's inside the gateway's error body.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the server may have acted on the call; see [`Error::may_have_been_processed`](crate::Error).
    pub(crate) fn may_have_been_processed(&self) -> bool {
        let is_refusal = match self.status {
            StatusCode::REQUEST_TIMEOUT => false,
            StatusCode::SERVICE_UNAVAILABLE => self.retry_after.is_some(),
            status => status.is_client_error(),
        };
        self.may_have_arrived || !is_refusal
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as text, where it was no UTF-8 with replacement characters.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The provider's own error as a type of the generated models; the gateway's envelope is taken off. The hosted
    /// gateway puts a message and a code in place of the provider's error; then those are all there is to decode.
    ///
    /// # Errors
    ///
    /// When the body is not JSON, or not of that type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        match &self.detail {
            Some(detail) => T::deserialize(detail),
            None => serde_json::from_str(&self.body),
        }
    }
}

fn scrub_value(value: Value, secrets: &Secrets) -> Value {
    match value {
        Value::String(text) => Value::String(redact::scrub(&text, secrets)),
        Value::Array(items) => items.into_iter().map(|item| scrub_value(item, secrets)).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(key, value)| (redact::scrub(&key, secrets), scrub_value(value, secrets))).collect()
        }
        other => other,
    }
}

/// The provider's error inside the gateway's envelope, else the whole.
fn detail_of(json: &Value) -> &Value {
    let hosted = json.pointer("/data/error");
    let observed = json.get("error").filter(|_| json.get("provider").is_some());
    hosted.or(observed).unwrap_or(json)
}

fn message_in(json: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).filter(|text| !text.trim().is_empty());
    let own = text(json).or_else(|| json.get("message").and_then(text));
    own.or_else(|| {
        let errors = json.get("errors")?.as_array()?;
        let texts: Vec<String> =
            errors.iter().filter_map(|error| text(error).or_else(|| error.get("message").and_then(text))).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    })
    .or_else(|| match json.get("error")? {
        nested @ Value::Object(_) => message_in(nested),
        other => text(other),
    })
}

fn code_in(json: &Value) -> Option<String> {
    match json.get("code")? {
        Value::String(code) => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

fn request_id_in(json: &Value) -> Option<String> {
    ["requestId", "request_id"].iter().find_map(|key| json.get(key)?.as_str().map(str::to_owned))
}

/// Text that people can read: of HTML, the title or else the text between the tags.
fn readable(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let end = lower[start..].find("</title>")?;
        text.get(start + "<title>".len()..start + end)
    });
    decode::excerpt(title.unwrap_or(text).as_bytes(), &Secrets::default())
}

pub(crate) fn scrub_headers(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let mut headers = headers.clone();
    for value in headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes());
        let scrubbed = redact::scrub(&text, secrets);
        if scrubbed != text {
            // What was left of a header's text is a header's text still.
            if let Ok(scrubbed) = scrubbed.parse() {
                *value = scrubbed;
            }
        }
    }
    headers
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        let advice = match self.status.as_u16() {
            401 => "; check the token",
            403 => "; the token's owner may not do this, or has not activated it",
            404 if self.is_route => "; the server knows no such path, check the base URL",
            429 => "; wait before the next call",
            _ => "",
        };
        f.write_str(advice)?;
        if self.may_have_arrived && self.status.is_client_error() {
            // A 404 after a DELETE whose connection broke is most likely its success.
            f.write_str("; an earlier attempt may have been processed")?;
        }
        if let Some(note) = self.note {
            write!(f, "; {}", note.as_str())?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("message", &self.message)
            .field("code", &self.code)
            .field("request_id", &self.request_id)
            .field("body", &decode::excerpt(self.body.as_bytes(), &Secrets::default()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> ApiError {
        let status = StatusCode::from_u16(status).unwrap();
        ApiError::read(status, &HeaderMap::new(), &Bytes::from(body.to_owned()), true, &Secrets::from("at_secret"))
    }

    #[test]
    fn every_shape_gives_its_message() {
        for (body, message, code) in [
            (r#"{"data":{"error":{"message":"Quota is used up","code":"QUOTA"}}}"#, "Quota is used up", Some("QUOTA")),
            (
                r#"{"message":"Request failed","provider":"jasper","error":{"requestId":"r1","errors":["no such tone"]},"headers":{}}"#,
                "no such tone",
                None,
            ),
            (r#"{"message":"File missing","provider":"","error":{"code":422}}"#, "File missing", Some("422")),
            (r#"{"requestId":"r1","resource":"tone","errors":["a","b"]}"#, "a; b", None),
            (r#"{"message":"Not Found"}"#, "Not Found", None),
            (r#"{"provider":"jasper","error":"Bad gateway text"}"#, "Bad gateway text", None),
            ("<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway", None),
            ("plain text", "plain text", None),
            ("", "", None),
            ("null", "", None),
            ("[]", "", None),
        ] {
            let error = read(400, body);
            assert_eq!((error.message(), error.code()), (message, code), "{body}");
        }
    }

    #[test]
    fn the_request_id_and_the_typed_body_come_from_inside_the_envelope() {
        let error = read(404, r#"{"message":"m","provider":"jasper","error":{"requestId":"r1","errors":["e"]}}"#);
        assert_eq!(error.request_id(), Some("r1"));
        let body: serde_json::Map<String, Value> = error.decode().unwrap();
        assert_eq!(body["errors"], serde_json::json!(["e"]));
        assert_eq!(error.to_string(), "the server answered 404 Not Found: e (request r1)");
    }

    #[test]
    fn an_echoed_token_is_taken_out() {
        let mut headers = HeaderMap::new();
        headers.insert("location", "/?api_token=at%5Fsecret".parse().unwrap());
        let body = r#"{"message":"no at_secret","query":{"api_token":"at_secret"}}"#;
        let error =
            ApiError::read(StatusCode::UNAUTHORIZED, &headers, &Bytes::from(body), true, &Secrets::from("at_secret"));
        let seen = format!("{error} {error:?} {} {:?}", error.body(), error.headers());
        assert!(!seen.contains("secret"), "{seen}");
        assert!(seen.contains("[redacted]"));
    }
}
