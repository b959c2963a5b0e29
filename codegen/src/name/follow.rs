//! Follows operations that have moved: what the lock records at a place that is gone belongs to the operation that now has the
//! recorded `operationId`.

use foldhash::{HashMap, HashSet};

use super::lock::{Lock, Moves};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, Operation},
    read::pointer,
};

/// Returns the lock with the entries of operations that have moved, and of the types inside these, under their new keys.
pub(crate) fn follow(mut lock: Lock, api: &Api, findings: &mut Findings) -> Lock {
    let followed = followed(&lock, api);
    if followed.is_empty() {
        return lock;
    }
    let mut moves = Moves::new();
    for (key, operation) in &followed {
        let message = format!(
            "the lock records `{}` at `{key}`; the method follows its `operationId` to `{}`",
            lock.operation_name(key).unwrap_or_default(),
            operation.key
        );
        findings.add_with_help(code::LOCK_FOLLOWED, &operation.pointer, message, super::assign::COMMIT);
        moves.insert(key.clone(), operation.key.clone());
    }
    let places = moved_places(&followed, api);
    for key in lock.types().map(|(key, _)| key).chain(lock.sharing()) {
        let end = pointer_end(key);
        if let Some(place) = places.get(&key[..end]) {
            let target = format!("{place}{}", &key[end..]);
            if lock.type_(&target).is_none() && lock.shared(&target).is_none() {
                moves.insert(key.to_owned(), target);
            }
        }
    }
    lock.move_entries(&moves);
    lock
}

/// Returns the keys of recorded operations whose place is gone, each with the operation that has its id now. Ids that several
/// operations had are told apart by the method; where that does not help, none of them is followed.
fn followed<'a>(lock: &Lock, api: &'a Api) -> Vec<(String, &'a Operation)> {
    let current: HashSet<&str> = api.operations.iter().map(|operation| operation.key.as_str()).collect();
    let mut gone: Vec<(&str, &str)> = lock
        .operations()
        .filter(|(key, _)| !current.contains(key))
        .filter_map(|(key, recorded)| Some((key, recorded.id.as_deref()?)))
        .collect();
    let is_new = |it: &&Operation| it.id.is_some() && lock.operation(&it.key).is_none();
    let mut new: Vec<&Operation> = api.operations.iter().filter(is_new).collect();
    let mut followed = Vec::new();
    for by_method in [true, false] {
        let method = |key: &str| if by_method { method_of(key).to_owned() } else { String::new() };
        let mut records: HashMap<(&str, String), Vec<&str>> = HashMap::default();
        for (key, id) in &gone {
            records.entry((id, method(key))).or_default().push(key);
        }
        let mut operations: HashMap<(&str, String), Vec<&Operation>> = HashMap::default();
        for operation in &new {
            let id = operation.id.as_deref().unwrap_or_default();
            operations.entry((id, method(&operation.key))).or_default().push(operation);
        }
        for (wanted, operations) in operations {
            if let ([operation], Some([key])) = (operations.as_slice(), records.get(&wanted).map(Vec::as_slice)) {
                followed.push(((*key).to_owned(), *operation));
            }
        }
        let keys: HashSet<&str> =
            followed.iter().flat_map(|(key, operation)| [key.as_str(), operation.key.as_str()]).collect();
        gone.retain(|(key, _)| !keys.contains(key));
        new.retain(|operation| !keys.contains(operation.key.as_str()));
    }
    followed.sort_by(|one, other| one.0.cmp(&other.0));
    followed
}

fn method_of(key: &str) -> &str {
    key.split_once(' ').map_or(key, |(method, _)| method)
}

/// The pointers of the moved operations, and of the parameters of path items that have moved as a whole, each with the new one.
fn moved_places(followed: &[(String, &Operation)], api: &Api) -> HashMap<String, String> {
    let path_of = |key: &str| key.split_once(' ').map_or("", |(_, path)| path).to_owned();
    let kept: HashSet<String> = api.operations.iter().map(|operation| path_of(&operation.key)).collect();
    let mut places = HashMap::default();
    let mut items: HashMap<String, HashSet<&str>> = HashMap::default();
    for (key, operation) in followed {
        let item = pointer::join("/paths", &path_of(key));
        places.insert(pointer::join(&item, &method_of(key).to_ascii_lowercase()), operation.pointer.clone());
        if !kept.contains(&path_of(key))
            && let Some((target, _)) = operation.pointer.rsplit_once('/')
        {
            items.entry(item).or_default().insert(target);
        }
    }
    for (item, targets) in items.into_iter().filter(|(_, targets)| targets.len() == 1) {
        let moved = targets.iter().map(|target| pointer::join(target, "parameters"));
        places.extend(moved.map(|target| (pointer::join(&item, "parameters"), target)));
    }
    places
}

/// Where the pointer of an operation ends in one of a schema inside it.
fn pointer_end(key: &str) -> usize {
    key.match_indices('/').nth(3).map_or(key.len(), |(end, _)| end)
}
