//! Notes which keys of the objects of a document are read, so that the others can be told.

use foldhash::HashMap;

/// What each object has been read for, by place.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    schemas: HashMap<String, Read>,
    /// Of all other kinds.
    objects: HashMap<String, Read>,
}

/// A set of groups of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Read(u32);

impl Read {
    /// What every object is read for. Of schemas, the keywords that compose them, and those that say kinds of values.
    pub(crate) const BASE: Self = Self(1);
    pub(crate) const OBJECT: Self = Self(1 << 1);
    pub(crate) const LIST: Self = Self(1 << 2);
    pub(crate) const TUPLE: Self = Self(1 << 3);
    pub(crate) const DISCRIMINATOR: Self = Self(1 << 4);
    /// Restrictions that the documentation of a value states.
    pub(crate) const RESTRICTIONS: Self = Self(1 << 5);
    /// How a value is written in a URL, a header or a form.
    pub(crate) const STYLE: Self = Self(1 << 6);
    /// Whether reserved characters of a value stay as they are.
    pub(crate) const RESERVED: Self = Self(1 << 7);
    /// Whether a parameter can be empty.
    pub(crate) const EMPTY: Self = Self(1 << 8);
    /// The encodings of fields and parts that have names.
    pub(crate) const NAMES: Self = Self(1 << 9);
    /// The encodings of parts that have places.
    pub(crate) const PLACES: Self = Self(1 << 10);
    /// The items of a body.
    pub(crate) const ITEMS: Self = Self(1 << 11);
    /// The media type of a field or part.
    pub(crate) const MEDIA_TYPE: Self = Self(1 << 12);
    /// What a part has besides its value, and a header besides its schema.
    pub(crate) const PART: Self = Self(1 << 13);
    /// The place of an API key.
    pub(crate) const API_KEY: Self = Self(1 << 14);
    /// The scheme of the `Authorization` header.
    pub(crate) const HTTP: Self = Self(1 << 15);
    /// The flows of OAuth, and where a client finds them.
    pub(crate) const OAUTH: Self = Self(1 << 16);
    /// Restrictions of the names of properties that the documentation of a value states.
    pub(crate) const PROPERTY_NAMES: Self = Self(1 << 17);
    /// Patterns of the names of properties that the documentation of a value states.
    pub(crate) const PATTERNS: Self = Self(1 << 18);
    /// All that an object has, and what is in it: a finding tells of the whole.
    pub(crate) const WHOLE: Self = Self(u32::MAX);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
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
        note(&mut self.schemas, at, read);
    }

    /// Notes that the client expresses or documents these keys of an object that is no schema, or that a finding tells of them.
    pub(crate) fn note_object(&mut self, at: &str, read: Read) {
        note(&mut self.objects, at, read);
    }

    /// Returns what a schema has been read for, or `None` if nothing has read it.
    pub(crate) fn schema(&self, at: &str) -> Option<Read> {
        self.schemas.get(at).copied()
    }

    /// Returns what an object that is no schema has been read for, or `None` if nothing has read it.
    pub(crate) fn object(&self, at: &str) -> Option<Read> {
        self.objects.get(at).copied()
    }

    /// The places of the schemas that have been read, in their order.
    pub(crate) fn schemas(&self) -> Vec<&String> {
        let mut places: Vec<&String> = self.schemas.keys().collect();
        places.sort_unstable();
        places
    }
}

fn note(places: &mut HashMap<String, Read>, at: &str, read: Read) {
    let read = read.and(Read::BASE);
    if let Some(known) = places.get_mut(at) {
        *known = known.and(read);
    } else {
        places.insert(at.to_owned(), read);
    }
}
