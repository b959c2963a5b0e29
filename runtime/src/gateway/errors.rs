//! The gateway's error bodies: who refused the call, and the provider's headers.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Map, Value};

use crate::{
    gateway::not_found::{NotFound, read_not_found},
    http::retry_after::read_delay,
    model::peek,
    platform::clock::now,
};

/// What the gateway's error says besides its message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) origin: Origin,
    /// Whether it is the gateway's 404 for a missing route.
    is_missing_route: bool,
}

impl Told {
    pub(crate) fn read(status: StatusCode, body: &[u8], json: Option<&Value>) -> Self {
        Self {
            origin: json.map_or(Origin::Unknown, |json| origin(status, json)),
            is_missing_route: status == StatusCode::NOT_FOUND && read_not_found(body) == NotFound::Route,
        }
    }

    /// Returns advice to display with an error of this status, if it differs from that for other services.
    pub(crate) fn advice(self, status: StatusCode) -> Option<&'static str> {
        let is_from_provider = self.origin == Origin::Provider;
        match status.as_u16() {
            401 if is_from_provider => {
                Some("; the provider rejects the key that the gateway holds for it; check that key, not the token")
            }
            403 if is_from_provider => Some("; the gateway's account at the provider lacks permission"),
            403 => Some("; the token lacks permission, or its owner has not activated the provider"),
            404 if self.is_missing_route => Some("; the server has no such path; check the base URL"),
            500 if self.origin == Origin::Unreachable => Some("; the gateway received no response from the provider"),
            _ => None,
        }
    }
}

/// Returns the provider's error inside the gateway's envelope, or the whole body.
pub(crate) fn detail(json: &Value) -> &Value {
    let hosted = json.pointer("/data/error");
    let observed = json.get("error").filter(|_| json.get("provider").is_some());
    hosted.or(observed).unwrap_or(json)
}

/// Returns how long the provider asks to wait, from its headers in the error body.
pub(crate) fn retry_after(body: &[u8]) -> Option<Duration> {
    // The headers are inside of the error if the provider's own body is empty.
    let [beside, error] = peek::members(body, ["headers", "error"])?.found;
    let within = || peek::members(error?.get().as_bytes(), ["headers"])?.found[0];
    let inner: Value = serde_json::from_str(beside.or_else(within)?.get()).ok()?;
    read_delay(header_map(&inner).get("retry-after")?.to_str().ok()?, now())
}

/// The origin of an error response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The gateway itself: it rejected the token, the route or the form of the request.
    Gateway,
    /// The provider; the gateway passed its response on.
    Provider,
    /// The gateway, because it received no response from the provider.
    Unreachable,
    /// The body does not say.
    Unknown,
}

/// Returns the origin of an error.
///
/// A provider's response has the provider's headers. The gateway's own errors have a code or, for a rejected token, a
/// log of the request.
pub(crate) fn origin(status: StatusCode, body: &Value) -> Origin {
    let Some(body) = body.as_object() else { return Origin::Unknown };
    let provider = body.get("provider").and_then(Value::as_str);
    match provider {
        None if body.contains_key("message") && body.len() == 1 => Origin::Gateway,
        None => Origin::Unknown,
        Some("") => Origin::Gateway,
        Some(_) if header_object(body).is_some() => Origin::Provider,
        Some(_) if status == StatusCode::INTERNAL_SERVER_ERROR => Origin::Unreachable,
        Some(_) => {
            let error = body.get("error").and_then(Value::as_object);
            let is_own = error.is_some_and(|error| {
                let is_known = |key: &String| matches!(key.as_str(), "code" | "message");
                error.contains_key("logging") || error.keys().all(is_known)
            });
            if is_own { Origin::Gateway } else { Origin::Provider }
        }
    }
}

/// Returns whether the provider was unreachable, from the raw body.
pub(crate) fn is_unreachable(status: StatusCode, body: &[u8]) -> bool {
    let read = || serde_json::from_slice(body).is_ok_and(|body| origin(status, &body) == Origin::Unreachable);
    status == StatusCode::INTERNAL_SERVER_ERROR && read()
}

/// Returns the provider's headers in an error body.
pub(crate) fn provider_headers(body: &Value) -> HeaderMap {
    body.as_object().and_then(header_object).map(header_map).unwrap_or_default()
}

/// Finds the provider's headers: next to the error, or inside it if the provider's own body is empty.
fn header_object(body: &Map<String, Value>) -> Option<&Value> {
    let beside = body.get("headers");
    let within = || body.get("error")?.get("headers");
    beside.or_else(within).filter(|headers| headers.is_object())
}

/// Converts a JSON object to headers. An array is a repeated header. Invalid names and values are skipped.
pub(crate) fn header_map(object: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => continue,
            };
            if let Ok(value) = HeaderValue::from_str(&text) {
                // Fails only when the map is full; the rest is then dropped.
                let _ = headers.try_append(name.clone(), value);
            }
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn origin_of(status: u16, body: &Value) -> Origin {
        origin(StatusCode::from_u16(status).unwrap(), body)
    }

    #[test]
    fn an_error_is_the_gateways_or_the_providers() {
        let logging = json!({"method": "GET", "path": "/", "headers": {"host": "a"}, "query": {}});
        for (status, body, expected) in [
            (
                401,
                json!({"message": "m", "provider": "jasper", "error": {"code": 401, "logging": logging}}),
                Origin::Gateway,
            ),
            (
                401,
                json!({"message": "m", "provider": "jasper", "error": {"errors": ["bad key"]}, "headers": {}}),
                Origin::Provider,
            ),
            (401, json!({"message": "m", "provider": "jasper", "error": "bad key"}), Origin::Provider),
            (
                401,
                json!({"message": "m", "provider": "jasper", "error": {"code": 1, "headers": {"a": "b"}}}),
                Origin::Provider,
            ),
            (422, json!({"message": "m", "provider": "jasper", "error": {"code": 422}}), Origin::Gateway),
            (
                401,
                json!({"message": "m", "provider": "jasper", "error": {"code": 401, "message": "m", "logging": {}, "x": 1}}),
                Origin::Gateway,
            ),
            (422, json!({"message": "m", "provider": "", "error": {"code": 422}}), Origin::Gateway),
            (404, json!({"message": "Not Found"}), Origin::Gateway),
            (
                500,
                json!({"message": "m", "provider": "jasper", "error": {"code": "ECONNREFUSED"}}),
                Origin::Unreachable,
            ),
            (500, json!({"message": "m", "provider": "jasper"}), Origin::Unreachable),
            (500, json!({"message": "m", "provider": "jasper", "error": {}, "headers": {}}), Origin::Provider),
            (
                500,
                json!({"message": "m", "provider": "jasper", "error": {"code": "x", "headers": {}}}),
                Origin::Provider,
            ),
            (500, json!({"message": "m", "provider": "", "error": {"code": 500}}), Origin::Gateway),
            (401, json!({"data": {"error": {"message": "m", "code": "UNAUTHORIZED"}}}), Origin::Unknown),
            (401, json!({"requestId": "r", "errors": ["e"]}), Origin::Unknown),
            (401, json!("text"), Origin::Unknown),
        ] {
            assert_eq!(origin_of(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn headers_are_read_in_every_form() {
        let body = json!({"headers": {"Retry-After": 7, "x-a": ["1", "2"], "bad name": "x", "x-b": "a\nb", "x-c": {}}});
        let headers = provider_headers(&body);
        assert_eq!(headers.get("retry-after").unwrap(), "7");
        assert_eq!(headers.get_all("x-a").iter().count(), 2);
        assert_eq!(headers.len(), 3);
        assert_eq!(provider_headers(&json!({"error": {"headers": {"x-a": "1"}}})).len(), 1);
        let many: Map<String, Value> = (0..40_000).map(|number| (format!("x-{number}"), "1".into())).collect();
        assert!(header_map(&Value::Object(many)).len() < 40_000);
    }

    #[test]
    fn the_providers_delay_stands_beside_the_error_or_in_it() {
        for body in [
            r#"{"message": "m", "provider": "p", "error": {}, "headers": {"Retry-After": "7"}}"#,
            r#"{"message": "m", "provider": "p", "error": {}, "headers": {"retry-after": ["7"]}}"#,
            r#"{"message": "m", "provider": "p", "error": {"code": "x", "headers": {"retry-after": 7}}}"#,
        ] {
            assert_eq!(retry_after(body.as_bytes()), Some(Duration::from_secs(7)), "{body}");
        }
    }
}
