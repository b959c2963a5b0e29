//! The declared headers of responses.

use foldhash::HashMap;
use openapiv3::Response;
use serde_json::{Map, Value};

use crate::{
    diagnostic::code,
    ir::{Docs, HeaderForm, Origin, ResponseHeader, Text, Type},
    lower::{
        context::{Cx, docs_of},
        schema::{description_at, lower_schema},
    },
    read::{ledger::Read, media_type::is_json, pointer},
};

/// Adds the headers of a response, except `Content-Type`.
pub(super) fn lower_headers(
    cx: &mut Cx<'_, '_>,
    response: &Response,
    at: &str,
    origin: &Origin,
    into: &mut Vec<ResponseHeader>,
) {
    let known = into.iter().enumerate().map(|(index, had)| (had.name.to_ascii_lowercase(), index));
    let mut known: HashMap<String, usize> = known.collect();
    for name in response.headers.keys() {
        let declared = pointer::join(&pointer::join(at, "headers"), name);
        match cx.document.resolve(&declared) {
            Ok((at, node)) => {
                cx.report.ledger.note_object(&at, Read::PART);
                if name.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                let (ty, form) = lower_value(cx, name, node, &at, &origin.child(name));
                if let Some(had) = known.get(&name.to_ascii_lowercase()).and_then(|index| into.get_mut(*index)) {
                    unite(cx, had, ty, form, &at);
                    continue;
                }
                known.insert(name.to_ascii_lowercase(), into.len());
                let Docs { description, deprecated, .. } = docs_of(node);
                let own = cx.document.description_beside(&declared).map(Text::from).or(description);
                let description = own.or_else(|| description_at(cx, &schema_at(node, &at).0, &ty));
                cx.report.take_text(description.as_ref().map_or(0, |text| text.len()), &at);
                into.push(ResponseHeader { name: name.clone(), description, deprecated, ty, form });
            }
            Err(unresolved) => cx.report.unresolved(unresolved),
        }
    }
}

/// Makes a header hold what another response has in it.
fn unite(cx: &mut Cx<'_, '_>, had: &mut ResponseHeader, ty: Type, form: HeaderForm, at: &str) {
    // Enums accept each other's values.
    let are_enums = cx.types.is_text_enum(&had.ty) && cx.types.is_text_enum(&ty);
    if had.form == form && (had.ty == ty || are_enums) {
        return;
    }
    let one = if had.form == form { cx.types.single_type(&[had.ty.clone(), ty]) } else { None };
    if let Some(one) = one {
        had.ty = one;
        return;
    }
    let message = format!("the header `{}` has another type in another response; the client has its text", had.name);
    cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), at, message);
    (had.ty, had.form) = (Type::Text, HeaderForm::Value);
}

/// Returns the type of a header, and how it is read.
fn lower_value(cx: &mut Cx<'_, '_>, name: &str, header: &Value, at: &str, origin: &Origin) -> (Type, HeaderForm) {
    // Cookies have commas, and each has a line of its own.
    if name.eq_ignore_ascii_case("set-cookie") {
        return (Type::Text, HeaderForm::Lines);
    }
    let (schema, media_type) = schema_at(header, at);
    if let Some(media_type) = media_type {
        cx.report.ledger.note_object(&pointer::join(&pointer::join(at, "content"), media_type), Read::BASE);
        if is_json(media_type) && cx.document.node(&schema).is_some() {
            return (lower_schema(cx, &schema, origin).in_json(), HeaderForm::Json);
        }
    }
    if cx.document.node(&schema).is_none() {
        return (Type::Text, HeaderForm::Value);
    }
    let ty = lower_schema(cx, &schema, origin).in_json();
    let ty = ty.split_nullable().0;
    match ty {
        Type::Array(item) if cx.types.is_plain(item.split_nullable().0) => {
            (item.split_nullable().0.clone(), HeaderForm::List)
        }
        Type::Any => (Type::Text, HeaderForm::Value),
        plain if cx.types.is_plain(plain) => (plain.clone(), HeaderForm::Value),
        _ => {
            let message = format!("the schema of the header `{name}` is not expressed; the client has its text");
            cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), &schema, message);
            (Type::Text, HeaderForm::Value)
        }
    }
}

/// Returns the place of the schema of a header, and the media type that has it.
fn schema_at<'t>(header: &'t Value, at: &str) -> (String, Option<&'t str>) {
    match header.get("content").and_then(Value::as_object).and_then(only_member) {
        Some((media_type, _)) => {
            let media = pointer::join(&pointer::join(at, "content"), media_type);
            (pointer::join(&media, "schema"), Some(media_type))
        }
        None => (pointer::join(at, "schema"), None),
    }
}

fn only_member(members: &Map<String, Value>) -> Option<(&String, &Value)> {
    members.iter().next().filter(|_| members.len() == 1)
}
