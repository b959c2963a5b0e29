//! Request bodies: an inline object contributes its properties as inputs, a named schema is one input.

use std::collections::HashSet;

use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use super::{parameter::query_style, response::essence_of};
use crate::lower::{Lowering, docs_of};
use crate::{
    diagnostic::code,
    input::Profile,
    ir::{Docs, Input, Origin, OriginRoot, QueryStyle, Slot, Type},
    read::{
        parse::{self, At, OperationSite},
        pointer,
    },
};

/// The wire forms of a body, from the one the generator prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lower) enum Form {
    Json,
    Multipart,
    Urlencoded,
    Text,
    Binary,
}

pub(in crate::lower) fn form_of(media_type: &str) -> Form {
    let essence = essence_of(media_type).to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" | "multipart/mixed" | "multipart/*" => Form::Multipart,
        "application/x-www-form-urlencoded" => Form::Urlencoded,
        "*/*" | "application/*" => Form::Json,
        json if json.ends_with("/json") || json.ends_with("+json") => Form::Json,
        text if text.starts_with("text/") => Form::Text,
        _ => Form::Binary,
    }
}

/// Whether a media type is a kind of JSON that has a name of its own.
fn is_special_json(media_type: &str) -> bool {
    let essence = essence_of(media_type);
    form_of(media_type) == Form::Json && !essence.contains('*') && !essence.eq_ignore_ascii_case("application/json")
}

/// Whether a body has parts, and is no form.
fn is_other_multipart(media_type: &str) -> bool {
    let essence = essence_of(media_type).to_ascii_lowercase();
    essence.starts_with("multipart/") && !matches!(essence.as_str(), "multipart/form-data" | "multipart/*")
}

/// A body that is put together from properties.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Structured<'a> {
    pub(in crate::lower) form: Form,
    pub(in crate::lower) body: &'a RequestBody,
    pub(in crate::lower) media: &'a MediaType,
    pub(in crate::lower) media_type: &'a str,
    pub(in crate::lower) at: &'a str,
}

impl Lowering<'_, '_> {
    /// Adds the inputs of the body; gives the media type of a JSON body that has another one than JSON's own.
    pub(in crate::lower) fn lower_request_body(
        &mut self,
        site: &OperationSite<'_>,
        index: usize,
        inputs: &mut Vec<Input>,
    ) -> Option<String> {
        let at = pointer::join(&site.pointer, "requestBody");
        self.document.node(&at)?;
        let At { pointer, item: body, lost } = match self.document.request_body(&at) {
            Ok(body) => body,
            Err(failure) => {
                self.report(failure);
                return None;
            }
        };
        self.report_all(lost);
        // A merge patch is no patch for a server that is told of plain JSON; where plain JSON is one of several, it is
        // the simplest. What has any media type says nothing of those that are there beside it.
        let rank = |(media_type, _): &(&String, &MediaType)| {
            let is_special = is_special_json(media_type) || is_other_multipart(media_type);
            (form_of(media_type), is_special, media_type.contains('*'))
        };
        let (media_type, media) = body.content.iter().min_by_key(rank)?;
        let origin = Origin { root: OriginRoot::Operation(index), path: Vec::new() };
        let form = if self.is_raw(media_type, media) { Form::Binary } else { form_of(media_type) };
        // A file is sent as any of these.
        let is_file = |it: &str| form == Form::Binary && form_of(it) == Form::Binary && !is_other_multipart(it);
        let is_sent = |it: &&String| *it == media_type || is_file(it);
        let (sent, others): (Vec<_>, Vec<_>) = body.content.keys().partition(is_sent);
        if !others.is_empty() {
            let (sent, others) = (joined(&sent, "`, `"), joined(&others, "`, `"));
            self.findings.add(code::MEDIA_TYPE, &pointer, format!("the body is sent as `{sent}`, not as `{others}`"));
        }
        match form {
            Form::Text => {
                let media_type = Some(media_type.clone());
                inputs.push(Input { media_type, ..whole_body(&body, &pointer, Slot::TextBody, Type::Text) });
            }
            Form::Binary => {
                if is_other_multipart(media_type) {
                    let message = format!(
                        "`{media_type}` is not put together from its parts: the upload is the whole body, and its media type, with the boundary, is the caller's to set"
                    );
                    self.unsupported(&pointer, message);
                }
                // Ranges alone leave the file what it is.
                let is_told = sent.iter().any(|it| !it.contains('*'));
                let media_type = is_told.then(|| joined(&sent, ", "));
                inputs.push(Input { media_type, ..whole_body(&body, &pointer, Slot::BinaryBody, Type::Binary) });
            }
            Form::Json | Form::Multipart | Form::Urlencoded => {
                let structured = Structured { form, body: &body, media, media_type, at: &pointer };
                self.lower_structured_body(&structured, &origin, inputs);
            }
        }
        (form == Form::Json && is_special_json(media_type)).then(|| media_type.clone())
    }

    /// Whether a body that could be JSON is a file, or a text of any media type, which would not be sent in quotes.
    fn is_raw(&self, media_type: &str, media: &MediaType) -> bool {
        let schema = media.schema.as_ref().and_then(parse::schema_pointer);
        let schema = schema.and_then(|at| self.document.resolve(at).ok()).map(|(_, schema)| schema);
        let is = |key: &str, value: &str| schema.is_some_and(|it| it.get(key).is_some_and(|it| it == value));
        form_of(media_type) == Form::Json
            && is("type", "string")
            && (is("format", "binary") || media_type.contains('*'))
    }

    fn lower_structured_body(&mut self, given: &Structured<'_>, origin: &Origin, inputs: &mut Vec<Input>) {
        let schema = given.media.schema.as_ref().and_then(parse::schema_pointer).unwrap_or_default();
        let properties = self.writable_properties(schema);
        // The gateway's converter writes some uploads as JSON bodies, which can hold no file.
        let given = &Structured { form: self.form_by_files(given, &properties), ..*given };
        let is_named = self.document.node(schema).is_some_and(|node| node.get("$ref").is_some());
        if given.form == Form::Json && (is_named || !self.is_plain_object(schema)) {
            let ty = self.lower_schema(schema, &origin.child("body")).in_json();
            inputs.push(whole_body(given.body, given.at, Slot::JsonBody, ty));
            return;
        }
        if given.form != Form::Json {
            self.report_form(given, schema, !properties.is_empty());
        }
        if is_other_multipart(given.media_type) {
            let media_type = given.media_type;
            self.unsupported(given.at, format!("the body is sent as `multipart/form-data`, not as `{media_type}`"));
        }
        let first = inputs.len();
        for (property_at, required) in properties {
            let wire = pointer::keys(&property_at).next_back().unwrap_or_default();
            let input = match given.form {
                Form::Multipart => self.lower_part(given, wire, property_at, required, origin),
                _ => self.lower_field(given, wire, property_at, required, origin),
            };
            inputs.push(input);
        }
        self.report_file_parts(inputs.get(first..).unwrap_or_default());
    }

    /// A property of a JSON body, or a field of an urlencoded one.
    fn lower_field(
        &mut self,
        given: &Structured<'_>,
        wire: String,
        at: String,
        required: bool,
        origin: &Origin,
    ) -> Input {
        let docs = self.document.node(&at).map(docs_of).unwrap_or_default();
        let ty = self.lower_schema(&at, &origin.child(&wire));
        let (slot, ty) = if given.form == Form::Urlencoded {
            let style = self.form_style(given, &wire, ty.split_nullable().0);
            (Slot::FormField(style), ty.in_json().split_nullable().0.clone())
        } else {
            (Slot::JsonField, ty.in_json())
        };
        Input { wire, sent_as: None, media_type: None, pointer: at, slot, ty, required, docs }
    }

    /// The form of a body, corrected by whether it has a file: the gateway takes no multipart body without one, its
    /// converter takes every alias with `media` in it for an upload, and it writes some uploads as JSON.
    fn form_by_files(&mut self, given: &Structured<'_>, properties: &[(String, bool)]) -> Form {
        let (Profile::LowCodeApi, Form::Json | Form::Multipart) = (self.profile, given.form) else { return given.form };
        if properties.is_empty() {
            return given.form;
        }
        let has_file = properties.iter().any(|(at, _)| self.has_file(at));
        let corrected = if has_file { Form::Multipart } else { Form::Json };
        if corrected != given.form {
            let form = if corrected == Form::Json {
                "JSON, because it has no file"
            } else {
                "multipart, because it has a file"
            };
            self.findings.add(code::REPAIR_BODY_FORM, given.at, format!("the body is sent as {form}"));
        }
        corrected
    }

    /// How a field of an urlencoded body is written: as its `encoding` says, else as servers read it that take lists and
    /// objects in forms.
    fn form_style(&self, given: &Structured<'_>, wire: &str, ty: &Type) -> QueryStyle {
        let encoding = given.media.encoding.get(wire);
        if encoding.and_then(|it| it.content_type.as_deref()).is_some_and(|it| form_of(it) == Form::Json) {
            return QueryStyle::Json;
        }
        let path = ["content", given.media_type, "encoding", wire, "explode"];
        let at = path.iter().fold(given.at.to_owned(), |at, key| pointer::join(&at, key));
        let explode = self.document.node(&at).and_then(Value::as_bool);
        match encoding.and_then(|it| it.style.as_ref()) {
            Some(style) => query_style(style, explode),
            None if explode == Some(false) => QueryStyle::Comma,
            None => match ty {
                Type::Array(item) if !self.has_members(item) => QueryStyle::Repeated,
                _ => QueryStyle::Deep,
            },
        }
    }

    /// Whether a schema is an object of its own properties alone, which can be inputs each.
    fn is_plain_object(&self, at: &str) -> bool {
        let Ok((_, node)) = self.document.resolve(at) else { return false };
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
        let has_properties = node.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
        has_properties && !composed && !is_open(node)
    }

    /// Says what of a form cannot be sent: it has no meaning as one input.
    fn report_form(&mut self, given: &Structured<'_>, schema: &str, has_inputs: bool) {
        let node = self.document.resolve(schema).map_or(&Value::Null, |(_, node)| node);
        let is_empty = node.get("properties").and_then(Value::as_object).is_some_and(Map::is_empty);
        if has_inputs && ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some()) {
            self.findings.add(code::NOT_CHECKED, given.at, "which fields of the form stand together is not checked");
        }
        if has_inputs && is_open(node) {
            self.unsupported(given.at, "properties that the form does not declare cannot be sent");
        } else if !has_inputs && (!is_empty || is_open(node)) {
            self.unsupported(given.at, "the form has no properties that could be inputs; it is not sent");
        }
    }

    /// The pointers of the properties of a schema and of what it is composed of, and whether each is required. A property
    /// of one variant among others is not.
    fn writable_properties(&mut self, at: &str) -> Vec<(String, bool)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut names: HashSet<&str> = HashSet::new();
        let mut required: HashSet<&str> = HashSet::new();
        let mut seen: HashSet<String> = HashSet::new();
        let mut open = vec![(at.to_owned(), true)];
        while let Some((at, is_sure)) = open.pop() {
            let Ok((at, Value::Object(schema))) = self.document.resolve(&at) else { continue };
            let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            let properties = schema.get("properties").and_then(Value::as_object);
            let steps = members("allOf") + members("oneOf") + members("anyOf") + properties.map_or(0, Map::len);
            if !seen.insert(at.clone()) || !self.take_steps(1 + steps, &at) {
                continue;
            }
            let listed = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            required.extend(listed.filter_map(Value::as_str).filter(|_| is_sure));
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            for (wire, property) in properties {
                let is_read_only = property.get("readOnly") == Some(&Value::Bool(true));
                if !is_read_only && names.insert(wire) {
                    found.push((wire.clone(), pointer::join(&pointer::join(&at, "properties"), wire)));
                }
            }
            for (key, is_sure) in [("anyOf", false), ("oneOf", false), ("allOf", is_sure)] {
                let list = pointer::join(&at, key);
                open.extend((0..members(key)).rev().map(|index| (pointer::join(&list, &index.to_string()), is_sure)));
            }
        }
        found.into_iter().map(|(wire, at)| (at, required.contains(&wire.as_str()))).collect()
    }
}

/// Whether an object can have properties that are not declared, by its own words.
fn is_open(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|it| *it != Value::Bool(false))
}

fn joined(media_types: &[&String], separator: &str) -> String {
    media_types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(separator)
}

fn whole_body(body: &RequestBody, at: &str, slot: Slot, ty: Type) -> Input {
    let description = body.description.clone().filter(|text| !text.trim().is_empty());
    let docs = Docs { description, ..Docs::default() };
    let (wire, pointer) = ("body".to_owned(), at.to_owned());
    Input { wire, sent_as: None, media_type: None, pointer, slot, ty, required: body.required, docs }
}
