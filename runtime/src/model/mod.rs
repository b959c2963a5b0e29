//! The building blocks of generated models: reading, writing, unions and special types.

pub(crate) mod as_text;
pub(crate) mod choose;
pub(crate) mod counted;
pub(crate) mod date_time;
pub(crate) mod decimal;
pub(crate) mod decodable;
pub(crate) mod decoder;
pub(crate) mod digits;
pub(crate) mod encodable;
pub(crate) mod encoded;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod integer;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod list_envelope;
pub(crate) mod meter;
pub(crate) mod node;
pub(crate) mod nullable;
pub(crate) mod one_pass;
pub(crate) mod parse;
pub(crate) mod peek;
pub(crate) mod purpose;
pub(crate) mod rank;
pub(crate) mod raw;
pub(crate) mod source;
pub(crate) mod table;
pub(crate) mod tree;
pub(crate) mod tuple;
#[cfg(test)]
pub(crate) mod unions;
pub(crate) mod unknown;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use crate::model::{
    as_text::{AsText, decimals_as_text},
    decoder::{Decodable, Decoder, Entries, Field, Place},
    encodable::{Encodable, Encoder, Member, Members},
    failure::Failure,
};
use crate::model::{
    date_time::DateTime,
    decimal::Decimal,
    encoded::Encoded,
    meter::Meter,
    purpose::Purpose,
    source::Unread,
    tuple::{Positions, Tuple},
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

/// Returns a value as JSON. A number whose digits `serde_json` cannot hold is a string.
pub(crate) fn to_exact_value(value: &impl Serialize) -> Result<Value, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    let tree = parse::parse(&text, &Meter::ambient()).and_then(|tree| tree.to_exact_value(&Meter::ambient()));
    tree.map_err(serde_core::de::Error::custom)
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

impl Serialize for Decimal {
    /// Writes a number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Reads a number or a string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

impl<T: Positions, R: Encodable> Serialize for Tuple<T, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl<'de, T: Positions, R: Decodable> Deserialize<'de> for Tuple<T, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
