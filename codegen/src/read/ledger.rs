//! Notes which keywords of schemas are read, so that the others can be told.

use std::collections::HashMap;

/// The keywords that each schema has been read for, by place.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    read: HashMap<String, Read>,
}

/// A set of groups of keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Read(u8);

impl Read {
    /// The keywords that every schema is read for: those that compose schemas, and those that say kinds of values.
    pub(crate) const SHAPE: Self = Self(1);
    pub(crate) const OBJECT: Self = Self(1 << 1);
    pub(crate) const LIST: Self = Self(1 << 2);
    pub(crate) const TUPLE: Self = Self(1 << 3);
    pub(crate) const DISCRIMINATOR: Self = Self(1 << 4);
    /// Restrictions that the documentation of a value states.
    pub(crate) const RESTRICTIONS: Self = Self(1 << 5);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn includes(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What has become of the keys of one kind of object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyCount {
    /// The client expresses or documents them, or a finding of their own tells why not.
    pub expressed: usize,
    /// They mean nothing to a client.
    pub listed: usize,
    /// The finding `ignored-keyword` tells of them.
    pub told: usize,
    /// No operation uses their object.
    pub unused: usize,
}

impl Ledger {
    /// Notes that the client expresses or documents these keywords of a schema, or that a finding tells of them.
    pub(crate) fn note(&mut self, at: &str, read: Read) {
        if let Some(known) = self.read.get_mut(at) {
            *known = known.and(read);
        } else {
            self.read.insert(at.to_owned(), read);
        }
    }

    /// Returns the keywords for which a schema has been read, or `None` if nothing has read it.
    pub(crate) fn read_of(&self, at: &str) -> Option<Read> {
        self.read.get(at).copied()
    }

    /// The places of the schemas that have been read, in their order.
    pub(crate) fn places(&self) -> Vec<&String> {
        let mut places: Vec<&String> = self.read.keys().collect();
        places.sort_unstable();
        places
    }
}
