//! Request bodies. Properties of an inline object are inputs; a named schema is one input.

use openapiv3::{MediaType, RequestBody};
use serde_json::Value;

use super::{
    framing::{described_by, framing_of},
    open::lower_open,
    part::{Encoded, has_file, lower_part, lower_part_headers, report_file_parts},
    place::{Places, lower_places},
    structured::{Property, Structured, is_plain_object, writable_properties},
    style::query_style,
    untyped::{lower_text_or_report, report_untyped},
};
use crate::{
    diagnostic::code,
    ir::{self, BodyForm, Docs, Framing, Input, Origin, OriginRoot, QueryStyle, Slot, Text, Type},
    lower::{
        context::{Cx, is_flat},
        schema::{View, limits_at, lower_schema, report_conditions},
    },
    read::{
        ledger::Read,
        media_type::{Form, JSON, admits_json, essence_of, form_of, is_json, is_other_multipart, is_special_json},
        parse::{self, At, Document, OperationSite},
        pointer,
    },
};

/// Adds the inputs of the body, and returns what is known besides.
pub(super) fn lower_request_body(
    cx: &mut Cx<'_, '_>,
    site: &OperationSite<'_>,
    index: usize,
    inputs: &mut Vec<Input>,
) -> ir::RequestBody {
    lower_body(cx, site, index, inputs).unwrap_or_default()
}

fn lower_body(
    cx: &mut Cx<'_, '_>,
    site: &OperationSite<'_>,
    index: usize,
    inputs: &mut Vec<Input>,
) -> Option<ir::RequestBody> {
    let at = pointer::join(&site.pointer, "requestBody");
    cx.document.node(&at)?;
    let At { pointer, item: body, lost } = match cx.document.request_body(&at) {
        Ok(body) => body,
        Err(failure) => {
            cx.report.failure(failure);
            return None;
        }
    };
    cx.report.failures(lost);
    cx.report.ledger.note_object(&pointer, Read::BASE);
    // A server does not apply plain JSON as a merge patch. If plain JSON is one of several, it is the simplest. A range
    // comes last.
    let rank = |(media_type, _): &(&String, &MediaType)| {
        let is_special = is_special_json(media_type) || is_other_multipart(media_type);
        (form_of(media_type), is_special, media_type.contains('*'))
    };
    let (media_type, media) = body.content.iter().min_by_key(rank)?;
    let origin = Origin { root: OriginRoot::Operation(index), path: Vec::new() };
    let media_at = cx.document.media_type(&pointer, media_type).unwrap_or_default();
    let has_places = has_parts_by_place(cx.document, &media_at, media_type);
    let places = Places::of(cx.document, &media_at, media_type);
    let is_raw = has_places || is_raw(cx.document, media_type, media);
    let form = form_of_body(cx, media_type, media, (places.is_some(), is_raw));
    report_range(cx, media_type, &media_at);
    let items = lower_items(cx, media_type, &media_at, &origin);
    // A file may have any of these.
    let is_any_file = form == Form::Binary && items.is_none();
    let is_file = |it: &str| is_any_file && form_of(it) == Form::Binary && !is_other_multipart(it);
    let is_sent = |it: &&String| *it == media_type || is_file(it);
    let (sent, others): (Vec<_>, Vec<_>) = body.content.keys().partition(is_sent);
    let is_set_whole = form == Form::Binary && (has_places || is_other_multipart(media_type));
    report_content(cx, &sent, &others, &pointer, is_set_whole);
    if let Some((framing, items)) = items {
        let ty = Type::Array(Box::new(items));
        let body = whole_body(&body, &pointer, Slot::ItemsBody(framing), ty);
        inputs.push(Input { media_type: Some(media_type.clone()), ..body });
        return None;
    }
    if let Some(places) = places {
        return Some(lower_places(cx, &places, (&body, media_type, &media_at), &origin, inputs));
    }
    match form {
        Form::Text => {
            let ty = lower_text_or_report(cx, media_type, media, &origin.child("body"));
            let media_type = Some(media_type.clone());
            inputs.push(Input { media_type, ..whole_body(&body, &pointer, Slot::TextBody, ty) });
        }
        Form::Binary => {
            report_untyped(cx, [(media_type, media)]);
            if is_set_whole {
                report_parts(cx, media_type, has_places, &pointer);
            }
            // With ranges only, the media type of the file is kept.
            let is_told = sent.iter().any(|it| !it.contains('*'));
            let media_type = is_told.then(|| joined(&sent, ", "));
            inputs.push(Input { media_type, ..whole_body(&body, &pointer, Slot::BinaryBody, Type::Binary) });
        }
        Form::Json | Form::Multipart | Form::Urlencoded => {
            let structured = Structured { form, body: &body, media, media_type, at: &pointer, media_at: &media_at };
            return Some(lower_structured_body(cx, &structured, &origin, inputs));
        }
    }
    None
}

/// Notes what the client reads of these media types.
fn note_content(cx: &mut Cx<'_, '_>, body: &str, media_types: &[&String], read: Read) {
    for media_type in media_types {
        if let Some(at) = cx.document.media_type(body, media_type) {
            cx.report.ledger.note_object(&at, read);
        }
    }
}

/// Returns the form in which a body is sent. Text of a form is sent as it is, and parts without names are set as a whole.
fn form_of_body(cx: &mut Cx<'_, '_>, media_type: &str, media: &MediaType, (is_by_place, is_raw): (bool, bool)) -> Form {
    let schema = media.schema.as_ref().and_then(parse::schema_pointer);
    let view = schema.and_then(|at| cx.document.resolve(at).ok()).and_then(|(_, schema)| View::of(schema));
    match form_of(media_type) {
        _ if is_by_place => Form::Multipart,
        _ if is_raw => Form::Binary,
        Form::Urlencoded if view.is_some_and(View::is_text) => Form::Text,
        _ if is_other_multipart(media_type) => {
            let writable = schema.map(|schema| writable_properties(cx.document, &mut cx.report, schema));
            if writable.is_some_and(|it| !it.properties.is_empty()) { Form::Multipart } else { Form::Binary }
        }
        form => form,
    }
}

fn report_range(cx: &mut Cx<'_, '_>, media_type: &str, at: &str) {
    if is_json(media_type) && media_type.contains('*') {
        let message = format!("`{media_type}` is a range; the body is sent as `{JSON}`");
        let help = "to send another media type, set the header `Content-Type` of the request";
        cx.report.findings.add_with_help(code::MEDIA_TYPE, at, message, help);
    }
}

/// Notes the media types that the client sends, and reports the others.
fn report_content(cx: &mut Cx<'_, '_>, sent: &[&String], others: &[&String], at: &str, is_set_whole: bool) {
    note_content(cx, at, sent, if is_set_whole { Read::WHOLE } else { Read::BASE });
    if others.is_empty() {
        return;
    }
    note_content(cx, at, others, Read::WHOLE);
    let (sent, others) = (joined(sent, "`, `"), joined(others, "`, `"));
    let message = format!("`content` has several media types; the body is sent as `{sent}`, not as `{others}`");
    let help = format!("to send another one, remove `{sent}` in an overlay");
    cx.report.findings.add_with_help(code::MEDIA_TYPE, at, message, help);
}

fn report_parts(cx: &mut Cx<'_, '_>, media_type: &str, has_places: bool, at: &str) {
    let parts = if has_places { "parts by position, which `itemSchema` and the encodings describe" } else { "parts" };
    let message = format!(
        "`{media_type}` is not assembled from {parts}: the caller sets the whole body, and the media type with its boundary"
    );
    let help =
        "to have an input for each part, declare an object with `properties`, or an array of them, in an overlay";
    cx.report.add(code::BODY_FORM, at, message, help);
}

/// Returns the framing and the type of the items of a body, if the document describes them: by `itemSchema`, or by the schema
/// of the whole body. If that is a text, or describes lines by their places or in several ways, the caller sets the lines as they
/// are sent.
fn lower_items(cx: &mut Cx<'_, '_>, media_type: &str, media_at: &str, origin: &Origin) -> Option<(Framing, Type)> {
    let framing = framing_of(media_type).filter(|framing| *framing != Framing::Events)?;
    let described = described_by(cx, media_at, Read::BASE)?;
    let Some(whole) = &described.whole else { return Some((framing, described.lower(cx, &origin.child("item")))) };
    let (_, node) = cx.document.resolve(whole).ok()?;
    let is_list = |schema: &Value| schema.get("type").is_some_and(|ty| ty == "array");
    let resolved = |schema: &Value| match schema.get("$ref").and_then(Value::as_str).and_then(pointer::from_reference) {
        Some(at) => cx.document.resolve(&at).is_ok_and(|(_, schema)| is_list(schema)),
        None => is_list(schema),
    };
    let mut choices = ["oneOf", "anyOf"].iter().filter_map(|key| node.get(key)?.as_array()).flatten();
    if node.get("prefixItems").is_some() || choices.any(resolved) {
        return None;
    }
    View::of(node)?.says_structure().then(|| (framing, described.lower(cx, &origin.child("body"))))
}

/// Whether the document describes the parts of a multipart body by their places, and not by their names.
fn has_parts_by_place(document: Document<'_>, at: &str, media_type: &str) -> bool {
    let media = document.node(at);
    let has = |key: &str| media.is_some_and(|media| media.get(key).is_some());
    form_of(media_type) == Form::Multipart
        && ["itemSchema", "prefixEncoding", "itemEncoding"].iter().any(|key| has(key))
}

/// Whether a body that could be JSON is a file, or a text that is sent without quotes.
fn is_raw(document: Document<'_>, media_type: &str, media: &MediaType) -> bool {
    let schema = media.schema.as_ref().and_then(parse::schema_pointer);
    let schema = schema.and_then(|at| document.resolve(at).ok()).and_then(|(_, schema)| View::of(schema));
    admits_json(media_type)
        && schema.is_some_and(|it| it.is_text() && (it.format() == "binary" || media_type.contains('*')))
}

fn lower_structured_body(
    cx: &mut Cx<'_, '_>,
    given: &Structured<'_>,
    origin: &Origin,
    inputs: &mut Vec<Input>,
) -> ir::RequestBody {
    let schema = given.media.schema.as_ref().and_then(parse::schema_pointer).unwrap_or_default();
    let writable = writable_properties(cx.document, &mut cx.report, schema);
    // The gateway's converter writes some uploads as JSON bodies, which cannot hold a file.
    let given = &Structured { form: form_by_files(cx, given, &writable.properties), ..*given };
    let is_named = cx.document.node(schema).is_some_and(|node| node.get("$ref").is_some());
    if given.form == Form::Json && (is_named || !is_plain_object(cx.document, schema)) {
        let ty = lower_schema(cx, schema, &origin.child("body")).in_json();
        let mut body = whole_body(given.body, given.at, Slot::JsonBody, ty);
        body.docs.limits = limits_at(cx, &[schema.to_owned()]);
        inputs.push(body);
        return ir::RequestBody { form: None, ..request_body(given) };
    }
    if let Ok((at, Value::Object(schema))) = cx.document.resolve(schema) {
        report_conditions(&mut cx.report, schema, &at);
        if given.form == Form::Json && (View { node: schema }).allows_null() {
            let message = "`null` is a value of this body, which the client does not send, because it has an input for each property";
            let help = "to have one input for the body, refer to a component in an overlay";
            cx.report.findings.add_with_help(code::BODY_FORM.as_note(), at, message, help);
        }
    }
    let open = if given.form == Form::Json { None } else { lower_open(cx, given, &writable, origin) };
    let properties = writable.with_undeclared(&mut cx.report);
    if given.form != Form::Json {
        cx.report.ledger.note_object(given.media_at, Read::NAMES);
        report_form(cx, given, schema, !properties.is_empty());
    }
    report_always_sent(cx, given, properties.iter().any(|property| property.required));
    let first = inputs.len();
    for property in properties {
        if given.form == Form::Multipart {
            let at = given.encoding_at(&property.wire);
            let encoding = Encoded { at: &at, is_named: true };
            let part = lower_part(cx, encoding, property, origin);
            let headers = lower_part_headers(cx, encoding, &part, origin);
            inputs.push(part);
            inputs.extend(headers);
        } else {
            inputs.push(lower_field(cx, given, property, origin));
        }
    }
    report_file_parts(cx, inputs.get(first..).unwrap_or_default());
    inputs.extend(open);
    request_body(given)
}

/// Reports a body that the document calls optional, and that has an argument of the method. Many documents do not say whether a body is
/// required.
fn report_always_sent(cx: &mut Cx<'_, '_>, given: &Structured<'_>, has_required: bool) {
    let says_optional =
        cx.document.node(given.at).is_some_and(|body| body.get("required") == Some(&Value::Bool(false)));
    if has_required && says_optional {
        let message = "the body is optional, and always sent, because some of its properties are required";
        let help = "to have one input for the body, refer to a component in an overlay";
        cx.report.findings.add_with_help(code::BODY_FORM.as_note(), given.at, message, help);
    }
}

fn request_body(given: &Structured<'_>) -> ir::RequestBody {
    let media_type = given.media_type;
    let (form, is_special) = match given.form {
        Form::Multipart => (Some(BodyForm::Multipart), is_other_multipart(media_type)),
        Form::Urlencoded => (Some(BodyForm::Urlencoded), false),
        _ => (Some(BodyForm::Json), is_special_json(media_type) && !media_type.contains('*')),
    };
    let media_type = is_special.then(|| {
        if given.form == Form::Multipart { essence_of(media_type).to_ascii_lowercase() } else { media_type.to_owned() }
    });
    ir::RequestBody { form, media_type, required: given.body.required }
}

/// Lowers a property of a JSON body, or a field of an urlencoded one.
pub(super) fn lower_field(cx: &mut Cx<'_, '_>, given: &Structured<'_>, property: Property, origin: &Origin) -> Input {
    let ty = property.lower(cx, origin);
    let docs = property.described(cx, &ty);
    let at = property.at().to_owned();
    let Property { wire, required, .. } = property;
    let (slot, ty) = if given.form == Form::Urlencoded {
        let style = form_style(cx, given, &wire, ty.split_nullable().0);
        let (slot, ty) = (Slot::FormField(style), ty.in_json());
        let ty = if slot.is_json_text() { ty } else { ty.split_nullable().0.clone() };
        (slot, ty)
    } else {
        (Slot::JsonField, ty.in_json())
    };
    Input { wire, sent_as: None, media_type: None, pointer: at, slot, ty, required, docs }
}

/// Returns the form of a body. In some profiles a file decides it.
fn form_by_files(cx: &mut Cx<'_, '_>, given: &Structured<'_>, properties: &[Property]) -> Form {
    let is_derived = cx.profile.derives_form_of_body() && matches!(given.form, Form::Json | Form::Multipart);
    if !is_derived || properties.is_empty() {
        return given.form;
    }
    let has_file = properties.iter().any(|it| it.places().any(|at| has_file(cx.document, &mut cx.report, at)));
    let corrected = if has_file { Form::Multipart } else { Form::Json };
    if corrected != given.form {
        let form =
            if corrected == Form::Json { "no file; it is sent as JSON" } else { "a file; it is sent as multipart" };
        cx.report.findings.add(code::REPAIR_BODY_FORM, given.at, format!("the body has {form}"));
    }
    corrected
}

/// Returns the style of a field of an urlencoded body: that of `encoding`, else the usual style for lists and objects
/// in forms.
fn form_style(cx: &mut Cx<'_, '_>, given: &Structured<'_>, wire: &str, ty: &Type) -> QueryStyle {
    let encoding = given.media.encoding.get(wire);
    let is_json = encoding.and_then(|it| it.content_type.as_deref()).is_some_and(admits_json);
    if encoding.is_some() {
        let read = if is_json { Read::MEDIA_TYPE } else { Read::STYLE };
        cx.report.ledger.note_object(&given.encoding_at(wire), read.and(Read::RESERVED));
    }
    if encoding.is_some_and(|it| it.allow_reserved) {
        let message =
            "`allowReserved` has no effect: the client percent-encodes reserved characters, which servers decode";
        cx.report.findings.add(code::IGNORED_KEYWORD.as_note(), given.encoding_at(wire), message);
    }
    if is_json {
        return QueryStyle::Json;
    }
    let explode = cx.document.node(&given.encoding_at(wire)).and_then(|encoding| encoding.get("explode")?.as_bool());
    match encoding.and_then(|it| it.style.as_ref()) {
        Some(style) => query_style(style, explode),
        None if explode == Some(false) => QueryStyle::Comma,
        None if is_flat(&cx.types.defs, ty) => QueryStyle::Repeated,
        None => QueryStyle::Deep,
    }
}

/// Reports what the client does not check of a form.
pub(super) fn report_form(cx: &mut Cx<'_, '_>, given: &Structured<'_>, schema: &str, has_inputs: bool) {
    let node = cx.document.resolve(schema).map_or(&Value::Null, |(_, node)| node);
    if has_inputs && ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some()) {
        let message = "`oneOf` or `anyOf` restricts which fields occur together; the client does not check it";
        cx.report.findings.add(code::NOT_CHECKED, given.at, message);
    }
}

fn joined(media_types: &[&String], separator: &str) -> String {
    media_types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(separator)
}

fn whole_body(body: &RequestBody, at: &str, slot: Slot, ty: Type) -> Input {
    let description = body.description.as_deref().filter(|text| !text.trim().is_empty()).map(Text::from);
    let docs = Docs { description, ..Docs::default() };
    let (wire, pointer) = ("body".to_owned(), at.to_owned());
    Input { wire, sent_as: None, media_type: None, pointer, slot, ty, required: body.required, docs }
}
