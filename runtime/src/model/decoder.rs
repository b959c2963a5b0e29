//! How models are read: each says which properties it has and where they go, and a [`Decoder`] fills them in from any
//! format of serde.
//!
//! Nothing of a model's is generic over the format, so that a model costs the compiler little; the code that is, is in
//! `source` and compiled once a format.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::{
    model::{date_time::DateTime, failure::Failure, meter::Meter, node::Node},
    sealed::Sealed,
};

/// A type that can be read from a [`Decoder`].
pub trait Decodable: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// When it is not of this type.
    fn decode(from: Decoder<'_>) -> Result<Self, Failure>;

    /// The place for a value as a table of fields holds it.
    #[doc(hidden)]
    fn place(slot: &mut Option<Self>) -> Place<'_> {
        Place::Slot(slot)
    }

    /// What the `null` of a required property is read as, where it is no error.
    #[doc(hidden)]
    fn of_null() -> Option<Self> {
        None
    }
}

/// One value of a serialised text or tree, to be read once.
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

    /// Reads an object into its fields. Other properties are skipped; one that comes twice is an error, and so is a
    /// required one that is missing.
    ///
    /// # Errors
    ///
    /// Those, those of the fields, and when the value is no object.
    pub fn object(self, fields: &mut [Field<'_>]) -> Result<(), Failure> {
        self.source.object(fields, None)
    }

    /// Reads an object into its fields, and its other properties into a map; of these the last of a name stays.
    ///
    /// # Errors
    ///
    /// As of [`Decoder::object`], and those of the map's values.
    pub fn object_and_rest(self, fields: &mut [Field<'_>], rest: &mut impl Entries) -> Result<(), Failure> {
        self.source.object(fields, Some(rest))
    }

    /// Reads a text as what it converts to.
    ///
    /// # Errors
    ///
    /// When the value is no text.
    pub fn text<T: for<'t> From<&'t str>>(self) -> Result<T, Failure> {
        let mut read = None;
        self.source.text(&mut |text| read = Some(T::from(text)))?;
        read.ok_or_else(Failure::incomplete)
    }

    /// Reads a value of any type.
    ///
    /// # Errors
    ///
    /// Those of the type.
    pub fn read<T: Decodable>(self) -> Result<T, Failure> {
        T::decode(self)
    }

    /// Reads any value.
    ///
    /// # Errors
    ///
    /// When the text is malformed, or the value has no JSON form.
    pub fn value(self) -> Result<Value, Failure> {
        self.source.value()
    }
}

/// A property of an object, and where its value goes.
pub struct Field<'a> {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) place: Place<'a>,
    /// Whether `null` leaves the place as it is, rather than being read as a value.
    pub(crate) skips_null: bool,
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
        Self { name, aliases: &[], place, skips_null: false, required: false, seen: false }
    }

    /// A property that must be there; the `null` of a list is the empty one.
    pub fn required<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        // Servers written in Go send their empty lists as `null`.
        *slot = T::of_null();
        Self { required: true, skips_null: slot.is_some(), ..Self::new(name, T::place(slot)) }
    }

    /// A property that may be missing or `null`.
    pub fn optional<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        Self { skips_null: true, ..Self::new(name, T::place(slot)) }
    }

    /// A property that may be missing, and whose `null` is a value.
    pub fn present<T: Decodable>(name: &'static str, slot: &'a mut Option<T>) -> Self {
        Self::new(name, T::place(slot))
    }

    /// A list that may be missing or `null`: both are the empty one.
    pub fn list<T: Decodable>(name: &'static str, slot: &'a mut Vec<T>) -> Self {
        Self { skips_null: true, ..Self::new(name, Place::Slot(slot)) }
    }

    /// Accepts other names too.
    pub fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    #[inline]
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.name == key || (!self.aliases.is_empty() && self.aliases.contains(&key))
    }
}

/// Where a value goes. The commonest types are told apart, so that reading them takes no call through a table.
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

/// A map of names to values, into which properties are read.
pub trait Entries: Sealed {
    /// Reads the value of one more property.
    ///
    /// # Errors
    ///
    /// Those of the value.
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure>;
}

/// Reads an item of a list.
pub(crate) type ReadItem<'r> = dyn FnMut(Decoder<'_>) -> Result<(), Failure> + 'r;

/// Reads a tree.
pub(crate) type ReadTree<'r> = dyn FnMut(&Node<'_>) -> Result<(), Failure> + 'r;

/// What a [`Decoder`] reads from. Each method takes the value; a second call is refused.
pub(crate) trait Source {
    fn bool(&mut self) -> Result<bool, Failure>;
    fn i32(&mut self) -> Result<i32, Failure>;
    fn i64(&mut self) -> Result<i64, Failure>;
    fn u64(&mut self) -> Result<u64, Failure>;
    fn f64(&mut self) -> Result<f64, Failure>;
    fn string(&mut self) -> Result<String, Failure>;
    fn text(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), Failure>;
    fn value(&mut self) -> Result<Value, Failure>;
    fn map(&mut self) -> Result<Map<String, Value>, Failure>;
    /// Leaves the place as it is where the value is `null`.
    fn option(&mut self, place: Place<'_>) -> Result<(), Failure>;
    fn list(&mut self, read: &mut ReadItem<'_>) -> Result<(), Failure>;
    fn object(&mut self, fields: &mut [Field<'_>], rest: Option<&mut dyn Entries>) -> Result<(), Failure>;
    /// Gives the value as a tree, to be read as often as it takes.
    fn tree(&mut self, read: &mut ReadTree<'_>) -> Result<(), Failure>;
}
