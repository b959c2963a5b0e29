//! Parameters in path, query, header and cookie.

use openapiv3::{Parameter, ParameterData, ParameterSchemaOrContent, PathStyle};
use serde_json::Value;

use super::Lowering;
use crate::{
    ir::{Docs, Input, Origin, OriginRoot, QueryStyle, Shape, Slot, Type},
    parse::{self, OperationSite},
    pointer,
};

/// OpenAPI gives these headers to other parts of the document, so parameters of these names are to be ignored.
const RESERVED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl Lowering<'_, '_> {
    /// The operation's own parameters and those of its path item, which the own ones override.
    pub(super) fn lower_parameters(&mut self, site: &OperationSite<'_>, index: usize) -> Vec<Input> {
        let mut inputs: Vec<Input> = Vec::new();
        for list in [pointer::join(&site.pointer, "parameters"), pointer::join(&site.item_pointer, "parameters")] {
            let count = self.document.tree.pointer(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for position in 0..count {
                let at = pointer::join(&list, &position.to_string());
                match self.document.parameter(&at) {
                    Ok(parsed) => {
                        let input = self.lower_parameter(parsed.item, parsed.pointer, index);
                        let is_new =
                            |it: &Input| !inputs.iter().any(|had| had.wire == it.wire && same_place(had.slot, it.slot));
                        inputs.extend(input.filter(is_new));
                    }
                    Err(failure) => self.report(failure),
                }
            }
        }
        inputs
    }

    fn lower_parameter(&mut self, parameter: Parameter, at: String, index: usize) -> Option<Input> {
        let slot = match &parameter {
            Parameter::Path { style, .. } => {
                if *style != PathStyle::Simple {
                    self.unsupported(&at, "the path style is not expressed; the value is written as in style `simple`");
                }
                Slot::Path { explode: parameter.parameter_data_ref().explode == Some(true) }
            }
            Parameter::Header { parameter_data, .. } => Slot::Header { explode: parameter_data.explode == Some(true) },
            Parameter::Cookie { .. } => Slot::Cookie,
            Parameter::Query { style, parameter_data, allow_reserved, .. } => {
                if *allow_reserved {
                    self.unsupported(&at, "`allowReserved` is not expressed; reserved characters are percent-encoded");
                }
                Slot::Query(query_style(style, parameter_data))
            }
        };
        let data = parameter.parameter_data();
        if matches!(slot, Slot::Header { .. }) && RESERVED_HEADERS.contains(&data.name.to_ascii_lowercase().as_str()) {
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
        let description = data.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let docs = Docs { description, deprecated: data.deprecated.unwrap_or(false), ..Docs::default() };
        Some(Input { wire: data.name, sent_as: None, pointer: at, slot, ty, required: data.required, docs })
    }

    /// The type without what a URL or a header cannot tell: `null` is the same as absence there, bytes are text.
    fn parameter_type(&mut self, ty: Type, slot: Slot, at: &str) -> Type {
        let ty = ty.in_json();
        let (ty, _) = ty.split_nullable();
        let is_nested = match ty {
            Type::Array(item) => self.has_members(item),
            _ => false,
        };
        if is_nested && !matches!(slot, Slot::Query(QueryStyle::Deep | QueryStyle::Json)) {
            self.unsupported(at, "the items of the list have members; each is sent as JSON text");
        }
        ty.clone()
    }

    /// Whether values of the type are lists or objects.
    fn has_members(&self, ty: &Type) -> bool {
        match ty.split_nullable().0 {
            Type::Named(id) => matches!(self.types[id.0].shape, Shape::Struct(_)),
            other => matches!(other, Type::Array(_) | Type::Map(_) | Type::Object),
        }
    }
}

fn query_style(style: &openapiv3::QueryStyle, data: &ParameterData) -> QueryStyle {
    use openapiv3::QueryStyle as Declared;
    match style {
        _ if matches!(data.format, ParameterSchemaOrContent::Content(_)) => QueryStyle::Json,
        Declared::Form if data.explode == Some(false) => QueryStyle::Comma,
        Declared::SpaceDelimited if data.explode != Some(true) => QueryStyle::Space,
        Declared::PipeDelimited if data.explode != Some(true) => QueryStyle::Pipe,
        Declared::DeepObject => QueryStyle::Deep,
        _ => QueryStyle::Repeated,
    }
}

fn same_place(one: Slot, other: Slot) -> bool {
    one == other || matches!((one, other), (Slot::Query(_), Slot::Query(_)))
}
