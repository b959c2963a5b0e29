//! Names the commands of operations: a group by tag, and in it a name without the words of the group. Recorded words come
//! first, so a new tag upstream moves no command.

use std::collections::{BTreeMap, HashMap};

use super::{lock::Lock, names::OperationNames, scope::Scope, words::Words};
use crate::ir::Api;

/// The commands that every program has.
const OWN: &str = "auth completions demo doctor help man mcp skill";

/// The group of operations without a tag is none.
const UNTAGGED: &str = "untagged";

/// Returns the words of each operation's command.
pub(super) fn name_commands(api: &Api, operations: &[OperationNames], lock: &Lock) -> Vec<Words> {
    let groups = groups(operations);
    let group_of = |names: &OperationNames| groups.get(&singular(&names.module)).map_or("", String::as_str);
    let mut members: HashMap<&str, usize> = HashMap::new();
    for names in operations {
        *members.entry(group_of(names)).or_default() += 1;
    }
    let mut wanted: Vec<Words> = operations
        .iter()
        .map(|names| {
            let group = group_of(names);
            wanted(group, &names.method, members[group] == 1)
        })
        .collect();
    tell_apart(&mut wanted, operations);
    // The names of groups are commands themselves.
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    let top = scopes.entry(String::new()).or_insert_with(|| Scope::reserving(OWN));
    top.reserve(wanted.iter().map(|words| words.group.as_str()).filter(|group| !group.is_empty()));
    let recorded: Vec<Option<Words>> =
        api.operations.iter().map(|operation| lock.operation(&operation.key)?.words()).collect();
    // What upstream has removed keeps its words, so that a script never calls something else.
    let kept = recorded.iter().flatten().cloned().chain(lock.operations().filter_map(|(_, it)| it.words()));
    for words in kept {
        scopes.entry(words.group).or_default().claim(&words.name);
    }
    let named = wanted.into_iter().zip(operations).zip(recorded);
    named
        .map(|((words, names), recorded)| {
            recorded.unwrap_or_else(|| {
                let Words { group, name } = words;
                let whole = kebab(&names.method);
                let suffixed = format!("{name}-operation");
                let name = scopes.entry(group.clone()).or_default().claim_first(&[name, whole, suffixed]);
                Words { group, name: name.replace('_', "-") }
            })
        })
        .collect()
}

/// The name of the group by the singular of its words: `Style` and `Styles` are one.
fn groups(operations: &[OperationNames]) -> HashMap<String, String> {
    let mut groups: HashMap<String, String> = HashMap::new();
    let mut own = Scope::reserving(OWN);
    for names in operations.iter().filter(|names| names.module != UNTAGGED && !names.module.is_empty()) {
        let group = groups.entry(singular(&names.module)).or_default();
        if names.module.len() > group.len() {
            group.clone_from(&names.module);
        }
    }
    let mut keys: Vec<String> = groups.keys().cloned().collect();
    keys.sort();
    for key in keys {
        if let Some(group) = groups.get_mut(&key) {
            let name = kebab(group);
            *group = own.claim_first(&[name.clone(), format!("{name}-api")]).replace('_', "-");
        }
    }
    groups
}

/// The name in the group, without the words that the group says already.
fn wanted(group: &str, method: &str, is_alone: bool) -> Words {
    let whole = kebab(method);
    let words: Vec<&str> = whole.split('-').collect();
    let said: Vec<String> = group.split('-').map(singular).collect();
    let at = (!group.is_empty())
        .then(|| words.windows(said.len()).position(|window| window.iter().map(|it| singular(it)).eq(said.clone())))
        .flatten();
    let Some(at) = at else { return Words { group: group.to_owned(), name: whole } };
    let left = [&words[..at], &words[at + said.len()..]].concat().join("-");
    match (left.is_empty(), is_alone) {
        (false, _) => Words { group: group.to_owned(), name: left },
        // `keep-writing` alone says all.
        (true, true) => Words { group: String::new(), name: whole },
        (true, false) => Words { group: group.to_owned(), name: "run".to_owned() },
    }
}

/// Commands of one name get the whole names of their methods, whatever their order.
fn tell_apart(wanted: &mut [Words], operations: &[OperationNames]) {
    let mut count: HashMap<Words, usize> = HashMap::new();
    for words in wanted.iter() {
        *count.entry(words.clone()).or_default() += 1;
    }
    for (words, names) in wanted.iter_mut().zip(operations) {
        if count[words] > 1 {
            words.name = kebab(&names.method);
        }
    }
}

fn kebab(name: &str) -> String {
    name.trim_matches('_').replace('_', "-")
}

/// The words without the plural of the last one.
fn singular(words: &str) -> String {
    match words.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => words.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(words).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_does_not_repeat_its_group() {
        for (group, method, alone, expected) in [
            ("knowledge", "list_knowledge", false, ("knowledge", "list")),
            ("tones", "create_tone", false, ("tones", "create")),
            ("templates", "run_template", false, ("templates", "run")),
            ("keep-writing", "keep_writing", true, ("", "keep-writing")),
            ("search", "search", false, ("search", "run")),
            ("image", "remove_background", true, ("image", "remove-background")),
            ("repos", "list_repos_for_org", false, ("repos", "list-for-org")),
            ("policies", "get_policy", false, ("policies", "get")),
            ("", "type_", false, ("", "type")),
        ] {
            let words = wanted(group, method, alone);
            assert_eq!((words.group.as_str(), words.name.as_str()), expected, "{method}");
        }
    }
}
