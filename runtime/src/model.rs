//! What generated models are made of, besides the standard library's types.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;

/// A date and time, as RFC 3339 text. The text is kept as it came: a sloppy date never costs the response it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// The text as it goes over the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A value that may be `null`, for requests in which `null` and absence differ: `Option<Nullable<T>>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// JSON `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

/// For `deserialize_with`: `null` is the default value.
///
/// # Errors
///
/// Those of the value's own deserialisation.
pub fn null_to_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// For `deserialize_with`: a property that is there is `Some`, even where it is `null`.
///
/// # Errors
///
/// Those of the value's own deserialisation.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A value as the model that it fits; `None` where it does not.
pub fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// A model as JSON with the discriminator that it does not hold itself.
pub fn tagged(property: &str, value: &str, model: &impl Serialize) -> Value {
    match serde_json::to_value(model) {
        Ok(Value::Object(mut object)) => {
            object.insert(property.to_owned(), value.into());
            Value::Object(object)
        }
        // Only a map with keys that are no strings has no JSON form, and no model holds one.
        other => other.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Model {
        #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
        three: Option<Nullable<i32>>,
        #[serde(default, deserialize_with = "null_to_default", skip_serializing_if = "Vec::is_empty")]
        list: Vec<i32>,
    }

    #[test]
    fn absent_null_and_value_are_three_states() {
        for (text, three) in
            [("{}", None), (r#"{"three":null}"#, Some(Nullable::Null)), (r#"{"three":1}"#, Some(Nullable::Value(1)))]
        {
            let model: Model = serde_json::from_str(text).unwrap();
            assert_eq!(model, Model { three, list: Vec::new() });
            assert_eq!(serde_json::to_string(&model).unwrap(), text);
        }
    }

    #[test]
    fn a_null_list_is_empty() {
        assert_eq!(serde_json::from_str::<Model>(r#"{"list":null}"#).unwrap().list, [0; 0]);
    }
}
