//! A value of an input, in the forms from which parameters, fields and parts are made.

use serde_core::Serialize;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use crate::model::to_exact_value;

/// A value as JSON text, and as a tree for the styles that are not JSON.
#[derive(Debug)]
pub(crate) struct Written {
    json: Box<RawValue>,
    /// Numbers whose digits a [`Value`] cannot hold are strings.
    value: Value,
}

impl Written {
    pub(crate) fn new(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        let json = to_raw_value(value)?;
        let value = to_exact_value(&json)?;
        Ok(Self { json, value })
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the JSON text.
    pub(crate) fn json(&self) -> &str {
        self.json.get()
    }

    /// Returns the value as text: a string as it is, any other value as JSON.
    pub(crate) fn plain_text(&self) -> String {
        if let Value::String(text) = &self.value { text.clone() } else { self.json().to_owned() }
    }

    /// Returns the items of a list.
    pub(crate) fn items(&self) -> Result<Vec<Self>, serde_json::Error> {
        if !self.value.is_array() {
            return Ok(Vec::new());
        }
        let items: Vec<Box<RawValue>> = serde_json::from_str(self.json())?;
        items.iter().map(Self::new).collect()
    }
}
