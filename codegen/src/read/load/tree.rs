//! Builds a tree from serde. Counts values and reports duplicate keys.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::reading::Reading;
use crate::budget;

pub(super) struct Node<'r, 'f> {
    pub(super) reading: &'r mut Reading<'f>,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    // An empty YAML text.
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        self.reading.passed += 1;
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        self.reading.passed += 1;
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(self.wide(&value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(self.wide(&value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        let value = self.reading.float(value);
        Ok(self.number(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.reading.count(value.len()).map_err(E::custom)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.reading.count(value.len()).map_err(E::custom)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let (mut array, mut digits) = (Vec::new(), Vec::new());
        loop {
            reading.enter_item(array.len()).map_err(A::Error::custom)?;
            let Some(item) = items.next_element_seed(Node { reading })? else { break };
            reading.count(budget::item_bytes()).map_err(A::Error::custom)?;
            reading.leave();
            reading.add_digits(&mut digits, array.len());
            array.push(item);
        }
        reading.leave();
        reading.write_list(digits);
        if !array.is_empty() {
            reading.tally.add_container();
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let start = reading.entries.len();
        while let Some(key) = entries.next_key_seed(Key)? {
            reading.enter(key).map_err(A::Error::custom)?;
            let value = entries.next_value_seed(Node { reading })?;
            reading.keep(value).map_err(A::Error::custom)?;
        }
        Ok(reading.object_from(start))
    }
}

impl Node<'_, '_> {
    /// Notes the digits of a number of JSON. The lenient parser of YAML does not show them.
    fn number(self, value: Value) -> Value {
        let passed = std::mem::take(&mut self.reading.passed);
        match self.reading.numbers.as_mut().and_then(|numbers| numbers.nth(passed)) {
            Some(text) => self.reading.write(value, text),
            None => value,
        }
    }

    /// Returns an integer beyond 64 bits as the nearest float, as JSON has it too.
    fn wide(self, digits: &str) -> Value {
        self.reading.write(digits.parse().map_or(Value::Null, Value::Number), digits)
    }
}

/// A key of an object, as it is written. OpenAPI's keys are strings, and response statuses need no quotes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a scalar")
    }

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }
}
