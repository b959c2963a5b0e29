//! Lowers parts of multipart bodies.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::structured::Property;
use crate::{
    diagnostic::code,
    ir::{Docs, Input, Origin, Slot, Text, Type, ValueStyle},
    lower::{
        context::{Cx, Report, item_types},
        schema::{View, described, is_null, is_nullable, lower_schema},
    },
    read::{
        extension::PART_NAME,
        ledger::Read,
        media_type::{Form, admits_json, form_of, is_json},
        parse::Document,
        pointer,
    },
};

/// The kinds of values of a part, by files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Files,
    Null,
    Other,
}

/// The encoding of a part.
#[derive(Clone, Copy)]
pub(super) struct Encoded<'a> {
    /// Its place; the document may have nothing there.
    pub(super) at: &'a str,
    /// Whether the part has a name. Otherwise it is known by its place, and is one part whatever it holds.
    pub(super) is_named: bool,
}

impl Encoded<'_> {
    /// Returns the media types of the part.
    fn content_type<'d>(&self, document: Document<'d>) -> Option<&'d str> {
        document.node(self.at)?.get("contentType")?.as_str()
    }

    /// Whether the media type of the part is neither text nor JSON.
    fn is_of_bytes(&self, document: Document<'_>) -> bool {
        let media_type = self.content_type(document).unwrap_or_default().trim();
        !media_type.is_empty() && !media_type.starts_with("text/") && !admits_json(media_type)
    }
}

pub(super) fn lower_part(cx: &mut Cx<'_, '_>, encoding: Encoded<'_>, property: Property, origin: &Origin) -> Input {
    let at = property.at().to_owned();
    if cx.document.node(encoding.at).is_some() {
        cx.report.ledger.note_object(encoding.at, Read::MEDIA_TYPE.and(Read::PART));
    }
    let named = |at: &String| cx.document.node(at)?.get(PART_NAME)?.as_str();
    let sent_as = property.places().find_map(named).map(str::to_owned);
    let sent_as = sent_as.filter(|_| {
        if !encoding.is_named {
            let message = format!("`{PART_NAME}` has no effect: the parts of this body have places, not names");
            cx.report.add(code::PART_FORM, &at, message, "remove it");
        }
        encoding.is_named
    });
    let mut kinds = kinds_of_property(cx.document, &mut cx.report, &property);
    // Several files have no single place.
    kinds.retain(|kind| encoding.is_named || *kind != Kind::Files);
    let has = |kind: Kind| kinds.contains(&kind);
    let is_file = has(Kind::File) || has(Kind::Files);
    if is_file && has(Kind::Other) {
        let message = "the schema allows a file or another value; the part is always sent as a file";
        cx.report.add(
            code::PART_FORM,
            &at,
            message,
            "to send other values, remove the file from the schema in an overlay",
        );
    }
    if has(Kind::Files) {
        let places = property.places().filter_map(|at| Some(cx.document.schema(at).ok()?.0));
        places.for_each(|at| cx.report.ledger.note(&at, Read::LIST));
    }
    let (slot, ty, is_nullable) = if has(Kind::Files) {
        // A single file becomes a list with one item.
        (Slot::Parts, Type::Array(Box::new(Type::Binary)), false)
    } else if has(Kind::File) {
        (Slot::Part, Type::Binary, false)
    } else {
        let ty = property.lower(cx, origin);
        let (slot, inner) = part_slot(cx, encoding, &ty);
        (slot, inner, ty.split_nullable().1)
    };
    // A part cannot be `null`, but it can be omitted.
    let required = property.required && !(is_file && has(Kind::Null));
    let media_type = part_media_type(cx, encoding, &property.wire, slot, &ty);
    let media_type = media_type.or_else(|| said_media_type(cx, &at, slot, &ty));
    // JSON alone has a form for `null`.
    let is_json = slot == Slot::Part && ty != Type::Binary && media_type.as_deref().is_some_and(is_json);
    let ty = if is_json && is_nullable { ty.nullable() } else { ty };
    let docs = property.described(cx, &ty);
    let wire = property.wire;
    Input { wire, sent_as, media_type, pointer: at, slot, ty, required, docs }
}

/// Returns the place and type of a part whose schema is not a file.
fn part_slot(cx: &Cx<'_, '_>, encoding: Encoded<'_>, ty: &Type) -> (Slot, Type) {
    let ty = ty.split_nullable().0;
    let is_of_bytes = encoding.is_of_bytes(cx.document);
    match ty {
        Type::Binary => (Slot::Part, Type::Binary),
        // 3.1 declares the media type of bytes in `encoding`.
        Type::Any if is_of_bytes => (Slot::Part, Type::Binary),
        Type::Array(item) if **item == Type::Any && is_of_bytes && encoding.is_named => {
            (Slot::Parts, Type::Array(Box::new(Type::Binary)))
        }
        _ if encoding.is_named && cx.profile.repeats_parts() && item_types(&cx.types.defs, ty).is_some() => {
            (Slot::Parts, ty.clone().in_json())
        }
        _ => (Slot::Part, ty.clone().in_json()),
    }
}

/// Returns the media type of a part in `encoding`, or all of them for files.
fn part_media_type(cx: &mut Cx<'_, '_>, encoding: Encoded<'_>, wire: &str, slot: Slot, ty: &Type) -> Option<String> {
    let at = encoding.at;
    if ["encoding", "prefixEncoding", "itemEncoding"].iter().any(|key| encoding_has(cx.document, at, key)) {
        let message = format!("`{wire}` has parts of its own, which is not supported; the part is sent as one value");
        let help = "to send its parts, send the body with `raw_request`";
        cx.report.add(code::PART_FORM, at, message, help);
        cx.report.ledger.note_object(at, Read::WHOLE);
    }
    report_style(cx, at, wire);
    let declared = encoding.content_type(cx.document)?.trim();
    let items = Some(slot).filter(|slot| *slot == Slot::Parts).and_then(|_| item_types(&cx.types.defs, ty));
    let items = items.unwrap_or_else(|| vec![ty]);
    if items.contains(&&Type::Binary) {
        return Some(declared.to_owned()).filter(|it| !it.is_empty());
    }
    let mut members = declared.split(',').map(str::trim);
    let first = members.find(|it| !it.is_empty() && !it.contains('*'))?;
    if !cx.profile.types_parts() {
        return None;
    }
    if !matches!(form_of(first), Form::Json | Form::Text) && !items.iter().all(|item| cx.types.is_plain(item)) {
        let message = format!("`contentType: {first}` is not supported for an array or object; it is sent as JSON");
        cx.report.add(code::PART_FORM, at, message, "to send it in this form, declare a string in an overlay");
        return None;
    }
    Some(first.to_owned())
}

/// Returns the media type that the schema of a file or a text, or of each of a list, says it has. OpenAPI has it since 3.1. JSON in a
/// text would be written as a string.
fn said_media_type(cx: &Cx<'_, '_>, at: &str, slot: Slot, ty: &Type) -> Option<String> {
    let document = cx.document;
    let items = if slot == Slot::Parts { item_types(&cx.types.defs, ty) } else { None };
    let items = items.unwrap_or_else(|| vec![ty]);
    let is_file = items.contains(&&Type::Binary);
    if document.is_30() || !is_file && (!cx.profile.types_parts() || items.iter().any(|item| **item != Type::Text)) {
        return None;
    }
    let (at, schema) = document.schema(at).ok()?;
    let items = schema.get("items").and_then(|_| document.schema(&pointer::join(&at, "items")).ok());
    let schema = items.map_or(schema, |(_, items)| items);
    let said = |key: &str| schema.get(key).and_then(Value::as_str);
    let encoded = || said("contentEncoding").filter(|_| !is_file).map(|_| "application/octet-stream");
    let media_type = said("contentMediaType").or_else(encoded)?;
    (is_file || !is_json(media_type)).then(|| media_type.to_owned())
}

/// Reports a style of a part, which OpenAPI has since 3.1. Before, it had no effect.
fn report_style(cx: &mut Cx<'_, '_>, at: &str, wire: &str) {
    if cx.document.is_30()
        || !["style", "explode", "allowReserved"].iter().any(|key| encoding_has(cx.document, at, key))
    {
        return;
    }
    let message = format!("`{wire}` is not written in the `style` of its encoding, which is not supported for parts");
    let help = "to send it in this form, declare a string in an overlay";
    cx.report.add(code::PART_FORM, at, message, help);
    cx.report.ledger.note_object(at, Read::STYLE.and(Read::RESERVED));
}

/// Returns an input for each header of a part. OpenAPI ignores the header `Content-Type` here.
pub(super) fn lower_part_headers(
    cx: &mut Cx<'_, '_>,
    encoding: Encoded<'_>,
    part: &Input,
    origin: &Origin,
) -> Vec<Input> {
    let headers = pointer::join(encoding.at, "headers");
    let declared = cx.document.node(&headers).and_then(Value::as_object);
    let mut inputs = Vec::new();
    for name in declared.into_iter().flat_map(Map::keys) {
        let Ok((at, header)) = cx.document.resolve(&pointer::join(&headers, name)) else { continue };
        if !cx.report.take_steps(1, &at) {
            break;
        }
        cx.report.ledger.note_object(&at, Read::PART);
        if is_set_by_client(name, encoding.is_named) {
            continue;
        }
        let says = |key: &str| header.get(key) == Some(&Value::Bool(true));
        let schema = pointer::join(&at, "schema");
        let has_schema = header.get("schema").is_some();
        let ty = if has_schema { lower_schema(cx, &schema, &origin.child(name)).in_json() } else { Type::Text };
        let mut docs = if has_schema { described(cx, &schema, &ty) } else { Docs::default() };
        docs.description = header.get("description").and_then(Value::as_str).map(Text::from).or(docs.description);
        docs.deprecated |= says("deprecated");
        inputs.push(Input {
            wire: name.clone(),
            sent_as: Some(part.sent_as.as_ref().unwrap_or(&part.wire).clone()),
            media_type: None,
            pointer: at,
            slot: Slot::PartHeader(ValueStyle::Simple { explode: says("explode") }),
            ty: ty.split_nullable().0.clone(),
            required: part.required && says("required"),
            docs,
        });
    }
    inputs
}

/// Whether a header of a part is not an input: its type has a place of its own, and the client writes the
/// `Content-Disposition` of a part with a name.
fn is_set_by_client(name: &str, is_named: bool) -> bool {
    name.eq_ignore_ascii_case("content-type") || is_named && name.eq_ignore_ascii_case("content-disposition")
}

fn encoding_has(document: Document<'_>, at: &str, key: &str) -> bool {
    document.node(at).is_some_and(|encoding| encoding.get(key).is_some())
}

/// Reports files in parts that the gateway does not document.
pub(super) fn report_file_parts(cx: &mut Cx<'_, '_>, inputs: &[Input]) {
    let is_file = |ty: &Type| matches!(ty, Type::Binary) || matches!(ty, Type::Array(item) if **item == Type::Binary);
    let files: Vec<&Input> = inputs.iter().filter(|input| is_file(&input.ty)).collect();
    let Some(documented) = cx.profile.file_part() else { return };
    for file in &files {
        let part = file.sent_as.as_deref().unwrap_or(&file.wire);
        if part == documented {
            continue;
        }
        let message = format!("the file is sent in the part `{part}`; the gateway documents only `{documented}`");
        if files.len() > 1 {
            cx.report.findings.add(code::FILE_PART, &file.pointer, message);
        } else {
            let help =
                format!("if the gateway accepts only `{documented}`, add `{PART_NAME}: {documented}` in an overlay");
            cx.report.findings.add_with_help(code::FILE_PART, &file.pointer, message, help);
        }
    }
}

pub(super) fn has_file(document: Document<'_>, report: &mut Report<'_>, at: &str) -> bool {
    kinds_of(document, report, at).iter().any(|kind| matches!(kind, Kind::File | Kind::Files))
}

/// Returns the kinds of the values of a property. A schema that says that they are files says more than others that all values fit.
fn kinds_of_property(document: Document<'_>, report: &mut Report<'_>, property: &Property) -> Vec<Kind> {
    let mut each = property.places().map(|at| kinds_of(document, report, at));
    if property.is_choice() {
        return each.flatten().collect();
    }
    let first = each.next().unwrap_or_default();
    let is_file = |kinds: &Vec<Kind>| kinds.iter().any(|kind| matches!(kind, Kind::File | Kind::Files));
    if is_file(&first) { first } else { each.find(is_file).unwrap_or(first) }
}

/// Returns the kinds of a schema, of its alternatives and of list items.
fn kinds_of(document: Document<'_>, report: &mut Report<'_>, at: &str) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut open = vec![(at.to_owned(), false)];
    let mut seen: HashSet<(String, bool)> = HashSet::default();
    while let Some((at, in_list)) = open.pop() {
        let Ok((at, node)) = document.resolve(&at) else { continue };
        if !seen.insert((at.clone(), in_list)) || !report.take_steps(1, &at) {
            continue;
        }
        let count = |key: &str| node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let choice = ["oneOf", "anyOf"].into_iter().find(|key| count(key) > 0);
        let is_null = is_null(node);
        if (is_null || is_nullable(node)) && !in_list {
            kinds.push(Kind::Null);
        }
        // An `allOf` of one schema is a reference with keywords beside it.
        if let Some(key) = choice.or_else(|| (count("allOf") == 1).then_some("allOf")) {
            let list = pointer::join(&at, key);
            open.extend((0..count(key)).map(|index| (pointer::join(&list, &index.to_string()), in_list)));
        } else if View::of(node).is_some_and(|view| view.format() == "binary") {
            kinds.push(if in_list { Kind::Files } else { Kind::File });
        } else if node.get("items").is_some() && !in_list {
            open.push((pointer::join(&at, "items"), true));
        } else if !is_null {
            kinds.push(Kind::Other);
        }
    }
    kinds
}
