//! Media types whose bodies are streams of messages.

use crate::{ir::Framing, read::media_type::essence_of};

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
