//! Implements the source of a [`Decoder`] for any serde deserialiser. Only this part of reading is generic over the
//! format.

use std::{fmt, str::FromStr};

use serde_core::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, Expected, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
        value::MapAccessDeserializer,
    },
};
use serde_json::{Map, Value, value::RawValue};

use crate::model::{
    counted::Counted,
    date_time::{Date, DateTime},
    decoder::{Decoder, Entries, Field, OnNull, Place, ReadItem, ReadTree, Source},
    digits,
    failure::{Failure, stop},
    integer::{Integer, read_i64},
    meter::Meter,
    parse::parse,
    raw,
};

/// A deserialiser that has not been used yet.
pub(crate) struct Unread<'m, D> {
    deserializer: Option<D>,
    meter: &'m Meter,
}

impl<'m, D> Unread<'m, D> {
    pub(crate) fn new(deserializer: D, meter: &'m Meter) -> Self {
        Self { deserializer: Some(deserializer), meter }
    }

    fn take(&mut self) -> Result<D, Failure> {
        self.deserializer.take().ok_or_else(Failure::read_twice)
    }
}

impl<'de, D: Deserializer<'de>> Unread<'_, D> {
    /// Reads the value as JSON text.
    fn raw(&mut self) -> Result<Box<RawValue>, Failure> {
        let mut failure = None;
        let read = raw::read(self.take()?, self.meter, &mut failure);
        settle(read, failure)
    }

    fn wide_integer<T: FromStr + TryFrom<i64> + TryFrom<u64>>(&mut self, name: &'static str) -> Result<T, Failure> {
        digits::wide_integer(&self.decimal()?, name)
    }
}

impl<'de, D: Deserializer<'de>> Source for Unread<'_, D> {
    fn bool(&mut self) -> Result<bool, Failure> {
        bool::deserialize(self.take()?).map_err(Failure::new)
    }

    fn i32(&mut self) -> Result<i32, Failure> {
        self.take()?.deserialize_i32(Integer::new("i32")).map_err(Failure::new)
    }

    fn i64(&mut self) -> Result<i64, Failure> {
        read_i64(self.take()?).map_err(Failure::new)
    }

    fn u64(&mut self) -> Result<u64, Failure> {
        self.take()?.deserialize_u64(Integer::new("u64")).map_err(Failure::new)
    }

    fn f64(&mut self) -> Result<f64, Failure> {
        f64::deserialize(self.take()?).map_err(Failure::new)
    }

    fn i128(&mut self) -> Result<i128, Failure> {
        self.wide_integer("i128")
    }

    fn u128(&mut self) -> Result<u128, Failure> {
        self.wide_integer("u128")
    }

    fn decimal(&mut self) -> Result<String, Failure> {
        let raw = self.raw()?;
        match raw.get().as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw.get()).map_err(Failure::new),
            Some(b'-' | b'0'..=b'9') => Ok(String::from(Box::<str>::from(raw))),
            _ => Err(Failure::new("expected a number, or a string")),
        }
    }

    fn string(&mut self) -> Result<String, Failure> {
        let text = String::deserialize(self.take()?).map_err(Failure::new)?;
        self.meter.charge_text(text.len())?;
        Ok(text)
    }

    fn date_time(&mut self) -> Result<DateTime, Failure> {
        let mut failure = None;
        let read = read_date(self.take()?, &mut failure, self.meter);
        settle(read, failure)
    }

    fn text(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        self.take()?.deserialize_any(Text(take)).map_err(Failure::new)
    }

    fn value(&mut self) -> Result<Value, Failure> {
        let mut failure = None;
        let (from, meter) = (self.take()?, self.meter);
        let read = meter.untyped(|| Value::deserialize(Counted::new(from, meter, &mut failure)));
        settle(read, failure)
    }

    fn map(&mut self) -> Result<Map<String, Value>, Failure> {
        let mut failure = None;
        let (from, meter) = (self.take()?, self.meter);
        let read = meter.untyped(|| Counted::new(from, meter, &mut failure).deserialize_struct("", &[], AnyMap));
        settle(read, failure)
    }

    fn option(&mut self, mut place: Place<'_>) -> Result<(), Failure> {
        let mut failure = None;
        let read =
            self.take()?.deserialize_option(Nullable { place: &mut place, failure: &mut failure, meter: self.meter });
        settle(read, failure)
    }

    fn list(&mut self, read: &mut ReadItem<'_>) -> Result<(), Failure> {
        let mut failure = None;
        let read = self.take()?.deserialize_seq(List { read, failure: &mut failure, meter: self.meter });
        settle(read, failure)
    }

    fn object(&mut self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure> {
        let mut failure = None;
        let is_map = fields.is_empty();
        let object = Object { fields, rest, failure: &mut failure, meter: self.meter };
        let from = self.take()?;
        let read = if is_map { from.deserialize_struct("", &[], object) } else { from.deserialize_map(object) };
        settle(read, failure)
    }

    fn tree(&mut self, read: &mut ReadTree<'_>) -> Result<(), Failure> {
        let before = self.meter.memory_left();
        let raw = self.raw()?;
        let tree = parse(raw.get(), self.meter)?;
        let taken = before.saturating_sub(self.meter.memory_left());
        let result = self.meter.with_tree(tree.count(), || read(&tree));
        drop(tree);
        self.meter.refund(taken);
        result
    }
}

/// Prefers the failure inside of a value over the deserialiser's error, which cannot hold a path.
fn settle<T, E: fmt::Display>(read: Result<T, E>, inside: Option<Failure>) -> Result<T, Failure> {
    match inside {
        Some(failure) => Err(failure),
        None => read.map_err(Failure::new),
    }
}

struct Text<'a>(&'a mut dyn FnMut(&str));

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<(), E> {
        (self.0)(text);
        Ok(())
    }

    fn visit_bool<E: serde_core::de::Error>(self, value: bool) -> Result<(), E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_i64<E: serde_core::de::Error>(self, value: i64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }
}

/// Reads a value into its place.
#[inline]
fn fill<'de, D: Deserializer<'de>>(
    place: &mut Place<'_>,
    deserializer: D,
    kept: &mut Option<Failure>,
    meter: &Meter,
) -> Result<(), D::Error> {
    match place {
        Place::Bool(place) => **place = Some(bool::deserialize(deserializer)?),
        Place::I64(place) => **place = Some(read_i64(deserializer)?),
        Place::F64(place) => **place = Some(f64::deserialize(deserializer)?),
        Place::String(place) => **place = Some(read_text(deserializer, kept, meter)?),
        Place::DateTime(place) => **place = Some(read_date(deserializer, kept, meter)?),
        Place::Slot(slot) => {
            let mut source = Unread::new(deserializer, meter);
            slot.fill(Decoder::new(&mut source, meter)).map_err(|failure| stop(failure, kept))?;
        }
    }
    Ok(())
}

#[inline]
fn read_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    kept: &mut Option<Failure>,
    meter: &Meter,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    meter.charge_text(text.len()).map_err(|failure| stop(failure, kept))?;
    Ok(text)
}

#[inline]
fn read_date<'de, D: Deserializer<'de>>(
    deserializer: D,
    kept: &mut Option<Failure>,
    meter: &Meter,
) -> Result<DateTime, D::Error> {
    let date = deserializer.deserialize_any(Date)?;
    meter.charge_text(date.as_str().len()).map_err(|failure| stop(failure, kept))?;
    Ok(date)
}

struct Nullable<'a, 'p> {
    place: &'a mut Place<'p>,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> Visitor<'de> for Nullable<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: serde_core::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: serde_core::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        fill(self.place, deserializer, self.failure, self.meter)
    }
}

struct List<'a, 'r> {
    read: &'a mut ReadItem<'r>,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        loop {
            match items.next_element_seed(Item { read: self.read, failure: self.failure, meter: self.meter }) {
                Ok(Some(())) => index += 1,
                Ok(None) => return Ok(()),
                Err(error) => {
                    *self.failure = self.failure.take().map(|failure| failure.at_item(index));
                    return Err(error);
                }
            }
        }
    }
}

struct Item<'a, 'r> {
    read: &'a mut ReadItem<'r>,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut source = Unread::new(deserializer, self.meter);
        (self.read)(Decoder::new(&mut source, self.meter)).map_err(|failure| stop(failure, self.failure))
    }
}

/// A map of any values. PHP writes an empty one as an empty list, which readers of structs take too.
struct AnyMap;

impl<'de> Visitor<'de> for AnyMap {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, properties: A) -> Result<Self::Value, A::Error> {
        Map::deserialize(MapAccessDeserializer::new(properties))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        nothing(items, &self).map(|()| Map::new())
    }
}

fn nothing<'de, A: SeqAccess<'de>>(mut items: A, expected: &dyn Expected) -> Result<(), A::Error> {
    match items.next_element::<IgnoredAny>()? {
        Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, expected)),
        None => Ok(()),
    }
}

struct Object<'a, 'f, 'r> {
    fields: &'a mut [Field<'f>],
    rest: Option<&'a mut (dyn Entries + 'r)>,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> Visitor<'de> for Object<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    /// PHP writes an empty object as an empty list.
    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        nothing(items, &self)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut properties: A) -> Result<(), A::Error> {
        let mut other = self.rest.is_some().then(String::new);
        // Servers usually send properties in the order of the document.
        let mut next = 0;
        let mut index = next;
        while let Some(()) =
            properties.next_key_seed(Key { fields: self.fields, index: &mut index, other: &mut other })?
        {
            let Some(field) = self.fields.get_mut(index) else {
                self.read_other(&mut properties, &mut other)?;
                index = next;
                continue;
            };
            if field.seen {
                return Err(A::Error::duplicate_field(field.name));
            }
            field.seen = true;
            if let Err(error) = properties.next_value_seed(Property { field, failure: self.failure, meter: self.meter })
            {
                let failure = self.failure.take().unwrap_or_else(|| Failure::new(error));
                return Err(stop(failure.at_property(self.fields[index].name), self.failure));
            }
            index += 1;
            next = index;
        }
        match self.fields.iter().find(|field| field.required && !field.seen) {
            Some(field) => Err(A::Error::missing_field(field.name)),
            None => Ok(()),
        }
    }
}

impl Object<'_, '_, '_> {
    fn read_other<'de, A: MapAccess<'de>>(
        &mut self,
        properties: &mut A,
        other: &mut Option<String>,
    ) -> Result<(), A::Error> {
        let (Some(rest), Some(name)) = (&mut self.rest, other) else {
            return properties.next_value::<IgnoredAny>().map(drop);
        };
        let entry = Entry { name: name.clone(), rest: *rest, failure: self.failure, meter: self.meter };
        properties.next_value_seed(entry).map_err(|error| {
            stop(self.failure.take().unwrap_or_else(|| Failure::new(error)).at_property(name), self.failure)
        })
    }
}

/// Finds the field with a name. Keeps an unknown name if there is a place for it.
struct Key<'a, 'f> {
    fields: &'a [Field<'f>],
    /// In: the probable index of the field. Out: its index, or the number of fields. It is not the seed's value,
    /// because that would be passed through memory between `next_key_seed` and the visitor.
    index: &'a mut usize,
    other: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property's name")
    }

    #[inline]
    fn visit_str<E: serde_core::de::Error>(self, key: &str) -> Result<(), E> {
        if self.fields.get(*self.index).is_some_and(|field| field.name == key) {
            return Ok(());
        }
        self.search(key);
        Ok(())
    }
}

impl Key<'_, '_> {
    fn search(self, key: &str) {
        let found = self.fields.iter().position(|field| field.is_called(key));
        *self.index = found.unwrap_or(self.fields.len());
        if let (None, Some(other)) = (found, self.other) {
            key.clone_into(other);
        }
    }
}

struct Property<'a, 'f> {
    field: &'a mut Field<'f>,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Property<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { field, failure, meter } = self;
        if field.null == OnNull::Read {
            fill(&mut field.place, deserializer, failure, meter)
        } else {
            deserializer.deserialize_option(Nullable { place: &mut field.place, failure, meter })
        }
    }
}

struct Entry<'a> {
    name: String,
    rest: &'a mut dyn Entries,
    failure: &'a mut Option<Failure>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut source = Unread::new(deserializer, self.meter);
        self.rest.add(self.name, Decoder::new(&mut source, self.meter)).map_err(|failure| stop(failure, self.failure))
    }
}
