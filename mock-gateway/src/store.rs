//! Created items, kept in memory while the gateway lives.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Map, Value};

/// A created item.
pub(crate) type Item = Map<String, Value>;

/// All collections, by path.
#[derive(Debug, Default)]
pub(crate) struct Store {
    shelves: Mutex<BTreeMap<String, Shelf>>,
}

#[derive(Debug, Default)]
struct Shelf {
    /// The number of items ever created, so that no ID is reused.
    created: usize,
    items: Vec<(String, Item)>,
}

impl Store {
    /// Stores a new item, which `make` creates for its ID.
    pub(crate) fn create(&self, path: &str, prefix: &str, make: impl FnOnce(&str) -> Item) -> Item {
        let mut shelves = self.lock();
        let Shelf { created, items } = shelves.entry(path.to_owned()).or_default();
        *created += 1;
        let id = format!("{prefix}_{created}");
        let item = make(&id);
        items.push((id, item.clone()));
        item
    }

    /// Returns all items, in order of creation.
    pub(crate) fn list(&self, path: &str) -> Vec<Item> {
        let shelves = self.lock();
        let items = shelves.get(path).into_iter().flat_map(|shelf| &shelf.items);
        items.map(|(_, item)| item.clone()).collect()
    }

    /// Changes an item. Returns `None` if it does not exist.
    pub(crate) fn change(&self, path: &str, id: &str, change: impl FnOnce(&mut Item)) -> Option<Item> {
        let mut shelves = self.lock();
        let (_, item) = shelves.get_mut(path)?.items.iter_mut().find(|(known, _)| known == id)?;
        change(item);
        Some(item.clone())
    }

    /// Deletes an item. Returns whether it existed.
    pub(crate) fn delete(&self, path: &str, id: &str) -> bool {
        let mut shelves = self.lock();
        let Some(Shelf { items, .. }) = shelves.get_mut(path) else { return false };
        let before = items.len();
        items.retain(|(known, _)| known != id);
        items.len() < before
    }

    /// Every change under the lock leaves whole items behind, so a panic elsewhere does no harm.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::Store;

    #[test]
    fn an_id_is_not_given_twice() {
        let store = Store::default();
        let make = |id: &str| Map::from_iter([("id".to_owned(), json!(id))]);
        store.create("/x", "wid", make);
        assert!(store.delete("/x", "wid_1"));
        assert!(!store.delete("/x", "wid_1"));
        assert_eq!(store.create("/x", "wid", make)["id"], "wid_2");
        assert_eq!(store.list("/x").len(), 1);
        assert!(store.list("/y").is_empty() && store.change("/x", "wid_1", |_| {}).is_none());
    }
}
