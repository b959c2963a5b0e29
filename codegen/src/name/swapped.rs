//! Finds names that a merge or an edit of the lock has swapped. Callers' code would compile and call another operation.

use foldhash::HashMap;

use super::{assign::assign_names, lock::Lock, names::Names};
use crate::{
    diagnostic::{Findings, code},
    input::Config,
    ir::Api,
    read::pointer,
};

/// Reports names that belong to each other's owners without the lock.
pub(crate) fn report_swapped(api: &Api, names: &Names, lock: &Lock, config: &Config, findings: &mut Findings) {
    if lock.is_absent() {
        return;
    }
    let fresh = assign_names(api, &Lock::default(), config, &mut Findings::default());
    let methods = |names: &Names| names.operations.iter().map(|it| it.method.clone()).collect::<Vec<_>>();
    let place = |index: usize| pointer::join("/operations", &api.operations[index].key);
    report(&methods(names), &methods(&fresh), &place, lock, findings);
    for ((operation, now), fresh) in api.operations.iter().zip(&names.operations).zip(&fresh.operations) {
        let place = |_| pointer::join("/operations", &operation.key);
        report(&now.inputs, &fresh.inputs, &place, lock, findings);
    }
    let types = |names: &Names| names.types.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let place = |index: usize| pointer::join("/types", &api.types[index].pointer);
    report(&types(names), &types(&fresh), &place, lock, findings);
    for ((def, now), fresh) in api.types.iter().zip(&names.types).zip(&fresh.types) {
        report(&now.members, &fresh.members, &|_| pointer::join("/types", &def.pointer), lock, findings);
    }
}

fn report(now: &[String], fresh: &[String], place: &dyn Fn(usize) -> String, lock: &Lock, findings: &mut Findings) {
    for index in swapped(now, fresh) {
        let message = format!(
            "the lock names `{}` `{}` and the reverse; callers would reach the other one",
            fresh[index], now[index]
        );
        let help = "unless the document swapped them, swap the names in the lock";
        findings.add_in(&lock.file, code::LOCK_SWAPPED, place(index), message, help);
    }
}

/// Returns the indices of names that are permuted.
fn swapped(now: &[String], fresh: &[String]) -> Vec<usize> {
    if now == fresh {
        return Vec::new();
    }
    let owners: HashMap<&str, usize> =
        fresh.iter().enumerate().filter(|(_, name)| !name.is_empty()).map(|(at, name)| (name.as_str(), at)).collect();
    let owner = |index: usize| owners.get(now[index].as_str()).copied();
    let mut seen = vec![false; now.len()];
    let mut swapped = Vec::new();
    for start in 0..now.len() {
        let mut chain = Vec::new();
        let mut at = start;
        while !std::mem::replace(&mut seen[at], true) {
            chain.push(at);
            match owner(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        // A chain that returns to one of its indices ends in a cycle. What leads to the cycle is not part of it.
        let cycle = chain.iter().position(|index| *index == at).map(|from| &chain[from..]).unwrap_or_default();
        if cycle.len() > 1 && owner(cycle[cycle.len() - 1]) == Some(cycle[0]) {
            swapped.extend(cycle);
        }
    }
    swapped.sort_unstable();
    swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_permutations_are_swapped() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let fresh = names("a b c d");
        for (now, expected) in [
            ("a b c d", vec![]),
            ("b a c d", vec![0, 1]),
            ("b c a d", vec![0, 1, 2]),
            ("b a d c", vec![0, 1, 2, 3]),
            // A name that has moved on is no swap.
            ("x a c d", vec![]),
            ("b x c d", vec![]),
            ("x b c a", vec![]),
        ] {
            assert_eq!(swapped(&names(now), &fresh), expected, "{now}");
        }
    }
}
