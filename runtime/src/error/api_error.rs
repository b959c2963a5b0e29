//! Error responses: reads the status, message, code and request ID of a response with an error status.

use std::{
    fmt::{self, Write as _},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{
        attempts::Attempt,
        shapes::{code_among, code_in, cut, message_in, readable, request_id_among, request_id_in},
    },
    gateway::{Gateway, Origin, Told},
    http,
    model::{
        json::{read_value, without_mark},
        meter::Meter,
    },
    shown::{
        one_line::{LINE, OneLine, one_line},
        redact::{self, Secrets, excerpt},
        view,
    },
};

/// The maximum length of a displayed server message, in characters.
const MESSAGE: usize = 400;

/// A response with an error status. Credentials of the client are redacted in all of its fields.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    headers: HeaderMap,
    message: String,
    code: Option<String>,
    request_id: Option<String>,
    body: String,
    /// The provider's error, without the gateway's envelope.
    detail: Option<Value>,
    /// Who refused the call, if the service is behind the gateway.
    told: Option<Told>,
    provider_headers: HeaderMap,
    retry_after: Option<Duration>,
    pub(crate) attempts: Vec<Attempt>,
    /// Whether an attempt before the last one may have reached the server.
    pub(crate) may_have_arrived: bool,
    /// The reason why the call was not retried.
    pub(crate) note: Option<&'static str>,
}

impl ApiError {
    /// Reads an error response. With `gateway`, unwraps the gateway's envelope first.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        gateway: Option<&Gateway>,
        secrets: &Secrets,
    ) -> Self {
        let text = redact::scrub(&String::from_utf8_lossy(body), secrets);
        let json = read_value(without_mark(text.as_bytes()));
        // Scrub again after unescaping: `\u00e9` may have been part of the credential.
        let json = json.map(|json| scrub_value(json, secrets));
        let detail = json.as_ref().map(|json| gateway.map_or(json, |gateway| gateway.detail(json)).clone());
        let found = |read: fn(&Value) -> Option<String>| {
            detail.as_ref().and_then(read).or_else(|| json.as_ref().and_then(read))
        };
        let message = match (found(message_in), &json) {
            (Some(message), _) => cut(&message).to_owned(),
            (None, Some(_)) => String::new(),
            (None, None) => readable(&text),
        };
        let provider_headers = gateway.zip(json.as_ref()).map(|(gateway, json)| gateway.provider_headers(json));
        let provider_headers = provider_headers.unwrap_or_default();
        let in_headers = || request_id_among(&provider_headers).or(request_id_among(headers));
        let request_id = found(request_id_in).or_else(|| in_headers().map(|id| redact::scrub(id, secrets)));
        let code = found(code_in).or_else(|| code_among(headers).map(|code| redact::scrub(&code, secrets)));
        Self {
            status,
            headers: view::scrub_headers(headers, secrets),
            message,
            code,
            request_id,
            body: text,
            detail,
            told: gateway.map(|gateway| gateway.told(status, body, json.as_ref())),
            provider_headers: view::scrub_headers(&provider_headers, secrets),
            retry_after: retry_after(status, headers, body, gateway),
            attempts: Vec::new(),
            may_have_arrived: false,
            note: None,
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the server's message, or an empty string if the body has no readable message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the server's own error code.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the request ID that the provider, or a server in between, assigned to the call.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns how long the server asks to wait: from its headers `retry-after-ms` or `Retry-After`, from `RateLimit-Reset` or
    /// `X-RateLimit-Reset` of a 429, or from the provider's `Retry-After` in the gateway's error body.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns whether the server may have processed the call; see
    /// [`Error::may_have_been_processed`](crate::Error::may_have_been_processed).
    pub fn may_have_been_processed(&self) -> bool {
        let is_refusal = match self.status {
            StatusCode::REQUEST_TIMEOUT => false,
            StatusCode::SERVICE_UNAVAILABLE => self.retry_after.is_some(),
            status => status.is_client_error(),
        };
        self.may_have_arrived || !is_refusal
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the headers of the API behind a LowCodeAPI gateway, if the gateway passes them on. Always empty for clients
    /// of other services.
    pub fn provider_headers(&self) -> &HeaderMap {
        &self.provider_headers
    }

    /// Returns whether the API behind a LowCodeAPI gateway refused the call, rather than the gateway itself. Its 401 or 403
    /// is about the credentials that the gateway holds for it, not about the client's token. Always `false` for clients of
    /// other services.
    pub fn is_from_provider(&self) -> bool {
        self.origin() == Some(Origin::Provider)
    }

    /// Returns whether a LowCodeAPI gateway received no response from the API behind it. The status is then 500, and retries
    /// treat it as a 502. Always `false` for clients of other services.
    pub fn is_provider_unreachable(&self) -> bool {
        self.origin() == Some(Origin::Unreachable)
    }

    fn origin(&self) -> Option<Origin> {
        self.told.as_ref().map(|told| told.origin)
    }

    /// Returns the body as text, at most 256 KiB of it. Invalid UTF-8 is replaced by U+FFFD.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Decodes the provider's error as a type of the generated models, without the gateway's envelope. The hosted
    /// gateway replaces the provider's error by a message and a code; only these can be decoded then.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON or does not match the type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        Meter::of_text(self.body.len(), 0).around(|| match &self.detail {
            Some(detail) => T::deserialize(detail),
            None => serde_json::from_str(&self.body),
        })
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

/// Returns how long the server asks to wait, from its `Retry-After` header or from the provider's if the gateway passes
/// it on.
pub(crate) fn retry_after(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    gateway: Option<&Gateway>,
) -> Option<Duration> {
    http::retry_after::in_headers(status, headers).or_else(|| gateway?.retry_after(body))
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut OneLine::new(f, LINE);
        write!(f, "the server answered {}", self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", one_line(&self.message, MESSAGE))?;
        }
        let told = self.told.as_ref().and_then(|told| told.advice(self.status));
        let advice = told.unwrap_or(match self.status.as_u16() {
            401 => "; check the token",
            403 => "; the token lacks permission",
            429 => "; wait before the next call",
            _ => "",
        });
        f.write_str(advice)?;
        if self.may_have_arrived && self.status.is_client_error() {
            // A 404 after a DELETE whose connection broke most likely means that the DELETE succeeded.
            f.write_str("; an earlier attempt may have been processed")?;
        }
        if let Some(note) = self.note {
            write!(f, "; {note}")?;
        }
        if let Some(delay) = self.retry_after.filter(|delay| !delay.is_zero()) {
            write!(f, "; retry after {} s", delay.as_secs_f64().ceil())?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {})", one_line(id, MESSAGE)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("message", &one_line(&self.message, MESSAGE))
            .field("code", &self.code.as_deref().map(|code| one_line(code, MESSAGE)))
            .field("request_id", &self.request_id.as_deref().map(|id| one_line(id, MESSAGE)))
            .field("body", &excerpt(self.body.as_bytes(), &Secrets::default()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> ApiError {
        let status = StatusCode::from_u16(status).unwrap();
        ApiError::read(
            status,
            &HeaderMap::new(),
            &Bytes::from(body.to_owned()),
            Some(&Gateway::default()),
            &Secrets::from("at_secret"),
        )
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
            ("<html><body><h1>Not</h1><p>here</p></body></html>", "Not here", None),
            ("\u{feff}<html><title>Oops</title></html>", "Oops", None),
            (r#""\"<HTML><title>Oops</title></HTML>\"""#, "Oops", None),
            (r#"{"message":"Request failed: <!DOCTYPE html><title>Oops</title>"}"#, "Oops", None),
            ("<html><style>a { b }</style><script>c < d</script><p>here</p>", "here", None),
            (r#"{"statusCode":400,"message":["a","b"],"error":"Bad Request"}"#, "a; b", None),
            (r#"{"type":"about:blank","title":"No credit","detail":"Your credit is 30"}"#, "Your credit is 30", None),
            (r#"{"errors":{"name":["is empty","is odd"]}}"#, "name: is empty; is odd", None),
            (r#""<!DOCTYPE html><TITLE lang='en'>Oops</TITLE>""#, "Oops", None),
            (
                r#"{"message":"m","provider":"jasper","error":"<html><title>Oops</title></html>","headers":{}}"#,
                "Oops",
                None,
            ),
            (r#"{"message":"m","provider":"jasper","error":"<html></html>"}"#, "m", None),
            (r#"{"provider":"jasper","error":"{\"message\":\"inside\"}"}"#, "inside", None),
            (
                r#"{"provider":"jasper","error":{"error":{"message":"m","code":"QUOTA"}},"headers":{}}"#,
                "m",
                Some("QUOTA"),
            ),
            (r#"{"errors":[{"message":"m","code":7}]}"#, "m", Some("7")),
            (
                r#"{"message":"m","provider":"jasper","error":{"code":"ERR_BAD_REQUEST","headers":{}}}"#,
                "m",
                Some("ERR_BAD_REQUEST"),
            ),
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
    fn what_is_shown_of_an_error_is_short() {
        let long = "é".repeat(100_000);
        let body = serde_json::json!({"code": long, "requestId": long, "message": long}).to_string();
        let error = read(400, &body);
        assert!(format!("{error:?} {error}").len() < 8000);
    }

    #[test]
    fn the_providers_headers_are_shown_as_the_servers_are() {
        let headers = r#"{"set-cookie":["sid=hidden"],"x-AT_SECRET":"hidden","x-a":"at_secret"}"#;
        let error = read(400, &format!(r#"{{"message":"m","provider":"p","error":{{}},"headers":{headers}}}"#));
        assert_eq!(error.provider_headers()["set-cookie"], "sid=hidden");
        let shown = format!("{:?}", error.provider_headers());
        assert!(!shown.contains("hidden") && !shown.contains("at_secret"), "{shown}");
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
    fn a_page_in_the_body_of_an_error_is_its_title() {
        let page = format!("<html><title>Moved</title>{}</html>", "<p>x</p>".repeat(12_500));
        let body = serde_json::json!({"message": "m", "provider": "jasper", "error": page, "headers": {}}).to_string();
        assert_eq!(read(404, &body).to_string(), "the server answered 404 Not Found: Moved");
        for page in [format!("<html>{}", "<p>x</p>".repeat(12_500)), format!("<title>{}</title>", "x".repeat(100_000))]
        {
            let body = serde_json::json!({"message": "m", "provider": "jasper", "error": page}).to_string();
            assert!(read(404, &body).message().len() < 1000);
        }
        let long = "é".repeat(100_000);
        for body in [serde_json::json!({"message": long}), serde_json::json!({"errors": vec!["x"; 50_000]})] {
            assert_eq!(read(404, &body.to_string()).message().len(), 2048);
        }
    }

    #[test]
    fn a_refused_token_is_told_from_a_refused_key_of_the_provider() {
        let logging =
            r#""logging":{"method":"GET","path":"/","headers":{"host":"a"},"query":{"api_token":"at_secret"}}"#;
        let own = read(401, &format!(r#"{{"message":"m","provider":"jasper","error":{{"code":401,{logging}}}}}"#));
        assert!(own.to_string().ends_with("; check the token") && !own.is_from_provider(), "{own}");
        assert!(own.provider_headers().is_empty());
        for status in [401, 403] {
            let body =
                r#"{"message":"m","provider":"jasper","error":{"errors":["bad key"]},"headers":{"x-request-id":"r1"}}"#;
            let error = read(status, body);
            assert!(error.is_from_provider() && !error.to_string().contains("check the token"), "{error}");
            assert_eq!(error.request_id(), Some("r1"));
            let error = crate::error::Error::Api(Box::new(error));
            assert!(!error.is_auth() && error.is_provider_auth());
        }
        let unreachable = read(500, r#"{"message":"m","provider":"jasper","error":{"code":"ECONNREFUSED"}}"#);
        assert!(
            unreachable.is_provider_unreachable() && crate::error::Error::Api(Box::new(unreachable)).is_retryable()
        );
    }

    #[test]
    fn an_echoed_token_is_taken_out() {
        let mut headers = HeaderMap::new();
        headers.insert("location", "/?api_token=at%5Fsecret".parse().unwrap());
        let body = r#"{"message":"no at_secret","query":{"api_token":"at_secret"}}"#;
        let error =
            ApiError::read(StatusCode::UNAUTHORIZED, &headers, &Bytes::from(body), None, &Secrets::from("at_secret"));
        let seen = format!("{error} {error:?} {} {:?}", error.body(), error.headers());
        assert!(!seen.contains("secret"), "{seen}");
        assert!(seen.contains("[redacted]"));
    }
}
