//! What is put around the provider's answer, and around a refusal.

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    answer::Upstream,
    config::{Envelope, Settings},
    refusal::{Origin, Refusal},
};

const JSON_UTF8: &str = "application/json; charset=utf-8";

/// The answer on the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, content_type: JSON_UTF8.to_owned(), body: Bytes::from(body.to_string()) }
    }
}

/// A success. It has status 200, whatever the provider's own was.
pub(crate) fn success(settings: &Settings, provider: &str, upstream: Upstream) -> Answer {
    match upstream {
        Upstream::Json(body) => Answer::json(StatusCode::OK, &wrap(settings, provider, JSON_UTF8, &body)),
        Upstream::Other { media, bytes } if media.starts_with("text/") && settings.envelope == Envelope::Result => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer::json(StatusCode::OK, &wrap(settings, provider, &media, &text.into()))
        }
        Upstream::Other { media, bytes } if settings.observed() => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status: StatusCode::OK, content_type: format!("{media}; charset=utf-8"), body: text.into() }
        }
        Upstream::Other { media, bytes } => Answer { status: StatusCode::OK, content_type: media, body: bytes },
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

/// A refusal; `resource` is what the operation is about, where there is one.
pub(crate) fn refuse(settings: &Settings, provider: &str, resource: &str, refusal: Refusal) -> Answer {
    let message = refusal.message();
    let status = refusal.status;
    let body = match settings.envelope {
        Envelope::Data => {
            let mut error = Map::from_iter([("message".to_owned(), message.into()), ("code".to_owned(), code(status))]);
            error.extend(refusal.extra);
            json!({"data": {"error": error}})
        }
        Envelope::Result => {
            let mut body = in_result(&message, provider, resource, &refusal);
            body.extend(refusal.extra);
            Value::Object(body)
        }
    };
    Answer::json(status, &body)
}

fn in_result(message: &str, provider: &str, resource: &str, refusal: &Refusal) -> Map<String, Value> {
    let mut body = Map::from_iter([("message".to_owned(), message.into())]);
    let mut add = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    match refusal.origin {
        Origin::Outermost => {}
        Origin::Gateway => {
            add("provider", "".into());
            add("error", json!({"code": refusal.status.as_u16()}));
        }
        Origin::Provider => {
            add("provider", provider.into());
            add("error", json!({"requestId": "req_1", "resource": resource, "errors": refusal.problems}));
            add("headers", json!({"content-type": JSON_UTF8}));
        }
    }
    body
}

/// The code of the published error form: the status in words, such as `BAD_REQUEST`.
fn code(status: StatusCode) -> Value {
    let reason = status.canonical_reason().unwrap_or("Error");
    reason.to_ascii_uppercase().replace([' ', '-'], "_").into()
}
