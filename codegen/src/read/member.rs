//! Finds the members of objects by their keys.

use serde_json::{Map, Value};

/// The most members whose keys are compared one by one. That takes less time than hashing a key.
const FEW: usize = 8;

/// An object, or a value that may be one.
pub(crate) trait Members {
    /// Returns the member with a key, as `get` does. It is faster for objects of few members, as most schemas are.
    fn member(&self, key: &str) -> Option<&Value>;

    fn has_member(&self, key: &str) -> bool {
        self.member(key).is_some()
    }
}

impl Members for Map<String, Value> {
    fn member(&self, key: &str) -> Option<&Value> {
        if self.len() > FEW {
            return self.get(key);
        }
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}

impl Members for Value {
    fn member(&self, key: &str) -> Option<&Value> {
        self.as_object()?.member(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_in_objects_of_any_size() {
        let mut object = Map::new();
        for count in 1..=2 * FEW {
            object.insert(format!("k{count}"), count.into());
            assert!((1..=count).all(|index| object.member(&format!("k{index}")) == Some(&index.into())), "{count}");
            assert!(!object.has_member("k") && !object.has_member("k0"), "{count}");
        }
        assert_eq!(json!({"a": null}).member("a"), Some(&Value::Null));
        assert_eq!(json!(["a"]).member("a"), None);
    }
}
