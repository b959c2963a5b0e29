//! The JSON Schemas of tools.

mod conform;
mod inline;
mod trim;
mod walk;

use lowcodeapi_runtime::catalogue::{Catalogue, Form, Input, Operation};
use serde_json::{Map, Value, json};

pub(crate) use self::conform::conforms;
use self::{
    inline::inline,
    trim::{relax, trim},
    walk::each,
};

/// Returns the schema of an operation's inputs without secrets. `file` is the schema of a file that is not sent inline.
/// Descriptions have at most `limit` characters.
pub(crate) fn inputs(catalogue: &Catalogue, operation: &Operation, file: Option<&Value>, limit: usize) -> Value {
    let mut schema = catalogue.input_schema(operation, file);
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for input in operation.inputs {
            if input.is_secret {
                properties.shift_remove(input.name);
            } else if let Some(Value::Object(property)) = properties.get_mut(input.name) {
                describe(property, input, file.is_some());
            }
        }
    }
    each(&mut schema, &mut without_passwords);
    inline(&mut schema);
    trim(&mut schema, limit);
    schema
}

fn describe(property: &mut Map<String, Value>, input: &Input, are_paths: bool) {
    if are_paths && input.file.is_some() {
        let text = format!("A path in the folder for files. {}", input.description);
        property.insert("description".to_owned(), text.trim_end().into());
    } else if !input.description.is_empty() && !property.contains_key("description") {
        property.insert("description".to_owned(), input.description.into());
    }
}

/// Removes properties that are passwords, unless their object needs them.
fn without_passwords(schema: &mut Map<String, Value>) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|it| it == name));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, property| property["format"] != "password" || is_required(name));
    }
}

/// Returns the schema of an operation's structured result: an object with the JSON in `result`. `None` if the operation
/// may return something else than JSON or nothing.
pub(crate) fn result(catalogue: &Catalogue, operation: &Operation, limit: usize) -> Option<Value> {
    if operation.results.iter().any(|result| !matches!(result.form, Form::Json | Form::Empty)) {
        return None;
    }
    let mut schema = catalogue.result_schema(operation)?;
    let definitions = schema.as_object_mut().and_then(|it| it.shift_remove("$defs"));
    let mut wrapped = json!({"properties": {"result": schema}});
    if let Some(definitions) = definitions {
        wrapped["$defs"] = definitions;
    }
    inline(&mut wrapped);
    relax(&mut wrapped);
    trim(&mut wrapped, limit);
    // Not before, because a structured result is never null.
    wrapped["type"] = "object".into();
    Some(wrapped)
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::{Outcome, Place};

    use super::*;

    #[test]
    fn secrets_are_no_inputs() {
        static SIGN: Operation = Operation::new("sign", "POST", "/sign").inputs(&[
            Input::new("key", "key", Place::Query, r#"{"type":"string"}"#).secret(),
            Input::new(
                "user",
                "user",
                Place::Field,
                r#"{"type":"object","properties":{"name":{"type":"string"},"secret":{"type":"string","format":"password"}}}"#,
            ),
        ]);
        static CATALOGUE: Catalogue = Catalogue::new("s", "S", "https://s.example", "S", &[&SIGN]);
        let schema = inputs(&CATALOGUE, &SIGN, None, 100);
        let user = json!({"type": "object", "properties": {"name": {"type": "string"}}});
        assert_eq!(schema["properties"], json!({"user": user}));
    }

    #[test]
    fn recursive_results_keep_their_definitions() {
        static TREE: Operation = Operation::new("tree", "GET", "/tree")
            .results(&[Outcome::json(r##"{"$ref":"#/$defs/Tree"}"##, None), Outcome::new(Form::Empty)]);
        static CATALOGUE: Catalogue = Catalogue::new("t", "T", "https://t.example", "T", &[&TREE]).schemas(&[(
            "Tree",
            r##"{"type":"object","properties":{"left":{"$ref":"#/$defs/Tree"}},"required":["left"]}"##,
        )]);
        let schema = result(&CATALOGUE, &TREE, 0).unwrap();
        assert_eq!(schema["properties"]["result"], json!({"$ref": "#/$defs/Tree"}));
        assert!(conforms(&json!({"result": {"left": {"left": null}}}), &schema, &schema));
        assert!(!conforms(&json!({"result": {"left": {"left": 1}}}), &schema, &schema));
    }
}
