//! Implements [`Decodable`] for the field types of models.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::{
    model::{
        date_time::DateTime,
        decimal::Decimal,
        decoder::{Decodable, Decoder, Entries, Place},
        failure::Failure,
    },
    sealed::Sealed,
};

impl Decodable for bool {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.bool()
    }

    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::Bool(slot)
    }
}

impl Decodable for i32 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.i32()
    }
}

impl Decodable for i64 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.i64()
    }

    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::I64(slot)
    }
}

impl Decodable for u64 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.u64()
    }
}

impl Decodable for i128 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.i128()
    }
}

impl Decodable for u128 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.u128()
    }
}

impl Decodable for Decimal {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.decimal().map(Self::received)
    }
}

impl Decodable for f64 {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.f64()
    }

    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::F64(slot)
    }
}

impl Decodable for String {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.string()
    }

    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::String(slot)
    }
}

impl Decodable for Value {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.value()
    }

    fn takes_null() -> bool {
        true
    }
}

impl Decodable for Map<String, Value> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.map()
    }

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Decodable> Decodable for BTreeMap<String, T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut map = Self::new();
        from.object_and_rest(&mut [], Some(&mut map))?;
        Ok(map)
    }

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Decodable> Decodable for Vec<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut items = Self::new();
        from.source.list(&mut |item| {
            item.meter.charge_item(items.len(), size_of::<T>())?;
            items.extend(T::decode_item(item)?);
            Ok(())
        })?;
        Ok(items)
    }

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Decodable> Decodable for Option<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut value = None;
        from.source.option(T::place(&mut value))?;
        Ok(value)
    }

    fn takes_null() -> bool {
        true
    }
}

impl<T: Decodable> Decodable for Box<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.meter.charge(size_of::<T>())?;
        T::decode(from).map(Self::new)
    }
}

impl Decodable for DateTime {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.date_time()
    }

    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::DateTime(slot)
    }
}

impl<T: Decodable> Entries for BTreeMap<String, T> {
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure> {
        from.meter.charge_entry(self.len(), size_of::<(String, T)>())?;
        from.meter.charge_text(name.len())?;
        if let Some(value) = T::decode_item(from)? {
            self.insert(name, value);
        }
        Ok(())
    }
}

/// An empty map to JSON values.
pub fn values() -> Map<String, Value> {
    Map::new()
}

/// An empty map to values of one type.
pub fn map<T>() -> BTreeMap<String, T> {
    BTreeMap::new()
}

/// Receives properties that the model has no fields for.
pub struct Rest<'a> {
    entries: &'a mut dyn Entries,
    excepted: &'static [&'static str],
}

impl<'a> Rest<'a> {
    /// Receives the properties into a map.
    pub fn of(entries: &'a mut dyn Entries) -> Self {
        Self { entries, excepted: &[] }
    }

    /// Leaves these out: the tags, which the variant around the model holds, and what only the other direction has.
    pub fn except(self, excepted: &'static [&'static str]) -> Self {
        Self { excepted, ..self }
    }
}

impl fmt::Debug for Rest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").field("excepted", &self.excepted).finish_non_exhaustive()
    }
}

impl Sealed for Rest<'_> {}

impl Entries for Rest<'_> {
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure> {
        if self.excepted.contains(&name.as_str()) {
            return from.value().map(drop);
        }
        self.entries.add(name, from)
    }
}

impl Entries for Map<String, Value> {
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure> {
        from.meter.charge_entry(self.len(), size_of::<(String, Value)>())?;
        from.meter.charge_text(name.len())?;
        self.insert(name, from.value()?);
        Ok(())
    }
}
