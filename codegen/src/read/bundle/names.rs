//! Names of parts in the document.

use foldhash::{HashMap, HashSet};
use heck::ToUpperCamelCase as _;
use serde_json::Value;

use super::{
    state::{MARK, Waiting},
    target,
};

/// Returns a name for each part that no other component of its section has. All parts with the same name are told apart, so
/// that no name depends on the order of the references.
pub(super) fn name_parts(parts: &[Waiting], tree: &Value) -> Vec<String> {
    let mut names = vec![String::new(); parts.len()];
    let mut sections: Vec<&str> = parts.iter().map(|part| part.section).collect();
    sections.sort_unstable();
    sections.dedup();
    for section in sections {
        // Names that differ only in case or separators are the same in Rust.
        let key = |name: &str| name.to_upper_camel_case();
        let own = tree.get("components").and_then(|components| components.get(section)).and_then(Value::as_object);
        let mut taken: HashSet<String> = own.into_iter().flatten().map(|(name, _)| key(name)).collect();
        let mut open: Vec<(usize, Vec<String>)> = (0..parts.len())
            .filter(|number| parts[*number].section == section)
            .map(|number| (number, target::names(&parts[number].part)))
            .collect();
        for level in 0.. {
            let candidate = |names: &[String]| names.get(level).or(names.last()).cloned().unwrap_or_default();
            let mut counts: HashMap<String, usize> = HashMap::default();
            for (_, names) in &open {
                *counts.entry(key(&candidate(names))).or_default() += 1;
            }
            let is_last = |names: &[String]| level + 1 >= names.len();
            let mut left = Vec::new();
            for (number, of_part) in open {
                let name = candidate(&of_part);
                let is_free = counts.get(&key(&name)) == Some(&1) && !taken.contains(&key(&name));
                if is_free {
                    names[number] = name;
                } else if is_last(&of_part) {
                    // Only characters that names cannot have tell the two apart.
                    let numbers = number + 2..number + 3 + taken.len();
                    let mut numbered = numbers.map(|number| format!("{name}_{number}"));
                    names[number] = numbered.find(|name| !taken.contains(&key(name))).unwrap_or(name);
                    taken.insert(key(&names[number]));
                } else {
                    left.push((number, of_part));
                }
            }
            taken.extend(names.iter().filter(|name| !name.is_empty()).map(|name| key(name)));
            open = left;
            if open.is_empty() {
                break;
            }
        }
    }
    names
}

/// Replaces the mark of a part in a pointer or reference by its name.
pub(super) fn named(text: &str, pointers: &[String]) -> Option<String> {
    let (_, rest) = text.split_once(MARK)?;
    let (number, rest) = rest.split_once('/').map_or((rest, None), |(number, rest)| (number, Some(rest)));
    let pointer = pointers.get(number.parse::<usize>().ok()?)?;
    let sign = if text.starts_with('#') { "#" } else { "" };
    Some(match rest {
        Some(rest) => format!("{sign}{pointer}/{rest}"),
        None => format!("{sign}{pointer}"),
    })
}

pub(super) fn name_references(node: &mut Value, pointers: &[String]) {
    match node {
        Value::String(text) => {
            if let Some(name) = named(text, pointers).filter(|_| text.starts_with("#/components/")) {
                *text = name;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_references(item, pointers)),
        Value::Object(map) => map.values_mut().for_each(|value| name_references(value, pointers)),
        _ => {}
    }
}
