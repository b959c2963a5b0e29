//! JSON Schemas of inputs and results.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, Files, Form, Operation};

impl Catalogue {
    /// Returns the JSON Schema of an operation's inputs: an object with a property for each, and with the types that it
    /// refers to in `$defs`. A file is described by what [`Inputs`](super::Inputs) reads, unless `file` gives another
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
        self.with_definitions(schema)
    }

    /// Returns the JSON Schema of an operation's result, with the types that it refers to in `$defs`. `None` if no
    /// success has JSON. Several results are alternatives.
    pub fn result_schema(&self, operation: &Operation) -> Option<Value> {
        let results = operation.results.iter().filter(|result| result.form == Form::Json);
        let mut schemas: Vec<Value> = results.map(|result| self.parse(result.schema)).collect();
        let schema = if schemas.len() > 1 { json!({"anyOf": schemas}) } else { schemas.pop()? };
        Some(self.with_definitions(schema))
    }

    /// Returns a schema of the catalogue with the types that it refers to, directly or not, in `$defs`.
    pub fn resolved(&self, schema: &str) -> Value {
        self.with_definitions(self.parse(schema))
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

    fn with_definitions(&self, mut schema: Value) -> Value {
        let mut definitions = Map::new();
        let mut wanted = BTreeSet::new();
        references(&schema, &mut wanted);
        while let Some(name) = wanted.pop_first() {
            if definitions.contains_key(&name) {
                continue;
            }
            let definition = self.definition(&name).unwrap_or_else(|| json!({}));
            references(&definition, &mut wanted);
            definitions.insert(name, definition);
        }
        if let (Some(schema), false) = (schema.as_object_mut(), definitions.is_empty()) {
            schema.insert("$defs".to_owned(), definitions.into());
        }
        schema
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
