//! The building blocks of generated models: reading, writing, unions and special types.

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
pub(crate) mod purpose;
pub(crate) mod source;
pub(crate) mod tree;
#[cfg(test)]
pub(crate) mod unions;
pub(crate) mod unknown;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{date_time::DateTime, encodable::Encoded, meter::Meter, purpose::Purpose, source::Unread};
pub use crate::model::{
    decoder::{Decodable, Decoder, Entries, Field, Place},
    encodable::{Encodable, Encoder, Member, Members},
    failure::Failure,
};

/// Serialises a model with serde.
///
/// # Errors
///
/// Returns the serialiser's error.
pub fn serialize<S: Serializer>(model: &dyn Encodable, serializer: S) -> Result<S::Ok, S::Error> {
    Encoded::new(model, Purpose::ambient()).serialize(serializer)
}

/// Deserialises a model with serde. The error message begins with the path of the value that could not be read.
///
/// # Errors
///
/// Returns an error if the value does not match the model, or if the deserialiser fails.
pub fn deserialize<'de, T: Decodable, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode(deserializer, &Meter::ambient()).map_err(serde_core::de::Error::custom)
}

pub(crate) fn decode<'de, T: Decodable>(deserializer: impl Deserializer<'de>, meter: &Meter) -> Result<T, Failure> {
    T::decode(Decoder::new(&mut Unread::new(deserializer, meter), meter))
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
