//! JSON Schemas of inputs and results.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, Files, Form, Operation};

impl Catalogue {
    /// Returns the JSON Schema of an operation's inputs: an object with a property for each, and with the types that it
    /// refers to in `$defs`. Properties that only the server sends are left out; a call accepts them and does not send them,
    /// so that a value of a result can be changed and sent back. A file is described by what [`Inputs`](super::Inputs) reads, unless `file` gives another
    /// schema for it.
    pub fn input_schema(&self, operation: &Operation, file: Option<&Value>) -> Value {
        let mut properties = Map::new();
        for input in operation.inputs {
            let schema = match input.file {
                None => self.parse(input.schema),
                Some(files) => {
                    let file = file.cloned().unwrap_or_else(file_schema);
                    let mut schema = match files {
                        Files::One => file,
                        Files::Many => json!({"type": "array", "items": file}),
                    };
                    if let (Some(schema), false) = (schema.as_object_mut(), input.description.is_empty()) {
                        schema.insert("description".to_owned(), input.description.into());
                    }
                    schema
                }
            };
            properties.insert(input.name.to_owned(), schema);
        }
        let required: Vec<&str> =
            operation.inputs.iter().filter(|input| input.is_required).map(|input| input.name).collect();
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema["additionalProperties"] = false.into();
        self.with_definitions(schema, READ_ONLY)
    }

    /// Returns the JSON Schema of an operation's result, with the types that it refers to in `$defs`. `None` if no
    /// success has JSON. Several results are alternatives. Properties that only the caller sends are left out.
    pub fn result_schema(&self, operation: &Operation) -> Option<Value> {
        let results = operation.results.iter().filter(|result| result.form == Form::Json);
        let mut schemas: Vec<Value> = results.map(|result| self.parse(result.schema)).collect();
        let schema = if schemas.len() > 1 { json!({"anyOf": schemas}) } else { schemas.pop()? };
        Some(self.with_definitions(schema, WRITE_ONLY))
    }

    /// Returns the schema of a message or an error with the types that it refers to, directly or not, in `$defs`. Properties that
    /// only the caller sends are left out.
    pub fn resolved(&self, schema: &str) -> Value {
        self.with_definitions(self.parse(schema), WRITE_ONLY)
    }

    /// Returns the JSON Schema of a named type, whose references are not resolved.
    pub fn definition(&self, name: &str) -> Option<Value> {
        let index = self.schemas.binary_search_by_key(&name, |(name, _)| name).ok()?;
        Some(self.parse(self.schemas[index].1))
    }

    /// Reads a schema that the generator wrote. An empty text, or one that is not JSON, allows any value.
    #[expect(clippy::unused_self, reason = "the texts are those of the catalogue")]
    fn parse(&self, schema: &str) -> Value {
        serde_json::from_str(schema).unwrap_or_else(|_| json!({}))
    }

    /// Adds the definitions that a schema refers to, and removes the properties with this mark.
    fn with_definitions(&self, mut schema: Value, mark: &str) -> Value {
        remove_marked(&mut schema, mark);
        let mut definitions = Map::new();
        let mut wanted = BTreeSet::new();
        references(&schema, &mut wanted);
        while let Some(name) = wanted.pop_first() {
            if definitions.contains_key(&name) {
                continue;
            }
            let mut definition = self.definition(&name).unwrap_or_else(|| json!({}));
            remove_marked(&mut definition, mark);
            references(&definition, &mut wanted);
            definitions.insert(name, definition);
        }
        if let (Some(schema), false) = (schema.as_object_mut(), definitions.is_empty()) {
            schema.insert("$defs".to_owned(), definitions.into());
        }
        schema
    }
}

/// The marks of properties that only the server sends, and that only the caller sends.
const READ_ONLY: &str = "readOnly";
const WRITE_ONLY: &str = "writeOnly";

/// Removes the properties with a mark from the objects that a schema describes, in the forms that the generator writes.
fn remove_marked(schema: &mut Value, mark: &str) {
    let Value::Object(schema) = schema else { return };
    let mut removed: Vec<String> = Vec::new();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let is_marked = |property: &Value| property.get(mark) == Some(&Value::Bool(true));
        removed.extend(properties.iter().filter(|(_, property)| is_marked(property)).map(|(name, _)| name.clone()));
        properties.retain(|_, property| !is_marked(property));
        properties.values_mut().for_each(|property| remove_marked(property, mark));
    }
    if let (Some(Value::Array(required)), false) = (schema.get_mut("required"), removed.is_empty()) {
        required.retain(|name| name.as_str().is_none_or(|name| !removed.iter().any(|it| it == name)));
        if required.is_empty() {
            schema.remove("required");
        }
    }
    for key in ["items", "additionalProperties"] {
        schema.get_mut(key).into_iter().for_each(|inner| remove_marked(inner, mark));
    }
    for key in ["allOf", "anyOf", "prefixItems"] {
        let list = schema.get_mut(key).and_then(Value::as_array_mut);
        list.into_iter().flatten().for_each(|inner| remove_marked(inner, mark));
    }
}

/// The schema of a file, as `Inputs` reads it.
fn file_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "The file name."},
            "text": {"type": "string", "description": "The content of a text file."},
            "base64": {"type": "string", "description": "The content of any file, in Base64."},
            "content_type": {"type": "string", "description": "The media type; by default that of the file name."}
        },
        "required": ["name"]
    })
}

/// Adds the names of the types that a schema refers to.
fn references(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/$defs/")) {
                names.insert(name.to_owned());
            }
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}
