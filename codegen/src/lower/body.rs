//! Request bodies: an inline object contributes its properties as inputs, a named schema is one input.

use openapiv3::{MediaType, RequestBody};
use serde_json::Value;

use super::{Lowering, docs_of};
use crate::{
    ir::{Docs, Input, Origin, OriginRoot, Slot, Type},
    parse::{self, At, OperationSite},
    pointer,
};

/// The wire forms of a body, from the one the generator prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Json,
    Multipart,
    Urlencoded,
    Text,
    Binary,
}

fn form_of(media_type: &str) -> Form {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" | "multipart/mixed" => Form::Multipart,
        "application/x-www-form-urlencoded" => Form::Urlencoded,
        "*/*" | "application/*" => Form::Json,
        json if json.ends_with("/json") || json.ends_with("+json") => Form::Json,
        text if text.starts_with("text/") => Form::Text,
        _ => Form::Binary,
    }
}

impl Lowering<'_, '_> {
    pub(super) fn lower_request_body(&mut self, site: &OperationSite<'_>, index: usize, inputs: &mut Vec<Input>) {
        let at = pointer::join(&site.pointer, "requestBody");
        if self.document.tree.pointer(&at).is_none() {
            return;
        }
        let At { pointer, item: body } = match self.document.request_body(&at) {
            Ok(body) => body,
            Err(failure) => return self.report(failure),
        };
        let Some((media_type, media)) = body.content.iter().min_by_key(|(media_type, _)| form_of(media_type)) else {
            return;
        };
        if body.content.len() > 1 {
            let others: Vec<_> = body.content.keys().filter(|it| *it != media_type).map(String::as_str).collect();
            self.unsupported(&pointer, format!("the body is sent as `{media_type}`, not as `{}`", others.join("`, `")));
        }
        let origin = Origin { root: OriginRoot::Operation(index), path: Vec::new() };
        let form = form_of(media_type);
        match form {
            Form::Text => inputs.push(whole_body(&body, &pointer, Slot::TextBody, Type::Text)),
            Form::Binary => inputs.push(whole_body(&body, &pointer, Slot::BinaryBody, Type::Binary)),
            Form::Json | Form::Multipart | Form::Urlencoded => {
                let schema = schema_of(media).unwrap_or_default();
                self.lower_structured_body(form, &body, &pointer, &schema, &origin, inputs);
            }
        }
    }

    fn lower_structured_body(
        &mut self,
        form: Form,
        body: &RequestBody,
        at: &str,
        schema: &str,
        origin: &Origin,
        inputs: &mut Vec<Input>,
    ) {
        let slot = match form {
            Form::Multipart => Slot::Part,
            Form::Urlencoded => Slot::FormField,
            _ => Slot::JsonField,
        };
        let is_named = self.document.tree.pointer(schema).is_some_and(|node| node.get("$ref").is_some());
        if slot == Slot::JsonField && is_named {
            let ty = self.lower_schema(schema, &origin.child("body"));
            inputs.push(whole_body(body, at, Slot::JsonBody, ty));
            return;
        }
        let Some((schema, properties)) = self.inline_properties(schema) else {
            if slot == Slot::JsonField {
                let ty = self.lower_schema(schema, &origin.child("body"));
                inputs.push(whole_body(body, at, Slot::JsonBody, ty));
            } else {
                self.unsupported(at, "the form has no properties that could be inputs; it is not sent");
            }
            return;
        };
        for (wire, required) in properties {
            let property_at = pointer::join(&pointer::join(&schema, "properties"), &wire);
            let docs = self.document.tree.pointer(&property_at).map(docs_of).unwrap_or_default();
            let ty = self.lower_schema(&property_at, &origin.child(&wire));
            let ty = if slot == Slot::JsonField { ty.in_json() } else { ty };
            inputs.push(Input { wire, pointer: property_at, slot, ty, required, docs });
        }
    }

    /// The properties of a plain object schema, and whether each is required. A form's schema may be a reference,
    /// because a form has no meaning as one input.
    fn inline_properties(&mut self, at: &str) -> Option<(String, Vec<(String, bool)>)> {
        let (at, node) = self.document.resolve(at).ok()?;
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
        let open = node.get("additionalProperties").is_some_and(|it| *it != Value::Bool(false));
        let properties = node.get("properties").and_then(Value::as_object)?;
        if composed || open || properties.is_empty() {
            return None;
        }
        let required: Vec<&str> =
            node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let read_only = |property: &Value| property.get("readOnly") == Some(&Value::Bool(true));
        let properties = properties
            .iter()
            .filter(|(_, property)| !read_only(property))
            .map(|(name, _)| (name.clone(), required.contains(&name.as_str())))
            .collect();
        Some((at, properties))
    }
}

fn schema_of(media: &MediaType) -> Option<String> {
    media.schema.as_ref().and_then(parse::schema_pointer).map(str::to_owned)
}

fn whole_body(body: &RequestBody, at: &str, slot: Slot, ty: Type) -> Input {
    let description = body.description.clone().filter(|text| !text.trim().is_empty());
    let docs = Docs { description, ..Docs::default() };
    Input { wire: "body".to_owned(), pointer: at.to_owned(), slot, ty, required: body.required, docs }
}
