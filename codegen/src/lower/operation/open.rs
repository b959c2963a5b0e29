//! Fields and parts of forms whose names the document does not declare.

use super::structured::{Structured, Writable};
use crate::{
    ir::{Docs, Input, Origin, Slot, Type},
    lower::{
        context::{Cx, item_types},
        schema::lower_schema,
    },
    read::media_type::Form,
};

/// Returns the input for fields or parts of any names, if the form may have them.
pub(super) fn lower_open(
    cx: &mut Cx<'_, '_>,
    given: &Structured<'_>,
    writable: &Writable,
    origin: &Origin,
) -> Option<Input> {
    let at = writable.others()?.at;
    let is_alone = writable.properties.is_empty();
    let is_form = given.form == Form::Urlencoded;
    let wire = match (is_alone, is_form) {
        (true, true) => "fields",
        (true, false) => "parts",
        (false, true) => "additionalFields",
        (false, false) => "additionalParts",
    };
    let value = at.as_ref().map_or(Type::Any, |at| lower_schema(cx, at, &origin.child(wire)));
    let value = value.split_nullable().0.clone();
    let value = if value == Type::Binary && !is_form { value } else { value.in_json() };
    let by_item = cx.profile.repeats_parts() && item_types(&cx.types.defs, &value).is_some();
    let ty = if value == Type::Any { Type::Object } else { Type::Map(Box::new(value)) };
    let slot = if is_form { Slot::OpenFields } else { Slot::OpenParts { by_item } };
    let pointer = at.unwrap_or_else(|| given.at.to_owned());
    let required = given.body.required && is_alone;
    let docs = Docs::default();
    Some(Input { wire: wire.to_owned(), sent_as: None, media_type: None, pointer, slot, ty, required, docs })
}
