//! Multipart bodies whose parts have places instead of names.

use serde_json::Value;

use super::part::{Encoded, lower_part, lower_part_headers};
use crate::{
    ir::{self, BodyForm, Input, Origin, Slot, Type},
    lower::{context::Cx, schema::described},
    read::{
        ledger::Read,
        media_type::{essence_of, is_other_multipart},
        parse::Document,
        pointer,
    },
};

/// The most parts with places of their own. Each is an input.
const MAX_PLACES: usize = 100;

/// The parts of a body by their places: some have schemas or encodings of their own, and all others are alike.
pub(super) struct Places {
    /// The place of the array, if the document describes one.
    array: Option<String>,
    /// The places of the schemas of the first parts.
    first: Vec<String>,
    /// The place of the schema of all others.
    rest: Option<String>,
    /// The number of parts that each body has.
    min: usize,
}

impl Places {
    /// Reads an array, or `itemSchema`. `None` if the parts have names or the document describes none.
    pub(super) fn of(document: Document<'_>, media_at: &str, media_type: &str) -> Option<Self> {
        if !is_other_multipart(media_type) {
            return None;
        }
        let media = document.node(media_at)?;
        let schema = media.get("schema").and_then(|_| document.resolve(&pointer::join(media_at, "schema")).ok());
        let array = schema.filter(|(_, node)| is_list(node));
        let rest_of = |node: &Value, at: &str, key: &str| {
            node.get(key).filter(|rest| rest.is_object() || **rest == Value::Bool(true)).map(|_| pointer::join(at, key))
        };
        let rest = rest_of(media, media_at, "itemSchema")
            .or_else(|| array.as_ref().and_then(|(at, node)| rest_of(node, at, "items")));
        let count = |node: &Value, key: &str| node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let own = array.as_ref().map_or(0, |(_, node)| count(node, "prefixItems"));
        let list = array.as_ref().map(|(at, _)| pointer::join(at, "prefixItems")).unwrap_or_default();
        let mut first: Vec<String> = (0..own).map(|index| pointer::join(&list, &index.to_string())).collect();
        // A part with an encoding of its own may have the schema of all others.
        let encoded = count(media, "prefixEncoding");
        if let Some(rest) = rest.as_ref().filter(|_| own.max(encoded) <= MAX_PLACES) {
            first.extend((own..encoded).map(|_| rest.clone()));
        }
        if first.len() > MAX_PLACES || (first.is_empty() && rest.is_none()) {
            return None;
        }
        let min = array.as_ref().and_then(|(_, node)| node.get("minItems")?.as_u64());
        // As in tuples, documents hardly ever say that all are there.
        let min = min.map_or(own, |min| usize::try_from(min).unwrap_or(usize::MAX));
        Some(Self { array: array.map(|(at, _)| at), first, rest, min })
    }

    /// The place of the encoding of a part.
    fn encoding_at(&self, document: Document<'_>, media_at: &str, index: usize) -> String {
        let own = pointer::join(&pointer::join(media_at, "prefixEncoding"), &index.to_string());
        let has_own = index < self.first.len() && document.node(&own).is_some();
        if has_own { own } else { pointer::join(media_at, "itemEncoding") }
    }
}

/// Whether a schema describes a list, and not the parts of a form.
fn is_list(schema: &Value) -> bool {
    let types = schema.get("type");
    let may_be_list =
        types.is_none_or(|ty| ty == "array" || ty.as_array().is_some_and(|list| list.iter().any(|ty| ty == "array")));
    may_be_list
        && schema.get("properties").is_none()
        && ["items", "prefixItems"].iter().any(|key| schema.get(key).is_some())
}

/// Adds an input for each part with a place of its own, and one for the list of all others.
pub(super) fn lower_places(
    cx: &mut Cx<'_, '_>,
    places: &Places,
    (body, media_type, media_at): (&openapiv3::RequestBody, &str, &str),
    origin: &Origin,
    inputs: &mut Vec<Input>,
) -> ir::RequestBody {
    cx.report.ledger.note_object(media_at, Read::PLACES.and(Read::ITEMS));
    if let Some(at) = &places.array {
        cx.report.ledger.note(at, Read::LIST.and(Read::TUPLE).and(Read::RESTRICTIONS));
    }
    for (index, at) in places.first.iter().enumerate() {
        let at_encoding = places.encoding_at(cx.document, media_at, index);
        let wire = format!("part{}", index + 1);
        let required = body.required && index < places.min;
        add_part(cx, Encoded { at: &at_encoding, is_named: false }, (wire, at, required), origin, inputs);
    }
    if let Some(at) = &places.rest {
        let is_alone = places.first.is_empty();
        let wire = if is_alone { "parts" } else { "additionalParts" };
        let at_encoding = places.encoding_at(cx.document, media_at, places.first.len());
        let required = body.required && (is_alone || places.first.len() < places.min);
        let index = inputs.len();
        add_part(cx, Encoded { at: &at_encoding, is_named: false }, (wire.to_owned(), at, required), origin, inputs);
        if let Some(part) = inputs.get_mut(index) {
            part.slot = Slot::Parts;
            part.ty = Type::Array(Box::new(part.ty.clone()));
            if let Some(array) = places.array.as_ref().filter(|_| is_alone) {
                part.docs = described(cx, array, &part.ty);
            }
        }
    }
    let media_type = essence_of(media_type).to_ascii_lowercase();
    let form = Some(BodyForm::Places);
    ir::RequestBody { form, media_type: Some(media_type), required: body.required }
}

fn add_part(
    cx: &mut Cx<'_, '_>,
    encoding: Encoded<'_>,
    (wire, at, required): (String, &str, bool),
    origin: &Origin,
    inputs: &mut Vec<Input>,
) {
    let property = super::structured::Property::of(wire, at.to_owned(), required);
    let part = lower_part(cx, encoding, property, origin);
    let headers = lower_part_headers(cx, encoding, &part, origin);
    inputs.push(part);
    inputs.extend(headers);
}
