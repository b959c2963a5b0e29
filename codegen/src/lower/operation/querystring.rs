//! Parameters that are the whole query. The properties of a form are inputs, as those of a form in a body are.

use openapiv3::{MediaType, Parameter, ParameterData, ParameterSchemaOrContent, RequestBody};

use super::{
    body::{lower_field, report_form},
    open::lower_open,
    structured::{Structured, writable_properties},
};
use crate::{
    diagnostic::code,
    ir::{Docs, Input, Origin, OriginRoot, QueryStyle, Slot, Text, Type},
    lower::{
        context::Cx,
        schema::{described, lower_schema},
    },
    read::{
        ledger::Read,
        media_type::{Form, admits_json, form_of},
        parse::{self, At},
    },
};

/// Returns the inputs of a query string.
pub(super) fn lower_querystring(cx: &mut Cx<'_, '_>, parsed: At<Parameter>, index: usize) -> Vec<Input> {
    let At { pointer: at, item, .. } = parsed;
    let data = item.parameter_data();
    let content = match &data.format {
        ParameterSchemaOrContent::Content(content) => content.iter().next(),
        ParameterSchemaOrContent::Schema(_) => None,
    };
    let Some((media_type, media)) = content else {
        let message =
            "`in: querystring` has no `content`, which says how the query is written; the client does not send it";
        cx.report.add(code::PARAMETER_FORM, &at, message, "add `content` to the parameter in an overlay");
        return Vec::new();
    };
    match form_of(media_type) {
        Form::Urlencoded => lower_form(cx, &data, media_type, media, &at, index),
        _ => vec![lower_whole(cx, &data, media_type, media, &at, index)],
    }
}

/// Returns an input for each property of a form, or one of all its members if it declares none.
fn lower_form(
    cx: &mut Cx<'_, '_>,
    data: &ParameterData,
    media_type: &str,
    media: &MediaType,
    at: &str,
    index: usize,
) -> Vec<Input> {
    let schema = media.schema.as_ref().and_then(parse::schema_pointer).unwrap_or_default();
    let writable = writable_properties(cx.document, &mut cx.report, schema);
    if writable.properties.is_empty() {
        let slot = Slot::Query { style: QueryStyle::Repeated, reserved: false };
        let mut input = lower_whole(cx, data, media_type, media, at, index);
        if input.ty == Type::Any {
            input.ty = Type::Object;
        }
        return vec![Input { slot, ..input }];
    }
    let media_at = cx.document.media_type(at, media_type).unwrap_or_default();
    cx.report.ledger.note_object(&media_at, Read::NAMES);
    let body = RequestBody { required: data.required, ..RequestBody::default() };
    let form = Structured { form: Form::Urlencoded, body: &body, media, media_type, at, media_at: &media_at };
    report_form(cx, &form, schema, true);
    let origin = Origin { root: OriginRoot::Operation(index), path: Vec::new() };
    let open = lower_open(cx, &form, &writable, &origin);
    let properties = writable.with_undeclared(&mut cx.report);
    let fields: Vec<Input> = properties.into_iter().map(|property| lower_field(cx, &form, property, &origin)).collect();
    let query = fields.into_iter().chain(open).map(|input| match input.slot {
        Slot::OpenFields => Input { slot: Slot::Query { style: QueryStyle::Repeated, reserved: false }, ..input },
        Slot::FormField(style) => {
            let slot = Slot::Query { style, reserved: false };
            Input { slot, required: input.required && data.required, ..input }
        }
        _ => input,
    });
    query.collect()
}

/// Returns one input for the whole query, which is the text of the media type.
fn lower_whole(
    cx: &mut Cx<'_, '_>,
    data: &ParameterData,
    media_type: &str,
    media: &MediaType,
    at: &str,
    index: usize,
) -> Input {
    let origin = Origin { root: OriginRoot::Operation(index), path: vec![data.name.clone()] };
    let schema = media.schema.as_ref().and_then(parse::schema_pointer);
    let json = admits_json(media_type);
    let ty = schema.map_or(Type::Any, |schema| lower_schema(cx, schema, &origin)).in_json();
    let ty = if json { ty } else { ty.split_nullable().0.clone() };
    let is_form = form_of(media_type) == Form::Urlencoded;
    let ty = if json || is_form || cx.types.is_plain(&ty) { ty } else { text_of(cx, &ty, media_type, at) };
    let docs = schema.map(|schema| described(cx, schema, &ty)).unwrap_or_default();
    let docs = docs_of_parameter(data, docs);
    Input {
        wire: data.name.clone(),
        sent_as: None,
        media_type: None,
        pointer: at.to_owned(),
        slot: Slot::QueryString { json },
        ty,
        required: data.required,
        docs,
    }
}

/// Returns text for a query in a format that the client does not write.
fn text_of(cx: &mut Cx<'_, '_>, ty: &Type, media_type: &str, at: &str) -> Type {
    if *ty != Type::Any {
        let message = format!("the client does not write `{media_type}`; the caller sets the text of the whole query");
        cx.report.add(code::PARAMETER_FORM, at, message, "to describe the text, declare a string in an overlay");
    }
    Type::Text
}

/// Returns the documentation of a parameter: its own description, or else that of its schema, and what the schema says besides.
pub(super) fn docs_of_parameter(data: &ParameterData, schema: Docs) -> Docs {
    let own = data.description.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Text::from);
    Docs {
        description: own.or(schema.description),
        deprecated: schema.deprecated || data.deprecated == Some(true),
        default: schema.default,
        limits: schema.limits,
        ..Docs::default()
    }
}
