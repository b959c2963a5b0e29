//! What generated models are made of, besides the standard library's types.

pub(crate) mod choose;
pub(crate) mod counted;
pub(crate) mod date_time;
pub(crate) mod decodable;
pub(crate) mod decoder;
pub(crate) mod encodable;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod integer;
pub(crate) mod json;
pub(crate) mod list_envelope;
pub(crate) mod meter;
pub(crate) mod node;
pub(crate) mod nullable;
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
    decoder::{Decodable, Decoder, Entries, Field, Place},
    encodable::{Encodable, Encoder, Member, Members},
    failure::Failure,
};

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

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
