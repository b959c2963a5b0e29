//! Reads a few members of a JSON object without allocating memory for the others.

use std::{borrow::Cow, fmt};

use serde_core::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::model::node::Name;

/// The members with the given names, and the number of others. Of duplicate members the last one is used.
pub(crate) struct Members<'b, const N: usize> {
    pub(crate) found: [Option<&'b RawValue>; N],
    pub(crate) others: usize,
}

/// Finds members of an object. Returns `None` if the text is not a JSON object.
pub(crate) fn members<'b, const N: usize>(text: &'b [u8], names: [&str; N]) -> Option<Members<'b, N>> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let members = reader.deserialize_map(Look { names }).ok()?;
    reader.end().ok()?;
    Some(members)
}

/// Returns up to `limit` member names of an object, or `None` if the text is not a JSON object.
pub(crate) fn names(text: &[u8], limit: usize) -> Option<Vec<Cow<'_, str>>> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let names = reader.deserialize_map(Names { limit }).ok()?;
    reader.end().ok()?;
    Some(names)
}

struct Names {
    limit: usize,
}

impl<'de> Visitor<'de> for Names {
    type Value = Vec<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            if names.len() < self.limit {
                names.push(name);
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(names)
    }
}

struct Look<'n, const N: usize> {
    names: [&'n str; N],
}

impl<'de, const N: usize> Visitor<'de> for Look<'_, N> {
    type Value = Members<'de, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members { found: [None; N], others: 0 };
        while let Some(Name(name)) = map.next_key()? {
            if let Some(index) = self.names.iter().position(|wanted| *wanted == name) {
                members.found[index] = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
                members.others += 1;
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_among_others() {
        let text = br#"{"a": [1], "c": {}, "\u0062": 2, "b": 3}"#;
        let members = members(text, ["a", "b", "d"]).unwrap();
        assert_eq!(members.found.map(|found| found.map(RawValue::get)), [Some("[1]"), Some("3"), None]);
        assert_eq!(members.others, 1);
    }

    #[test]
    fn what_is_no_object_has_none() {
        for text in ["[]", "1", "", "{\"a\": 1} x", "{\"a\": 1", "{1: 1}"] {
            assert!(members(text.as_bytes(), ["a"]).is_none(), "{text}");
        }
    }
}
