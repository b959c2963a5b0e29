//! What generated models are made of, besides the standard library's types.

pub(crate) mod counted;
pub(crate) mod date_time;
pub(crate) mod decodable;
pub(crate) mod encodable;
pub(crate) mod form;

pub(crate) mod json;
pub(crate) mod list_envelope;
pub(crate) mod meter;
pub(crate) mod node;
pub(crate) mod one_pass;
pub(crate) mod peek;
pub(crate) mod source;
pub(crate) mod tree;
#[cfg(test)]
pub(crate) mod unions;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::model::{date_time::DateTime, encodable::Encoded, meter::Meter, source::Unread};
pub use crate::model::{
    decodable::{Decodable, Decoder, Entries, Failure, Field, Place},
    encodable::{Encodable, Encoder, Member, Members},
};

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

impl From<&str> for Nullable<String> {
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl From<&str> for Nullable<DateTime> {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
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

impl<T: Encodable> Encodable for Nullable<T> {
    fn encode(&self, to: Encoder<'_>) {
        match self {
            Self::Null => None::<T>.encode(to),
            Self::Value(value) => value.encode(to),
        }
    }
}

impl<T: Decodable> Decodable for Nullable<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        Option::decode(from).map(Self::from)
    }
}

/// Gives models serde's traits by their own, which cost the compiler a tenth of derived ones.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_by_model {
    ($model:ty) => {
        impl $crate::serde::Serialize for $model {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $model {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::deserialize(deserializer)
            }
        }
    };
}

/// Writes a model by serde.
///
/// # Errors
///
/// Those of the serialiser.
pub fn serialize<S: Serializer>(model: &dyn Encodable, serializer: S) -> Result<S::Ok, S::Error> {
    Encoded(model).serialize(serializer)
}

/// Reads a model by serde. The message of the error begins with the path to what could not be read.
///
/// # Errors
///
/// When the value is not of the model's form, and those of the deserialiser.
pub fn deserialize<'de, T: Decodable, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode(deserializer, &Meter::ambient()).map_err(serde::de::Error::custom)
}

pub(crate) fn decode<'de, T: Decodable>(deserializer: impl Deserializer<'de>, meter: &Meter) -> Result<T, Failure> {
    T::decode(Decoder::new(&mut Unread::new(deserializer, meter), meter))
}

/// A model as JSON with the discriminator that it does not hold itself.
pub fn tagged(property: &str, value: &str, model: &dyn Encodable) -> Value {
    match serde_json::to_value(Encoded(model)) {
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

    #[derive(Debug, PartialEq)]
    struct Model {
        three: Option<Nullable<i32>>,
        list: Vec<i32>,
    }

    impl Decodable for Model {
        fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
            let mut three = None;
            let mut list = Vec::new();
            from.object(&mut [Field::present("three", &mut three), Field::list("list", &mut list)])?;
            Ok(Self { three, list })
        }
    }

    impl Encodable for Model {
        fn encode(&self, to: Encoder<'_>) {
            to.object(&[Member::optional("three", &self.three), Member::list("list", &self.list)]);
        }
    }

    crate::serde_by_model!(Model);

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
