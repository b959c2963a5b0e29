//! Writes models: each declares its properties, and an [`Encoder`] writes them in any serde format.

use std::{collections::BTreeMap, fmt};

use serde_core::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap, SerializeSeq},
};

use crate::sealed::Sealed;
use serde_json::{Map, Value};

use crate::model::{date_time::DateTime, decimal::Decimal, digits, purpose::Purpose};

/// A type that can be written to an [`Encoder`].
pub trait Encodable {
    /// Writes the value.
    fn encode(&self, to: Encoder<'_>);
}

/// The destination of one value in serialised text or in a tree.
pub struct Encoder<'a> {
    pub(super) write: &'a mut dyn FnMut(View<'_>),
}

impl fmt::Debug for Encoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}

/// The structure of a value.
pub(super) enum View<'a> {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    /// A number beyond the types above.
    Digits(&'a str),
    Decimal(&'a str),
    Text(&'a str),
    List(&'a dyn Items),
    Object(&'a [Member<'a>], Option<&'a dyn Members>),
    Tagged(Tags<'a>, &'a dyn Encodable),
    Any(&'a Value),
}

impl Encoder<'_> {
    /// Writes an object with these properties.
    pub fn object(self, members: &[Member<'_>]) {
        (self.write)(View::Object(members, None));
    }

    /// Writes an object with these properties, and the entries of a map if there is one.
    pub fn object_and_rest(self, members: &[Member<'_>], rest: Option<&dyn Members>) {
        (self.write)(View::Object(members, rest));
    }

    /// Writes an object with these properties in place of its own of the same names.
    pub fn tagged(self, tags: &[(&'static str, &dyn Encodable)], model: &dyn Encodable) {
        (self.write)(View::Tagged(tags, model));
    }

    /// Writes a list.
    pub(crate) fn list(self, items: &dyn Items) {
        (self.write)(View::List(items));
    }

    /// Writes a string.
    pub fn text(self, text: &str) {
        (self.write)(View::Text(text));
    }
}

/// A property of an object, with its value.
pub struct Member<'a> {
    pub(super) name: &'static str,
    /// `None` if the property is omitted.
    pub(super) value: Option<&'a dyn Encodable>,
    /// Whether requests leave the property out.
    is_read_only: bool,
    /// Whether only the model of responses has the property.
    is_foreign: bool,
    /// Whether decimals in the value are written as strings.
    is_text: bool,
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Member<'a> {
    /// A property that is always written.
    pub fn required(name: &'static str, value: &'a dyn Encodable) -> Self {
        Self { name, value: Some(value), is_read_only: false, is_foreign: false, is_text: false }
    }

    /// A property that is omitted if it is `None`.
    pub fn optional<T: Encodable>(name: &'static str, value: &'a Option<T>) -> Self {
        Self {
            name,
            value: value.as_ref().map(|value| value as &dyn Encodable),
            is_read_only: false,
            is_foreign: false,
            is_text: false,
        }
    }

    /// A property that is omitted if the list is empty.
    pub fn list<T: Encodable>(name: &'static str, value: &'a Vec<T>) -> Self {
        Self {
            name,
            value: (!value.is_empty()).then_some(value as &dyn Encodable),
            is_read_only: false,
            is_foreign: false,
            is_text: false,
        }
    }

    /// A property that a model for requests ignores, because only responses have it.
    pub fn foreign(name: &'static str) -> Self {
        Self { name, value: None, is_read_only: true, is_foreign: true, is_text: false }
    }

    /// Writes the decimals of the value as strings.
    pub fn decimals_as_text(mut self) -> Self {
        self.is_text = true;
        self
    }

    /// Leaves the property out of requests.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }
}

/// The items of a list.
pub(crate) trait Items {
    fn len(&self) -> usize;
    /// Whether the items have types by position.
    fn is_tuple(&self) -> bool {
        false
    }
    fn each(&self, write: &mut dyn FnMut(&dyn Encodable));
}

impl<T: Encodable> Items for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
        for item in self {
            write(item);
        }
    }
}

/// A map from names to values whose entries are written as properties.
pub trait Members: Sealed {
    /// Returns the number of entries.
    fn len(&self) -> usize;
    /// Returns whether the map is empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Calls `write` for each entry.
    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable));
}

impl<T: Encodable> Members for BTreeMap<String, T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable)) {
        for (name, value) in self {
            write(name, value);
        }
    }
}

impl Members for Map<String, Value> {
    fn len(&self) -> usize {
        self.len()
    }

    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable)) {
        for (name, value) in self {
            write(name, value);
        }
    }
}

impl<T: Members + ?Sized> Members for &T {
    fn len(&self) -> usize {
        (**self).len()
    }

    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable)) {
        (**self).each(write);
    }
}

/// A value whose decimals are written as strings. It applies to items of lists and entries of maps, but not to models,
/// which write their properties themselves.
#[derive(Debug)]
pub struct AsText<'a, T: ?Sized>(pub &'a T);

impl<T: Encodable + ?Sized> Encodable for AsText<'_, T> {
    fn encode(&self, to: Encoder<'_>) {
        self.0.encode(Encoder {
            write: &mut |view| match view {
                View::Decimal(digits) => (to.write)(View::Text(digits)),
                View::List(items) => (to.write)(View::List(&AsText(items))),
                View::Object([], Some(entries)) => (to.write)(View::Object(&[], Some(&AsText(entries)))),
                other => (to.write)(other),
            },
        });
    }
}

impl<T: Items + ?Sized> Items for AsText<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_tuple(&self) -> bool {
        self.0.is_tuple()
    }

    fn each(&self, write: &mut dyn FnMut(&dyn Encodable)) {
        self.0.each(&mut |item| write(&AsText(item)));
    }
}

impl<T: ?Sized> Sealed for AsText<'_, T> {}

impl<T: Members + ?Sized> Members for AsText<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn each(&self, write: &mut dyn FnMut(&str, &dyn Encodable)) {
        self.0.each(&mut |name, value| write(name, &AsText(value)));
    }
}

/// Writes the decimals of a value as strings.
pub fn decimals_as_text<T: ?Sized>(value: &T) -> AsText<'_, T> {
    AsText(value)
}

impl<T: Encodable + ?Sized> Serialize for AsText<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Encoded::new(self, Purpose::ambient()).serialize(serializer)
    }
}

/// Serialises an [`Encodable`].
pub(crate) struct Encoded<'a> {
    model: &'a dyn Encodable,
    purpose: Purpose,
    /// The tags of the variant that holds the model.
    tags: Tags<'a>,
}

impl<'a> Encoded<'a> {
    pub(crate) fn new(model: &'a dyn Encodable, purpose: Purpose) -> Self {
        Self { model, purpose, tags: &[] }
    }
}

/// Properties that a variant writes in place of its model's own.
type Tags<'a> = &'a [(&'static str, &'a dyn Encodable)];

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut serializer = Some(serializer);
        let mut written = None;
        self.model.encode(Encoder {
            write: &mut |view| {
                if let Some(serializer) = serializer.take() {
                    written = Some(view.serialize(serializer, self.purpose, self.tags));
                }
            },
        });
        written.unwrap_or_else(|| Err(S::Error::custom("the model wrote nothing")))
    }
}

impl View<'_> {
    fn serialize<S: Serializer>(self, serializer: S, purpose: Purpose, tags: Tags<'_>) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Signed(value) => serializer.serialize_i64(value),
            Self::Unsigned(value) => serializer.serialize_u64(value),
            Self::Float(value) => serializer.serialize_f64(value),
            Self::Digits(digits) | Self::Decimal(digits) => digits::serialize(digits, serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serialize_list(items, serializer, purpose),
            Self::Object(members, rest) => Object { members, rest, tags, purpose }.serialize(serializer),
            Self::Tagged(tags, model) => Encoded { model, purpose, tags }.serialize(serializer),
            Self::Any(value) => value.serialize(serializer),
        }
    }
}

static NULL: Option<bool> = None;

/// An object that is written.
struct Object<'a> {
    members: &'a [Member<'a>],
    rest: Option<&'a dyn Members>,
    tags: Tags<'a>,
    purpose: Purpose,
}

impl Object<'_> {
    fn is_tag(&self, name: &str) -> bool {
        self.tags.iter().any(|(tag, _)| *tag == name)
    }

    /// The value of a property, if it is written.
    fn written<'m>(&self, member: &Member<'m>) -> Option<&'m dyn Encodable> {
        if member.is_foreign && self.purpose == Purpose::Compare {
            return Some(&NULL);
        }
        let is_withheld = member.is_read_only && self.purpose == Purpose::Send;
        member.value.filter(|_| !is_withheld && !self.is_tag(member.name))
    }

    fn len(&self) -> usize {
        let mut length = self.tags.len() + self.members.iter().filter(|member| self.written(member).is_some()).count();
        match self.rest {
            Some(rest) if self.tags.is_empty() => length += rest.len(),
            Some(rest) => rest.each(&mut |name, _| length += usize::from(!self.is_tag(name))),
            None => {}
        }
        length
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.tags {
            map.serialize_entry(name, &Encoded::new(*value, self.purpose))?;
        }
        for member in self.members {
            match self.written(member) {
                Some(value) if member.is_text => {
                    map.serialize_entry(member.name, &Encoded::new(&AsText(&value), self.purpose))?;
                }
                Some(value) => map.serialize_entry(member.name, &Encoded::new(value, self.purpose))?,
                None => {}
            }
        }
        if let Some(rest) = self.rest {
            let mut result = Ok(());
            rest.each(&mut |name, value| {
                if result.is_ok() && !self.is_tag(name) {
                    result = map.serialize_entry(name, &Encoded::new(value, self.purpose));
                }
            });
            result?;
        }
        map.end()
    }
}

fn serialize_list<S: Serializer>(items: &dyn Items, serializer: S, purpose: Purpose) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(items.len()))?;
    let mut result = Ok(());
    items.each(&mut |item| {
        if result.is_ok() {
            result = list.serialize_element(&Encoded::new(item, purpose));
        }
    });
    result?;
    list.end()
}

impl Encodable for bool {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Bool(*self));
    }
}

impl Encodable for i32 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Signed((*self).into()));
    }
}

impl Encodable for i64 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Signed(*self));
    }
}

impl Encodable for u64 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Unsigned(*self));
    }
}

impl Encodable for i128 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Digits(&self.to_string()));
    }
}

impl Encodable for u128 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Digits(&self.to_string()));
    }
}

impl Encodable for Decimal {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Decimal(self.as_str()));
    }
}

impl Encodable for f64 {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Float(*self));
    }
}

impl Encodable for String {
    fn encode(&self, to: Encoder<'_>) {
        to.text(self);
    }
}

impl Encodable for str {
    fn encode(&self, to: Encoder<'_>) {
        to.text(self);
    }
}

impl Encodable for DateTime {
    fn encode(&self, to: Encoder<'_>) {
        let text = self.as_str();
        (to.write)(if self.is_number() { View::Digits(text) } else { View::Text(text) });
    }
}

impl Encodable for Value {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::Any(self));
    }
}

impl Encodable for Map<String, Value> {
    fn encode(&self, to: Encoder<'_>) {
        to.object_and_rest(&[], Some(self));
    }
}

impl<T: Encodable> Encodable for BTreeMap<String, T> {
    fn encode(&self, to: Encoder<'_>) {
        to.object_and_rest(&[], Some(self));
    }
}

impl<T: Encodable> Encodable for Vec<T> {
    fn encode(&self, to: Encoder<'_>) {
        (to.write)(View::List(self));
    }
}

impl<T: Encodable> Encodable for Option<T> {
    fn encode(&self, to: Encoder<'_>) {
        match self {
            None => (to.write)(View::Null),
            Some(value) => value.encode(to),
        }
    }
}

impl<T: Encodable + ?Sized> Encodable for &T {
    fn encode(&self, to: Encoder<'_>) {
        (**self).encode(to);
    }
}

impl<T: Encodable + ?Sized> Encodable for Box<T> {
    fn encode(&self, to: Encoder<'_>) {
        (**self).encode(to);
    }
}
