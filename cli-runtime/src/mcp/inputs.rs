//! The inputs of a call, from the arguments of a tool.

use lowcodeapi_runtime::{
    Upload,
    catalogue::{Files, Inputs, Operation},
};
use serde_json::{Map, Value};

use super::{files::Folder, progress::Sent};

/// Returns the inputs of a call. The error says what is wrong with the arguments.
pub(crate) fn read(
    operation: &Operation,
    arguments: Map<String, Value>,
    folder: Option<&Folder>,
    sent: &Sent,
) -> Result<Inputs, String> {
    let mut inputs = Inputs::new();
    for (name, value) in arguments {
        // A secret is not an input of the tool.
        let Some(input) = operation.input(&name).filter(|input| !input.is_secret) else {
            return Err(unknown(operation, &name));
        };
        let Some(files) = input.file else {
            inputs.set(name, value);
            continue;
        };
        if value.is_null() {
            continue;
        }
        let values = match (files, value) {
            (Files::Many, Value::Array(values)) => values,
            (_, value) => vec![value],
        };
        let mut inline = Vec::new();
        for value in values {
            match value {
                Value::String(path) => inputs.file(name.as_str(), upload(&name, &path, folder, sent)?),
                value => inline.push(value),
            }
        }
        if !inline.is_empty() {
            inputs.set(name, inline);
        }
    }
    Ok(inputs)
}

fn upload(name: &str, path: &str, folder: Option<&Folder>, sent: &Sent) -> Result<Upload, String> {
    let Some(folder) = folder else {
        return Err(format!(
            "`{name}` takes an object with the file's `name` and its `text` or `base64`. Paths are only read if the \
             server was started with --files DIR"
        ));
    };
    let upload = folder.upload(path).map_err(|reason| format!("`{name}`: {reason}"))?;
    Ok(sent.watch(upload))
}

fn unknown(operation: &Operation, name: &str) -> String {
    let names: Vec<_> = operation.inputs.iter().filter(|input| !input.is_secret).map(|input| input.name).collect();
    if names.is_empty() {
        format!("`{name}` is not an input; the operation has none")
    } else {
        format!("`{name}` is not an input; the inputs are {}", names.join(", "))
    }
}
