//! Names components: as extensions say, as the operation whose body they are, without the packages that all have, else as in the
//! document. A name that fits several components is given to none of them.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::{case, names::OperationNames};
use crate::{
    ir::{Api, OriginRoot},
    read::pointer,
};

/// What `FastAPI` calls the body of an operation, before its id.
const BODY: &str = "Body_";

/// The most packages that a name is read for.
const MAX_PACKAGES: usize = 16;

/// The Rust names of components that are not those in the document.
pub(super) struct Components<'a> {
    names: HashMap<&'a str, String>,
}

impl<'a> Components<'a> {
    pub(super) fn of(api: &'a Api, operations: &[OperationNames]) -> Self {
        let components: BTreeSet<&str> = api
            .types
            .iter()
            .filter_map(|def| match &def.origin.root {
                OriginRoot::Component(name) => Some(name.as_str()),
                OriginRoot::Operation(_) => None,
            })
            .collect();
        let bodies = bodies(api, operations);
        let unpacked = unpacked(&components);
        let wanted = |name: &str| {
            let given =
                api.given.types.get(&pointer::join("/components/schemas", name)).map(|given| case::pascal(given));
            let body = name.strip_prefix(BODY).and_then(|id| bodies.get(&mangled(id)).cloned());
            given.or(body).or_else(|| unpacked.get(name).cloned()).filter(|name| !name.is_empty())
        };
        let names: HashMap<&str, String> = components.iter().filter_map(|name| Some((*name, wanted(name)?))).collect();
        let mut count: HashMap<String, usize> = HashMap::default();
        for name in &components {
            let own = case::pascal(name);
            if let Some(wanted) = names.get(name).filter(|wanted| **wanted != own) {
                *count.entry(wanted.clone()).or_default() += 1;
            }
            *count.entry(own).or_default() += 1;
        }
        Self { names: names.into_iter().filter(|(_, wanted)| count[wanted] == 1).collect() }
    }

    /// The name of a component.
    pub(super) fn name(&self, component: &str) -> String {
        self.names.get(component).cloned().unwrap_or_else(|| case::pascal(component))
    }
}

/// The text as frameworks write it in the names of schemas.
fn mangled(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

/// The names of the bodies of operations, by the mangled ids of these.
fn bodies(api: &Api, operations: &[OperationNames]) -> HashMap<String, String> {
    let mut bodies = HashMap::default();
    let mut shared = HashSet::default();
    for (operation, names) in api.operations.iter().zip(operations) {
        if let Some(id) = &operation.id {
            let id = mangled(id);
            if bodies.insert(id.clone(), format!("{}Body", case::pascal(&names.method).trim_end_matches('_'))).is_some()
            {
                shared.insert(id);
            }
        }
    }
    bodies.retain(|id, _| !shared.contains(id));
    bodies
}

/// Components that are called after packages, `shop.api.v1.Item`, without these. Where a class is in several packages, it keeps as
/// many as tell them apart.
fn unpacked<'a>(components: &BTreeSet<&'a str>) -> HashMap<&'a str, String> {
    let packed: Vec<(&str, Vec<&str>)> = components.iter().filter_map(|name| Some((*name, packages(name)?))).collect();
    if packed.len() < 2 || packed.len() * 2 < components.len() {
        return HashMap::default();
    }
    let shared = (0..).take_while(|at| {
        let is_shared = |parts: &[&str]| parts.len() > at + 1 && parts[*at] == packed[0].1[*at];
        packed.iter().all(|(_, parts)| is_shared(parts))
    });
    let shared = shared.count();
    let mut count: HashMap<String, usize> = HashMap::default();
    for (_, parts) in &packed {
        for tail in tails(parts, shared) {
            *count.entry(tail).or_default() += 1;
        }
    }
    let names = packed.iter().map(|(name, parts)| {
        // A class in another class is not in a package.
        let is_inner = name.rsplit_once('.').is_some_and(|(outer, _)| components.contains(outer));
        let is_class = parts.last().is_some_and(|last| last.starts_with(char::is_uppercase));
        let whole = case::pascal(&parts[shared..].join(" "));
        let least = if is_class && !is_inner { tails(parts, shared).find(|tail| count[tail] == 1) } else { None };
        (*name, least.unwrap_or(whole))
    });
    names.collect()
}

/// The packages in a name, and the class.
fn packages(name: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = name.split('.').collect();
    let is_word = |part: &&str| part.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (parts.len() > 1 && parts.len() <= MAX_PACKAGES && parts.iter().all(is_word)).then_some(parts)
}

/// The class alone, then with the packages before it, except those that all names have.
fn tails<'p>(parts: &'p [&str], shared: usize) -> impl Iterator<Item = String> + 'p {
    (shared..parts.len()).rev().map(|at| case::pascal(&parts[at..].join(" ")))
}
