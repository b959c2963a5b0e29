//! Parameters in path, query, header and cookie.

use std::collections::hash_map::Entry;

use foldhash::HashMap;
use openapiv3::{Parameter, ParameterData, ParameterSchemaOrContent, PathStyle};
use serde_json::Value;

use super::{
    querystring::{docs_of_parameter, lower_querystring},
    style::query_style,
};
use crate::{
    budget::MAX_MEMBERS,
    diagnostic::code,
    ir::{Input, Origin, OriginRoot, QueryStyle, Slot, Type, ValueStyle},
    lower::{
        context::Cx,
        schema::{View, described, lower_schema},
    },
    read::{
        ledger::Read,
        media_type::admits_json,
        parse::{self, Document, OperationSite, is_querystring},
        pointer,
    },
};

/// OpenAPI requires that parameters of these names are ignored.
const RESERVED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Lowers the parameters of the path item and of the operation, which override them.
pub(super) fn lower_parameters(cx: &mut Cx<'_, '_>, site: &OperationSite<'_>, index: usize) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    let mut seen: HashMap<_, String> = HashMap::default();
    for level in site.levels() {
        let list = pointer::join(level, "parameters");
        let count = cx.document.node(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for position in 0..count {
            let at = pointer::join(&list, &position.to_string());
            if !cx.report.take_steps(1, &at) || inputs.len() > MAX_MEMBERS {
                return inputs;
            }
            match cx.document.parameter(&at) {
                Ok(mut parsed) => {
                    cx.report.failures(std::mem::take(&mut parsed.lost));
                    note_parameter(cx, &parsed.item, &parsed.pointer);
                    let found = if cx.document.node(&parsed.pointer).is_some_and(is_querystring) {
                        lower_querystring(cx, parsed, index)
                    } else {
                        lower_parameter(cx, parsed.item, parsed.pointer, index).into_iter().collect()
                    };
                    cx.report.take_text(found.iter().map(|input| input.docs.bytes()).sum(), &at);
                    for input in found {
                        match seen.entry((std::mem::discriminant(&input.slot), name_of(&input))) {
                            Entry::Vacant(entry) => {
                                entry.insert(list.clone());
                                inputs.push(input);
                            }
                            Entry::Occupied(entry) if *entry.get() == list => {
                                let message =
                                    format!("a second parameter has the name `{}`; the client ignores it", input.wire);
                                cx.report.add(code::MALFORMED, &at, message, "remove one of them in an overlay");
                            }
                            // The operation overrides the path item.
                            Entry::Occupied(_) => {}
                        }
                    }
                }
                Err(failure) => {
                    cx.report.ledger.note_object(&at, Read::WHOLE);
                    cx.report.failure(failure);
                }
            }
        }
    }
    report_whole_query(cx, &inputs);
    inputs
}

/// Returns the name that identifies an input. Header names are case-insensitive.
fn name_of(input: &Input) -> String {
    if matches!(input.slot, Slot::Header(_)) { input.wire.to_ascii_lowercase() } else { input.wire.clone() }
}

/// Notes what the client reads of a parameter in this place.
fn note_parameter(cx: &mut Cx<'_, '_>, parameter: &Parameter, at: &str) {
    let mut read = Read::BASE;
    match &parameter.parameter_data_ref().format {
        ParameterSchemaOrContent::Schema(_) => {
            read = read.and(Read::STYLE);
            if cx.document.is_32() || matches!(parameter, Parameter::Query { .. }) {
                read = read.and(Read::RESERVED);
            }
        }
        ParameterSchemaOrContent::Content(content) => {
            for media_type in content.keys() {
                let media = cx.document.media_type(at, media_type).unwrap_or_default();
                cx.report.ledger.note_object(&media, Read::BASE);
            }
        }
    }
    if matches!(parameter, Parameter::Query { .. }) {
        read = read.and(Read::EMPTY);
    }
    cx.report.ledger.note_object(at, read);
}

/// Reports a parameter that is the whole query beside others in the query.
fn report_whole_query(cx: &mut Cx<'_, '_>, inputs: &[Input]) {
    let in_query = inputs.iter().filter(|it| matches!(it.slot, Slot::Query { .. } | Slot::QueryString { .. })).count();
    let whole = inputs.iter().find(|input| matches!(input.slot, Slot::QueryString { .. }));
    if let Some(whole) = whole.filter(|_| in_query > 1) {
        let message = "`in: querystring` is the whole query, but there are other parameters in the query; all are sent";
        cx.report.add(code::PARAMETER_FORM, &whole.pointer, message, "leave one of them in an overlay");
    }
}

fn lower_parameter(cx: &mut Cx<'_, '_>, parameter: Parameter, at: String, index: usize) -> Option<Input> {
    let slot = slot_of(cx, &parameter, &at);
    let data = parameter.parameter_data();
    if matches!(slot, Slot::Header(_)) && RESERVED_HEADERS.contains(&data.name.to_ascii_lowercase().as_str()) {
        return None;
    }
    let origin = Origin { root: OriginRoot::Operation(index), path: vec![data.name.clone()] };
    let schema = match &data.format {
        ParameterSchemaOrContent::Schema(schema) => parse::schema_pointer(schema),
        ParameterSchemaOrContent::Content(content) => {
            content.values().next().and_then(|media| media.schema.as_ref()).and_then(parse::schema_pointer)
        }
    };
    let ty = schema.map_or(Type::Any, |schema| lower_schema(cx, schema, &origin));
    let ty = parameter_type(ty, slot);
    if let ParameterSchemaOrContent::Content(content) = &data.format
        && content.len() > 1
    {
        let all = content.keys().map(String::as_str).collect::<Vec<_>>().join("`, `");
        let message = format!("`content` has the media types `{all}`; the client uses only the first");
        cx.report.findings.add(code::MEDIA_TYPE, &at, message);
    }
    if let Some(media_type) = other_content(&data.format)
        && !cx.types.is_plain(&ty)
    {
        let message = format!("`content: {media_type}` is not supported for this value; it is sent as with `schema`");
        cx.report.add(code::PARAMETER_FORM, &at, message, "to send it in this form, declare a string in an overlay");
    }
    let docs = schema.map(|schema| described(cx, schema, &ty)).unwrap_or_default();
    let docs = docs_of_parameter(&data, docs);
    Some(Input {
        wire: data.name,
        sent_as: None,
        media_type: None,
        pointer: at,
        slot,
        ty,
        required: data.required,
        docs,
    })
}

/// Returns the place of a parameter, and its style.
fn slot_of(cx: &mut Cx<'_, '_>, parameter: &Parameter, at: &str) -> Slot {
    let data = parameter.parameter_data_ref();
    let explode = data.explode == Some(true);
    let content = match &data.format {
        ParameterSchemaOrContent::Content(content) => content.keys().next().map(String::as_str),
        ParameterSchemaOrContent::Schema(_) => None,
    };
    let is_json = content.is_some_and(admits_json);
    let simple = |explode| if is_json { ValueStyle::Json } else { ValueStyle::Simple { explode } };
    let has_own_style = content.is_none() && cx.document.node(at).is_some_and(has_cookie_style);
    let is_reserved = content.is_none() && is_reserved(cx, parameter, at, has_own_style);
    match parameter {
        Parameter::Path { style: PathStyle::Simple, .. } if is_reserved => Slot::Path(ValueStyle::Reserved { explode }),
        Parameter::Path { style, .. } => Slot::Path(match style {
            PathStyle::Label if content.is_none() => ValueStyle::Label { explode },
            PathStyle::Matrix if content.is_none() => ValueStyle::Matrix { explode },
            _ => simple(explode),
        }),
        Parameter::Header { .. } => Slot::Header(simple(explode)),
        Parameter::Cookie { .. } if has_own_style => {
            Slot::Cookie(ValueStyle::Plain { explode: data.explode != Some(false) })
        }
        // Cookies, as queries, are exploded by default.
        Parameter::Cookie { .. } => Slot::Cookie(simple(data.explode != Some(false))),
        Parameter::Query { style, allow_reserved, allow_empty_value, .. } => {
            if *allow_empty_value == Some(true) && !is_text(cx.document, data) {
                let message =
                    "`allowEmptyValue` is supported for strings only; the client cannot send this parameter empty";
                cx.report.add(code::PARAMETER_FORM, at, message, "to send it empty, declare a string in an overlay");
            }
            let style = if is_json { QueryStyle::Json } else { query_style(style, data.explode) };
            Slot::Query { style, reserved: *allow_reserved }
        }
    }
}

/// Whether reserved characters outside of the query stay unescaped, which OpenAPI allows since 3.2. Headers, and cookies with a
/// style of their own, are not escaped at all.
fn is_reserved(cx: &mut Cx<'_, '_>, parameter: &Parameter, at: &str, has_own_style: bool) -> bool {
    let says = cx.document.node(at).is_some_and(|node| node.get("allowReserved") == Some(&Value::Bool(true)));
    if !says || !cx.document.is_32() {
        return false;
    }
    let is_escaped = match parameter {
        Parameter::Path { style, .. } => *style != PathStyle::Simple,
        Parameter::Cookie { .. } => !has_own_style,
        Parameter::Query { .. } | Parameter::Header { .. } => false,
    };
    if is_escaped {
        let message = "`allowReserved` is not supported with this `style`; reserved characters are percent-encoded";
        cx.report.add(code::PARAMETER_FORM, at, message, "check that the server decodes them");
    }
    !is_escaped
}

/// Whether a cookie is sent as it is.
fn has_cookie_style(parameter: &Value) -> bool {
    parameter.get("style").is_some_and(|style| style == "cookie")
}

/// Whether a parameter is a text, which can be empty.
pub(crate) fn is_text(document: Document<'_>, data: &ParameterData) -> bool {
    let ParameterSchemaOrContent::Schema(schema) = &data.format else { return false };
    let schema = parse::schema_pointer(schema).and_then(|at| document.resolve(at).ok());
    schema.and_then(|(_, schema)| View::of(schema)).is_some_and(View::is_text)
}

/// Returns the type in a URL or header, where bytes are text, and `null` is absence outside of JSON.
fn parameter_type(ty: Type, slot: Slot) -> Type {
    let ty = ty.in_json();
    if slot.is_json_text() { ty } else { ty.split_nullable().0.clone() }
}

/// Returns the media type in `content` of a parameter, if it is not JSON.
fn other_content(format: &ParameterSchemaOrContent) -> Option<&str> {
    let ParameterSchemaOrContent::Content(content) = format else { return None };
    content.keys().next().map(String::as_str).filter(|media_type| !admits_json(media_type))
}
