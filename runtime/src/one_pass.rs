//! Reads a result in one pass, where the response has its usual form. Any other form, and what is wrong with it, is for
//! `decode` to find out.

use std::{fmt, marker::PhantomData};

use serde::{
    de::{
        DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
        value::BorrowedStrDeserializer,
    },
    forward_to_deserialize_any,
};

use crate::model::{self, Decodable};

/// Reads the result from the body of a service's response, or of the gateway's; `property` is the one that the result
/// must have.
pub(crate) fn read<T: Decodable>(body: &[u8], is_gateway: bool, property: Option<&'static str>) -> Option<T> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = ResultSeed { property, model: PhantomData };
    let value = if is_gateway { reader.deserialize_map(Envelope { seed }) } else { seed.deserialize(&mut reader) };
    let value = value.ok()?;
    reader.end().ok()?;
    Some(value)
}

struct ResultSeed<T> {
    property: Option<&'static str>,
    model: PhantomData<fn() -> T>,
}

impl<'de, T: Decodable> DeserializeSeed<'de> for &ResultSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        let read = match self.property {
            Some(property) => model::decode(Having { inner, property }),
            None => model::decode(inner),
        };
        read.map_err(D::Error::custom)
    }
}

/// The gateway's envelope, by the rules of `gateway::unwrap_envelope`, its properties in the order in which the gateway
/// writes them: what tells that the result is one stands before it.
struct Envelope<T> {
    seed: ResultSeed<T>,
}

impl<'de, T: Decodable> Visitor<'de> for Envelope<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the gateway's envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let (mut has_provider, mut result, mut data) = (false, None, None);
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "result" if has_provider && result.is_none() && data.is_none() => {
                    result = Some(map.next_value_seed(&self.seed)?);
                    continue;
                }
                "data" if result.is_none() && data.is_none() => {
                    data = Some(map.next_value_seed(&self.seed)?);
                    continue;
                }
                "result" => return Err(A::Error::custom("a result in no usual place")),
                "provider" => has_provider = true,
                "message" => {}
                // Beside a result stands what likes to.
                _ if result.is_some() => {}
                _ => return Err(A::Error::custom("no usual envelope")),
            }
            map.next_value::<IgnoredAny>()?;
        }
        result.or(data).ok_or_else(|| A::Error::custom("no envelope"))
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

/// The properties of an object, watched for one of them.
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
