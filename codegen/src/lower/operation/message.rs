//! Responses that are streams of messages.

use openapiv3::Response;
use serde_json::Value;

use super::{
    event::{Data, EventSchema, events_of},
    framing::{Described, described_by, framing_of},
    response::take_response,
};
use crate::{
    diagnostic::code,
    ir::{EventCase, EventData, Framing, Item, Messages, Origin, OriginRoot, Type},
    lower::{
        context::Cx,
        schema::{View, choice_of, lower_schema},
    },
    read::{
        ledger::Read,
        parse::{At, Document, OperationSite},
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
        if !may_have_messages(cx.document, &pointer::join(&at, status)) {
            continue;
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

/// Whether a media type of a response is one of streams. Most responses have none, and parsing takes longer.
fn may_have_messages(document: Document<'_>, at: &str) -> bool {
    let content = document.resolve(at).and_then(|(at, _)| document.resolve(&pointer::join(&at, "content")));
    let content = content.ok().and_then(|(_, content)| content.as_object());
    content.is_some_and(|content| content.keys().any(|name| framing_of(name).is_some()))
}

fn messages_of(cx: &mut Cx<'_, '_>, response: &At<Response>, origin: &Origin) -> Option<Messages> {
    let framed = response.item.content.keys().find_map(|name| Some((name, framing_of(name)?)));
    let (media_type, framing) = framed?;
    let media = cx.document.media_type(&response.pointer, media_type)?;
    report_others(cx, response, media_type);
    let said = |key: &str| cx.document.node(&media)?.get(key)?.as_str().map(str::to_owned);
    let sentinel = SENTINELS.into_iter().find_map(said).filter(|_| framing == Framing::Events);
    let messages = |item| Messages { media_type: media_type.clone(), framing, item, sentinel: sentinel.clone() };
    let Some(described) = described_by(cx, &media, Read::OBJECT) else {
        return Some(messages(if framing == Framing::Events { Item::Text } else { Item::Json(Type::Any) }));
    };
    if framing == Framing::Events {
        let Described { at, whole } = &described;
        if let Some(events) = events_of(cx.document, at, whole.is_none()) {
            return Some(messages(lower_events(cx, events, at, origin)));
        }
        let view = cx.document.resolve(at).ok().map(|(_, node)| View::of(node));
        // The fields of an event are text, and so is one without a schema.
        let is_unsaid = whole.is_none() && view.is_some_and(|view| view.is_none_or(|view| !view.says_values()));
        if is_unsaid || view.flatten().is_some_and(View::is_text) {
            return Some(messages(Item::Text));
        }
    }
    if is_whole_text(cx.document, &described) {
        let message =
            "the schema says that the whole body is a text, and not what its messages are; they are any JSON values";
        cx.report.add(code::MEDIA_TYPE, &described.at, message, "describe them by `itemSchema` in an overlay");
        return Some(messages(Item::Json(Type::Any)));
    }
    let item = described.lower(cx, origin);
    Some(messages(Item::Json(item)))
}

/// Whether the schema of a whole body of lines is that of its text, which is no JSON.
fn is_whole_text(document: Document<'_>, described: &Described) -> bool {
    let whole = described.whole.as_ref().filter(|whole| **whole == described.at);
    let node = whole.and_then(|at| document.resolve(at).ok()).map(|(_, node)| node);
    node.and_then(View::of).is_some_and(View::is_text)
}

/// Reports streams of a response whose messages are not read, because another stream comes first.
fn report_others(cx: &mut Cx<'_, '_>, response: &At<Response>, first: &str) {
    for other in response.item.content.keys().filter(|name| *name != first && framing_of(name).is_some()) {
        let Some(at) = cx.document.media_type(&response.pointer, other) else { continue };
        cx.report.ledger.note_object(&at, Read::WHOLE);
        let message = format!("the client reads the messages of `{first}`, and those of `{other}` as bytes");
        let help = format!("to read the messages of `{other}`, remove `{first}` in an overlay");
        cx.report.findings.add_with_help(code::MEDIA_TYPE, at, message, help);
    }
}

/// The extensions of a media type that hold the data of the last event: that of this generator, and another tool's.
const SENTINELS: [&str; 2] = ["x-sentinel", "x-speakeasy-sse-sentinel"];

/// Returns what the events are: a type by name if names tell them apart.
fn lower_events(cx: &mut Cx<'_, '_>, events: Vec<EventSchema>, at: &str, given: &Origin) -> Item {
    if let Some(cases) = by_name(&events) {
        let cases = cases.into_iter().map(|(name, data)| {
            let origin = given.child(name.as_deref().unwrap_or("message"));
            EventCase { data: lower_data(cx, &data, at, &origin), name }
        });
        return Item::ByName(cases.collect());
    }
    let mut data: Vec<Data> = Vec::new();
    for event in events {
        if !data.contains(&event.data) {
            data.push(event.data);
        }
    }
    match lower_data(cx, &data, at, given) {
        EventData::Json(ty) => Item::Json(ty),
        EventData::Text | EventData::None => Item::Text,
    }
}

/// Returns the kinds of data of each name, `None` if names do not tell the events apart. Events without a name have
/// none, because the others have.
fn by_name(events: &[EventSchema]) -> Option<Vec<(Option<String>, Vec<Data>)>> {
    let mut cases: Vec<(Option<String>, Vec<Data>)> = Vec::new();
    for event in events {
        let names: Vec<Option<String>> = match event.names.as_slice() {
            [] => vec![None],
            // The name of events that have none.
            names => names.iter().map(|name| Some(name.clone()).filter(|name| name != "message")).collect(),
        };
        for name in names {
            match cases.iter_mut().find(|(had, _)| *had == name) {
                Some((_, data)) if data.contains(&event.data) => {}
                Some((_, data)) => data.push(event.data.clone()),
                None => cases.push((name, vec![event.data.clone()])),
            }
        }
    }
    // The data that ends a stream is no event.
    cases.retain_mut(|(_, data)| {
        data.retain(|data| *data != Data::Last);
        !data.is_empty()
    });
    if cases.len() < 2 {
        return None;
    }
    if cases.iter().all(|(name, _)| name.is_some()) {
        cases.extend(data_without_name(events).map(|data| (None, vec![data])));
    }
    Some(cases)
}

/// Returns the data of events without a name, if all schemas that do not require one say the same of it, and not that it is text.
fn data_without_name(events: &[EventSchema]) -> Option<Data> {
    let mut all = events.iter().filter(|event| !event.is_named && event.data != Data::Last).map(|event| &event.data);
    let first = all.next().filter(|data| matches!(data, Data::Typed(_) | Data::Json))?;
    all.all(|data| data == first).then(|| first.clone())
}

/// Returns what data of these kinds is. If some of it is text, all is, because text can be anything.
fn lower_data(cx: &mut Cx<'_, '_>, data: &[Data], at: &str, origin: &Origin) -> EventData {
    if data.iter().all(|data| *data == Data::Absent) {
        return EventData::None;
    }
    if data.contains(&Data::Text) {
        return EventData::Text;
    }
    let types: Vec<Type> = data
        .iter()
        .filter_map(|data| match data {
            Data::Typed(at) => Some(lower_schema(cx, at, origin).in_json()),
            Data::Json => Some(Type::Any),
            Data::Text | Data::Absent | Data::Last => None,
        })
        .collect();
    if types.is_empty() { EventData::Text } else { EventData::Json(choice_of(cx, &types, at, origin)) }
}
