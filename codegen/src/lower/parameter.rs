//! Parameters in path, query, header and cookie.

use openapiv3::{Parameter, ParameterSchemaOrContent, QueryStyle};
use serde_json::Value;

use super::Lowering;
use crate::{
    ir::{Docs, Input, ListStyle, Origin, OriginRoot, Slot, Type},
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
            Parameter::Path { .. } => Slot::Path,
            Parameter::Header { .. } => Slot::Header,
            Parameter::Cookie { .. } => Slot::Cookie,
            Parameter::Query { style, parameter_data, .. } => {
                Slot::Query(self.query_style(style, parameter_data.explode, &at))
            }
        };
        let data = parameter.parameter_data();
        if slot == Slot::Header && RESERVED_HEADERS.contains(&data.name.to_ascii_lowercase().as_str()) {
            return None;
        }
        let origin = Origin { root: OriginRoot::Operation(index), path: vec![data.name.clone()] };
        let ty = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => {
                let schema = parse::schema_pointer(schema).map(str::to_owned).unwrap_or_default();
                self.lower_schema(&schema, &origin)
            }
            ParameterSchemaOrContent::Content(_) => {
                self.unsupported(&at, "a parameter with `content` takes any JSON value, sent as text");
                Type::Any
            }
        };
        let ty = self.parameter_type(&ty, slot, &at);
        let description = data.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let docs = Docs { description, deprecated: data.deprecated.unwrap_or(false), ..Docs::default() };
        Some(Input { wire: data.name, pointer: at, slot, ty, required: data.required, docs })
    }

    fn query_style(&mut self, style: &QueryStyle, explode: Option<bool>, at: &str) -> ListStyle {
        match style {
            QueryStyle::Form if explode == Some(false) => ListStyle::Comma,
            QueryStyle::Form => ListStyle::Repeated,
            QueryStyle::SpaceDelimited => ListStyle::Space,
            QueryStyle::PipeDelimited => ListStyle::Pipe,
            QueryStyle::DeepObject => {
                self.unsupported(at, "`deepObject` is not expressed; the object is sent as JSON text");
                ListStyle::Repeated
            }
        }
    }

    /// A parameter is text on the wire: what has no plain text form is sent as JSON text, and said to be.
    fn parameter_type(&mut self, ty: &Type, slot: Slot, at: &str) -> Type {
        let (inner, _) = ty.split_nullable();
        let is_list = matches!(inner, Type::Array(_));
        let has_text_form = |ty: &Type| match ty {
            Type::Named(id) => matches!(self.types[id.0].shape, crate::ir::Shape::Enum(_)),
            other => !matches!(other, Type::Array(_) | Type::Map(_) | Type::Object | Type::Nullable(_)),
        };
        let is_fine = match inner {
            Type::Array(item) => matches!(slot, Slot::Query(_)) && has_text_form(item),
            other => has_text_form(other),
        };
        match inner {
            Type::Binary => Type::Text,
            _ if is_fine => inner.clone(),
            _ => {
                let what = if is_list { "list" } else { "object" };
                self.unsupported(at, format!("the {what} takes any JSON value, sent as JSON text"));
                Type::Any
            }
        }
    }
}

fn same_place(one: Slot, other: Slot) -> bool {
    one == other || matches!((one, other), (Slot::Query(_), Slot::Query(_)))
}
