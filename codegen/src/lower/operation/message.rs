//! Responses that are streams of messages.

use openapiv3::Response;
use serde_json::Value;

use super::response::essence_of;
use crate::lower::Lowering;
use crate::{
    ir::{Framing, Messages, Origin, OriginRoot, Type},
    read::{
        parse::{self, OperationSite},
        pointer,
    },
};

impl Lowering<'_, '_> {
    /// The messages of a successful response, where it can be asked for as a stream of them.
    pub(in crate::lower) fn lower_messages(&mut self, site: &OperationSite<'_>, index: usize) -> Option<Messages> {
        let at = pointer::join(&site.pointer, "responses");
        let statuses = self.document.node(&at).and_then(Value::as_object)?;
        let successes = statuses.keys().filter(|status| status.starts_with('2') || *status == "default");
        for status in successes {
            if !self.take_response(&pointer::join(&at, status)) {
                break;
            }
            // What cannot be read has been told of where the responses were lowered.
            let Ok(parsed) = self.document.response(&pointer::join(&at, status)) else { continue };
            let origin = Origin { root: OriginRoot::Operation(index), path: vec!["message".to_owned()] };
            if let Some(messages) = self.messages_of(&parsed.item, &origin) {
                return Some(messages);
            }
        }
        None
    }

    fn messages_of(&mut self, response: &Response, origin: &Origin) -> Option<Messages> {
        let framed = response.content.iter().find_map(|(name, media)| Some((name, media, framing_of(name)?)));
        let (media_type, media, framing) = framed?;
        let ty = match media.schema.as_ref().and_then(parse::schema_pointer) {
            Some(schema) => self.lower_schema(schema, origin).in_json(),
            None if framing == Framing::Events => Type::Text,
            None => Type::Any,
        };
        // Documents describe the lines as the list that they make together, too.
        let item = match (framing, ty) {
            (Framing::Lines, Type::Array(item)) => *item,
            (_, ty) => ty,
        };
        Some(Messages { media_type: media_type.clone(), framing, item })
    }
}

/// How the messages of a media type are told apart, where it is one of messages.
pub(in crate::lower) fn framing_of(media_type: &str) -> Option<Framing> {
    let essence = essence_of(media_type).to_ascii_lowercase();
    match essence.as_str() {
        "text/event-stream" => Some(Framing::Events),
        "application/jsonl"
        | "application/jsonlines"
        | "application/json-lines"
        | "application/x-jsonlines"
        | "application/ndjson"
        | "application/x-ndjson"
        | "application/x-json-stream"
        | "application/stream+json" => Some(Framing::Lines),
        _ => None,
    }
}
