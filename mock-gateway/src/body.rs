//! Validates the request's body against the operation.

use std::{collections::BTreeSet, convert::Infallible};

use bytes::Bytes;
use futures_util::stream;
use hyper::header::CONTENT_DISPOSITION;
use serde_json::{Map, Value};

use crate::{
    check::{At, check_value},
    coerce::value_of,
    document::{Body, JSON, Operation, essence, is_json},
    observed,
    schema::{Kind, Object, Schemas},
};

pub(crate) const MULTIPART: &str = "multipart/form-data";
pub(crate) const URL_ENCODED: &str = "application/x-www-form-urlencoded";

/// The fields of a body by name. The value of a file is its name.
pub(crate) type Fields = Map<String, Value>;

/// A part of a form.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Set only for a file.
    pub(crate) file_name: Option<String>,
    content: Bytes,
}

/// A request's body with its content type as sent; empty if there is none.
#[derive(Debug, Clone)]
pub(crate) struct Payload<'a> {
    pub(crate) content_type: &'a str,
    pub(crate) bytes: Bytes,
    /// Whether file names are read as the open-source server reads them.
    pub(crate) garbles: bool,
}

impl Payload<'_> {
    pub(crate) fn media(&self) -> String {
        essence(self.content_type)
    }
}

/// Reads the fields of the body.
///
/// # Errors
///
/// Returns all problems of the body.
pub(crate) async fn read_body(
    schemas: &Schemas,
    operation: &Operation,
    payload: &Payload<'_>,
) -> Result<Fields, Vec<String>> {
    let Some(body) = &operation.body else { return no_body(operation, payload) };
    if payload.bytes.is_empty() {
        return if body.required { Err(vec!["a body is required".to_owned()]) } else { Ok(Fields::new()) };
    }
    let media = payload.media();
    let Some(schema) = body.schema(&media) else { return Err(vec![wrong_media(body, payload)]) };
    if media == MULTIPART {
        let parts = read_parts(payload).await.map_err(|problem| vec![problem])?;
        return read_form(schemas, schema, &parts, "part");
    }
    if media == URL_ENCODED {
        let pairs = form_urlencoded::parse(&payload.bytes).into_owned();
        let parts: Vec<_> =
            pairs.map(|(name, text)| Part { name, file_name: None, content: Bytes::from(text) }).collect();
        return read_form(schemas, schema, &parts, "form field");
    }
    if is_json(&media) { read_json(schemas, schema, &payload.bytes) } else { Ok(Fields::new()) }
}

/// LowCodeAPI's clients send an empty object if there is no body, and the gateway does the same upstream.
fn no_body(operation: &Operation, payload: &Payload<'_>) -> Result<Fields, Vec<String>> {
    if payload.bytes.is_empty() || payload.bytes.as_ref() == b"{}" {
        return Ok(Fields::new());
    }
    Err(vec![format!("{} takes no body", operation.title())])
}

fn wrong_media(body: &Body, payload: &Payload<'_>) -> String {
    let known: Vec<_> = body.content.iter().map(|(media, _)| format!("`{media}`")).collect();
    match payload.content_type {
        "" => format!("the body has no Content-Type; it must be {}", known.join(" or ")),
        given => format!("the body's Content-Type is `{given}`; it must be {}", known.join(" or ")),
    }
}

fn read_json(schemas: &Schemas, schema: &Value, bytes: &Bytes) -> Result<Fields, Vec<String>> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| vec![format!("the body is not {JSON}: {error}")])?;
    let problems = check_value(schemas, schema, &value, &At::new("body field", ""));
    match value {
        _ if !problems.is_empty() => Err(problems),
        Value::Object(fields) => Ok(fields),
        _ => Ok(Fields::new()),
    }
}

/// Reads the parts of a form, in order.
pub(crate) async fn read_parts(payload: &Payload<'_>) -> Result<Vec<Part>, String> {
    let broken = |error: multer::Error| format!("the body is not {MULTIPART}: {error}");
    let boundary = multer::parse_boundary(payload.content_type).map_err(broken)?;
    let bytes = payload.bytes.clone();
    let mut form = multer::Multipart::new(stream::iter([Ok::<_, Infallible>(bytes)]), boundary);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let disposition = field.headers().get(CONTENT_DISPOSITION).map_or(&[][..], |value| value.as_bytes());
        let read = |name: &str| if payload.garbles { observed::file_name(disposition, name) } else { name.to_owned() };
        let file_name = field.file_name().map(read);
        let content = field.bytes().await.map_err(broken)?;
        parts.push(Part { name, file_name, content });
    }
    Ok(parts)
}

fn read_form(schemas: &Schemas, schema: &Value, parts: &[Part], what: &'static str) -> Result<Fields, Vec<String>> {
    let Some(object) = schemas.object(schema) else { return Ok(Fields::new()) };
    let mut fields = Fields::new();
    let mut problems = Vec::new();
    let mut repeated = BTreeSet::new();
    for part in parts {
        match read_part(schemas, &object, part, what) {
            Err(problem) => problems.push(problem),
            Ok(Field::Item(file)) => {
                let files = fields.entry(part.name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
                files.as_array_mut().into_iter().for_each(|files| files.push(Value::String(file.clone())));
            }
            Ok(Field::Single(value)) => {
                if fields.insert(part.name.clone(), value).is_some() && repeated.insert(&part.name) {
                    let hint = "an array or object is one part of JSON text";
                    problems.push(format!("{what} `{}` is given more than once; {hint}", part.name));
                }
            }
        }
    }
    // A rejected part is not also missing.
    let is_given = |name: &str| parts.iter().any(|part| part.name == name);
    let missing = object.required.iter().filter(|name| !is_given(name));
    problems.extend(missing.map(|name| format!("{what} `{name}` is required")));
    for (name, value) in &fields {
        if let Some(property) = object.property(name).filter(|property| !is_file(schemas, property)) {
            problems.extend(check_value(schemas, property, value, &At::new(what, name)));
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

enum Field {
    Single(Value),
    /// One of several files.
    Item(String),
}

fn read_part(schemas: &Schemas, object: &Object<'_>, part: &Part, what: &str) -> Result<Field, String> {
    let name = &part.name;
    let Some(property) = object.property(name).or(object.additional) else {
        let known: Vec<_> = object.properties.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(format!("{what} `{name}` is unknown; expected one of {}", known.join(", ")));
    };
    if is_file(schemas, property) {
        let Some(file_name) = &part.file_name else {
            return Err(format!("{what} `{name}` must be a file, but has no file name"));
        };
        let many = schemas.kind(property) == Kind::Array;
        return Ok(if many { Field::Item(file_name.clone()) } else { Field::Single(Value::from(file_name.as_str())) });
    }
    if part.file_name.is_some() {
        return Err(format!("{what} `{name}` has a file name, but is not a file"));
    }
    let text = std::str::from_utf8(&part.content).map_err(|_| format!("{what} `{name}` is not UTF-8"))?;
    let value = value_of(schemas, property, text).map_err(|problem| format!("{what} `{name}` {problem}"))?;
    Ok(Field::Single(value))
}

/// Returns whether a property is a file, or a list of files.
pub(crate) fn is_file(schemas: &Schemas, property: &Value) -> bool {
    schemas.is_binary(property) || schemas.is_binary(schemas.items(property))
}

/// Returns whether the operation accepts a file.
pub(crate) fn takes_file(schemas: &Schemas, operation: &Operation) -> bool {
    let forms = operation.body.iter().filter_map(|body| body.schema(MULTIPART));
    let mut properties = forms.filter_map(|schema| schemas.object(schema)).flat_map(|object| object.properties);
    properties.any(|(_, property)| is_file(schemas, property))
}
