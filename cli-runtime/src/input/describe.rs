//! `--sample` and `--schema`: what a command takes and returns.

use lowcodeapi_runtime::catalogue::{Catalogue, Effect, Operation};
use serde_json::{Value, json};

use crate::{
    command,
    failure::{Class, Failure},
    output,
    settings::{Format, Settings},
    table::Command,
};

/// Writes the sample or the schemas that the settings ask for to standard output, as JSON or YAML.
pub(crate) fn describe(
    command: &'static Command,
    catalogue: &'static Catalogue,
    settings: &Settings,
) -> Result<(), Failure> {
    let described = if settings.sample { sample(command) } else { schema(command, catalogue)? };
    let text = match settings.output {
        Some(Format::Yaml) => serde_yaml::to_string(&described).map_err(|error| error.to_string()),
        _ => serde_json::to_string_pretty(&described).map(|text| text + "\n").map_err(|error| error.to_string()),
    };
    let text = text.map_err(|error| Failure::new(Class::Other, format!("cannot write the description: {error}")))?;
    output::print(&text)
}

/// Returns an example of the inputs, which `--body` takes.
fn sample(command: &'static Command) -> Value {
    serde_json::from_str(command.sample).unwrap_or_else(|_| json!({}))
}

/// Returns what there is to know about a command.
fn schema(command: &'static Command, catalogue: &'static Catalogue) -> Result<Value, Failure> {
    let Some(operation) = catalogue.operation(command.operation) else {
        return Err(Failure::usage(format!("there is no operation `{}`", command.operation)));
    };
    Ok(json!({
        "operation": operation.name,
        "command": command::words(command),
        "method": operation.method,
        "path": operation.path,
        "old_path": operation.old_path,
        "effect": effect(operation),
        "idempotent": operation.is_idempotent(),
        "deprecated": operation.is_deprecated,
        "inputs": catalogue.input_schema(operation, None),
        "result": catalogue.result_schema(operation),
        "media_types": media_types(operation),
        "messages": operation.messages.map(|messages| json!({
            "media_type": messages.media_type,
            "schema": catalogue.resolved(messages.schema),
        })),
        "pages": operation.pages.map(|pages| json!({
            "page": pages.page,
            "size": pages.size,
            "items": pages.items,
        })),
        "errors": errors(catalogue, operation),
        "rate_limit": catalogue.rate_limit(operation).map(|limit| json!({
            "name": limit.name(),
            "requests": limit.requests(),
            "seconds": limit.period().as_secs_f64(),
        })),
    }))
}

fn effect(operation: &Operation) -> &'static str {
    match operation.effect() {
        Effect::Read => "read",
        Effect::Delete => "delete",
        _ => "change",
    }
}

fn media_types(operation: &Operation) -> Vec<&'static str> {
    let mut media_types: Vec<&str> = operation.results.iter().flat_map(|result| result.accept).copied().collect();
    media_types.dedup();
    media_types
}

fn errors(catalogue: &Catalogue, operation: &Operation) -> Vec<Value> {
    let declared = operation.errors.iter().map(|error| {
        let schema = if error.schema.is_empty() { Value::Null } else { catalogue.resolved(error.schema) };
        json!({"status": error.status, "description": error.description, "schema": schema})
    });
    declared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CATALOGUE, COMMANDS};

    fn of(name: &str) -> Value {
        let command = COMMANDS.commands.iter().find(|command| command.operation == name).unwrap();
        schema(command, &CATALOGUE).unwrap()
    }

    #[test]
    fn a_schema_says_what_is_sent_and_what_comes_back() {
        let create = of("create_note");
        assert_eq!(create["method"], "POST");
        assert_eq!(create["effect"], "change");
        assert_eq!(create["inputs"]["required"], json!(["title"]));
        assert_eq!(create["inputs"]["properties"]["author"], json!({"$ref": "#/$defs/Author"}));
        assert_eq!(create["inputs"]["$defs"]["Author"]["required"], json!(["name"]));
        assert!(create["result"]["$defs"]["Note"].is_object());

        let list = of("list_notes");
        assert_eq!(list["pages"], json!({"page": "page", "size": "size", "items": ["data"]}));
        assert_eq!(list["rate_limit"], json!({"name": "notes", "requests": 60, "seconds": 60.0}));
        assert_eq!(of("get_note")["errors"][0]["status"], "404");
        assert_eq!(of("get_file")["result"], Value::Null);
        assert_eq!(of("get_file")["media_types"], json!(["image/png"]));
        assert_eq!(of("ask")["messages"]["media_type"], "text/event-stream");
        assert_eq!(of("delete_note")["effect"], "delete");
    }
}
