//! Calls an operation, and makes the result of a tool of what it returns.

use std::sync::Arc;

use base64::Engine as _;
use lowcodeapi_runtime::{
    Bytes, Error,
    catalogue::{Catalogue, Content, Form, Operation, Prepared},
};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};

use super::{
    continuation::Store,
    files::Folder,
    inputs, parts, problem,
    progress::{Listener, Sent},
    schema,
    selection::Offered,
    tokens::CHARACTERS,
};
use crate::api::Api;

/// The bytes of a picture at most that is sent to the model. Hosts refuse larger results.
const PICTURE: usize = 700 * 1024;
/// The messages of a stream at most, after which it is not read on.
const MESSAGES: usize = 10_000;

/// What all calls have in common.
pub(crate) struct Caller {
    pub(crate) api: Arc<dyn Api>,
    pub(crate) folder: Option<Folder>,
    /// The characters of a result at most.
    pub(crate) limit: usize,
    pub(crate) store: Store,
}

impl Caller {
    /// Returns the caller whose results have at most so many tokens.
    pub(crate) fn new(api: Arc<dyn Api>, folder: Option<Folder>, max_result_tokens: usize) -> Self {
        Self { api, folder, limit: max_result_tokens.saturating_mul(CHARACTERS), store: Store::default() }
    }

    /// Calls an operation. Dropping the future cancels the call.
    pub(crate) async fn call(&self, offered: &Offered, arguments: Map<String, Value>, to: &Listener) -> CallToolResult {
        let operation = offered.operation;
        if let Some(refusal) = self.refuse_file(operation) {
            return problem::of_input(&refusal);
        }
        let wants_messages = wants_messages(operation, &arguments);
        let sent = Sent::default();
        let read = inputs::read(operation, arguments, self.folder.as_ref(), &sent);
        let prepared = match read.map(|inputs| self.api.prepare(operation.name, inputs)) {
            Ok(Ok(prepared)) => prepared,
            Ok(Err(error)) => return problem::of_call(&error),
            Err(message) => return problem::of_input(&message),
        };
        match to.during(&sent, send(prepared, wants_messages, &sent)).await {
            Ok(content) => self.result(offered, content).await,
            Err(error) => problem::of_call(&error),
        }
    }

    /// Returns the result with a further part of a long one.
    pub(crate) fn more(&self, continuation: &str) -> CallToolResult {
        match self.store.next(continuation) {
            Some(part) => structured(part),
            None => problem::of_input("the continuation is unknown, or was forgotten; call the operation again"),
        }
    }

    /// Returns a result of JSON in parts.
    pub(crate) fn json(&self, value: Value) -> CallToolResult {
        structured(self.store.begin(parts::of_json(value, self.limit)))
    }

    /// A file that nobody can read is not worth a call.
    fn refuse_file(&self, operation: &Operation) -> Option<String> {
        let is_unreadable = self.folder.is_none()
            && !operation.results.is_empty()
            && operation.results.iter().all(|result| {
                result.form == Form::Bytes
                    && !result.accept.is_empty()
                    && !result.accept.iter().any(|it| it.starts_with("image/") || it.starts_with('*'))
            });
        is_unreadable.then(|| format!("nothing was sent, because the result is a file. {WITHOUT_FOLDER}"))
    }

    async fn result(&self, offered: &Offered, content: Content) -> CallToolResult {
        match content {
            Content::Json(value) => self.checked(offered.operation, value),
            Content::Text(text) => self.text(&text),
            Content::Bytes(media_type, bytes) => self.bytes(offered, &media_type, bytes).await,
            _ => structured(json!({"result": null})),
        }
    }

    /// Clients reject what does not have the documented form, so it is sent in another member.
    fn checked(&self, operation: &Operation, value: Value) -> CallToolResult {
        if has_documented_form(self.api.catalogue(), operation, &value) {
            return self.json(value);
        }
        let renamed = parts::of_json(value, self.limit).into_iter().map(|mut part| {
            if let Some(result) = part.as_object_mut().and_then(|it| it.shift_remove("result")) {
                part["undocumented_result"] = result;
            }
            part
        });
        structured(self.store.begin(renamed.collect()))
    }

    fn text(&self, text: &str) -> CallToolResult {
        let part = self.store.begin(parts::of_text(text, self.limit));
        if part.get("continuation").is_some() {
            return structured(part);
        }
        let mut result = structured(part);
        // The text itself is easier to read than a JSON string.
        result.content = vec![ContentBlock::text(text)];
        result
    }

    async fn bytes(&self, offered: &Offered, media_type: &str, bytes: Bytes) -> CallToolResult {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if let Some(folder) = &self.folder {
            return save(folder.clone(), offered.name.clone(), essence, bytes).await;
        }
        if essence.starts_with("image/") && bytes.len() <= PICTURE {
            let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
            let mut result = structured(json!({"media_type": essence, "size": bytes.len()}));
            result.content.push(ContentBlock::image(data, essence));
            return result;
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) if essence.contains("json") => match serde_json::from_str(text) {
                Ok(value) => self.checked(offered.operation, value),
                Err(_) => self.text(text),
            },
            Ok(text) if essence.starts_with("text/") || essence.ends_with("xml") => self.text(text),
            _ => problem::of_input(&format!(
                "the call succeeded, but its result is a file of {} bytes ({essence}). {WITHOUT_FOLDER}",
                bytes.len()
            )),
        }
    }
}

const WITHOUT_FOLDER: &str = "The server writes files only if it was started with --files DIR. Tell the user.";

/// Returns whether the result is read as messages: if it is nothing else, or if the inputs ask for a stream.
fn wants_messages(operation: &Operation, arguments: &Map<String, Value>) -> bool {
    let has_other = operation.results.iter().any(|result| matches!(result.form, Form::Json | Form::Text));
    operation.messages.is_some() && (!has_other || arguments.get("stream") == Some(&Value::Bool(true)))
}

async fn send(prepared: Prepared, wants_messages: bool, sent: &Sent) -> Result<Content, Error> {
    let messages = if wants_messages { prepared.clone().messages() } else { None };
    let Some(messages) = messages else { return Ok(prepared.send().await?.into_value()) };
    let mut messages = messages.await?;
    let mut all = Vec::new();
    while all.len() < MESSAGES
        && let Some(message) = messages.next().await
    {
        all.push(message?.data);
        sent.message();
    }
    Ok(Content::Json(all.into()))
}

fn has_documented_form(catalogue: &Catalogue, operation: &Operation, value: &Value) -> bool {
    let Some(schema) = schema::result(catalogue, operation, 0) else { return true };
    schema::conforms(&json!({"result": value}), &schema, &schema)
}

async fn save(folder: Folder, name: String, media_type: String, bytes: Bytes) -> CallToolResult {
    let size = bytes.len();
    let extension = extension(&media_type);
    let written = tokio::task::spawn_blocking(move || folder.write(&name, extension, &bytes)).await;
    match written.map_err(std::io::Error::from).and_then(|written| written) {
        Ok(path) => structured(json!({"file": {"path": path, "size": size, "media_type": media_type}})),
        Err(error) => problem::of_input(&format!("the call succeeded, but its file cannot be written: {error}")),
    }
}

/// Returns the usual extension of a media type.
fn extension(media_type: &str) -> &'static str {
    match media_type {
        "application/json" => "json",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/xml" | "text/xml" => "xml",
        "audio/flac" => "flac",
        "audio/mpeg" => "mp3",
        "audio/ogg" => "ogg",
        "audio/wav" | "audio/x-wav" => "wav",
        "image/gif" => "gif",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/svg+xml" => "svg",
        "image/webp" => "webp",
        "text/csv" => "csv",
        "text/html" => "html",
        "text/markdown" => "md",
        "text/plain" => "txt",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        _ => "bin",
    }
}

fn structured(value: Value) -> CallToolResult {
    CallToolResult::structured(value)
}
