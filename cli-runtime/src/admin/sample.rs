//! Inputs of a call that the document's examples make.

use lowcodeapi_runtime::{
    Upload,
    catalogue::{Input, Inputs, Operation},
};
use serde_json::Value;

use crate::table::Commands;

/// A PNG of one grey pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\xdach\0\0\0\
    \x82\0\x81\xdaE\x08;\0\0\0\0IEND\xaeB`\x82";

/// Returns the inputs of a command's sample, with the files that the call needs.
pub(super) fn inputs(operation: &Operation, commands: &Commands) -> Inputs {
    let command = commands.commands.iter().find(|command| command.operation == operation.name);
    let sample = command.map_or("", |command| command.sample);
    // The generator writes JSON. A command without inputs has an empty text.
    let mut values = serde_json::from_str(sample).unwrap_or(Value::Null);
    let files = || operation.inputs.iter().filter(|input| input.file.is_some());
    if let Value::Object(values) = &mut values {
        values.retain(|name, _| !files().any(|input| input.name == name));
    }
    let mut inputs = Inputs::from(values);
    for input in files().filter(|input| input.is_required) {
        inputs.file(input.name, file(input));
    }
    inputs
}

fn file(input: &Input) -> Upload {
    if ["image", "photo", "picture"].iter().any(|word| input.name.contains(word)) {
        Upload::from_bytes("sample.png", PICTURE)
    } else {
        Upload::from_bytes("sample.txt", "The text of a sample.\n".as_bytes())
    }
}
