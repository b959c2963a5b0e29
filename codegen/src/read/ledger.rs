//! Notes which keywords of schemas are read, so that the others can be told.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The keywords that each schema has been read for, by place.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    read: HashMap<String, Vec<&'static str>>,
}

impl Ledger {
    /// Notes that the client expresses or documents these keywords of a schema, or that a finding tells of them.
    pub(crate) fn note(&mut self, at: &str, keys: &[&'static str]) {
        if let Some(read) = self.read.get_mut(at) {
            for key in keys {
                if !read.contains(key) {
                    read.push(key);
                }
            }
        } else {
            self.read.insert(at.to_owned(), keys.to_vec());
        }
    }

    /// Returns the keywords for which a schema has been read, or `None` if nothing has read it.
    pub(crate) fn read_of(&self, at: &str) -> Option<&[&'static str]> {
        self.read.get(at).map(Vec::as_slice)
    }

    /// The places of the schemas that have been read, in their order.
    pub(crate) fn places(&self) -> Vec<&String> {
        let mut places: Vec<&String> = self.read.keys().collect();
        places.sort_unstable();
        places
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

/// Returns the keys of an object that are not among those that were read.
pub(crate) fn unread<'n>(node: &'n Map<String, Value>, read: &[&str]) -> impl Iterator<Item = &'n str> {
    node.keys().map(String::as_str).filter(move |key| !read.contains(key))
}
