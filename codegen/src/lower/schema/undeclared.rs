//! Names that `required` lists or conditions ask for, and no `properties` declare.

use foldhash::HashSet;
use serde_json::{Map, Value};

use super::{meet::Part, view::only_restricts};
use crate::{
    diagnostic::code,
    lower::context::Report,
    read::{member::Members, pointer},
};

/// A name in `required`, in a list of `dependentRequired`, or in a condition.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// The place of the name.
    pub(crate) at: String,
    /// Whether all values need the property.
    pub(crate) is_sure: bool,
    /// The keyword that has the name.
    key: &'static str,
}

impl Listed {
    fn new(name: &str, at: String, key: &'static str) -> Self {
        Self { name: name.to_owned(), at, is_sure: false, key }
    }
}

/// Returns the names that a schema lists, and those that its conditions ask for, or choices that only restrict its values.
/// `is_sure` says whether the schema applies to all values.
pub(crate) fn listed_names(schema: &Map<String, Value>, at: &str, is_sure: bool) -> Vec<Listed> {
    let place = |key: &str| pointer::join(at, key);
    let mut found: Vec<Listed> = names_in(schema.member("required"), &place("required"), "required").collect();
    for listed in &mut found {
        listed.is_sure = is_sure;
    }
    for (key, list) in keys_of(schema, "dependentRequired") {
        found.extend(names_in(Some(list), &pointer::join(&place("dependentRequired"), key), "dependentRequired"));
    }
    for key in ["dependentRequired", "dependentSchemas"] {
        found.extend(keys_of(schema, key).map(|(name, _)| Listed::new(name, pointer::join(&place(key), name), key)));
    }
    for key in ["oneOf", "anyOf"] {
        let members = schema.member(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        // The variants of other choices have the names that they require.
        if members.iter().all(|member| member.as_object().is_some_and(only_restricts)) {
            for (index, member) in members.iter().enumerate() {
                let at = pointer::join(&pointer::join(&place(key), &index.to_string()), "required");
                found.extend(names_in(member.member("required"), &at, "required"));
            }
        }
    }
    let condition = schema.member("if").and_then(Value::as_object);
    if let Some(condition) = condition.filter(|_| ["then", "else"].iter().any(|key| schema.has_member(key))) {
        let at = |key: &str| pointer::join(&place("if"), key);
        found.extend(names_in(condition.member("required"), &at("required"), "if"));
        let properties = keys_of(condition, "properties");
        found.extend(properties.map(|(name, _)| Listed::new(name, pointer::join(&at("properties"), name), "if")));
    }
    found
}

/// Returns the names in a list.
fn names_in(list: Option<&Value>, at: &str, key: &'static str) -> impl Iterator<Item = Listed> {
    let names = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    names.filter_map(move |(index, name)| Some(Listed::new(name.as_str()?, pointer::join(at, &index.to_string()), key)))
}

/// Returns the members of an object in a schema.
fn keys_of<'t>(schema: &'t Map<String, Value>, key: &str) -> impl Iterator<Item = (&'t String, &'t Value)> {
    schema.member(key).and_then(Value::as_object).into_iter().flatten()
}

/// The type of properties that are not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// The document does not say it.
    Any,
    /// `additionalProperties` gives it.
    Typed,
    /// There are none.
    Excluded,
}

/// Returns the names that become properties, and reports what becomes of each name that no `properties` declare. A
/// misspelled name or a path into a property is no property.
pub(crate) fn undeclared_names(
    report: &mut Report<'_>,
    mut listed: Vec<Listed>,
    declared: &HashSet<String>,
    others: Others,
) -> Vec<Listed> {
    // What all values need comes first.
    listed.sort_by_key(|it| !it.is_sure);
    let mut seen: HashSet<String> = HashSet::default();
    listed.retain(|it| !declared.contains(&it.name) && seen.insert(it.name.clone()));
    let mut found = Vec::new();
    for it in listed {
        // Each name is compared with all that are declared.
        if !report.take_steps(1 + declared.len(), &it.at) {
            break;
        }
        if becomes_property(report, &it, declared, others) {
            found.push(it);
        }
    }
    found
}

/// Reports the names that schemas of a map require. The documentation of a value of the map states them.
pub(super) fn report_required(report: &mut Report<'_>, parts: &[Part<'_>]) {
    for Part { at, view } in parts {
        for Listed { name, at, .. } in listed_names(view.node, at, true).into_iter().filter(|it| it.is_sure) {
            if !report.take_steps(1, &at) {
                return;
            }
            let message = format!("`required` lists `{name}` of a map, whose names the client does not check");
            let help = "to type it, declare it in `properties` in an overlay";
            report.findings.add_with_help(code::REQUIRED_UNDECLARED, at, message, help);
        }
    }
}

fn becomes_property(report: &mut Report<'_>, it: &Listed, declared: &HashSet<String>, others: Others) -> bool {
    let Listed { name, at, is_sure, key } = it;
    let help = "correct the name, or declare the property, in an overlay";
    let lists = if key.ends_with("equired") { "lists" } else { "names" };
    let meant = declared.iter().filter(|other| is_misspelled(name, other)).min();
    let owner = name.split_once('.').map(|(owner, _)| owner).filter(|owner| declared.contains(*owner));
    let message = if let Some(meant) = meant {
        format!("`{key}` {lists} `{name}`, a spelling of the declared `{meant}`; the client ignores it")
    } else if let Some(owner) = owner {
        format!("`{key}` {lists} `{name}`, a path into the declared `{owner}`; the client ignores it")
    } else if others == Others::Excluded {
        if *is_sure {
            let message = format!(
                "`{key}` {lists} `{name}`, which `additionalProperties` excludes, so no value fits; the client does not have the property"
            );
            report.findings.add_with_help(code::REQUIRED_EXCLUDED, at, message, help);
        }
        return false;
    } else {
        let ty = if others == Others::Typed { "the type of `additionalProperties`" } else { "any JSON value" };
        let message = format!("`{key}` {lists} `{name}`, which no `properties` declare; the client has it with {ty}");
        let help = "to type it, declare it in `properties` in an overlay";
        report.findings.add_with_help(code::REQUIRED_UNDECLARED, at, message, help);
        return true;
    };
    report.findings.add_with_help(code::REQUIRED_UNDECLARED, at, message, help);
    false
}

/// The fewest letters of a name in which swapped letters are seen. Short names have several meanings.
const MIN_SWAPPED: usize = 6;

/// Whether two names differ in case and separators alone, or in two adjacent letters that are swapped.
fn is_misspelled(name: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (name, other) = (letters(name), letters(other));
    if name.is_empty() || name.len() != other.len() {
        return false;
    }
    let differing: Vec<usize> = (0..name.len()).filter(|&index| name[index] != other[index]).collect();
    match differing.as_slice() {
        [] => true,
        &[first, second] => {
            let is_swapped = second == first + 1 && name[first] == other[second] && name[second] == other[first];
            is_swapped && name.len() >= MIN_SWAPPED && name[first].is_alphabetic() && name[second].is_alphabetic()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_misspelled;

    #[test]
    fn spellings_of_one_name_are_told_from_two_names() {
        for (name, other) in [("userId", "user_id"), ("ID", "id"), ("_id", "id"), ("passwrod1", "password1")] {
            assert!(is_misspelled(name, other), "{name} {other}");
        }
        for (name, other) in [("x", "y"), ("tags", "tag"), ("line1", "line2"), ("xy", "yx"), ("part12", "part21")] {
            assert!(!is_misspelled(name, other), "{name} {other}");
        }
        assert!(!is_misspelled("+", "-"));
    }
}
