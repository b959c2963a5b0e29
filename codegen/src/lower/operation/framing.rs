//! Media types whose bodies are streams of messages, and the schemas that describe one message.

use crate::{
    ir::{Framing, Origin, Type},
    lower::{context::Cx, schema::lower_schema},
    read::{ledger::Read, media_type::essence_of, pointer},
};

/// The schema that describes messages.
pub(super) struct Described {
    /// The place of the schema of one message.
    pub(super) at: String,
    /// The place of the schema of the whole body, if the document has only that.
    pub(super) whole: Option<String>,
}

impl Described {
    /// Returns the type of one message.
    pub(super) fn lower(&self, cx: &mut Cx<'_, '_>, origin: &Origin) -> Type {
        let Some(whole) = &self.whole else { return lower_schema(cx, &self.at, origin).in_json() };
        match lower_schema(cx, whole, origin).in_json().split_nullable() {
            (Type::Array(item), _) => item.as_ref().clone(),
            (ty, _) => ty.clone(),
        }
    }
}

/// Returns the schema of the messages of a media type. That of a whole body describes one message, or their list. `read` is
/// what is read of the schema of one message.
pub(super) fn described_by(cx: &mut Cx<'_, '_>, media: &str, read: Read) -> Option<Described> {
    let at = pointer::join(media, "itemSchema");
    if cx.document.node(&at).is_some() {
        cx.report.ledger.note_object(media, Read::ITEMS);
        cx.report.ledger.note(&at, read);
        return Some(Described { at, whole: None });
    }
    let whole = pointer::join(media, "schema");
    cx.document.node(&whole)?;
    let list = cx.document.resolve(&whole).ok().filter(|(_, node)| node.get("type").is_some_and(|ty| ty == "array"));
    let item = list.map(|(at, _)| pointer::join(&at, "items")).filter(|at| cx.document.node(at).is_some());
    Some(Described { at: item.unwrap_or_else(|| whole.clone()), whole: Some(whole) })
}

/// Returns the framing of messages in a media type, if it is a stream.
pub(super) fn framing_of(media_type: &str) -> Option<Framing> {
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
        sequence if sequence == "application/json-seq" || sequence.ends_with("+json-seq") => Some(Framing::Sequence),
        _ => None,
    }
}
