//! Makes a lock of the names of an existing client, so that callers who change generators keep them. What a client is called that
//! nothing in the document fits is told.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use super::{
    assign::assign_names,
    case,
    key::member_keys,
    lock::{Lock, LockedOperation, LockedType},
    names::{Names, TypeNames},
    operation,
    surface::{Surface, read_surface},
};
use crate::{
    diagnostic::{Findings, code},
    input::Config,
    ir::{Api, OriginRoot, Shape, TypeDef},
};

/// Returns the lock with the names of the surface for what it does not record.
pub(crate) fn adopt(mut lock: Lock, api: &Api, config: &Config, findings: &mut Findings) -> Lock {
    let Some((file, text)) = &config.surface else { return lock };
    let surface = read_surface(text);
    let mut untold: Vec<String> =
        surface.unread.iter().map(|line| format!("the line `{line}` names nothing")).collect();
    let derived = |lock: &Lock| assign_names(api, lock, &Config::default(), &mut Findings::default());
    let own = derived(&lock);
    adopt_operations(&mut lock, api, &surface, &own, &mut untold);
    // The names of types inside operations are those of the operations.
    let derived = derived(&lock);
    adopt_types(&mut lock, api, &surface, &derived, &mut untold);
    for message in untold {
        let help = "to keep the name, add the line `METHOD PATH NAME` or `SCHEMA NAME` to the file";
        findings.add_in(file, code::SURFACE_UNMATCHED, String::new(), message, help);
    }
    lock
}

/// A name as far as generators agree on it: without signs, in small letters.
fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether an item can have the name.
fn is_name(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok_and(|ident| ident == name) && !name.starts_with("r#")
}

fn adopt_operations(lock: &mut Lock, api: &Api, surface: &Surface, own: &Names, untold: &mut Vec<String>) {
    let recorded: HashSet<&str> = lock.operations().map(|(_, it)| it.name.as_str()).collect();
    let mut free: BTreeSet<&str> = surface.methods.iter().map(String::as_str).collect();
    free.retain(|name| is_method(name) && !recorded.contains(name));
    let mut names = listed_operations(api, surface, untold);
    // A client of this generator has the names that it gives, in the same letters.
    for (name, own) in names.iter_mut().zip(&own.operations) {
        if name.is_none() && free.remove(own.method.as_str()) {
            *name = Some(own.method.clone());
        }
    }
    let variants = operation::variants(api);
    let tiers = variants.iter().map(Vec::len).max().unwrap_or_default();
    for tier in 0..tiers {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::default();
        for (index, variants) in variants.iter().enumerate() {
            let is_open = names[index].is_none() && lock.operation(&api.operations[index].key).is_none();
            if let Some(variant) = variants[tier].as_deref().filter(|_| is_open) {
                wanted.entry(normal(variant)).or_default().push(index);
            }
        }
        free.retain(|name| match (wanted.get(&normal(name)).map(Vec::as_slice), method_name(name)) {
            (Some([index]), Some(method)) if names[*index].is_none() => {
                names[*index] = Some(method);
                false
            }
            _ => true,
        });
    }
    untold.extend(free.iter().map(|name| format!("the method `{name}` fits no operation of the document, or several")));
    for (operation, name) in api.operations.iter().zip(names) {
        let recorded = lock.operation_name(&operation.key);
        if let (Some(name), Some(recorded)) = (&name, recorded.filter(|recorded| name.as_deref() != Some(recorded))) {
            untold.push(format!("the lock records `{recorded}` for `{}`, not `{name}`", operation.key));
        } else if let Some(name) = name {
            let id = operation.id.clone();
            lock.add_operation(&operation.key, LockedOperation { name, id, ..LockedOperation::default() });
        }
    }
}

/// The names that lines of the file give to operations.
fn listed_operations(api: &Api, surface: &Surface, untold: &mut Vec<String>) -> Vec<Option<String>> {
    let mut ids: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, operation) in api.operations.iter().enumerate() {
        for id in std::iter::once(operation.key.as_str()).chain(operation.id.as_deref()) {
            ids.entry(id).or_default().push(index);
        }
    }
    let mut names: Vec<Option<String>> = vec![None; api.operations.len()];
    let schemas: HashSet<&str> = api.types.iter().filter_map(component_of).collect();
    for (known, name) in &surface.listed {
        match (ids.get(known.as_str()).map(Vec::as_slice), method_name(name).filter(|name| is_method(name))) {
            (Some([index]), Some(name)) => names[*index] = Some(name),
            (Some([_]), None) => untold.push(format!("`{name}` of `{known}` cannot be the name of a method")),
            (Some(_), _) => untold.push(format!("`{known}` is the id of several operations")),
            (None, _) if schemas.contains(known.as_str()) => {}
            (None, _) => untold.push(format!("`{known}` is no operation and no schema")),
        }
    }
    names
}

/// The name as that of a method.
fn method_name(name: &str) -> Option<String> {
    Some(case::snake(name)).filter(|name| is_name(name))
}

/// The name as that of a type.
fn type_name(name: &str) -> Option<String> {
    let is_plain = name.starts_with(char::is_uppercase) && !name.contains('_');
    Some(if is_plain { name.to_owned() } else { case::pascal(name) }).filter(|name| is_name(name))
}

/// Whether the name is not that of a method that all clients have.
fn is_method(name: &str) -> bool {
    !operation::CLIENT_METHODS.split(' ').any(|own| own == name)
}

fn adopt_types(lock: &mut Lock, api: &Api, surface: &Surface, derived: &Names, untold: &mut Vec<String>) {
    let mut free: BTreeSet<&str> = surface.types.keys().map(String::as_str).collect();
    for (_, recorded) in lock.types() {
        free.remove(recorded.name.as_str());
    }
    // Structs of required fields are named after their types.
    for required in derived.types.iter().filter_map(|names| names.required.as_deref()) {
        free.remove(required);
    }
    let open: Vec<usize> = (0..api.types.len())
        .filter(|index| api.types[*index].is_used() && lock.type_(api.types[*index].key()).is_none())
        .collect();
    let adopted = pair_types(api, &open, surface, derived, &mut free);
    untold.extend(free.iter().map(|name| format!("the type `{name}` fits no schema of the document, or several")));
    for (index, name) in adopted {
        let (def, own) = (&api.types[index], &derived.types[index]);
        let members = surface.types.get(&name).map(|known| members(api, def, own, known)).unwrap_or_default();
        lock.add_type(def.key(), LockedType { name, members, ..LockedType::default() });
    }
}

/// Returns the names of open types, and takes them from the free ones.
fn pair_types(
    api: &Api,
    open: &[usize],
    surface: &Surface,
    derived: &Names,
    free: &mut BTreeSet<&str>,
) -> BTreeMap<usize, String> {
    let mut adopted: BTreeMap<usize, String> = BTreeMap::new();
    for index in open {
        let listed = component_of(&api.types[*index]).and_then(|name| surface.listed.get(name));
        let own = derived.types[*index].name.as_str();
        if let Some(name) = listed.and_then(|name| type_name(name)) {
            adopted.insert(*index, name);
        } else if free.remove(own) {
            adopted.insert(*index, own.to_owned());
        }
    }
    // The name in the document comes after the one that this generator makes of it, which is told apart from others.
    let in_document = |index: usize| component_of(&api.types[index]).map(case::pascal);
    let tiers: [&dyn Fn(usize) -> Option<String>; 2] = [&|index| Some(derived.types[index].name.clone()), &in_document];
    for tier in tiers {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::default();
        for index in open.iter().filter(|index| !adopted.contains_key(index)) {
            if let Some(name) = tier(*index) {
                wanted.entry(normal(&name)).or_default().push(*index);
            }
        }
        free.retain(|name| match (wanted.get(&normal(name)).map(Vec::as_slice), type_name(name)) {
            (Some([index]), Some(name)) if !adopted.contains_key(index) => {
                adopted.insert(*index, name);
                false
            }
            _ => true,
        });
    }
    adopted
}

fn component_of(def: &TypeDef) -> Option<&str> {
    match &def.origin.root {
        OriginRoot::Component(name) if def.is_component() => Some(name),
        _ => None,
    }
}

/// The names of fields and values that this generator would not give, by their keys in the lock.
fn members(api: &Api, def: &TypeDef, derived: &TypeNames, known: &BTreeSet<String>) -> BTreeMap<String, String> {
    if matches!(def.shape, Shape::Union(_)) {
        return BTreeMap::new();
    }
    let own: HashSet<&String> = derived.members.iter().collect();
    let is_in_case = |name: &str| match def.shape {
        Shape::Struct(_) => case::snake(name) == name,
        _ => name.starts_with(char::is_uppercase),
    };
    let mut names: HashMap<String, Vec<&String>> = HashMap::default();
    for name in known.iter().filter(|name| is_name(name) && is_in_case(name) && !own.contains(name)) {
        names.entry(normal(name)).or_default().push(name);
    }
    let mut given: HashSet<&String> = HashSet::default();
    let open = member_keys(api, def).into_iter().zip(&derived.members).filter(|(_, name)| !known.contains(*name));
    open.filter_map(|(key, _)| match names.get(&normal(&key)).map(Vec::as_slice) {
        Some([name]) if given.insert(name) => Some((key, (*name).clone())),
        _ => None,
    })
    .collect()
}
