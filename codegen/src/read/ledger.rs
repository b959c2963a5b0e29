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

    /// Returns the schemas that have been read, in the order of their places, with the keywords for which they have been read.
    pub(crate) fn into_schemas(self) -> Vec<(String, Vec<&'static str>)> {
        let mut schemas: Vec<_> = self.read.into_iter().collect();
        schemas.sort_unstable();
        schemas
    }
}

/// Returns the keys of an object that are not among those that were read.
pub(crate) fn unread<'n>(node: &'n Map<String, Value>, read: &[&str]) -> impl Iterator<Item = &'n str> {
    node.keys().map(String::as_str).filter(move |key| !read.contains(key))
}
