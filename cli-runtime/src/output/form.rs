//! One value in the formats for programs.

use serde_json::Value;

use crate::{
    failure::{Class, Failure},
    output::{json, look::Look, seen},
    settings::Format,
};

/// Returns a value on a line of its own: raw text, or JSON.
pub(crate) fn one(value: &Value, format: Format, look: Look) -> String {
    match value {
        Value::String(text) if format == Format::Raw && look.is_terminal => seen::text(text) + "\n",
        Value::String(text) if format == Format::Raw => text.clone() + "\n",
        value => json::compact(value, look) + "\n",
    }
}

/// Returns a value as YAML. On a terminal its texts are without unseen characters.
pub(crate) fn yaml(value: &Value, look: Look) -> Result<String, Failure> {
    let written =
        if look.is_terminal { serde_yaml::to_string(&without_unseen(value)) } else { serde_yaml::to_string(value) };
    written.map_err(|error| Failure::new(Class::Other, format!("the result cannot be written as YAML: {error}")))
}

fn without_unseen(value: &Value) -> Value {
    match value {
        Value::String(text) => seen::text(text).into(),
        Value::Array(items) => items.iter().map(without_unseen).collect(),
        Value::Object(object) => object.iter().map(|(name, value)| (seen::line(name), without_unseen(value))).collect(),
        scalar => scalar.clone(),
    }
}
