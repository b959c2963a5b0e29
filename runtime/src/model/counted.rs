//! A deserialiser that charges a [`Meter`] for the memory of the values read.
//!
//! Each item and entry is charged the size of its seed's output, so any type is counted, even if it is not generated.

use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::model::{
    failure::{Failure, stop},
    meter::Meter,
};

/// A wrapper of a deserialiser, visitor or access that charges the meter.
pub(crate) struct Counted<'m, T> {
    inner: T,
    count: Count<'m>,
}

impl<'m, T> Counted<'m, T> {
    /// Charges `meter`. When a limit is exceeded, stores the error in `failure`.
    pub(crate) fn new(inner: T, meter: &'m Meter, failure: &'m mut Option<Failure>) -> Self {
        Self { inner, count: Count { meter, failure, length: 0, is_struct: false } }
    }
}

struct Count<'m> {
    meter: &'m Meter,
    failure: &'m mut Option<Failure>,
    /// The number of items or entries read.
    length: usize,
    /// Whether the entries are struct fields, which need no memory besides the struct.
    is_struct: bool,
}

impl Count<'_> {
    fn again(&mut self) -> Count<'_> {
        Count { meter: self.meter, failure: self.failure, length: 0, is_struct: false }
    }

    fn settle<T, E: serde_core::de::Error>(&mut self, charged: Result<T, Failure>) -> Result<T, E> {
        charged.map_err(|failure| stop(failure, self.failure))
    }

    fn text<E: serde_core::de::Error>(&mut self, length: usize) -> Result<(), E> {
        let charged = self.meter.charge_text(length);
        self.settle(charged)
    }
}

/// Forwards deserialiser methods with a counted visitor.
macro_rules! forward {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(Counted { inner: visitor, count: self.count })
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Counted<'_, D> {
    type Error = D::Error;

    forward! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
        deserialize_unit deserialize_seq deserialize_map deserialize_identifier
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, Counted { inner: visitor, count: self.count })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(length, Counted { inner: visitor, count: self.count })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple_struct(name, length, Counted { inner: visitor, count: self.count })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, Counted { inner: visitor, count: self.count })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let count = Count { is_struct: true, ..self.count };
        self.inner.deserialize_struct(name, fields, Counted { inner: visitor, count })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, Counted { inner: visitor, count: self.count })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_ignored_any(visitor)
    }
}

/// Forwards visitor methods for values that own no memory.
macro_rules! hand_on {
    ($($method:ident: $value:ty,)+) => {
        $(fn $method<E: serde_core::de::Error>(self, value: $value) -> Result<V::Value, E> {
            self.inner.$method(value)
        })+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Counted<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    hand_on! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
    }

    fn visit_str<E: serde_core::de::Error>(mut self, text: &str) -> Result<V::Value, E> {
        self.count.text(text.len())?;
        self.inner.visit_str(text)
    }

    fn visit_borrowed_str<E: serde_core::de::Error>(mut self, text: &'de str) -> Result<V::Value, E> {
        self.count.text(text.len())?;
        self.inner.visit_borrowed_str(text)
    }

    fn visit_string<E: serde_core::de::Error>(mut self, text: String) -> Result<V::Value, E> {
        self.count.text(text.len())?;
        self.inner.visit_string(text)
    }

    fn visit_bytes<E: serde_core::de::Error>(mut self, bytes: &[u8]) -> Result<V::Value, E> {
        self.count.text(bytes.len())?;
        self.inner.visit_bytes(bytes)
    }

    fn visit_none<E: serde_core::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: serde_core::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Counted { inner: deserializer, count: self.count })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Counted { inner: deserializer, count: self.count })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Counted { inner: items, count: self.count })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Counted { inner: entries, count: self.count })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variants: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Counted { inner: variants, count: self.count })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Counted<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Counted { inner: deserializer, count: self.count })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let item = self.inner.next_element_seed(Counted { inner: seed, count: self.count.again() })?;
        if item.is_some() {
            let charged = self.count.meter.charge_item(self.count.length, size_of::<S::Value>());
            self.count.settle(charged)?;
            self.count.length += 1;
        }
        Ok(item)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        if self.count.is_struct {
            return self.inner.next_key_seed(seed);
        }
        self.inner.next_key_seed(Counted { inner: seed, count: self.count.again() })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if !self.count.is_struct {
            let size = size_of::<String>() + size_of::<S::Value>();
            let charged = self.count.meter.charge_entry(self.count.length, size);
            self.count.settle(charged)?;
            self.count.length += 1;
        }
        self.inner.next_value_seed(Counted { inner: seed, count: self.count.again() })
    }
}

impl<'de, 'm, A: EnumAccess<'de>> EnumAccess<'de> for Counted<'m, A> {
    type Error = A::Error;
    type Variant = Counted<'m, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, Counted { inner: variant, count: self.count }))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(Counted { inner: seed, count: self.count })
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner.tuple_variant(length, Counted { inner: visitor, count: self.count })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let count = Count { is_struct: true, ..self.count };
        self.inner.struct_variant(fields, Counted { inner: visitor, count })
    }
}
