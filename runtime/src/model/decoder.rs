//! Reads models: each declares its properties and their places, and a [`Decoder`] fills them from any serde format.
//!
//! Model code is not generic over the format, so models compile quickly. The generic code is in `source` and is
//! compiled once per format.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::{
    model::{
        date_time::DateTime,
        failure::Failure,
        meter::{Kept, Meter},
        node::Node,
    },
    sealed::Sealed,
};

/// A type that can be read from a [`Decoder`].
pub trait Decodable: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not of this type.
    fn decode(from: Decoder<'_>) -> Result<Self, Failure>;

    /// Returns the place of a value in a table of fields.
    #[doc(hidden)]
    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::Slot(slot)
    }

    /// Returns the value of a required property that is `null`, if that is not an error.
    #[doc(hidden)]
    fn of_null() -> Option<Self> {
        None
    }

    /// Returns whether `null` is a value of the type.
    #[doc(hidden)]
    fn takes_null() -> bool {
        false
    }

    /// Reads an item of a list or a value of a map. Returns `None` for a `null` that is no value of the type, which costs only itself.
    #[doc(hidden)]
    fn decode_item(from: Decoder<'_>) -> Result<Option<Self>, Failure> {
        if Self::takes_null() {
            return Self::decode(from).map(Some);
        }
        let (mut item, meter) = (Self::of_null(), from.meter);
        from.source.option(Self::place(&mut item))?;
        if item.is_none() {
            meter.keep(Kept::ALTERED);
        }
        Ok(item)
    }
}

/// A value in serialised text or in a tree. It can be read once.
pub struct Decoder<'a> {
    pub(crate) source: &'a mut dyn Source,
    pub(crate) meter: &'a Meter,
}

impl fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(source: &'a mut dyn Source, meter: &'a Meter) -> Self {
        Self { source, meter }
    }

    /// Reads an object into its fields, and skips other properties.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not an object, if a property is duplicated, if a required property is missing,
    /// or if a field cannot be read.
    pub fn object(self, fields: &mut [Field<'_>]) -> Result<(), Failure> {
        self.source.object(fields, None)
    }

    /// Reads an object into its fields, and other properties into a map if there is one. The last of duplicate map entries wins.
    ///
    /// # Errors
    ///
    /// As for [`Decoder::object`]; also if a value of the map cannot be read.
    pub fn object_and_rest(self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure> {
        self.source.object(fields, rest)
    }

    /// Reads a string and converts it. A number or a boolean is read as its text, which no value of an enum is.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is an array, an object or `null`.
    pub fn text<T: for<'t> From<&'t str>>(self) -> Result<T, Failure> {
        let mut read = None;
        self.source.text(&mut |text| read = Some(T::from(text)))?;
        read.ok_or_else(Failure::incomplete)
    }

    /// Tells the choice between variants whether the value that was read is one of those that the type lists.
    ///
    /// # Errors
    ///
    /// Returns the error of the value.
    pub fn among<T>(
        self,
        read: impl FnOnce(Self) -> Result<T, Failure>,
        is_unknown: impl FnOnce(&T) -> bool,
    ) -> Result<T, Failure> {
        let meter = self.meter;
        let value = read(self)?;
        if is_unknown(&value) {
            meter.keep(Kept::UNKNOWN);
        }
        Ok(value)
    }

    /// Reads a value of type `T`.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not of this type.
    pub fn read<T: Decodable>(self) -> Result<T, Failure> {
        T::decode(self)
    }

    /// Reads any JSON value.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is malformed, or if the value cannot be represented in JSON.
    pub fn value(self) -> Result<Value, Failure> {
        self.source.value()
    }
}

/// What `null` is as the value of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnNull {
    /// It is read like any value.
    Read,
    /// It leaves the place unchanged, as if the property were absent.
    Absent,
    /// It leaves the place unchanged, and is written for what is absent.
    Kept,
}

/// A property of an object, and the place for its value.
pub struct Field<'a> {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) place: Place<'a>,
    pub(crate) null: OnNull,
    pub(crate) required: bool,
    pub(crate) seen: bool,
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Field<'a> {
    fn new(name: &'static str, place: Place<'a>) -> Self {
        Self { name, aliases: &[], place, null: OnNull::Read, required: false, seen: false }
    }

    /// A required property. For a list or a map, `null` is read as empty.
    pub fn required<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        // Servers written in Go send empty lists as `null`.
        *slot = T::of_null();
        let null = if slot.is_some() { OnNull::Absent } else { OnNull::Read };
        Self { required: true, null, ..Self::new(name, T::place(slot)) }
    }

    /// An optional property; `null` is read as absent.
    pub fn optional<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        Self { null: OnNull::Absent, ..Self::new(name, T::place(slot)) }
    }

    /// A property whose `null` is read as absent, and written for what is absent.
    pub fn nullable<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        Self { null: OnNull::Kept, ..Self::new(name, T::place(slot)) }
    }

    /// An optional property for which `null` is a value.
    pub fn present<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        Self::new(name, T::place(slot))
    }

    /// An optional list; absent and `null` are read as empty.
    pub fn list<T: Decodable>(name: &'static str, slot: &'a mut Vec<T>) -> Self {
        Self { null: OnNull::Absent, ..Self::new(name, Place::Slot(slot)) }
    }

    /// Adds other names for the property.
    pub fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    #[inline]
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.name == key || (!self.aliases.is_empty() && self.aliases.contains(&key))
    }
}

/// The place for a value. The most common types are variants, so reading them needs no virtual call.
#[doc(hidden)]
pub enum Place<'a> {
    Bool(&'a mut Option<bool>),
    I64(&'a mut Option<i64>),
    F64(&'a mut Option<f64>),
    String(&'a mut Option<String>),
    DateTime(&'a mut Option<DateTime>),
    Slot(&'a mut dyn Slot),
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}

/// A place for a value of any type.
#[doc(hidden)]
pub trait Slot: Sealed {
    fn fill(&mut self, from: Decoder<'_>) -> Result<(), Failure>;
}

impl<T> Sealed for Option<T> {}
impl<T> Sealed for Vec<T> {}
impl<T> Sealed for BTreeMap<String, T> {}
impl Sealed for Map<String, Value> {}

impl<T: Decodable> Slot for Option<T> {
    fn fill(&mut self, from: Decoder<'_>) -> Result<(), Failure> {
        *self = Some(T::decode(from)?);
        Ok(())
    }
}

impl<T: Decodable> Slot for Vec<T> {
    fn fill(&mut self, from: Decoder<'_>) -> Result<(), Failure> {
        *self = Self::decode(from)?;
        Ok(())
    }
}

/// A map from names to values that receives properties.
pub trait Entries: Sealed {
    /// Reads the value of another property.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be read.
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure>;
}

/// Reads an item of a list.
pub(crate) type ReadItem<'r> = dyn FnMut(Decoder<'_>) -> Result<(), Failure> + 'r;

/// Reads a tree.
pub(crate) type ReadTree<'r> = dyn FnMut(&Node<'_>) -> Result<(), Failure> + 'r;

/// The source of a [`Decoder`]. Each method consumes the value; a second call returns an error.
pub(crate) trait Source {
    fn bool(&mut self) -> Result<bool, Failure>;
    fn i32(&mut self) -> Result<i32, Failure>;
    fn i64(&mut self) -> Result<i64, Failure>;
    fn u64(&mut self) -> Result<u64, Failure>;
    fn i128(&mut self) -> Result<i128, Failure>;
    fn u128(&mut self) -> Result<u128, Failure>;
    fn f64(&mut self) -> Result<f64, Failure>;
    /// Reads the digits of a number, or a string.
    fn decimal(&mut self) -> Result<String, Failure>;
    fn string(&mut self) -> Result<String, Failure>;
    /// Reads a text, or a number that stands for a date.
    fn date_time(&mut self) -> Result<DateTime, Failure>;
    fn text(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), Failure>;
    fn value(&mut self) -> Result<Value, Failure>;
    fn map(&mut self) -> Result<Map<String, Value>, Failure>;
    /// Reads the value into the place, unless it is `null`.
    fn option(&mut self, place: Place<'_>) -> Result<(), Failure>;
    fn list(&mut self, read: &mut ReadItem<'_>) -> Result<(), Failure>;
    fn object(&mut self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure>;
    /// Reads the value as a tree, which can be read more than once.
    fn tree(&mut self, read: &mut ReadTree<'_>) -> Result<(), Failure>;
}
