//! Keeps the parts of long results until they are asked for.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use super::random;

/// How many results are kept at most.
const RESULTS: usize = 32;
/// How many bytes of JSON are kept at most, unless the last result alone has more.
const BYTES: usize = 64 * 1024 * 1024;
/// The random bytes of a name, which cannot be guessed.
const RANDOM: usize = 16;

/// Stores long results. When it is full, it drops the oldest.
#[derive(Debug, Default)]
pub(crate) struct Store {
    results: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    name: String,
    parts: Arc<Vec<Value>>,
    bytes: usize,
}

impl Store {
    /// Returns the first of the parts, with the way to the next. Parts can be asked for again, because hosts may lose
    /// a result.
    pub(crate) fn begin(&self, mut parts: Vec<Value>) -> Value {
        if parts.len() < 2 {
            return parts.pop().unwrap_or_default();
        }
        let Some(name) = random::hex::<RANDOM>() else {
            // Without random numbers, names could be guessed. The first part is better than nothing.
            let mut first = parts.swap_remove(0);
            first["truncated"] = true.into();
            return first;
        };
        let bytes = parts.iter().map(|part| part.to_string().len()).sum();
        let parts = Arc::new(parts);
        let first = part(&name, &parts, 0);
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.push_back(Kept { name, parts, bytes });
        while results.len() > RESULTS || (results.len() > 1 && results.iter().map(|it| it.bytes).sum::<usize>() > BYTES)
        {
            results.pop_front();
        }
        first.unwrap_or_default()
    }

    /// Returns a further part. `None` if it is not known, or not known any more.
    pub(crate) fn next(&self, continuation: &str) -> Option<Value> {
        let (name, index) = continuation.split_once('.')?;
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = results.iter().find(|it| it.name == name)?;
        part(name, &kept.parts, index.parse().ok()?)
    }
}

/// Returns a part with the way to the next.
fn part(name: &str, parts: &[Value], index: usize) -> Option<Value> {
    let mut part = parts.get(index)?.clone();
    let next = index + 1;
    if next < parts.len() {
        part["truncated"] = true.into();
        part["continuation"] = format!("{name}.{next}").into();
        part["note"] = format!("Part {next} of {}. continue_result returns the next one.", parts.len()).into();
    }
    Some(part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts(count: usize) -> Vec<Value> {
        (0..count).map(|index| json!({"result": index})).collect()
    }

    #[test]
    fn parts_follow_each_other_and_can_be_asked_for_again() {
        let store = Store::default();
        assert_eq!(store.begin(parts(1)), json!({"result": 0}));
        let first = store.begin(parts(3));
        assert_eq!((&first["result"], &first["truncated"]), (&json!(0), &json!(true)));
        let continuation = first["continuation"].as_str().unwrap();
        let second = store.next(continuation).unwrap();
        assert_eq!(second["result"], 1);
        assert_eq!(store.next(continuation), Some(second.clone()));
        assert_eq!(store.next(second["continuation"].as_str().unwrap()), Some(json!({"result": 2})));
    }

    #[test]
    fn unknown_and_forgotten_parts_are_none() {
        let store = Store::default();
        let first = store.begin(parts(2));
        let continuation = first["continuation"].as_str().unwrap();
        let (name, _) = continuation.split_once('.').unwrap();
        for unknown in ["", ".", "x.1", name, &format!("{name}.2"), &format!("{name}.-1")] {
            assert_eq!(store.next(unknown), None, "{unknown}");
        }
        for _ in 0..RESULTS {
            store.begin(parts(2));
        }
        assert_eq!(store.next(continuation), None);
    }
}
