//! Reads a result of the usual form in one pass. `reply::decode` handles other forms and reports errors.

use std::{fmt, marker::PhantomData};

use serde_core::{
    de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor, value::BorrowedStrDeserializer},
    forward_to_deserialize_any,
};

use serde_json::de::StrRead;

use crate::model::{self, Decodable, meter::Meter};

/// Reads the result from the body of a response. The result must have `property`.
pub(crate) fn read<T: Decodable>(body: &[u8], property: Option<&'static str>, meter: &Meter) -> Option<T> {
    read_whole(body, |reader| ResultSeed::new(property, meter).deserialize(reader))
}

/// Reads the whole text.
pub(crate) fn read_whole<'b, T>(
    body: &'b [u8],
    read: impl FnOnce(&mut serde_json::Deserializer<StrRead<'b>>) -> serde_json::Result<T>,
) -> Option<T> {
    // Checking the text as a whole is much faster than checking each string.
    let mut reader = serde_json::Deserializer::from_str(std::str::from_utf8(body).ok()?);
    let value = read(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

/// Reads a result that must have the property.
pub(crate) struct ResultSeed<'m, T> {
    pub(crate) property: Option<&'static str>,
    pub(crate) meter: &'m Meter,
    model: PhantomData<fn() -> T>,
}

impl<'m, T> ResultSeed<'m, T> {
    pub(crate) fn new(property: Option<&'static str>, meter: &'m Meter) -> Self {
        Self { property, meter, model: PhantomData }
    }
}

impl<'de, T: Decodable> DeserializeSeed<'de> for &ResultSeed<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        let read = match self.property {
            Some(property) => model::decode(Having { inner, property }, self.meter),
            None => model::decode(inner, self.meter),
        };
        read.map_err(D::Error::custom)
    }
}

/// An object that has a property.
struct Having<D> {
    inner: D,
    property: &'static str,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Having<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_map(HavingVisitor { visitor, property: self.property })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct HavingVisitor<V> {
    visitor: V,
    property: &'static str,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for HavingVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.property)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let mut watched = Watched { map, property: self.property, is_there: false };
        let value = self.visitor.visit_map(&mut watched)?;
        if watched.is_there { Ok(value) } else { Err(A::Error::missing_field(self.property)) }
    }
}

/// Watches the properties of an object for one of them.
struct Watched<A> {
    map: A,
    property: &'static str,
    is_there: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut Watched<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(key) = self.map.next_key::<&'de str>()? else { return Ok(None) };
        self.is_there |= key == self.property;
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
