//! Reads a value as JSON text, which keeps the digits of its numbers.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
    forward_to_deserialize_any,
};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use crate::model::{
    counted::Counted,
    failure::{Failure, stop},
    meter::Meter,
};

/// Reads a value as text. `serde_json` passes the text itself. Of any other format, the value is read and written as JSON.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    meter: &Meter,
    failure: &mut Option<Failure>,
) -> Result<Box<RawValue>, D::Error> {
    let mut foreign = None;
    let read = Box::<RawValue>::deserialize(Watched { inner: deserializer, foreign: &mut foreign, meter, failure });
    let raw = match foreign {
        // The error is that of the visitor below.
        Some(value) => to_raw_value(&value).map_err(D::Error::custom)?,
        None => read?,
    };
    meter.charge_text(raw.get().len()).map_err(|spent| stop(spent, failure))?;
    Ok(raw)
}

/// A deserialiser that is asked for a [`RawValue`], and may be of a format that has none.
struct Watched<'a, D> {
    inner: D,
    foreign: &'a mut Option<Value>,
    meter: &'a Meter,
    failure: &'a mut Option<Failure>,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let Self { inner, foreign, meter, failure } = self;
        inner.deserialize_newtype_struct(name, RawOrForeign { visitor, foreign, meter, failure })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Passes what `serde_json` gives to the visitor of [`RawValue`], and keeps what another format gives.
struct RawOrForeign<'a, V> {
    visitor: V,
    foreign: &'a mut Option<Value>,
    meter: &'a Meter,
    failure: &'a mut Option<Failure>,
}

impl<V> RawOrForeign<'_, V> {
    /// Keeps a value. The visitor of [`RawValue`] cannot take it, so this returns an error, which [`read`] drops.
    fn keep<T, E: serde_core::de::Error>(self, value: Value) -> Result<T, E> {
        *self.foreign = Some(value);
        Err(E::custom("the value is not JSON text"))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for RawOrForeign<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(map)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let meter = self.meter;
        let value = meter.untyped(|| Value::deserialize(Counted::new(deserializer, meter, self.failure)))?;
        self.keep(value)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.visit_newtype_struct(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.visit_newtype_struct(SeqAccessDeserializer::new(items))
    }

    fn visit_unit<E: serde_core::de::Error>(self) -> Result<V::Value, E> {
        self.keep(Value::Null)
    }

    fn visit_none<E: serde_core::de::Error>(self) -> Result<V::Value, E> {
        self.keep(Value::Null)
    }

    fn visit_bool<E: serde_core::de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.keep(value.into())
    }

    fn visit_i64<E: serde_core::de::Error>(self, value: i64) -> Result<V::Value, E> {
        self.keep(value.into())
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<V::Value, E> {
        self.keep(value.into())
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.keep(value.into())
    }

    fn visit_str<E: serde_core::de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.keep(value.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_core::de::{
        IntoDeserializer,
        value::{Error, StrDeserializer},
    };

    use super::*;

    #[test]
    fn json_is_kept_as_it_is_written() {
        let text = "{ \"a\": [1.10, 1e400] }";
        let raw = read(&mut serde_json::Deserializer::from_str(text), &Meter::ambient(), &mut None).unwrap();
        assert_eq!(raw.get(), text);
        let value = serde_json::json!({"a": [1, "b"]});
        assert_eq!(read(&value, &Meter::ambient(), &mut None).unwrap().get(), value.to_string());
    }

    #[test]
    fn other_formats_become_json() {
        let text: StrDeserializer<'_, Error> = "a\"b".into_deserializer();
        assert_eq!(read(text, &Meter::ambient(), &mut None).unwrap().get(), r#""a\"b""#);
        let list = serde_core::de::value::SeqDeserializer::<_, Error>::new([1_u64, 2].into_iter());
        assert_eq!(read(list, &Meter::ambient(), &mut None).unwrap().get(), "[1,2]");
    }
}
