//! Parameters in path, query, header and cookie.

use std::collections::HashSet;

use openapiv3::{Parameter, ParameterData, ParameterSchemaOrContent, PathStyle};
use serde_json::Value;

use super::response::is_json;
use crate::lower::{Lowering, docs_of};
use crate::{
    budget::MAX_MEMBERS,
    ir::{Docs, Input, Origin, OriginRoot, QueryStyle, Shape, Slot, Type, ValueStyle},
    read::{
        parse::{self, OperationSite},
        pointer,
    },
};

/// OpenAPI gives these headers to other parts of the document, so parameters of these names are to be ignored.
const RESERVED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl Lowering<'_, '_> {
    /// The operation's own parameters and those of its path item, which the own ones override.
    pub(in crate::lower) fn lower_parameters(&mut self, site: &OperationSite<'_>, index: usize) -> Vec<Input> {
        let mut inputs: Vec<Input> = Vec::new();
        let mut seen = HashSet::new();
        for list in [pointer::join(&site.pointer, "parameters"), pointer::join(&site.item_pointer, "parameters")] {
            let count = self.document.node(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for position in 0..count {
                let at = pointer::join(&list, &position.to_string());
                if !self.take_steps(1, &at) || inputs.len() > MAX_MEMBERS {
                    return inputs;
                }
                match self.document.parameter(&at) {
                    Ok(parsed) => {
                        self.report_all(parsed.lost);
                        let input = self.lower_parameter(parsed.item, parsed.pointer, index);
                        self.take_text(input.as_ref().map_or(0, |input| input.docs.bytes()), &at);
                        let mut is_new = |it: &Input| seen.insert((std::mem::discriminant(&it.slot), it.wire.clone()));
                        inputs.extend(input.filter(|input| is_new(input)));
                    }
                    Err(failure) => self.report(failure),
                }
            }
        }
        inputs
    }

    fn lower_parameter(&mut self, parameter: Parameter, at: String, index: usize) -> Option<Input> {
        let slot = self.slot_of(&parameter, &at);
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
        let ty = schema.map_or(Type::Any, |schema| self.lower_schema(schema, &origin));
        let ty = self.parameter_type(ty, slot, &at);
        if let Some(media_type) = other_content(&data.format)
            && !self.is_plain(&ty)
        {
            let message = format!("the value is sent as one without `content`, not as `{media_type}`");
            self.unsupported(&at, message);
        }
        let schema = schema.and_then(|schema| self.document.resolve(schema).ok());
        let default = schema.and_then(|(_, schema)| docs_of(schema).default);
        let description = data.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let docs = Docs { description, deprecated: data.deprecated.unwrap_or(false), default, ..Docs::default() };
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

    /// Where a parameter goes, and how it is written there.
    fn slot_of(&mut self, parameter: &Parameter, at: &str) -> Slot {
        let data = parameter.parameter_data_ref();
        let explode = data.explode == Some(true);
        let content = match &data.format {
            ParameterSchemaOrContent::Content(content) => content.keys().next().map(String::as_str),
            ParameterSchemaOrContent::Schema(_) => None,
        };
        let is_json = content.is_some_and(is_json);
        let simple = |explode| if is_json { ValueStyle::Json } else { ValueStyle::Simple { explode } };
        match parameter {
            Parameter::Path { style, .. } => Slot::Path(match style {
                PathStyle::Label if content.is_none() => ValueStyle::Label { explode },
                PathStyle::Matrix if content.is_none() => ValueStyle::Matrix { explode },
                _ => simple(explode),
            }),
            Parameter::Header { .. } => Slot::Header(simple(explode)),
            // In cookies, as in queries, values are exploded unless the document says otherwise.
            Parameter::Cookie { .. } => Slot::Cookie(simple(data.explode != Some(false))),
            Parameter::Query { style, allow_reserved, allow_empty_value, .. } => {
                if *allow_empty_value == Some(true) && !self.is_text(data) {
                    self.unsupported(at, "`allowEmptyValue` is not expressed for a value that is no text");
                }
                let style = if is_json { QueryStyle::Json } else { query_style(style, data.explode) };
                Slot::Query { style, reserved: *allow_reserved }
            }
        }
    }

    /// Whether a parameter is text, which can be empty.
    fn is_text(&self, data: &ParameterData) -> bool {
        let ParameterSchemaOrContent::Schema(schema) = &data.format else { return false };
        let schema = parse::schema_pointer(schema).and_then(|at| self.document.resolve(at).ok());
        schema.is_some_and(|(_, schema)| schema.get("type").is_some_and(|type_| type_ == "string"))
    }

    /// The type without what a URL or a header cannot tell: `null` is the same as absence there, bytes are text.
    fn parameter_type(&mut self, ty: Type, slot: Slot, at: &str) -> Type {
        let ty = ty.in_json();
        let (ty, _) = ty.split_nullable();
        let is_nested = match ty {
            Type::Array(item) => self.has_members(item),
            _ => false,
        };
        let is_json = matches!(
            slot,
            Slot::Query { style: QueryStyle::Deep | QueryStyle::Json, .. }
                | Slot::Path(ValueStyle::Json)
                | Slot::Header(ValueStyle::Json)
                | Slot::Cookie(ValueStyle::Json)
        );
        if is_nested && !is_json {
            self.unsupported(at, "the items of the list have members; each is sent as JSON text");
        }
        ty.clone()
    }

    /// Whether values of the type are text, or written as one in one way alone.
    pub(in crate::lower) fn is_plain(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(id) => matches!(self.types[id.0].shape, Shape::Enum(_) | Shape::IntegerEnum(_)),
            other => !matches!(other, Type::Any | Type::Array(_) | Type::Map(_) | Type::Object),
        }
    }

    /// Whether values of the type are lists or objects.
    pub(in crate::lower) fn has_members(&self, ty: &Type) -> bool {
        match ty.split_nullable().0 {
            Type::Named(id) => matches!(self.types[id.0].shape, Shape::Struct(_)),
            other => matches!(other, Type::Array(_) | Type::Map(_) | Type::Object),
        }
    }
}

/// The media type of a parameter that is to be written as one, and as no JSON.
fn other_content(format: &ParameterSchemaOrContent) -> Option<&str> {
    let ParameterSchemaOrContent::Content(content) = format else { return None };
    content.keys().next().map(String::as_str).filter(|media_type| !is_json(media_type))
}

/// The style of a value in a query or a form, exploded or not where the document says which.
pub(in crate::lower) fn query_style(style: &openapiv3::QueryStyle, explode: Option<bool>) -> QueryStyle {
    use openapiv3::QueryStyle as Declared;
    match style {
        Declared::Form if explode == Some(false) => QueryStyle::Comma,
        Declared::SpaceDelimited if explode != Some(true) => QueryStyle::Space,
        Declared::PipeDelimited if explode != Some(true) => QueryStyle::Pipe,
        Declared::DeepObject => QueryStyle::Deep,
        _ => QueryStyle::Repeated,
    }
}
