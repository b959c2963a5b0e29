//! A value of an input, in the forms from which parameters, fields and parts are made.

use std::collections::BTreeMap;

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use crate::model::{encodable::Encodable, encoded::Encoded, layout::Layout, purpose::Purpose, to_exact_value};

/// A value as JSON text, and as a tree for the styles that are not JSON.
#[derive(Debug)]
pub(crate) struct InputValue {
    json: Box<RawValue>,
    /// Numbers whose digits a [`Value`] cannot hold are strings.
    value: Value,
    /// Where the value has tuples.
    layout: Layout,
}

impl InputValue {
    pub(crate) fn new(value: &dyn Encodable) -> Result<Self, serde_json::Error> {
        Self::of_json(to_raw_value(&Encoded::new(value, Purpose::SendText))?, Layout::of(value))
    }

    pub(crate) fn of_json(json: Box<RawValue>, layout: Layout) -> Result<Self, serde_json::Error> {
        let value = to_exact_value(&json)?;
        Ok(Self { json, value, layout })
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(crate) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Returns whether the value is neither a list nor an object.
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_list() && !self.is_object()
    }

    /// Returns what a style writes of the value, or `None` for an undefined one: `null`, and a list or an object without
    /// defined members (RFC 6570, 2.3).
    pub(crate) fn defined(&self) -> Result<Option<Defined>, String> {
        let defined = match &self.value {
            Value::Null => return Ok(None),
            Value::Array(_) => {
                let items = self.items()?;
                (!items.is_empty()).then_some(Defined::Items(items))
            }
            Value::Object(_) => {
                let members = self.members()?;
                (!members.is_empty()).then_some(Defined::Members(members))
            }
            _ => Some(Defined::Text(self.plain_text())),
        };
        Ok(defined)
    }

    /// Returns the JSON text.
    pub(crate) fn json(&self) -> &str {
        self.json.get()
    }

    /// Returns the value as text: a string as it is, `null` as an empty text, any other value as JSON.
    pub(crate) fn plain_text(&self) -> String {
        match &self.value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            _ => self.json().to_owned(),
        }
    }

    /// Returns the items of a list that are not `null`. Those of a tuple are known by their places, so all of its items are
    /// returned, unless all are `null`.
    pub(crate) fn items(&self) -> Result<Vec<Self>, String> {
        let mut items = self.all_items()?;
        if !self.layout.is_tuple() || items.iter().all(Self::is_null) {
            items.retain(|item| !item.is_null());
        }
        Ok(items)
    }

    /// Returns the items of a list.
    pub(crate) fn all_items(&self) -> Result<Vec<Self>, String> {
        if !self.is_list() {
            return Ok(Vec::new());
        }
        let items: Vec<Box<RawValue>> = serde_json::from_str(self.json()).map_err(|error| error.to_string())?;
        let items = items.into_iter().enumerate().map(|(index, item)| Self::of_json(item, self.layout.item(index)));
        items.collect::<Result<_, _>>().map_err(|error| error.to_string())
    }

    /// Returns the properties of an object that are not `null`.
    fn members(&self) -> Result<Vec<(String, Self)>, String> {
        let members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(self.json()).map_err(|error| error.to_string())?;
        let members = members.into_iter().map(|(key, value)| {
            let value = Self::of_json(value, self.layout.member(&key)).map_err(|error| error.to_string())?;
            Ok((key, value))
        });
        members.filter(|member| !member.as_ref().is_ok_and(|(_, value)| value.is_null())).collect()
    }
}

/// A defined value, as RFC 6570 distinguishes them. Lists and objects have a member that is not `null`. Only tuples have one
/// that is.
#[derive(Debug)]
pub(crate) enum Defined {
    Text(String),
    Items(Vec<InputValue>),
    Members(Vec<(String, InputValue)>),
}
