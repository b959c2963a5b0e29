//! Finds what the lock records of the types.
//!
//! A type inside a variant is recorded by what the variant is known by. Older locks record it by the position of the variant;
//! where that has changed, the recorded members tell which variant was meant.

use foldhash::{HashMap, HashSet};

use super::{
    key::member_keys,
    lock::{Lock, LockedType},
};
use crate::ir::{Api, Shape, TypeDef};

/// Returns for each type the key of its entry in the lock, if it has one.
pub(crate) fn recorded_keys<'a>(api: &'a Api, lock: &'a Lock) -> Vec<Option<&'a str>> {
    let mut keys: Vec<Option<&str>> =
        api.types.iter().map(|def| lock.entry(&def.entry()).map(|(key, _)| key)).collect();
    find_variants(api, lock, &mut keys);
    find_shared(api, lock, &mut keys);
    find_wrapped(api, lock, &mut keys);
    keys
}

/// Finds the entries that older locks have of types inside variants.
fn find_variants<'a>(api: &'a Api, lock: &'a Lock, keys: &mut [Option<&'a str>]) {
    let is_open = |keys: &[Option<&str>], index: usize| {
        let def = &api.types[index];
        keys[index].is_none() && def.identity.is_some() && def.received().is_none()
    };
    if !(0..keys.len()).any(|index| is_open(keys, index)) {
        return;
    }
    let current: HashSet<&str> = keys.iter().flatten().copied().collect();
    // Names that are recorded by what a variant is known by belong to that variant, even if it is gone.
    let mut taken: HashSet<&str> = lock
        .types()
        .filter(|(key, _)| current.contains(key) || key.contains("/tag:"))
        .map(|(_, recorded)| recorded.name.as_str())
        .collect();
    let moved = moved_variants(api, lock);
    for index in 0..keys.len() {
        if !is_open(keys, index) {
            continue;
        }
        let pointer = before(&api.types[index].pointer, &moved);
        if let Some((key, recorded)) = lock.entry(&pointer)
            && taken.insert(&recorded.name)
        {
            keys[index] = Some(key);
        }
    }
}

/// Finds the entries of shared types whose own schema is gone, for the schemas that are left.
fn find_shared<'a>(api: &'a Api, lock: &'a Lock, keys: &mut [Option<&'a str>]) {
    if lock.sharing().next().is_none() {
        return;
    }
    let used = api.types.iter().zip(&*keys).filter(|(def, _)| def.is_used());
    let current: HashSet<&str> = used.filter_map(|(_, key)| *key).collect();
    for (key, def) in keys.iter_mut().zip(&api.types).filter(|(key, def)| key.is_none() && def.is_used()) {
        let shared = lock.shared(&def.entry()).filter(|shared| !current.contains(shared));
        *key = shared.and_then(|shared| lock.entry(shared)).map(|(key, _)| key);
    }
}

/// Finds the entries of schemas that have become the only alternative of a choice, as one beside `null`, or were one.
fn find_wrapped<'a>(api: &'a Api, lock: &'a Lock, keys: &mut [Option<&'a str>]) {
    let is_open = |key: Option<&str>, def: &TypeDef| {
        key.is_none() && def.is_used() && def.received().is_none() && !def.is_component()
    };
    if !keys.iter().zip(&api.types).any(|(key, def)| is_open(*key, def)) {
        return;
    }
    let current: HashSet<&str> = keys.iter().flatten().copied().collect();
    let mut gone: HashMap<String, Vec<(&str, &LockedType)>> = HashMap::default();
    for (key, entry) in lock.types().filter(|(key, _)| !current.contains(key)) {
        gone.entry(unwrapped(key)).or_default().push((key, entry));
    }
    if gone.is_empty() {
        return;
    }
    let mut taken = HashSet::default();
    for (key, def) in keys.iter_mut().zip(&api.types).filter(|(key, def)| is_open(**key, def)) {
        if let Some([(former, entry)]) = gone.get(&unwrapped(&def.entry())).map(Vec::as_slice)
            && holds_all(api, def, entry)
            && taken.insert(*former)
        {
            *key = Some(former);
        }
    }
}

/// Whether the type has all recorded properties, values or variants.
fn holds_all(api: &Api, def: &TypeDef, recorded: &LockedType) -> bool {
    let keys: HashSet<String> = member_keys(api, def).into_iter().collect();
    !recorded.members.is_empty() && recorded.members.keys().all(|key| keys.contains(key))
}

/// The key without the positions in compositions.
fn unwrapped(key: &str) -> String {
    let mut segments: Vec<&str> = key.split('/').collect();
    let mut at = 1;
    while at < segments.len() {
        let is_position = segments[at].bytes().all(|byte| byte.is_ascii_digit()) && !segments[at].is_empty();
        if is_position && matches!(segments[at - 1], "allOf" | "anyOf" | "oneOf") {
            segments.drain(at - 1..=at);
        } else {
            at += 1;
        }
    }
    segments.join("/")
}

/// Returns the former pointers of variants whose position differs from the recorded one, by the pointers of now. A variant
/// that the lock does not know has none.
fn moved_variants(api: &Api, lock: &Lock) -> HashMap<String, Option<String>> {
    let mut lists: HashMap<&str, Vec<(&str, &TypeDef)>> = HashMap::default();
    for def in api.types.iter().filter(|def| def.received().is_none()) {
        let is_variant =
            def.identity.as_ref().is_some_and(|key| key.rsplit('/').next() != def.pointer.rsplit('/').next());
        if let (true, Some((list, position))) = (is_variant, def.pointer.rsplit_once('/')) {
            lists.entry(list).or_default().push((position, def));
        }
    }
    let mut recorded: HashMap<&str, Vec<(&str, &LockedType)>> = HashMap::default();
    for (key, entry) in lock.types() {
        if let Some((list, position)) = key.rsplit_once('/').filter(|(list, _)| lists.contains_key(list)) {
            recorded.entry(list).or_default().push((position, entry));
        }
    }
    let mut moved = HashMap::default();
    for (list, variants) in lists {
        let entries = recorded.remove(list).unwrap_or_default();
        let at = |position: &str| format!("{list}/{position}");
        let mut free: Vec<&(&str, &LockedType)> = entries.iter().collect();
        let mut open = Vec::new();
        for (position, def) in variants {
            let same = free.iter().position(|(recorded, entry)| *recorded == position && has_members(def, entry));
            match same {
                Some(index) => drop(free.swap_remove(index)),
                None => open.push((position, def)),
            }
        }
        // What is not where it was is looked for elsewhere, and else taken for the changed one at its position.
        let mut changed = Vec::new();
        for (position, def) in open {
            match free.iter().position(|(_, entry)| has_members(def, entry)) {
                Some(index) => drop(moved.insert(at(position), Some(at(free.swap_remove(index).0)))),
                None => changed.push(position),
            }
        }
        for position in changed {
            if !free.iter().any(|(recorded, _)| *recorded == position) {
                moved.insert(at(position), None);
            }
        }
    }
    moved
}

/// Whether the type has all recorded members.
fn has_members(def: &TypeDef, recorded: &LockedType) -> bool {
    let Shape::Struct(shape) = &def.shape else { return false };
    let tags = shape.tags.iter().map(|tag| tag.property.as_str());
    let wires: HashSet<&str> = shape.fields.iter().map(|field| field.wire.as_str()).chain(tags).collect();
    !recorded.members.is_empty() && recorded.members.keys().all(|wire| wires.contains(wire.as_str()))
}

/// The pointer that a schema had before the variants around it moved. Empty where the lock does not know the variant.
fn before(pointer: &str, moved: &HashMap<String, Option<String>>) -> String {
    let mut ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
    let Some(end) = ends.rfind(|end| moved.contains_key(&pointer[..*end])) else { return pointer.to_owned() };
    match &moved[&pointer[..end]] {
        Some(former) => format!("{former}{}", &pointer[end..]),
        None => String::new(),
    }
}
