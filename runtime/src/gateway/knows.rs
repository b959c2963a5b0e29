//! Determines whether a type has a property without having a value of the type. The gateway's `{"data": …}` may be its
//! envelope or the result itself.

use std::cell::Cell;

use crate::model::{self, Decodable, meter::Meter, peek};
use serde_core::{
    Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, Visitor, value},
    forward_to_deserialize_any,
};

/// Returns whether a model reads the property of this name.
pub fn model_knows<T: Decodable>(name: &str) -> bool {
    let is_read = Cell::new(false);
    // This always fails, because the probe has no value.
    let _ = model::decode::<T>(Probe { name, is_read: &is_read }, &Meter::ambient());
    is_read.get()
}

/// Returns whether a serde type reads the property of this name.
pub(crate) fn type_knows<T: DeserializeOwned>(name: &str) -> bool {
    let is_read = Cell::new(false);
    let _ = T::deserialize(Probe { name, is_read: &is_read });
    is_read.get()
}

/// The maximum number of properties that are probed; each costs an attempt to read the type.
const NAMES: usize = 100;

/// Returns whether `data` is a property of the result rather than the gateway's envelope: the result has such a
/// property, and its content is of another type, or an object that shares no property with the result.
pub(crate) fn is_own_data(data: &[u8], knows: impl Fn(&str) -> bool) -> bool {
    if !knows("data") {
        return false;
    }
    peek::names(data, NAMES).is_none_or(|names| !names.is_empty() && !names.iter().any(|name| knows(name)))
}

/// An object with one property. Its value records whether it is read or skipped.
struct Probe<'a> {
    name: &'a str,
    is_read: &'a Cell<bool>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, value::Error> {
        // A type that accepts anything has no properties of its own.
        Err(value::Error::custom("there is no value"))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, value::Error> {
        visitor.visit_map(Property { name: Some(self.name), is_read: self.is_read })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, value::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, value::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, value::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct enum identifier ignored_any
    }
}

struct Property<'a> {
    name: Option<&'a str>,
    is_read: &'a Cell<bool>,
}

impl<'de> MapAccess<'de> for Property<'_> {
    type Error = value::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, value::Error> {
        let key = self.name.take().map(|name| seed.deserialize(value::StrDeserializer::new(name)));
        key.transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, value::Error> {
        seed.deserialize(Asked { is_read: self.is_read })
    }
}

/// A value that records whether it is read or skipped.
struct Asked<'a> {
    is_read: &'a Cell<bool>,
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, value::Error> {
        self.is_read.set(true);
        Err(value::Error::custom("there is no value"))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, value::Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_core::de::IgnoredAny;
    use serde_json::{Map, Value};

    use super::*;
    use crate::model::{Decoder, Failure, Field};

    struct Page {
        _data: Vec<Value>,
    }

    impl Decodable for Page {
        fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
            let mut data = Vec::new();
            let mut id: Option<String> = None;
            from.object(&mut [Field::list("data", &mut data), Field::required("id", &mut id).or(&["key"])])?;
            Ok(Self { _data: data })
        }
    }

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only its properties are probed")]
    struct Derived {
        data: Option<u8>,
        #[serde(rename = "requestId")]
        id: String,
    }

    #[test]
    fn a_type_knows_its_properties() {
        for name in ["data", "id", "key"] {
            assert!(model_knows::<Page>(name) && model_knows::<Option<Box<Page>>>(name), "{name}");
        }
        assert!(!model_knows::<Page>("name") && !model_knows::<Vec<Page>>("data"));
        assert!(!model_knows::<Value>("data") && !model_knows::<String>("data"));
        assert!(model_knows::<BTreeMap<String, i32>>("data") && model_knows::<Map<String, Value>>("data"));
        assert!(type_knows::<Derived>("data") && type_knows::<Derived>("requestId") && !type_knows::<Derived>("id"));
        assert!(!type_knows::<Value>("data") && !type_knows::<IgnoredAny>("data"));
    }

    #[test]
    fn data_is_the_results_own_where_it_is_nothing_of_the_result() {
        let is_own = |data: &str| is_own_data(data.as_bytes(), model_knows::<Page>);
        for data in ["[]", "null", "5", r#""x""#, r#"{"name": 1}"#] {
            assert!(is_own(data), "{data}");
        }
        for data in ["{}", r#"{"data": []}"#, r#"{"key": 1, "name": 2}"#] {
            assert!(!is_own(data), "{data}");
        }
        assert!(!is_own_data(b"[]", type_knows::<Value>));
    }
}
