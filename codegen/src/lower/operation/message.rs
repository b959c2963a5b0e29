//! Responses that are streams of messages.

use openapiv3::Response;
use serde_json::Value;

use super::{framing::framing_of, response::take_response};
use crate::{
    ir::{Framing, Messages, Origin, OriginRoot, Type},
    lower::{context::Cx, schema::lower_schema},
    read::{
        parse::{self, OperationSite},
        pointer,
    },
};

/// Returns the messages of a successful response, if it can be a stream.
pub(super) fn lower_messages(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>, index: usize) -> Option<Messages> {
    let at = pointer::join(&site.pointer, "responses");
    let statuses = cx.document.node(&at).and_then(Value::as_object)?;
    let successes = statuses.keys().filter(|status| status.starts_with('2') || *status == "default");
    for status in successes {
        if !take_response(cx.document, &mut cx.report, &pointer::join(&at, status)) {
            break;
        }
        // The lowering of responses has already reported malformed ones.
        let Ok(parsed) = cx.document.response(&pointer::join(&at, status)) else { continue };
        let origin = Origin { root: OriginRoot::Operation(index), path: vec!["message".to_owned()] };
        if let Some(messages) = messages_of(cx, &parsed.item, &origin) {
            return Some(messages);
        }
    }
    None
}

fn messages_of(cx: &mut Cx<'_, '_>, response: &Response, origin: &Origin) -> Option<Messages> {
    let framed = response.content.iter().find_map(|(name, media)| Some((name, media, framing_of(name)?)));
    let (media_type, media, framing) = framed?;
    let ty = match media.schema.as_ref().and_then(parse::schema_pointer) {
        Some(schema) => lower_schema(cx, schema, origin).in_json(),
        None if framing == Framing::Events => Type::Text,
        None => Type::Any,
    };
    // Some documents describe the lines as one list.
    let item = match (framing, ty) {
        (Framing::Lines, Type::Array(item)) => *item,
        (_, ty) => ty,
    };
    Some(Messages { media_type: media_type.clone(), framing, item })
}
