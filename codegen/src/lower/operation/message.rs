//! Responses that are streams of messages.

use openapiv3::Response;
use serde_json::Value;

use super::{
    event::{Data, data_of_event},
    framing::framing_of,
    response::take_response,
};
use crate::{
    ir::{Framing, Messages, Origin, OriginRoot, Type},
    lower::{
        context::Cx,
        schema::{View, choice_of, lower_schema},
    },
    read::{
        ledger::Read,
        parse::{At, OperationSite},
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
        if let Some(messages) = messages_of(cx, &parsed, &origin) {
            return Some(messages);
        }
    }
    None
}

fn messages_of(cx: &mut Cx<'_, '_>, response: &At<Response>, origin: &Origin) -> Option<Messages> {
    let framed = response.item.content.keys().find_map(|name| Some((name, framing_of(name)?)));
    let (media_type, framing) = framed?;
    let media = cx.document.media_type(&response.pointer, media_type)?;
    let said = |key: &str| cx.document.node(&media)?.get(key)?.as_str().map(str::to_owned);
    let sentinel = SENTINELS.into_iter().find_map(said).filter(|_| framing == Framing::Events);
    let messages =
        |item, is_text| Messages { media_type: media_type.clone(), framing, item, is_text, sentinel: sentinel.clone() };
    let Some(Described { at, whole }) = described_by(cx, &media) else {
        let is_text = framing == Framing::Events;
        return Some(messages(if is_text { Type::Text } else { Type::Any }, is_text));
    };
    if framing == Framing::Events {
        if let Some(data) = data_of_event(cx.document, &at, whole.is_none()) {
            let (item, is_text) = lower_data(cx, &data, &at, origin);
            return Some(messages(item, is_text));
        }
        let view = cx.document.resolve(&at).ok().map(|(_, node)| View::of(node));
        // The fields of an event are text, and so is one without a schema.
        let is_unsaid = whole.is_none() && view.is_some_and(|view| view.is_none_or(|view| !view.says_values()));
        if is_unsaid || view.flatten().is_some_and(View::is_text) {
            return Some(messages(Type::Text, true));
        }
    }
    let item = match lower_schema(cx, whole.as_deref().unwrap_or(&at), origin).in_json() {
        Type::Array(item) if whole.is_some() => *item,
        ty => ty,
    };
    Some(messages(item, false))
}

/// The extensions of a media type that hold the data of the last event: that of this generator, and another tool's.
const SENTINELS: [&str; 2] = ["x-sentinel", "x-speakeasy-sse-sentinel"];

/// The schema that describes messages.
struct Described {
    /// The place of the schema of one message.
    at: String,
    /// The place of the schema of the whole response, if the document has only that.
    whole: Option<String>,
}

/// Returns the schema of the messages of a media type. That of a whole response describes one message, or their list.
fn described_by(cx: &mut Cx<'_, '_>, media: &str) -> Option<Described> {
    let at = pointer::join(media, "itemSchema");
    if cx.document.node(&at).is_some() {
        cx.report.ledger.note(&at, Read::SHAPE.and(Read::OBJECT));
        return Some(Described { at, whole: None });
    }
    let whole = pointer::join(media, "schema");
    cx.document.node(&whole)?;
    let list = cx.document.resolve(&whole).ok().filter(|(_, node)| node.get("type").is_some_and(|ty| ty == "array"));
    let item = list.map(|(at, _)| pointer::join(&at, "items")).filter(|at| cx.document.node(at).is_some());
    Some(Described { at: item.unwrap_or_else(|| whole.clone()), whole: Some(whole) })
}

/// Returns the type of the data of an event, and whether it is text. If some data is text, all is, because text can be anything.
fn lower_data(cx: &mut Cx<'_, '_>, data: &[Data], at: &str, given: &Origin) -> (Type, bool) {
    if data.is_empty() || data.contains(&Data::Text) {
        return (Type::Text, true);
    }
    let is_choice = data.len() > 1;
    let types: Vec<Type> = data
        .iter()
        .map(|data| match data {
            Data::Typed(at, name) => {
                let origin = name.as_deref().filter(|_| is_choice).map(|name| given.child(name));
                lower_schema(cx, at, origin.as_ref().unwrap_or(given)).in_json()
            }
            Data::Json | Data::Text => Type::Any,
        })
        .collect();
    (choice_of(cx, &types, at, given), false)
}
