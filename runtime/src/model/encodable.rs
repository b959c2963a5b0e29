//! What models write: each declares its properties to an [`Encoder`].

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::{
    model::{date_time::DateTime, decimal::Decimal},
    sealed::Sealed,
};

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

/// Properties that a variant writes in place of its model's own.
pub(super) type Tags<'a> = &'a [(&'static str, &'a dyn Encodable)];

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
    pub(super) is_read_only: bool,
    /// Whether only the model of responses has the property.
    pub(super) is_foreign: bool,
    /// Whether decimals in the value are written as strings.
    pub(super) is_text: bool,
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
