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

/// Returns the type of a header, and how it is read. A value of any type outside of JSON is a text, as all headers are.
fn lower_value(cx: &mut Cx<'_, '_>, name: &str, header: &Value, at: &str, origin: &Origin) -> (Type, HeaderForm) {
    report_several(cx, name, header, at);
    let (schema, media_type) = schema_at(header, at);
    if let Some(media_type) = media_type {
        cx.report.ledger.note_object(&pointer::join(&pointer::join(at, "content"), media_type), Read::BASE);
    }
    let has_schema = cx.document.node(&schema).is_some();
    let ty = if has_schema { lower_schema(cx, &schema, origin).in_json() } else { Type::Any };
    let is_json = media_type.is_some_and(is_json);
    // Cookies have commas, and each has a line of its own.
    let is_lines = name.eq_ignore_ascii_case("set-cookie");
    if is_json && !is_lines {
        return (ty, HeaderForm::Json);
    }
    let text_of_any = |ty: &Type| if *ty == Type::Any { Type::Text } else { ty.clone() };
    let (ty, form) = match ty.split_nullable().0 {
        Type::Array(item) => (text_of_any(item.split_nullable().0), HeaderForm::List),
        other => (text_of_any(other), HeaderForm::Value),
    };
    let is_expressed = if is_lines { ty == Type::Text && !is_json } else { cx.types.is_plain(&ty) };
    if !is_expressed {
        let message = format!("the schema of the header `{name}` is not expressed; the client has its text");
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), if has_schema { &schema } else { at }, message);
    }
    match (is_lines, is_expressed) {
        (true, _) => (Type::Text, HeaderForm::Lines),
        (false, true) => (ty, form),
        (false, false) => (Type::Text, HeaderForm::Value),
    }
}

/// Reports a header whose value has one of several media types. No header says which.
fn report_several(cx: &mut Cx<'_, '_>, name: &str, header: &Value, at: &str) {
    let Some(content) = header.get("content").and_then(Value::as_object).filter(|content| content.len() > 1) else {
        return;
    };
    // Many responses can refer to the header.
    if !cx.report.take_steps(content.len(), at) {
        return;
    }
    for media_type in content.keys() {
        cx.report.ledger.note_object(&pointer::join(&pointer::join(at, "content"), media_type), Read::WHOLE);
    }
    let all = content.keys().map(String::as_str).collect::<Vec<_>>().join("`, `");
    let message = format!("the header `{name}` has the media types `{all}`; the client has its text");
    cx.report.findings.add(code::MEDIA_TYPE, at, message);
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
