//! Reads schemas: references, `allOf`, types.

use serde_json::{Map, Value};

/// The maximum number of consecutive `$ref` or nested `allOf`; more are a cycle.
const MAX_HOPS: usize = 32;

/// The document's tree, which contains all targets of `$ref`.
#[derive(Debug)]
pub(crate) struct Schemas {
    tree: Value,
}

/// The JSON type that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

/// An object schema merged with its `allOf`.
#[derive(Debug, Default)]
pub(crate) struct Object<'a> {
    pub(crate) properties: Vec<(&'a str, &'a Value)>,
    pub(crate) required: Vec<&'a str>,
    /// The schema of additional properties; `None` if they are not allowed.
    pub(crate) additional: Option<&'a Value>,
}

impl Object<'_> {
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.required.contains(&name)
    }
}

impl<'a> Object<'a> {
    pub(crate) fn property(&self, name: &str) -> Option<&'a Value> {
        self.properties.iter().find(|(key, _)| *key == name).map(|(_, schema)| *schema)
    }
}

impl Schemas {
    pub(crate) fn new(tree: Value) -> Self {
        Self { tree }
    }

    pub(crate) fn tree(&self) -> &Value {
        &self.tree
    }

    /// Follows `$ref`. An unresolved one means any value, so that the rest of the gateway keeps working.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return node };
            let Some(fragment) = reference.strip_prefix('#') else { return &Value::Null };
            let pointer = crate::path::decode(fragment);
            let Some(target) = self.tree.pointer(&pointer) else { return &Value::Null };
            node = target;
        }
        &Value::Null
    }

    pub(crate) fn kind(&self, schema: &Value) -> Kind {
        let schema = self.resolve(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => Kind::Object,
            Some("array") => Kind::Array,
            Some("string") => Kind::String,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            _ if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() => Kind::Object,
            _ if schema.get("items").is_some() => Kind::Array,
            _ => {
                let parts = list(schema, "allOf").map(|part| self.kind_within(part));
                parts.into_iter().find(|kind| *kind != Kind::Any).unwrap_or(Kind::Any)
            }
        }
    }

    /// One level of `allOf` suffices to determine the type, and cannot recurse.
    fn kind_within(&self, part: &Value) -> Kind {
        let part = self.resolve(part);
        if part.get("allOf").is_some() { Kind::Object } else { self.kind(part) }
    }

    /// Returns whether the schema describes the content of a file.
    pub(crate) fn is_binary(&self, schema: &Value) -> bool {
        self.resolve(schema).get("format").and_then(Value::as_str) == Some("binary")
    }

    /// Returns the schema of an array's items.
    pub(crate) fn items<'a>(&'a self, schema: &'a Value) -> &'a Value {
        self.resolve(schema).get("items").unwrap_or(&Value::Null)
    }

    /// Returns the object that a schema describes, or `None` if it describes something else.
    pub(crate) fn object<'a>(&'a self, schema: &'a Value) -> Option<Object<'a>> {
        if self.kind(schema) != Kind::Object {
            return None;
        }
        let mut object = Object::default();
        self.collect(schema, &mut object, &mut Vec::new());
        // An object without properties is free-form.
        if object.properties.is_empty() && object.additional.is_none() && !self.is_closed(schema) {
            object.additional = Some(&Value::Null);
        }
        Some(object)
    }

    fn collect<'a>(&'a self, schema: &'a Value, object: &mut Object<'a>, seen: &mut Vec<*const Value>) {
        let schema = self.resolve(schema);
        // A part that contains itself, or that occurs more than once, adds nothing the second time.
        if seen.contains(&std::ptr::from_ref(schema)) {
            return;
        }
        seen.push(schema);
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            object.properties.retain(|(known, _)| known != name);
            object.properties.push((name, property));
        }
        object.required.extend(list(schema, "required").filter_map(Value::as_str));
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => {}
            Some(further) => object.additional = Some(further),
        }
        list(schema, "allOf").for_each(|part| self.collect(part, object, seen));
    }

    fn is_closed(&self, schema: &Value) -> bool {
        self.resolve(schema).get("additionalProperties") == Some(&Value::Bool(false))
    }
}

/// Returns the items of a list in a node, or none if it is not a list.
pub(crate) fn list<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    node.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Returns the members of an object in a node, or none if it is not an object.
pub(crate) fn members<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Returns a string in a node.
pub(crate) fn text<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kind, Schemas};

    #[test]
    fn circles_and_broken_references_end_as_any_value() {
        let schemas = Schemas::new(json!({
            "a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"allOf": [{"$ref": "#/c"}], "type": "object"}
        }));
        assert_eq!(schemas.kind(&json!({"$ref": "#/a"})), Kind::Any);
        assert_eq!(schemas.kind(&json!({"$ref": "#/nowhere"})), Kind::Any);
        assert_eq!(schemas.kind(&json!({"$ref": "other.json#/a"})), Kind::Any);
        assert!(schemas.object(&json!({"$ref": "#/c"})).is_some());
    }

    #[test]
    fn all_of_is_one_object() {
        let schemas = Schemas::new(json!({"base": {"type": "object", "properties": {"id": {}}, "required": ["id"]}}));
        let schema = json!({"allOf": [{"$ref": "#/base"}, {"properties": {"name": {"type": "string"}}}]});
        let object = schemas.object(&schema).expect("an object");
        assert!(object.requires("id") && object.property("name").is_some() && object.additional.is_none());
    }
}
