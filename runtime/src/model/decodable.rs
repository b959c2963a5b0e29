//! How models are read: each says which properties it has and where they go, and a [`Decoder`] fills them in from any
//! format of serde.
//!
//! Nothing of a model's is generic over the format, so that a model costs the compiler little; the code that is, is in
//! `source` and compiled once a format.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::model::{
    date_time::DateTime,
    form::{self, Form, ReadVariant},
    meter::Meter,
    source::Source,
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
    source: &'a mut dyn Source,
    meter: &'a Meter,
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

    /// Reads a value as the variant of a union that it fits best. `read` is given the index of a form, or the number of
    /// forms for a value that fits none.
    ///
    /// # Errors
    ///
    /// When the text is malformed, or telling the variants apart takes more work than its length allows.
    pub fn choose<U: 'static>(self, forms: &[Form], read: ReadVariant<U>) -> Result<U, Failure> {
        let (source, meter) = (self.source, self.meter);
        let mut chosen = None;
        source.tree(&mut |node| {
            chosen = Some(form::choose(forms, node, meter, read)?);
            Ok(())
        })?;
        chosen.ok_or_else(Failure::incomplete)
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
pub trait Slot {
    fn fill(&mut self, from: Decoder<'_>) -> Result<(), Failure>;
}

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
pub trait Entries {
    /// Reads the value of one more property.
    ///
    /// # Errors
    ///
    /// Those of the value.
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure>;
}

impl<T: Decodable> Entries for BTreeMap<String, T> {
    fn add(&mut self, name: String, from: Decoder<'_>) -> Result<(), Failure> {
        from.meter.charge_entry(self.len(), size_of::<(String, T)>())?;
        from.meter.charge_text(name.len())?;
        self.insert(name, T::decode(from)?);
        Ok(())
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

/// Why a value could not be read, and where.
#[derive(Debug)]
pub struct Failure {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// From the value that could not be read to the root.
    path: Vec<Step>,
    message: String,
}

#[derive(Debug)]
enum Step {
    Property(String),
    Item(usize),
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { inner: Box::new(Inner { path: Vec::new(), message: message.to_string() }) }
    }

    /// A value was left out that had to be there; the reader of objects says which before it comes to this.
    pub fn incomplete() -> Self {
        Self::new("the value is incomplete")
    }

    pub(crate) fn read_twice() -> Self {
        Self::new("the value has been read already")
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(format_args!("missing field `{name}`"))
    }

    /// A union has no variant but itself.
    pub(crate) fn endless() -> Self {
        Self::new("the union has itself as a variant")
    }

    pub(crate) fn at_property(mut self, name: &str) -> Self {
        self.inner.path.push(Step::Property(name.to_owned()));
        self
    }

    pub(crate) fn at_item(mut self, index: usize) -> Self {
        self.inner.path.push(Step::Item(index));
        self
    }

    /// Where reading failed: `data[0].name`; the root is `.`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.inner.path.iter().rev() {
            match step {
                Step::Item(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Property(name) if path.is_empty() => path.push_str(name),
                Step::Property(name) => path.extend([".", name]),
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }

    pub(crate) fn message(&self) -> &str {
        &self.inner.message
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.inner.path.is_empty() {
            f.write_str(&self.inner.message)
        } else {
            write!(f, "{}: {}", self.path(), self.inner.message)
        }
    }
}

impl std::error::Error for Failure {}

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
}

impl Decodable for Map<String, Value> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.source.map()
    }
}

impl<T: Decodable> Decodable for BTreeMap<String, T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut map = Self::new();
        from.object_and_rest(&mut [], &mut map)?;
        Ok(map)
    }
}

impl<T: Decodable> Decodable for Vec<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        let mut items = Self::new();
        from.source.list(&mut |item| {
            item.meter.charge_item(items.len(), size_of::<T>())?;
            items.push(T::decode(item)?);
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
}

impl<T: Decodable> Decodable for Box<T> {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.meter.charge(size_of::<T>())?;
        T::decode(from).map(Self::new)
    }
}
