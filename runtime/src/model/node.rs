//! A compact tree of a value, which can be read repeatedly to distinguish the variants of unions. It needs a fraction
//! of the memory of a [`Value`]: strings are borrowed if possible, and an object is one list of entries.

use std::{borrow::Cow, fmt, mem, ptr};

use serde_core::de::{Deserialize, Deserializer, Visitor};
use serde_json::{Map, Value};

use crate::model::{
    digits,
    failure::Failure,
    meter::{Kept, Meter},
};

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'t> {
    Null,
    Bool(bool),
    /// The digits as they are written.
    Number(&'t str),
    Text(Cow<'t, str>),
    List(Box<[Node<'t>]>),
    Object(Entries<'t>),
}

/// The entries of an object, sorted by unique name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entries<'t>(Box<[Entry<'t>]>);

pub(crate) type Entry<'t> = (Cow<'t, str>, Node<'t>);

impl<'t> Entries<'t> {
    /// Sorts the entries. Of entries with the same name, the last one is kept.
    pub(crate) fn new(mut entries: Vec<Entry<'t>>) -> Self {
        // The sort is stable, so duplicates keep their order.
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                mem::swap(later, kept);
            }
            is_same
        });
        Self(entries.into())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node<'t>> {
        let index = self.0.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok()?;
        self.0.get(index).map(|(_, node)| node)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Node<'t>)> {
        self.0.iter().map(|(name, node)| (name.as_ref(), node))
    }
}

impl<'t> Node<'t> {
    pub(crate) fn as_object(&self) -> Option<&Entries<'t>> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns a member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// Returns the number of nodes.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::count).sum::<u64>(),
            Self::Object(entries) => 1 + entries.iter().map(|(_, node)| node.count()).sum::<u64>(),
            _ => 1,
        }
    }

    /// Returns the address, which identifies the node in caches.
    pub(crate) fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    /// Returns what is kept of a node that is taken unchanged. The result is cached, because the parent may be asked
    /// for next.
    pub(crate) fn all_leaves(&self, meter: &Meter) -> Result<Kept, Failure> {
        if let Some(leaves) = self.known_leaves(meter) {
            return Ok(Kept::of_leaves(leaves));
        }
        let leaves = self.count_leaves(meter)?;
        if self.has_members() {
            meter.remember_leaves(self.address(), leaves)?;
        }
        Ok(Kept::of_leaves(leaves))
    }

    fn count_leaves(&self, meter: &Meter) -> Result<usize, Failure> {
        /// Adds up several nodes.
        fn sum<'n, 't: 'n>(nodes: impl Iterator<Item = &'n Node<'t>>, meter: &Meter) -> Result<usize, Failure> {
            let mut leaves = 0;
            for node in nodes {
                leaves += node.known_leaves(meter).map_or_else(|| node.count_leaves(meter), Ok)?;
            }
            Ok(leaves)
        }
        meter.step(1)?;
        match self {
            Self::List(items) => sum(items.iter(), meter),
            Self::Object(entries) => sum(entries.iter().map(|(_, member)| member), meter),
            Self::Null => Ok(0),
            Self::Bool(_) | Self::Number(_) | Self::Text(_) => Ok(1),
        }
    }

    fn known_leaves(&self, meter: &Meter) -> Option<usize> {
        self.has_members().then(|| meter.known_leaves(self.address())).flatten()
    }

    fn has_members(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// Copies the tree to a [`Value`], and charges the meter.
    pub(crate) fn to_value(&self, meter: &Meter) -> Result<Value, Failure> {
        self.copy(meter, &|digits| digits::number(digits).map(Value::Number))
    }

    /// Copies the tree to a [`Value`], with strings for numbers whose digits [`Value`] cannot hold.
    pub(crate) fn to_exact_value(&self, meter: &Meter) -> Result<Value, Failure> {
        self.copy(meter, &|digits| Ok(digits::exact(digits).map_or_else(|| digits.into(), Value::Number)))
    }

    fn copy(&self, meter: &Meter, number: &dyn Fn(&str) -> Result<Value, Failure>) -> Result<Value, Failure> {
        meter.step(1)?;
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(digits) => number(digits)?,
            Self::Text(text) => {
                meter.charge_text(text.len())?;
                Value::String(text.as_ref().to_owned())
            }
            Self::List(items) => {
                meter.charge(items.len().saturating_mul(size_of::<Value>()))?;
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(item.copy(meter, number)?);
                }
                Value::Array(list)
            }
            Self::Object(entries) => {
                let mut map = Map::new();
                for (name, node) in entries.iter() {
                    meter.charge_entry(map.len(), size_of::<(String, Value)>())?;
                    meter.charge_text(name.len())?;
                    map.insert(name.to_owned(), node.copy(meter, number)?);
                }
                Value::Object(map)
            }
        })
    }
}

/// A string, borrowed if it contains no escapes.
pub(crate) struct Name<'t>(pub(crate) Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for Name<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
        Ok(Name(text.to_owned().into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::model::parse::parse;

    fn node(text: &str) -> Node<'_> {
        parse(text, &Meter::ambient()).unwrap()
    }

    #[test]
    fn a_node_is_small() {
        assert_eq!(size_of::<Node<'_>>(), 24);
    }

    #[test]
    fn of_a_name_that_comes_twice_the_last_entry_stays() {
        let node = node(r#"{"b": 1, "a": 1, "b": 2, "b": {"c": 3}}"#);
        assert_eq!(node.to_value(&Meter::ambient()).unwrap(), json!({"a": 1, "b": {"c": 3}}));
        assert_eq!(node.get("a"), Some(&Node::Number("1")));
        assert_eq!(node.get("c"), None);
        assert_eq!(node.count(), 4);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map("[a-d\\\\\"]{0,2}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_tree_is_the_value_that_it_was_read_from(value in json()) {
            let text = value.to_string();
            let value: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(node(&text).to_value(&Meter::ambient()).unwrap(), value);
        }
    }
}
