//! `--body`: the inputs as one JSON or YAML text.

use lowcodeapi_runtime::catalogue::{Input, Operation, Place};
use serde_json::{Map, Value};

use super::{
    source::{Given, Origin},
    value,
};
use crate::failure::Failure;

/// Reads the inputs. An operation whose body is one JSON value takes that value too.
pub(super) fn read(operation: &Operation, given: &Given) -> Result<Map<String, Value>, Failure> {
    let value = value::structured(&given.text).map_err(|error| mistake(given, &error))?;
    let whole = operation.inputs.iter().find(|input| input.place == Place::Body && input.file.is_none());
    match value {
        Value::Object(values) if whole.is_none_or(|whole| is_inputs(operation, whole, &values)) => {
            let read: Result<Map<_, _>, _> = values
                .into_iter()
                .map(|(name, value)| match named(operation, &name) {
                    Some(input) => Ok((input.name.to_owned(), value)),
                    None => Err(unknown(operation, &name)),
                })
                .collect();
            read
        }
        value => match whole {
            Some(whole) => Ok(Map::from_iter([(whole.name.to_owned(), value)])),
            None => Err(Failure::usage("`--body`: expected an object whose keys are the names of inputs")
                .help("`--sample` prints an example, and a file is given as `@FILE`")),
        },
    }
}

/// Returns whether an object holds inputs, rather than being the body itself.
fn is_inputs(operation: &Operation, whole: &Input, values: &Map<String, Value>) -> bool {
    values.contains_key(whole.name) && values.keys().all(|name| operation.input(name).is_some())
}

/// Returns the input of a name, which may be that of the API.
fn named(operation: &Operation, name: &str) -> Option<&'static Input> {
    let is_body = |input: &Input| matches!(input.place, Place::Field | Place::Part | Place::Form);
    let mut of_api = operation.inputs.iter().filter(|input| input.wire == name);
    operation.input(name).or_else(|| of_api.clone().find(|input| is_body(input))).or_else(|| of_api.next())
}

fn unknown(operation: &Operation, name: &str) -> Failure {
    let names: Vec<String> = operation.inputs.iter().map(|input| format!("`{}`", input.name)).collect();
    let failure = Failure::usage(format!("`--body`: `{name}` is not an input of this command"));
    if names.is_empty() {
        return failure.help("the command has no inputs");
    }
    failure.help(format!("its inputs are {}", names.join(", ")))
}

fn mistake(given: &Given, error: &str) -> Failure {
    let source = match &given.origin {
        Origin::CommandLine => String::new(),
        Origin::File(path) => format!("{path}: "),
        Origin::StandardInput => "standard input: ".to_owned(),
    };
    Failure::usage(format!("`--body`: {source}neither JSON nor YAML: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::CATALOGUE;

    fn body(operation: &str, text: &str) -> Result<Value, Failure> {
        let given = Given { text: text.to_owned(), origin: Origin::CommandLine };
        read(CATALOGUE.operation(operation).unwrap(), &given).map(Value::Object)
    }

    #[test]
    fn a_body_has_the_names_of_inputs_or_of_the_api() {
        let yaml = body("create_note", "title: A\nisPinned: true\nstarts_at: x").unwrap();
        assert_eq!(yaml, json!({"title": "A", "is_pinned": true, "starts_at": "x"}));
        let failure = body("create_note", r#"{"titel": "A"}"#).unwrap_err();
        assert_eq!(failure.message, "`--body`: `titel` is not an input of this command");
        assert!(failure.help.unwrap().starts_with("its inputs are `title`, `status`"));
        assert!(body("create_note", "[1]").unwrap_err().message.contains("expected an object"));
        assert!(body("create_note", "{").unwrap_err().message.contains("neither JSON nor YAML"));
    }

    #[test]
    fn a_single_value_is_the_whole_body() {
        let inputs = json!({"question": {"text": "Why?"}});
        assert_eq!(body("ask", r#"{"question": {"text": "Why?"}}"#).unwrap(), inputs);
        assert_eq!(body("ask", r#"{"text": "Why?"}"#).unwrap(), inputs);
        let both = body("ask", r#"{"question": 1, "text": 2}"#).unwrap();
        assert_eq!(both, json!({"question": {"question": 1, "text": 2}}));
    }
}
