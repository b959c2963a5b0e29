//! Envelopes around the provider's response and around refusals.

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    answer::Upstream,
    config::{Envelope, Settings},
    refusal::{Origin, Refusal},
};

const JSON_UTF8: &str = "application/json; charset=utf-8";

/// The response on the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    /// The target of a redirect.
    pub(crate) location: Option<&'static str>,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, content_type: JSON_UTF8.to_owned(), location: None, body: Bytes::from(body.to_string()) }
    }

    fn file(content_type: String, body: Bytes) -> Self {
        Self { status: StatusCode::OK, content_type, location: None, body }
    }

    /// Creates a redirect with the usual body.
    pub(crate) fn redirect(location: &'static str) -> Self {
        let body = Bytes::from(format!("Found. Redirecting to {location}"));
        let content_type = "text/plain; charset=utf-8".to_owned();
        Self { status: StatusCode::FOUND, content_type, location: Some(location), body }
    }
}

/// Wraps a success. Its status is 200, whatever the provider's was.
pub(crate) fn success(settings: &Settings, provider: &str, upstream: Upstream) -> Answer {
    match upstream {
        Upstream::Json(body) => Answer::json(StatusCode::OK, &wrap(settings, provider, JSON_UTF8, &body)),
        Upstream::Other { media, bytes } if media.starts_with("text/") && settings.envelope == Envelope::Result => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer::json(StatusCode::OK, &wrap(settings, provider, &media, &text.into()))
        }
        Upstream::Other { media, bytes } if settings.observed() => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer::file(format!("{media}; charset=utf-8"), text.into())
        }
        Upstream::Other { media, bytes } => Answer::file(media, bytes),
    }
}

fn wrap(settings: &Settings, provider: &str, content_type: &str, body: &Value) -> Value {
    match settings.envelope {
        Envelope::Data => json!({"data": body}),
        Envelope::Result => {
            let message = body.get("message").and_then(Value::as_str).unwrap_or("Request completed").to_owned();
            let headers = json!({"content-type": content_type});
            json!({"message": message, "provider": provider, "result": body, "response_headers": headers})
        }
    }
}

/// Wraps a refusal. `resource` is the subject of the operation, if there is one.
pub(crate) fn refuse(settings: &Settings, provider: &str, resource: &str, refusal: Refusal) -> Answer {
    let message = refusal.message();
    let status = refusal.status;
    let body = match settings.envelope {
        Envelope::Data => {
            let mut error = Map::from_iter([("message".to_owned(), message.into()), ("code".to_owned(), code(status))]);
            error.extend(refusal.extra);
            json!({"data": {"error": error}})
        }
        Envelope::Result => Value::Object(in_result(&message, provider, resource, refusal)),
    };
    Answer::json(status, &body)
}

/// The provider's message is only in `error`.
fn in_result(message: &str, provider: &str, resource: &str, refusal: Refusal) -> Map<String, Value> {
    let mut error = Map::from_iter([("code".to_owned(), refusal.status.as_u16().into())]);
    error.extend(refusal.extra);
    let body = match refusal.origin {
        Origin::Outermost | Origin::Nobody => json!({"message": message}),
        Origin::Gateway => json!({"message": message, "provider": "", "error": error}),
        Origin::Named => json!({"message": message, "provider": provider, "error": error}),
        Origin::Provider => json!({
            "message": "Request failed",
            "provider": provider,
            "error": {"requestId": "req_1", "resource": resource, "errors": refusal.problems},
            "headers": {"content-type": JSON_UTF8},
        }),
    };
    match body {
        Value::Object(body) => body,
        _ => Map::new(),
    }
}

/// Returns the code of the published error form: the status in words, such as `BAD_REQUEST`.
fn code(status: StatusCode) -> Value {
    let reason = status.canonical_reason().unwrap_or("Error");
    reason.to_ascii_uppercase().replace([' ', '-'], "_").into()
}
