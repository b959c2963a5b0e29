//! Reads objects: `key=value`, JSON or YAML.

use lowcodeapi_runtime::catalogue::{Catalogue, Operation};
use serde_json::{Map, Value};

use super::{
    source::{Given, Origin},
    value,
};
use crate::{failure::Failure, table::Opt};

/// How many references are followed to a schema.
const MAX_STEPS: usize = 16;

/// What one value of an object's option says.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// The whole object, or an item of a list.
    Whole(Value),
    /// One property.
    Property(String, Value),
}

/// The JSON Schema of an option's value.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    catalogue: &'a Catalogue,
    schema: Value,
}

impl<'a> Shape<'a> {
    /// Returns the schema of an option's value. It is empty if the catalogue does not know one.
    pub(super) fn of(catalogue: &'a Catalogue, operation: &Operation, option: &Opt) -> Self {
        let schema = operation.input(option.input).map(|input| input.schema).unwrap_or_default();
        let schema = serde_json::from_str(schema).unwrap_or(Value::Null);
        let input = Self { catalogue, schema };
        option.path.iter().fold(input, |shape, name| shape.property(name))
    }

    /// Returns whether the value is a list.
    pub(super) fn is_list(&self) -> bool {
        self.is("array") && !self.is("object")
    }

    fn is(&self, wanted: &str) -> bool {
        match &self.followed()["type"] {
            Value::String(name) => name == wanted,
            Value::Array(names) => names.iter().any(|name| name == wanted),
            _ => false,
        }
    }

    /// Returns the schema that a reference, or the only alternative to `null`, leads to.
    fn followed(&self) -> Value {
        let mut schema = self.schema.clone();
        // A document may have a reference to itself.
        for _ in 0..MAX_STEPS {
            let name = schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/"));
            let next = match name {
                Some(name) => self.catalogue.definition(name),
                None => not_null(&schema["anyOf"]).or_else(|| not_null(&schema["oneOf"])).cloned(),
            };
            let Some(next) = next else { break };
            schema = next;
        }
        schema
    }

    fn property(&self, name: &str) -> Self {
        let mut schema = self.followed();
        let property = match schema["properties"].get_mut(name).map(Value::take) {
            Some(property) => property,
            None => schema["additionalProperties"].take(),
        };
        Self { catalogue: self.catalogue, schema: property }
    }

    /// Reads the value of a property: as text, unless the schema asks for something else.
    fn read(&self, text: &str) -> Value {
        let wants = |names: &[&str]| names.iter().any(|name| self.is(name));
        if !self.is("string") && wants(&["integer", "number", "boolean", "object", "array"]) {
            return value::structured(text).unwrap_or_else(|_| Value::from(text));
        }
        Value::from(text)
    }
}

/// Returns the only alternative that is not `null`.
fn not_null(alternatives: &Value) -> Option<&Value> {
    let mut others = alternatives.as_array()?.iter().filter(|schema| schema["type"] != "null");
    others.next().filter(|_| others.next().is_none())
}

/// Reads one value of an object's option.
pub(super) fn read(option: &Opt, given: &Given, shape: &Shape<'_>) -> Result<Said, Failure> {
    let text = given.text.as_str();
    let is_structured = text.trim_start().starts_with(['{', '[']) || given.origin != Origin::CommandLine;
    if !is_structured && let Some((key, property)) = text.split_once('=') {
        return match key {
            "" => Err(value::mistake(option, given, "`KEY=VALUE` with a key")),
            _ => Ok(Said::Property(key.to_owned(), shape.property(key).read(property))),
        };
    }
    let whole = value::read(option, given)?;
    if whole.is_object() || (whole.is_array() && shape.is_list()) {
        return Ok(Said::Whole(whole));
    }
    Err(value::mistake(option, given, "`KEY=VALUE`, or an object as JSON or YAML"))
}

/// Returns the value of several values: objects are merged in their order, and lists are joined.
pub(super) fn join(said: Vec<Said>, shape: &Shape<'_>) -> Value {
    if shape.is_list() {
        let items = said.into_iter().flat_map(|said| match said {
            Said::Whole(Value::Array(items)) => items,
            Said::Whole(item) => vec![item],
            Said::Property(key, value) => vec![Value::Object(Map::from_iter([(key, value)]))],
        });
        return items.collect();
    }
    let mut object = Map::new();
    for said in said {
        match said {
            Said::Whole(Value::Object(properties)) => object.extend(properties),
            Said::Whole(_) => {}
            Said::Property(key, value) => {
                object.insert(key, value);
            }
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::{Input, Place};
    use serde_json::json;

    use super::*;
    use crate::{fixture::CATALOGUE, table::Kind};

    fn object(schema: &'static str, texts: &[&str]) -> Result<Value, String> {
        let inputs: &'static [Input] = vec![Input::new("x", "x", Place::Field, schema)].leak();
        let operation = Operation::new("x", "POST", "/x").inputs(inputs);
        let option = Opt::new("x", "x", Kind::Object, "").many();
        let shape = Shape::of(&CATALOGUE, &operation, &option);
        let said: Result<Vec<Said>, Failure> = texts
            .iter()
            .map(|text| read(&option, &Given { text: (*text).to_owned(), origin: Origin::CommandLine }, &shape))
            .collect();
        said.map(|said| join(said, &shape)).map_err(|failure| failure.message)
    }

    #[test]
    fn properties_have_the_types_of_the_schema() {
        let author = r##"{"$ref":"#/$defs/Author"}"##;
        assert_eq!(object(author, &["name=5", "age=36"]), Ok(json!({"name": "5", "age": 36})));
        assert_eq!(object(author, &["age=old"]), Ok(json!({"age": "old"})), "the client refuses it");
        assert_eq!(object("{}", &["a=1", "b=x=y", "c="]), Ok(json!({"a": "1", "b": "x=y", "c": ""})));
        let flags = r#"{"type":"object","additionalProperties":{"type":["boolean","null"]}}"#;
        assert_eq!(object(flags, &["a=true"]), Ok(json!({"a": true})));
    }

    #[test]
    fn objects_are_merged_in_order() {
        assert_eq!(object("{}", &[r#"{"a": 1, "b": 2}"#, "a=x", "{c: 3}"]), Ok(json!({"a": "x", "b": 2, "c": 3})));
        assert!(object("{}", &["=x"]).unwrap_err().contains("with a key"));
        assert!(object("{}", &["hello"]).unwrap_err().contains("expected `KEY=VALUE`, or an object"));
        assert!(object("{}", &["[1]"]).is_err());
    }

    #[test]
    fn lists_of_objects_are_joined() {
        let list = r##"{"type":"array","items":{"$ref":"#/$defs/Author"}}"##;
        let nullable = r##"{"anyOf":[{"type":"null"},{"type":"array","items":{"$ref":"#/$defs/Author"}}]}"##;
        assert_eq!(object(nullable, &[r#"{"name": "Ada"}"#]), Ok(json!([{"name": "Ada"}])));
        let items = object(list, &[r#"{"name": "Ada"}"#, r#"[{"name": "Grace"}]"#, "name=Edsger"]);
        assert_eq!(items, Ok(json!([{"name": "Ada"}, {"name": "Grace"}, {"name": "Edsger"}])));
    }
}
