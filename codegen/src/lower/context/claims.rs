//! The values of a discriminator that schemas list for its property, and which schema each one selects.

use foldhash::{HashMap, HashSet};

/// The schemas that list or are mapped to each value.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The only schema of each value, if there is only one.
    owners: HashMap<String, Option<String>>,
    /// The values that each schema lists.
    listed: HashMap<String, Vec<String>>,
    /// The lists of the schemas, sorted.
    lists: HashSet<Vec<String>>,
    /// The values that do not select each schema that lists them: those that are mapped, that are the name or the only value of a
    /// schema, or that are in a list which several schemas have.
    settled: HashSet<String>,
}

/// The values that select a schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selecting {
    pub(crate) values: Vec<String>,
    /// Whether the schema lists values that the mapping does not know, so that the type keeps the value.
    pub(crate) is_field: bool,
    /// A value that would select the schema, if it lists values and none of them does.
    pub(crate) never: Option<String>,
}

impl Claims {
    /// Adds a schema with the values that are mapped to it, and those that it lists. `own` is its name or its only value.
    pub(super) fn add(&mut self, at: &str, mapped: &[String], own: Option<&str>, listed: Vec<String>) {
        if self.listed.contains_key(at) {
            return;
        }
        for value in mapped.iter().chain(&listed) {
            let owner = self.owners.entry(value.clone()).or_insert_with(|| Some(at.to_owned()));
            if owner.as_deref() != Some(at) {
                *owner = None;
            }
        }
        self.settled.extend(mapped.iter().cloned());
        self.settled.extend(listed.iter().filter(|value| own == Some(value)).cloned());
        let mut list = listed.clone();
        list.sort_unstable();
        list.dedup();
        if !self.lists.insert(list) {
            self.settled.extend(listed.iter().cloned());
        }
        self.listed.insert(at.to_owned(), listed);
    }

    /// Returns the values that select a schema: those of the mapping, and those that it lists and that are not settled otherwise.
    /// Several schemas may list a value: then the other properties decide between them. If there are none, returns the `own` value,
    /// unless the schema lists others.
    pub(super) fn select(&self, at: &str, mapped: Vec<String>, own: Option<String>) -> Selecting {
        let listed = self.listed.get(at).map_or(&[][..], Vec::as_slice);
        let is_owned = |value: &String| matches!(self.owners.get(value), Some(Some(owner)) if owner == at);
        let is_claimed = |value: &&String| is_owned(value) || !self.settled.contains(*value);
        let is_own = |value: &&String| own.as_ref() == Some(value);
        let unmapped: Vec<&String> = listed.iter().filter(|value| !mapped.contains(value)).collect();
        let is_field = listed.len() > 1 && unmapped.iter().any(is_claimed);
        let others = unmapped.into_iter().filter(|value| is_field && (is_claimed(value) || is_own(value)));
        let others: Vec<String> = others.cloned().collect();
        let mut values = mapped;
        values.extend(others);
        if listed.is_empty() || values.iter().any(|value| listed.contains(value)) {
            if values.is_empty() {
                values.extend(own);
            }
            return Selecting { values, is_field, never: None };
        }
        match own.filter(|_| values.is_empty()) {
            Some(own) if listed.contains(&own) => Selecting { values: vec![own], is_field, never: None },
            own => Selecting { never: own.or_else(|| values.first().cloned()), values, is_field },
        }
    }
}
