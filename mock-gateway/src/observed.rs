//! Where the open-source server was seen to differ from what the published pages promise.

use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::Value;

use crate::{
    body::{MULTIPART, Payload, URL_ENCODED, read_parts, takes_file},
    document::{JSON, Operation, is_json},
    handle::Received,
    query::Pairs,
    refusal::{Origin, Refusal},
    schema::Schemas,
};

/// Uploads are looked at before the token.
pub(crate) async fn check_upload(
    schemas: &Schemas,
    operation: &Operation,
    payload: &Payload<'_>,
) -> Result<(), Refusal> {
    if !takes_file(schemas, operation) {
        return Ok(());
    }
    let refuse = |problem: &str| Err(Refusal::new(Origin::Gateway, StatusCode::UNPROCESSABLE_ENTITY, problem));
    if operation.method != Method::POST {
        return refuse("File is required for upload.");
    }
    let parts = if payload.media() == MULTIPART { read_parts(payload).await.unwrap_or_default() } else { Vec::new() };
    let mut files = parts.iter().filter(|part| part.file_name.is_some());
    match (files.next(), files.next()) {
        (Some(file), None) if file.name == "file" => {}
        _ => return refuse("File missing"),
    }
    let repeated = |at: usize, name: &str| parts.iter().skip(at + 1).any(|other| other.name == name);
    let is_array = parts.iter().enumerate().any(|(at, part)| part.name.ends_with(']') || repeated(at, &part.name));
    if is_array {
        return Err(Refusal::new(Origin::Gateway, StatusCode::INTERNAL_SERVER_ERROR, "Arrays are not supported."));
    }
    Ok(())
}

/// A refused token is answered with the request's headers and query, the token among them.
pub(crate) fn check_token(expected: &str, received: &Received) -> Result<(), Refusal> {
    let given = received.query_value(crate::query::TOKEN_PARAMETER);
    let (status, problem) = match given {
        Some(token) if token == expected => return Ok(()),
        Some(token) if token.starts_with("at_") => {
            return Err(Refusal::new(Origin::Gateway, StatusCode::FORBIDDEN, "Forbidden"));
        }
        _ => (StatusCode::UNAUTHORIZED, "Unauthorized"),
    };
    let mut refusal = Refusal::new(Origin::Outermost, status, problem);
    refusal.extra.insert("headers".to_owned(), object(received.header_pairs()));
    refusal.extra.insert("query".to_owned(), object(received.query.clone()));
    Err(refusal)
}

fn object(pairs: Pairs) -> Value {
    Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

/// What the server sends on: JSON and forms as JSON, anything else as an empty object. Multipart stays where a file is
/// taken.
pub(crate) fn forward<'a>(
    schemas: &Schemas,
    operation: &Operation,
    payload: &Payload<'a>,
) -> Result<Payload<'a>, Refusal> {
    if operation.body.is_none() || takes_file(schemas, operation) {
        return Ok(payload.clone());
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
    Ok(Payload { content_type: JSON, bytes })
}
