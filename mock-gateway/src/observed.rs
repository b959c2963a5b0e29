//! Behaviour of the open-source server that differs from the published pages.

use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    body::{MULTIPART, Payload, URL_ENCODED, read_parts, takes_file},
    document::{JSON, Operation, is_json},
    handle::Received,
    path::decode,
    query::Pairs,
    refusal::{Origin, Refusal},
    schema::Schemas,
};

/// Checks uploads, which the server does before it checks the token.
pub(crate) async fn check_upload(
    schemas: &Schemas,
    operation: &Operation,
    payload: &Payload<'_>,
) -> Result<(), Refusal> {
    if !takes_file(schemas, operation) {
        return Ok(());
    }
    let refuse = |origin, problem: &str| Err(Refusal::new(origin, StatusCode::UNPROCESSABLE_ENTITY, problem));
    if operation.method != Method::POST {
        return refuse(Origin::Named, "File is required for upload.");
    }
    let parts = if payload.media() == MULTIPART { read_parts(payload).await.unwrap_or_default() } else { Vec::new() };
    let files: Vec<_> =
        parts.iter().filter_map(|part| Some((part.name.as_str(), part.file_name.as_deref()?))).collect();
    if files.iter().any(|(part, file_name)| *part != "file" || file_name.is_empty()) {
        return Err(Refusal::death());
    }
    if files.len() != 1 {
        return refuse(Origin::Gateway, "File missing");
    }
    let repeated = |at: usize, name: &str| parts.iter().skip(at + 1).any(|other| other.name == name);
    let is_array = parts.iter().enumerate().any(|(at, part)| part.name.ends_with(']') || repeated(at, &part.name));
    if is_array {
        return Err(Refusal::new(Origin::Gateway, StatusCode::INTERNAL_SERVER_ERROR, "Arrays are not supported."));
    }
    Ok(())
}

/// Checks the token. A malformed token returns what the server logged of the request: its headers and query, including
/// the token.
pub(crate) fn check_token(expected: &str, received: &Received) -> Result<(), Refusal> {
    let given = received.query_value(crate::query::TOKEN_PARAMETER);
    let (status, problem) = match given {
        Some(token) if token == expected => return Ok(()),
        Some(token) if token.starts_with("at_") => {
            return Err(Refusal::new(Origin::Named, StatusCode::FORBIDDEN, "Invalid api_token"));
        }
        _ => (StatusCode::UNAUTHORIZED, "Unauthorized"),
    };
    let mut refusal = Refusal::new(Origin::Named, status, problem);
    let logging = json!({
        "method": received.method.as_str(),
        "path": received.path,
        "headers": object(received.header_pairs()),
        "query": object(received.query.clone()),
    });
    refusal.extra.insert("logging".to_owned(), logging);
    Err(refusal)
}

/// Returns the name of a file as the server reads it: from `filename*` (RFC 8187) if present, otherwise as ISO 8859-1.
pub(crate) fn file_name(disposition: &[u8], file_name: &str) -> String {
    let disposition = String::from_utf8_lossy(disposition).into_owned();
    let extended = disposition.split_once("filename*=").and_then(|(_, value)| {
        let value = value.split([';', '"']).next()?.trim();
        let encoded = value.get(..7).filter(|charset| charset.eq_ignore_ascii_case("utf-8''")).and(value.get(7..))?;
        Some(decode(encoded))
    });
    extended.unwrap_or_else(|| file_name.bytes().map(char::from).collect())
}

fn object(pairs: Pairs) -> Value {
    Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

/// Returns the body that the server forwards: JSON and forms as JSON, and anything else as an empty object. Multipart
/// is kept if a file is accepted, with a garbled file name.
pub(crate) fn forward<'a>(
    schemas: &Schemas,
    operation: &Operation,
    payload: &Payload<'a>,
) -> Result<Payload<'a>, Refusal> {
    if operation.body.is_none() || takes_file(schemas, operation) {
        return Ok(Payload { garbles: true, ..payload.clone() });
    }
    let media = payload.media();
    let bytes = if media == URL_ENCODED {
        let pairs = form_urlencoded::parse(&payload.bytes).into_owned().collect();
        Bytes::from(object(pairs).to_string())
    } else if is_json(&media) && !payload.bytes.is_empty() {
        serde_json::from_slice::<Value>(&payload.bytes)
            .map_err(|error| Refusal::new(Origin::Outermost, StatusCode::BAD_REQUEST, error.to_string()))?;
        payload.bytes.clone()
    } else {
        Bytes::from_static(b"{}")
    };
    Ok(Payload { content_type: JSON, bytes, garbles: false })
}
