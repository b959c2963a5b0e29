//! Which inputs a call lacks.

use lowcodeapi_runtime::{Upload, catalogue::Operation};
use serde_json::{Map, Value};

use crate::{command, failure::Failure, table::Command};

/// Fails if inputs are missing, and tells all of them at once.
pub(super) fn check(
    program: &str,
    command: &'static Command,
    operation: &Operation,
    values: &Map<String, Value>,
    files: &[(&str, Upload)],
) -> Result<(), Failure> {
    let mut missing: Vec<String> = Vec::new();
    for input in operation.inputs.iter().filter(|input| input.is_required) {
        let has_file = files.iter().any(|(name, _)| *name == input.name);
        if !has_file && !values.contains_key(input.name) {
            missing.extend(options_of(command, input.name));
        }
    }
    for option in command.options.iter().filter(|option| option.is_required && !option.path.is_empty()) {
        let Some((last, above)) = option.path.split_last() else { continue };
        let object = values.get(option.input);
        let object = object.and_then(|input| above.iter().try_fold(input, |value, name| value.get(name)));
        if let Some(Value::Object(object)) = object
            && !object.contains_key(*last)
        {
            missing.push(option.name.to_owned());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = missing.iter().map(|name| format!("`--{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let usage = command::usage(program, command);
    let help = format!("usage: {usage}\nthey may also be in `--body`; `--sample` prints an example");
    Err(Failure::usage(format!("{} {verb} missing", names.join(", "))).help(help))
}

/// Returns the names of the options by which an input is given: those that the call needs, or else the first.
fn options_of(command: &'static Command, input: &str) -> Vec<String> {
    let needed: Vec<String> =
        command::needed(command).filter(|option| option.input == input).map(|option| option.name.to_owned()).collect();
    if !needed.is_empty() {
        return needed;
    }
    let first = command.options.iter().find(|option| option.input == input);
    // Without an option, `--body` alone sets it.
    vec![first.map_or_else(|| format!("body` with `{input}"), |option| option.name.to_owned())]
}
