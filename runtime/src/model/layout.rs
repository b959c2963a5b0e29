//! Where a value has tuples, which its JSON does not tell from other lists.

use std::collections::BTreeMap;

use crate::model::encodable::{Encodable, Encoder, View};

/// Where a value has tuples. Values without tuples are not listed.
#[derive(Debug, Clone, Default)]
pub(crate) enum Layout {
    /// A value without tuples.
    #[default]
    Plain,
    List {
        is_tuple: bool,
        items: BTreeMap<usize, Layout>,
    },
    Object(BTreeMap<String, Layout>),
}

impl Layout {
    pub(crate) fn of(value: &dyn Encodable) -> Self {
        let mut layout = Self::Plain;
        value.encode(Encoder { write: &mut |view| layout = Self::of_view(&view) });
        layout
    }

    fn of_view(view: &View<'_>) -> Self {
        match view {
            View::List(list) => {
                let (is_tuple, mut items, mut index) = (list.is_tuple(), BTreeMap::new(), 0);
                list.each(&mut |item| {
                    Self::of(item).insert(index, &mut items);
                    index += 1;
                });
                if is_tuple || !items.is_empty() { Self::List { is_tuple, items } } else { Self::Plain }
            }
            View::Object(members, rest) => {
                let mut all = BTreeMap::new();
                for member in *members {
                    member.value.map_or(Self::Plain, Self::of).insert(member.name.to_owned(), &mut all);
                }
                if let Some(rest) = rest {
                    rest.each(&mut |name, value| Self::of(value).insert(name.to_owned(), &mut all));
                }
                if all.is_empty() { Self::Plain } else { Self::Object(all) }
            }
            // Tags are constants.
            View::Tagged(_, model) => Self::of(model),
            _ => Self::Plain,
        }
    }

    fn insert<K: Ord>(self, key: K, into: &mut BTreeMap<K, Self>) {
        if !matches!(self, Self::Plain) {
            into.insert(key, self);
        }
    }

    pub(crate) fn is_tuple(&self) -> bool {
        matches!(self, Self::List { is_tuple: true, .. })
    }

    pub(crate) fn item(&self, index: usize) -> Self {
        match self {
            Self::List { items, .. } => items.get(&index).cloned().unwrap_or_default(),
            _ => Self::Plain,
        }
    }

    pub(crate) fn member(&self, name: &str) -> Self {
        match self {
            Self::Object(members) => members.get(name).cloned().unwrap_or_default(),
            _ => Self::Plain,
        }
    }
}
