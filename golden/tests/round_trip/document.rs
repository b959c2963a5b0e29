//! A case's document as a tree of JSON.

use std::{fs, path::Path};

use lowcodeapi_codegen::{Folder, Inputs, Source, bundle};
use serde_json::{Map, Value, json};

pub(crate) struct Document {
    tree: Value,
}

impl Document {
    pub(crate) fn read(case: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(case).join("openapi.yaml");
        let (text, files) = (fs::read_to_string(&path).unwrap(), Folder::of(&path).unwrap());
        let inputs = Inputs::new(Source { name: "openapi.yaml", text: &text }).files(&files);
        Self { tree: bundle(&inputs).tree.unwrap() }
    }

    pub(crate) fn is_31(&self) -> bool {
        self.tree["openapi"]
            .as_str()
            .is_some_and(|version| ["3.1", "3.2"].iter().any(|minor| version.starts_with(minor)))
    }

    /// The node at a pointer, whatever references stand on the way.
    pub(crate) fn node(&self, pointer: &str) -> Option<&Value> {
        self.tree.pointer(pointer)
    }

    /// The schema of a model. A variant also has the properties beside its `oneOf` or `anyOf`.
    pub(crate) fn model(&self, pointer: &str) -> Option<Value> {
        // What a base is by itself stands at its discriminator.
        let pointer = pointer.strip_suffix("/discriminator").unwrap_or(pointer);
        let node = self.node(pointer)?;
        // What all variants of an `anyOf` say together stands at the list.
        if let Some(variants) = node.as_array().filter(|_| pointer.ends_with("/anyOf")) {
            let beside = pointer.strip_suffix("/anyOf").and_then(|it| self.node(it)).and_then(beside);
            let objects = variants.iter().filter(|it| it.get("type").is_none_or(|type_| type_ == "object"));
            return Some(json!({"allOf": beside.iter().chain(objects).collect::<Vec<_>>()}));
        }
        let (list, _) = pointer.rsplit_once('/')?;
        let choice = list.strip_suffix("/oneOf").or_else(|| list.strip_suffix("/anyOf")).and_then(|it| self.node(it));
        Some(choice.and_then(beside).map_or_else(|| node.clone(), |beside| json!({"allOf": [beside, node]})))
    }

    /// The properties of a model that tell variants apart: discriminators of the document, and constants of the model.
    pub(crate) fn tags(&self, schema: &Value) -> Vec<String> {
        let mut tags = Vec::new();
        let mut open = vec![&self.tree];
        while let Some(node) = open.pop() {
            if let Some(property) = node.pointer("/discriminator/propertyName").and_then(Value::as_str) {
                tags.push(property.to_owned());
            }
            open.extend(node.as_object().into_iter().flat_map(Map::values));
            open.extend(node.as_array().into_iter().flatten());
        }
        let is_constant = |property: &Value| {
            property.get("const").is_some() || property["enum"].as_array().is_some_and(|values| values.len() == 1)
        };
        let properties = schema["properties"].as_object().into_iter().flatten();
        tags.extend(properties.filter(|(_, property)| is_constant(property)).map(|(name, _)| name.clone()));
        tags
    }

    /// The schema that a reference leads to, and its name there.
    pub(crate) fn target(&self, reference: &str) -> Option<&Value> {
        let decoded = reference.replace("%7B", "{").replace("%7D", "}").replace("%20", " ").replace("%C3%A4", "ä");
        self.node(decoded.strip_prefix('#')?)
    }
}

/// A choice without its variants, where it says of its own which properties there are.
pub(crate) fn beside(choice: &Value) -> Option<Value> {
    let says = choice.get("properties").is_some() || choice.get("additionalProperties").is_some_and(Value::is_object);
    let mut beside = choice.as_object().filter(|_| says)?.clone();
    beside.retain(|key, _| !["oneOf", "anyOf"].contains(&key.as_str()));
    Some(Value::Object(beside))
}
