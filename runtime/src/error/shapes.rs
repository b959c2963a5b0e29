//! The shapes of error bodies: where each has its message, its code and the ID of the request.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::shown::redact::{Secrets, excerpt};

/// The properties with the message of an error, in order.
const MESSAGES: [&str; 7] =
    ["message", "Message", "msg", "error_message", "errorMessage", "error_description", "faultstring"];

/// The properties with the message of one of several errors.
const OF_ITEMS: [&str; 7] = ["message", "msg", "detail", "description", "title", "error", "reason"];

/// The most errors of which the message tells.
const SEVERAL: usize = 1000;

/// Returns the message of an error.
pub(crate) fn message_in(json: &Value) -> Option<String> {
    message_within(json, true)
}

/// Returns the message of an error. If the message is itself JSON text, returns the message within it when `in_text` is
/// set.
fn message_within(json: &Value, in_text: bool) -> Option<String> {
    let said = |value: &Value| text(value, in_text).or_else(|| several(value, in_text));
    let own = text(json, in_text).or_else(|| MESSAGES.iter().find_map(|name| json.get(name).and_then(said)));
    own.or_else(|| json.get("errors").and_then(|errors| several(errors, in_text).or_else(|| by_name(errors, in_text))))
        .or_else(|| {
            let nested = ["error", "Error", "fault"].iter().find_map(|name| json.get(name))?;
            if nested.is_object() { message_within(nested, in_text) } else { said(nested) }
        })
        // RFC 9457, and the variants of it that frameworks use.
        .or_else(|| {
            let detail = json.get("detail")?;
            said(detail).or_else(|| detail.is_object().then(|| message_within(detail, in_text)).flatten())
        })
        .or_else(|| json.get("title").and_then(said))
        // Django returns the errors of each field without anything around them.
        .or_else(|| {
            let fields = json.as_object()?;
            let is_list = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
            fields.values().all(is_list).then(|| by_name(json, in_text)).flatten()
        })
}

/// Returns a text, or the message in it if it is JSON.
fn text(value: &Value, in_text: bool) -> Option<String> {
    let text = value.as_str()?;
    let nested = || serde_json::from_str::<Value>(text).ok().and_then(|json| message_within(&json, false));
    let is_object = in_text && text.trim_start().starts_with('{');
    is_object.then(nested).flatten().or_else(|| Some(readable(text)).filter(|text| !text.trim().is_empty()))
}

/// Returns the messages of a list of errors, with the places that they are about.
fn several(errors: &Value, in_text: bool) -> Option<String> {
    let each = |item: &Value| {
        let Some(object) = item.as_object() else { return text(item, in_text) };
        let message = OF_ITEMS.iter().find_map(|name| text(object.get(*name)?, in_text))?;
        Some(match place_of(item) {
            Some(place) => format!("{place}: {message}"),
            None => message,
        })
    };
    let messages: Vec<String> = errors.as_array()?.iter().take(SEVERAL).filter_map(each).collect();
    (!messages.is_empty()).then(|| messages.join("; "))
}

/// Returns the messages of errors by the names of fields.
fn by_name(errors: &Value, in_text: bool) -> Option<String> {
    let each = |(name, value): (&String, &Value)| {
        let message = text(value, in_text).or_else(|| several(value, in_text))?;
        Some(if name == "non_field_errors" { message } else { format!("{name}: {message}") })
    };
    let messages: Vec<String> = errors.as_object()?.iter().take(SEVERAL).filter_map(each).collect();
    (!messages.is_empty()).then(|| messages.join("; "))
}

/// Returns the place that one of several errors is about: its `loc`, or the name of a field.
fn place_of(item: &Value) -> Option<String> {
    if let Some(steps) = item.get("loc").and_then(Value::as_array) {
        let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
        return Some(steps.iter().take(16).map(step).collect::<Vec<_>>().join("."));
    }
    let named = ["field", "pointer"].iter().find_map(|name| item.get(name)?.as_str())?;
    (!named.is_empty()).then(|| named.to_owned())
}

/// Returns the code of an error, or of an error nested in it.
pub(crate) fn code_in(json: &Value) -> Option<String> {
    let word = |name: &str| json.get(name)?.as_str().filter(|it| is_word(it)).map(str::to_owned);
    match json.get("code").or_else(|| json.get("Code")) {
        Some(Value::String(code)) => return Some(code.clone()),
        // Google has the status as a number, and the code beside it.
        Some(Value::Number(code)) => return Some(word("status").unwrap_or_else(|| code.to_string())),
        _ => {}
    }
    let nested = json.get("error").filter(|error| error.is_object());
    if let Some(nested) = nested {
        let named = || ["status", "type"].iter().find_map(|name| nested.get(name)?.as_str().filter(|it| is_word(it)));
        return code_in(nested).or_else(|| named().map(str::to_owned));
    }
    let first = || json.get("errors")?.get(0).and_then(code_in);
    // RFC 6749 has the code in `error`, beside a description.
    let of_oauth = || json.get("error_description").and_then(|_| word("error"));
    let of_aws = || json.get("__type")?.as_str().map(without_scope);
    first().or_else(|| word("error_code")).or_else(|| word("errorCode")).or_else(of_oauth).or_else(of_aws)
}

/// Returns the code in the header of AWS.
pub(crate) fn code_among(headers: &HeaderMap) -> Option<String> {
    let code = headers.get("x-amzn-errortype")?.to_str().ok().map(without_scope)?;
    (!code.is_empty()).then_some(code)
}

/// Returns the name of an error of AWS without its namespace and without a link to its documentation.
fn without_scope(code: &str) -> String {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().to_owned()
}

/// Returns whether a text is a code and no sentence.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 100 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

/// Returns the request ID in the body.
pub(crate) fn request_id_in(json: &Value) -> Option<String> {
    const NAMES: [&str; 6] = ["requestId", "request_id", "RequestId", "requestID", "traceId", "trace_id"];
    let own = NAMES.iter().find_map(|key| json.get(key)?.as_str().map(str::to_owned));
    own.or_else(|| json.get("error").filter(|error| error.is_object()).and_then(request_id_in))
}

/// Returns the request ID from the first header that holds one.
pub(crate) fn request_id_among(headers: &HeaderMap) -> Option<&str> {
    const NAMES: [&str; 14] = [
        "x-request-id",
        "request-id",
        "x-requestid",
        "x-correlation-id",
        "correlation-id",
        "x-amzn-requestid",
        "x-amz-request-id",
        "x-ms-request-id",
        "x-github-request-id",
        "x-goog-request-id",
        "x-trace-id",
        "x-amzn-trace-id",
        "x-vercel-id",
        "cf-ray",
    ];
    let value = |name: &&str| headers.get(*name)?.to_str().ok().filter(|value| !value.trim().is_empty());
    NAMES.iter().find_map(value)
}

/// The maximum length of a kept message, in bytes.
const LONGEST: usize = 2048;

/// Returns readable text: the title of an HTML page, or else the text between its tags; any other text as it is.
pub(crate) fn readable(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    // Text that looks like JSON but failed to parse is not a page.
    let is_json = lower.trim_start().starts_with(['{', '[']);
    let begins = lower.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    // Text before a page adds nothing to the page.
    if is_json || !begins && !["<!doctype html", "<html"].iter().any(|tag| lower.contains(tag)) {
        return cut(text).to_owned();
    }
    let title = lower.find("<title").and_then(|tag| {
        let start = tag + lower.get(tag..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find("</title")?;
        text.get(start..end).filter(|title| !title.trim().is_empty())
    });
    let plain = title.map_or_else(|| between_tags(text), str::to_owned);
    excerpt(plain.as_bytes(), &Secrets::default())
}

/// Truncates a message to `LONGEST` bytes.
pub(crate) fn cut(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

fn between_tags(markup: &str) -> String {
    let mut plain = String::new();
    for piece in markup.split('<') {
        let is_code =
            ["script", "style"].iter().any(|tag| piece.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag)));
        if let Some((_, text)) = piece.split_once('>').filter(|_| !is_code) {
            plain.push_str(text);
            plain.push(' ');
        }
        if plain.len() > LONGEST {
            break;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_of_many_frameworks_are_read() {
        for (body, message, code) in [
            // RFC 9457, with the extension of ASP.NET.
            (json!({"type": "about:blank", "title": "No", "errors": {"Name": ["a", "b"]}}), "Name: a; b", None),
            (json!({"title": "No", "status": 400, "errors": [{"pointer": "#/a", "detail": "odd"}]}), "#/a: odd", None),
            // FastAPI.
            (
                json!({"detail": [{"loc": ["body", "items", 0], "msg": "field required", "type": "missing"}]}),
                "body.items.0: field required",
                None,
            ),
            (json!({"detail": {"code": "x", "message": "m"}}), "m", None),
            // Rails, Django.
            (json!({"errors": ["a", "b"]}), "a; b", None),
            (json!({"name": ["too long"], "non_field_errors": ["odd"]}), "name: too long; odd", None),
            // Google.
            (
                json!({"error": {"code": 403, "message": "m", "status": "PERMISSION_DENIED"}}),
                "m",
                Some("PERMISSION_DENIED"),
            ),
            // AWS.
            (json!({"__type": "com.amazon#ThrottlingException", "Message": "m"}), "m", Some("ThrottlingException")),
            // OAuth.
            (json!({"error": "invalid_grant", "error_description": "m"}), "m", Some("invalid_grant")),
            (json!({"error": "invalid_grant"}), "invalid_grant", None),
            // Language models.
            (json!({"error": {"message": "m", "type": "overloaded", "code": null}}), "m", Some("overloaded")),
            (json!({"code": 1001, "msg": "m"}), "m", Some("1001")),
            (json!({"fault": {"faultstring": "m"}}), "m", None),
        ] {
            assert_eq!((message_in(&body).as_deref(), code_in(&body).as_deref()), (Some(message), code), "{body}");
        }
        assert_eq!(message_in(&json!({})), None);
        assert_eq!(message_in(&json!({"a": [1]})), None);
    }

    #[test]
    fn headers_have_codes_and_ids() {
        let mut headers = HeaderMap::new();
        headers.insert("x-amzn-errortype", "ValidationException:http://a.example/".parse().unwrap());
        headers.insert("x-request-id", " ".parse().unwrap());
        headers.insert("cf-ray", "r1".parse().unwrap());
        assert_eq!(code_among(&headers).as_deref(), Some("ValidationException"));
        assert_eq!(request_id_among(&headers), Some("r1"));
        assert_eq!(request_id_in(&json!({"error": {"request_id": "r2"}})).as_deref(), Some("r2"));
    }
}
