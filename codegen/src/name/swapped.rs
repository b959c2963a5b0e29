//! Finds names that a merge or an edit of the lock has swapped. Callers' code would compile and call another operation.

use foldhash::{HashMap, HashSet};

use super::{assign::assign_names, case, lock::Lock, names::Names, recorded::recorded_keys};
use crate::{
    diagnostic::{Findings, code},
    input::Config,
    ir::{Api, Shape},
    read::pointer,
};

/// Reports names that belong to each other's owners without the lock. What the lock does not record yet takes a name that is
/// left, whatever it would be called without the lock.
pub(crate) fn report_swapped(api: &Api, names: &Names, lock: &Lock, config: &Config, findings: &mut Findings) {
    if lock.is_absent() {
        return;
    }
    let fresh = assign_names(api, &Lock::default(), config, &mut Findings::default());
    let methods = |names: &Names| names.operations.iter().map(|it| it.method.clone()).collect::<Vec<_>>();
    let recorded: Vec<_> = api.operations.iter().map(|operation| lock.operation(&operation.key)).collect();
    let place = |index: usize| pointer::join("/operations", &api.operations[index].key);
    let is_recorded = |index: usize| recorded[index].is_some();
    report(&methods(names), &methods(&fresh), &is_recorded, &place, lock, findings);
    for (index, (now, fresh)) in names.operations.iter().zip(&fresh.operations).enumerate() {
        if now.inputs == fresh.inputs {
            continue;
        }
        let inputs: HashSet<&String> = recorded[index].iter().flat_map(|it| it.inputs.values()).collect();
        let contested = contested(api.operations[index].inputs.iter().map(|input| input.wire.as_str()));
        let is_recorded = |input: usize| inputs.contains(&now.inputs[input]) && !contested[input];
        report(&now.inputs, &fresh.inputs, &is_recorded, &|_| place(index), lock, findings);
    }
    let types = |names: &Names| names.types.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let keys = recorded_keys(api, lock);
    let recorded = |index: usize| lock.type_(keys[index].or_else(|| keys[api.types[index].received()?.0])?);
    let place = |index: usize| pointer::join("/types", &api.types[index].pointer);
    let is_recorded = |index: usize| keys[index].is_some() && !api.types[index].origin.is_by_position();
    report(&types(names), &types(&fresh), &is_recorded, &place, lock, findings);
    for (index, (now, fresh)) in names.types.iter().zip(&fresh.types).enumerate() {
        if now.members == fresh.members {
            continue;
        }
        let members: HashSet<&String> = recorded(index).iter().flat_map(|it| it.members.values()).collect();
        let is_compared: Vec<bool> = match &api.types[index].shape {
            Shape::Union(union) => {
                let held = union.variants.iter().map(|variant| variant.ty.named());
                held.map(|id| !id.is_some_and(|id| api.type_def(id).origin.is_by_position())).collect()
            }
            Shape::Struct(shape) => {
                contested(shape.fields.iter().map(|field| field.wire.as_str())).into_iter().map(|it| !it).collect()
            }
            Shape::Enum(_) | Shape::IntegerEnum(_) => vec![true; now.members.len()],
        };
        let is_recorded = |member: usize| members.contains(&now.members[member]) && is_compared[member];
        report(&now.members, &fresh.members, &is_recorded, &|_| place(index), lock, findings);
    }
}

/// Which fields or inputs have the words of another one. Older locks give the name of these words to the first of them.
fn contested<'w>(wires: impl Iterator<Item = &'w str>) -> Vec<bool> {
    let names: Vec<String> = wires.map(case::snake).collect();
    let mut counts: HashMap<&str, usize> = HashMap::default();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    names.iter().map(|name| counts[name.as_str()] > 1).collect()
}

fn report(
    now: &[String],
    fresh: &[String],
    is_recorded: &dyn Fn(usize) -> bool,
    place: &dyn Fn(usize) -> String,
    lock: &Lock,
    findings: &mut Findings,
) {
    for index in swapped(now, fresh, is_recorded) {
        let message = format!(
            "the lock names `{}` `{}` and the reverse; callers would reach the other one",
            fresh[index], now[index]
        );
        let help = "unless the document swapped them, swap the names in the lock";
        findings.add_in(&lock.file, code::LOCK_SWAPPED, place(index), message, help);
    }
}

/// Returns the indices of recorded names that are permuted.
fn swapped(now: &[String], fresh: &[String], is_recorded: &dyn Fn(usize) -> bool) -> Vec<usize> {
    if now == fresh {
        return Vec::new();
    }
    let known = fresh.iter().enumerate().filter(|(at, name)| !name.is_empty() && is_recorded(*at));
    let owners: HashMap<&str, usize> = known.map(|(at, name)| (name.as_str(), at)).collect();
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
            assert_eq!(swapped(&names(now), &fresh, &|_| true), expected, "{now}");
        }
        // What is not recorded yet takes the name that is left.
        assert_eq!(swapped(&names("b c a d"), &fresh, &|index| index != 2), [0; 0]);
        assert_eq!(swapped(&names("b a d c"), &fresh, &|index| index < 2), [0, 1]);
    }
}
