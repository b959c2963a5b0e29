//! Follows variants without a tag, and schemas that share a type, when a document changes. The lock identifies such variants by their
//! position in `oneOf` or `anyOf` and by their recorded properties.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use super::{
    assign::COMMIT,
    key::member_keys,
    lock::{Lock, LockedType, Moves},
};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, SENT, TypeDef},
};

/// Replaces the position in the key of a variant whose position another variant has taken. A number follows.
const GONE: &str = "gone:";

/// Gives the entries of variants that have moved their new keys.
pub(crate) fn follow_variants(api: &Api, lock: &mut Lock, findings: &mut Findings) {
    if lock.is_absent() {
        return;
    }
    let lists = lists(api);
    let mut order: Vec<&str> = lists.keys().copied().collect();
    // A list moves with the variant that holds it.
    order.sort_by_key(|list| (list.len(), *list));
    for list in order {
        let positions = moved_in(api, list, &lists[list], lock);
        if positions.is_empty() {
            continue;
        }
        for (from, to) in &positions {
            report(list, from, to, lock, findings);
        }
        let under = format!("{list}/");
        let keys: Vec<&str> = lock.types_under(&under).map(|(key, _)| key).chain(lock.sharing_under(&under)).collect();
        let target = |key: &str| {
            let (position, rest) = split(&key[under.len()..]);
            positions.get(position).map(|to| (key.to_owned(), format!("{under}{to}{rest}")))
        };
        let moves: Moves = keys.into_iter().filter_map(target).collect();
        lock.move_entries(&moves);
    }
}

/// Gives the entry of a shared type to schemas that still equal each other, where these are more than those that equal the schema by
/// which the type was called. `classes` are those of equal types.
pub(crate) fn follow_shared(api: &Api, classes: &[usize], lock: &mut Lock, findings: &mut Findings) {
    if lock.sharing().next().is_none() {
        return;
    }
    let used = || api.types.iter().enumerate().filter(|(_, def)| def.is_used());
    let is_kept = |def: &TypeDef| def.is_component() || lock.type_(&def.entry()).is_some();
    let kept: HashSet<usize> = used().filter(|(_, def)| is_kept(def)).map(|(index, _)| classes[index]).collect();
    let inline = used().filter(|(_, def)| !def.is_component() && is_kept(def));
    let holders: HashMap<String, usize> = inline.map(|(index, def)| (def.entry().into_owned(), index)).collect();
    // How many have the class of the holder, and those that have others.
    let mut groups: BTreeMap<usize, (usize, BTreeMap<usize, Vec<&TypeDef>>)> = BTreeMap::new();
    for (index, def) in used().filter(|(_, def)| !is_kept(def)) {
        let Some(holder) = lock.shared(&def.entry()).and_then(|of| holders.get(of)) else { continue };
        let (same, others) = groups.entry(*holder).or_default();
        if classes[index] == classes[*holder] {
            *same += 1;
        } else if !kept.contains(&classes[index]) {
            others.entry(classes[index]).or_default().push(def);
        }
    }
    let mut moves = Moves::new();
    for (holder, (same, others)) in groups {
        let largest = others.into_values().max_by_key(Vec::len).filter(|group| group.len() > same + 1);
        let Some((first, group)) = largest.as_ref().and_then(|group| Some((group.first()?, group))) else { continue };
        let (from, to) = (api.types[holder].entry(), first.entry());
        let name = lock.type_(&from).map(|entry| entry.name.as_str()).unwrap_or_default();
        let message = format!(
            "the lock records `{name}` at {from}, which has changed; the type stays that of {} others",
            group.len()
        );
        findings.add_with_help(code::LOCK_FOLLOWED, &first.pointer, message, COMMIT);
        // That of requests alone moves with it.
        let of_requests = format!("{from}/{SENT}");
        let sent = lock.types_under(&of_requests).map(|(key, _)| key[from.len()..].to_owned());
        moves.extend(sent.map(|rest| (format!("{from}{rest}"), format!("{to}{rest}"))));
        moves.insert(from.into_owned(), to.into_owned());
    }
    lock.move_entries(&moves);
}

fn report(list: &str, from: &str, to: &str, lock: &Lock, findings: &mut Findings) {
    let former = format!("{list}/{from}");
    let Some(recorded) = lock.type_(&former).filter(|_| !to.starts_with(GONE)) else { return };
    let message = format!("the lock records `{}` at {former}; the type follows its properties", recorded.name);
    findings.add_with_help(code::LOCK_FOLLOWED, format!("{list}/{to}"), message, COMMIT);
}

/// The position that a key below a list begins with, and what follows it.
fn split(key: &str) -> (&str, &str) {
    key.split_at(key.find('/').unwrap_or(key.len()))
}

/// The outermost type of each inline variant, by the list and the position of the variant, and where it is in the variant.
type Variants<'a, T> = BTreeMap<&'a str, (&'a str, T)>;

fn lists(api: &Api) -> HashMap<&str, Variants<'_, &TypeDef>> {
    let mut lists: HashMap<&str, Variants<'_, &TypeDef>> = HashMap::default();
    for def in api.types.iter().filter(|def| def.is_used() && def.number == 0) {
        let key = def.key();
        for (end, word) in ["/oneOf/", "/anyOf/"].iter().flat_map(|word| key.match_indices(word)) {
            let (list, below) = (&key[..end + word.len() - 1], &key[end + word.len()..]);
            let (position, rest) = split(below);
            if !position.is_empty() && position.bytes().all(|byte| byte.is_ascii_digit()) {
                add(lists.entry(list).or_default(), position, rest, def);
            }
        }
    }
    lists
}

fn add<'a, T>(variants: &mut Variants<'a, T>, position: &'a str, rest: &'a str, one: T) {
    let found = variants.get(position);
    if found.is_none_or(|(known, _)| (rest.len(), rest) < (known.len(), *known)) {
        variants.insert(position, (rest, one));
    }
}

/// Returns the positions of recorded variants that have others now, each with the new one.
fn moved_in(api: &Api, list: &str, variants: &Variants<'_, &TypeDef>, lock: &Lock) -> BTreeMap<String, String> {
    let under = format!("{list}/");
    let mut recorded: Variants<'_, &LockedType> = BTreeMap::new();
    let own = lock.types_under(&under);
    let shared = lock.sharing_under(&under).filter_map(|key| Some((key, lock.type_(lock.shared(key)?)?)));
    for (key, entry) in own.chain(shared) {
        let (position, rest) = split(&key[under.len()..]);
        add(&mut recorded, position, rest, entry);
    }
    let members: HashMap<&str, HashSet<String>> =
        variants.iter().map(|(position, (_, def))| (*position, member_keys(api, def).into_iter().collect())).collect();
    // How a variant fits what is recorded: exactly, or with more properties.
    let fits = |at: &str, from: &str, is_exact: bool| {
        let ((rest, _), (known, entry)) = (variants[at], recorded[from]);
        let count = entry.members.len();
        let has_all = entry.members.keys().all(|key| members[at].contains(key));
        rest == known && count > 0 && has_all && (!is_exact || members[at].len() == count)
    };
    let mut open: BTreeSet<&str> = variants.keys().copied().collect();
    let mut free: BTreeSet<&str> = recorded.keys().copied().collect();
    let mut moved = BTreeMap::new();
    for is_exact in [true, false] {
        for at in open.clone() {
            if free.contains(at) && fits(at, at, is_exact) {
                open.remove(at);
                free.remove(at);
            }
        }
        for at in open.clone() {
            if let Some(from) = free.iter().copied().find(|from| fits(at, from, is_exact)) {
                open.remove(at);
                free.remove(from);
                moved.insert(from.to_owned(), at.to_owned());
            }
        }
    }
    // What is not found elsewhere is the changed one at its position.
    let rest: Vec<&str> = free.into_iter().filter(|at| variants.contains_key(at) && !open.contains(at)).collect();
    let mut names = (0..).map(|number| format!("{GONE}{number}")).filter(|name| !recorded.contains_key(name.as_str()));
    moved.extend(rest.into_iter().filter_map(|at| Some((at.to_owned(), names.next()?))));
    moved
}
