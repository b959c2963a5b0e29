//! The lock: all derived names and the order of required arguments. So new summaries, items and orders upstream do not
//! change callers' code.

use std::{collections::BTreeMap, fmt};

use foldhash::HashSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    connection::Connection,
    key::{input_key, member_keys},
    names::{Names, OperationNames, TypeNames},
    variable::is_variable,
    words::Words,
};
use crate::{
    diagnostic::{Findings, code},
    input::Source,
    ir::{Api, Operation},
    read::{load, pointer},
};

/// The version of the form of the lock file.
const VERSION: u64 = 1;

const RESTORE: &str = "restore the lock from version control";

/// The recorded names of one document. Its [`Display`](fmt::Display) is the text of the lock file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u64,
    /// By method and path key: `POST /v1/command`.
    operations: BTreeMap<String, LockedOperation>,
    /// By the pointer of the schema. A variant in it is named by what it is known by, as `tag:cat`, rather than by its position.
    types: BTreeMap<String, LockedType>,
    /// What inline schemas share with an equal one: its key in `types`, by their own. If that is gone, one of them has its name.
    /// Older locks lack them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    shared: BTreeMap<String, String>,
    /// The servers and credentials. Older locks lack them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connection: Option<Connection>,
    /// The name of the file in findings.
    #[serde(skip)]
    pub(crate) file: String,
    /// The keys of the entries that have others now, each with the new one.
    #[serde(skip)]
    moves: Moves,
}

/// The keys of entries that have moved, each with the new one.
pub(crate) type Moves = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedOperation {
    pub(crate) name: String,
    /// The name before a rename on purpose, which stays as a deprecated alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) was: Option<String>,
    /// The `operationId`, by which the operation is known again if its path or method changes. Older locks lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The Rust names of the required inputs, in the order of the method's arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) arguments: Vec<String>,
    /// The words of the command: `knowledge list`. Older locks lack them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
    /// The Rust name of each input, by place and wire name: `query.page`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) inputs: BTreeMap<String, String>,
}

impl LockedOperation {
    /// Returns the recorded words of the command.
    pub(crate) fn words(&self) -> Option<Words> {
        Words::read(self.command.as_deref()?)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedType {
    pub(crate) name: String,
    /// The name before a rename on purpose, which stays as a deprecated alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) was: Option<String>,
    /// The Rust names of the required fields, in the order of the constructor's arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) arguments: Vec<String>,
    /// The Rust name of each field or variant, by wire name, value, tag or schema.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) members: BTreeMap<String, String>,
}

/// Reads the lock. Without one, all names are derived.
pub(crate) fn read_lock(source: Option<&Source<'_>>, findings: &mut Findings) -> Lock {
    let Some(source) = source else { return Lock::default() };
    let Some(tree) = load::load_tree(source, findings) else { return Lock::default() };
    if tree.get("version").and_then(Value::as_u64) != Some(VERSION) {
        let message = format!("`version: {VERSION}` is missing");
        findings.add_with_help(code::LOCK_INVALID, "", message, RESTORE);
        return Lock::default();
    }
    match Lock::deserialize(tree) {
        Ok(lock) => Lock { file: source.name.to_owned(), ..lock }.checked(findings),
        Err(error) => {
            findings.add_with_help(code::LOCK_INVALID, "", error.to_string(), RESTORE);
            Lock::default()
        }
    }
}

impl Lock {
    /// Checks that all names are identifiers, because the file can be edited.
    fn checked(self, findings: &mut Findings) -> Self {
        let operations = self.operations.iter().map(|(key, it)| ("/operations", key, &it.name, &it.was, &it.inputs));
        let types = self.types.iter().map(|(key, it)| ("/types", key, &it.name, &it.was, &it.members));
        for (section, key, name, was, members) in operations.chain(types) {
            for name in std::iter::once(name).chain(was).chain(members.values()) {
                // The parser accepts white space, comments and raw prefixes, so the text is compared.
                if !syn::parse_str::<syn::Ident>(name).is_ok_and(|ident| ident == name) || name.starts_with("r#") {
                    let message = format!("`{name}` is not a Rust identifier");
                    findings.add_with_help(code::LOCK_INVALID, pointer::join(section, key), message, RESTORE);
                }
            }
        }
        for (key, operation) in &self.operations {
            if let Some(command) = operation.command.as_ref().filter(|_| operation.words().is_none()) {
                let message = format!("`{command}` is not the name of a command, with its group before it");
                findings.add_with_help(code::LOCK_INVALID, pointer::join("/operations", key), message, RESTORE);
            }
        }
        let variables = self.connection.iter().flat_map(|it| {
            std::iter::once(&it.base_url).chain(it.credentials.values().map(|credential| &credential.variable))
        });
        for variable in variables.filter(|variable| !is_variable(variable)) {
            let message = format!("`{variable}` is not the name of an environment variable");
            findings.add_with_help(code::LOCK_INVALID, "/connection", message, RESTORE);
        }
        self
    }

    pub(super) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// Whether there is no lock, so no name can be missing.
    pub(crate) fn is_absent(&self) -> bool {
        self.version == 0
    }

    pub(crate) fn operation(&self, key: &str) -> Option<&LockedOperation> {
        self.operations.get(key)
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &LockedOperation)> {
        self.operations.iter().map(|(key, operation)| (key.as_str(), operation))
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (&str, &LockedType)> {
        self.types.iter().map(|(pointer, locked)| (pointer.as_str(), locked))
    }

    pub(crate) fn operation_name(&self, key: &str) -> Option<&str> {
        self.operation(key).map(|operation| operation.name.as_str())
    }

    pub(crate) fn type_(&self, key: &str) -> Option<&LockedType> {
        self.types.get(key)
    }

    /// Returns a recorded type with its key.
    pub(crate) fn entry(&self, key: &str) -> Option<(&str, &LockedType)> {
        self.types.get_key_value(key).map(|(key, recorded)| (key.as_str(), recorded))
    }

    /// Returns the key of the type that an inline schema shares, by the key of the schema.
    pub(crate) fn shared(&self, key: &str) -> Option<&str> {
        self.shared.get(key).map(String::as_str)
    }

    /// The keys of the schemas that share a type.
    pub(super) fn sharing(&self) -> impl Iterator<Item = &str> {
        self.shared.keys().map(String::as_str)
    }

    /// Records an operation that is not recorded.
    pub(super) fn add_operation(&mut self, key: &str, entry: LockedOperation) {
        self.version = VERSION;
        self.operations.entry(key.to_owned()).or_insert(entry);
    }

    /// Records a type that is not recorded.
    pub(super) fn add_type(&mut self, key: &str, entry: LockedType) {
        self.version = VERSION;
        self.types.entry(key.to_owned()).or_insert(entry);
    }

    /// Returns the recorded types whose keys begin so.
    pub(super) fn types_under(&self, start: &str) -> impl Iterator<Item = (&str, &LockedType)> {
        let entries = self.types.range(start.to_owned()..).map(|(key, entry)| (key.as_str(), entry));
        entries.take_while(move |(key, _)| key.starts_with(start))
    }

    /// Returns the keys of schemas that share a type and begin so.
    pub(super) fn sharing_under(&self, start: &str) -> impl Iterator<Item = &str> {
        self.shared.range(start.to_owned()..).map(|(key, _)| key.as_str()).take_while(move |key| key.starts_with(start))
    }

    /// The keys of the entries that have moved, each with the new one.
    pub(crate) fn moves(&self) -> &Moves {
        &self.moves
    }

    /// Gives entries of operations and types other keys, all at once.
    pub(super) fn move_entries(&mut self, moves: &Moves) {
        if moves.is_empty() {
            return;
        }
        let target = |key: &str| moves.get(key).cloned();
        move_keys(&mut self.operations, target);
        move_keys(&mut self.types, target);
        move_keys(&mut self.shared, target);
        for of in self.shared.values_mut() {
            *of = target(of).unwrap_or_else(|| std::mem::take(of));
        }
        for entry in self.types.values_mut() {
            move_keys(&mut entry.members, |key| moved_key(key, moves));
        }
        let mut rest = moves.clone();
        for to in self.moves.values_mut() {
            *to = rest.remove(to).unwrap_or_else(|| std::mem::take(to));
        }
        self.moves.append(&mut rest);
    }

    /// Returns the lock with new names added. Entries of removed operations and types stay, so they keep their names if
    /// they return.
    pub(crate) fn extended(&self, api: &Api, names: &Names) -> Self {
        let mut lock = self.clone();
        lock.version = VERSION;
        lock.connection = Some(Connection::of(api, names));
        for (operation, names) in api.operations.iter().zip(&names.operations) {
            let locked = lock.operations.entry(operation.key.clone()).or_default();
            extend_operation(locked, operation, names);
        }
        for (def, names) in api.types.iter().zip(&names.types).filter(|(def, _)| def.is_used()) {
            extend_type(lock.types.entry(def.entry().into_owned()).or_default(), member_keys(api, def), names);
        }
        for (def, same) in api.types.iter().filter_map(|def| Some((def, def.same?))) {
            let key = def.entry().into_owned();
            if !lock.types.contains_key(&key) {
                lock.shared.entry(key).or_insert_with(|| api.type_def(same).entry().into_owned());
            }
        }
        lock
    }
}

fn move_keys<T>(entries: &mut BTreeMap<String, T>, target: impl Fn(&str) -> Option<String>) {
    let keys: Vec<(String, String)> = entries.keys().filter_map(|key| Some((key.clone(), target(key)?))).collect();
    let taken: Vec<_> = keys.into_iter().filter_map(|(from, to)| Some((to, entries.remove(&from)?))).collect();
    entries.extend(taken);
}

/// Returns the key that an entry or a member of the lock has after these moves: that of a variant is the key of its type, or of the
/// items of a list, with the tag before it.
#[must_use]
pub fn moved_key(key: &str, moves: &BTreeMap<String, String>) -> Option<String> {
    let start = if key.starts_with("tag:") { key.rfind(" /").map_or(0, |at| at + 1) } else { 0 };
    let end = key.len() - key.bytes().rev().take_while(|byte| b"[]{}".contains(byte)).count();
    let inner = || Some(format!("{}{}{}", &key[..start], moves.get(key.get(start..end)?)?, &key[end..]));
    moves.get(key).cloned().or_else(inner)
}

fn extend_operation(locked: &mut LockedOperation, operation: &Operation, names: &OperationNames) {
    locked.name.clone_from(&names.method);
    if operation.id.is_some() {
        locked.id.clone_from(&operation.id);
    }
    locked.command = Some(names.words.to_string());
    for (input, name) in operation.inputs.iter().zip(&names.inputs) {
        locked.inputs.insert(input_key(input), name.clone());
    }
    extend_order(&mut locked.arguments, names.arguments.iter().map(|index| &names.inputs[*index]));
}

fn extend_type(locked: &mut LockedType, keys: Vec<String>, names: &TypeNames) {
    locked.name.clone_from(&names.name);
    for (key, name) in keys.into_iter().zip(&names.members) {
        locked.members.insert(key, name.clone());
    }
    extend_order(&mut locked.arguments, names.arguments.iter().map(|index| &names.members[*index]));
}

fn extend_order<'a>(order: &mut Vec<String>, names: impl Iterator<Item = &'a String>) {
    let mut known: HashSet<String> = order.iter().cloned().collect();
    for name in names {
        if known.insert(name.clone()) {
            order.push(name.clone());
        }
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_those_of_the_first_keys() {
        let moves = |moves: &[(&str, &str)]| -> Moves {
            moves.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
        };
        let mut lock = Lock::default();
        for key in ["/a", "/b", "/c"] {
            let members = [format!("{key}[]"), format!("tag:t {key}")].map(|key| (key, "Item".to_owned())).into();
            lock.add_type(key, LockedType { name: key.to_owned(), members, ..LockedType::default() });
        }
        lock.move_entries(&moves(&[("/a", "/b"), ("/b", "/a")]));
        lock.move_entries(&moves(&[("/b", "/x"), ("/c", "/b")]));
        assert_eq!(*lock.moves(), moves(&[("/a", "/x"), ("/b", "/a"), ("/c", "/b")]));
        for (key, name) in [("/x", "/a"), ("/a", "/b"), ("/b", "/c")] {
            let entry = lock.type_(key).unwrap();
            let members: Vec<&String> = entry.members.keys().collect();
            assert_eq!((entry.name.as_str(), members), (name, vec![&format!("{key}[]"), &format!("tag:t {key}")]));
        }
    }
}
