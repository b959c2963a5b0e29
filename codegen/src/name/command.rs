//! Names the commands of operations: a group by tag, and in it a name without the words of the group. Recorded words come
//! first, so a new tag upstream moves no command.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::{lock::Lock, names::OperationNames, words::Words};
use crate::ir::Api;

/// The commands that every program has.
const OWN: &[&str] = &["auth", "completions", "demo", "doctor", "help", "man", "mcp", "skill"];

/// The command that every group has.
const HELP: &str = "help";

/// The module of operations without a tag. Their commands have no group.
const UNTAGGED: &str = "untagged";

/// Returns the words of each operation's command.
pub(super) fn name_commands(api: &Api, operations: &[OperationNames], lock: &Lock) -> Vec<Words> {
    let mut tree = Tree::new();
    let recorded: Vec<Option<Words>> = api
        .operations
        .iter()
        .map(|operation| lock.operation(&operation.key)?.words().filter(|words| tree.claim(words)))
        .collect();
    // What upstream has removed keeps its words, so that a script never calls something else.
    let current: HashSet<&str> = api.operations.iter().map(|operation| operation.key.as_str()).collect();
    for words in lock.operations().filter(|(key, _)| !current.contains(key)).filter_map(|(_, it)| it.words()) {
        tree.claim(&words);
    }
    let groups = groups(operations, &recorded, &tree);
    let group_of = |names: &OperationNames| groups.get(&singular(&names.module)).map_or("", String::as_str);
    let mut members: HashMap<&str, usize> = HashMap::default();
    for names in operations {
        *members.entry(group_of(names)).or_default() += 1;
    }
    let mut wanted: Vec<Words> = operations
        .iter()
        .map(|names| {
            let group = group_of(names);
            wanted(group, &names.method, members[group] == 1 && !tree.is_taken(group))
        })
        .collect();
    tell_apart(&mut wanted, operations);
    let is_new = |index: &usize| recorded[*index].is_none();
    for group in (0..wanted.len()).filter(is_new).map(|index| &wanted[index].group).filter(|group| !group.is_empty()) {
        tree.open(group);
    }
    let named = wanted.into_iter().zip(operations).zip(recorded);
    named.map(|((words, names), recorded)| recorded.unwrap_or_else(|| tree.claim_first(words, &names.method))).collect()
}

/// The commands of a program. A name at the top is that of a group or of a command.
struct Tree {
    /// Whether each name at the top is that of a group.
    top: HashMap<String, bool>,
    members: HashMap<String, HashSet<String>>,
}

impl Tree {
    fn new() -> Self {
        Self { top: OWN.iter().map(|name| ((*name).to_owned(), false)).collect(), members: HashMap::default() }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.top.contains_key(name)
    }

    fn is_command(&self, name: &str) -> bool {
        self.top.get(name) == Some(&false)
    }

    /// Makes a group. Returns `false` if there is a command of this name.
    fn open(&mut self, group: &str) -> bool {
        *self.top.entry(group.to_owned()).or_insert(true)
    }

    /// Claims the words of a command. Returns `false` if something else has them.
    fn claim(&mut self, words: &Words) -> bool {
        let Words { group, name } = words;
        if group.is_empty() {
            let is_free = !self.is_taken(name);
            self.top.entry(name.clone()).or_insert(false);
            return is_free;
        }
        name != HELP && self.open(group) && self.members.entry(group.clone()).or_default().insert(name.clone())
    }

    /// Claims the first free words: those wanted, those with the whole name of the method, or these with a number.
    fn claim_first(&mut self, wanted: Words, method: &str) -> Words {
        let Words { group, name } = wanted;
        let whole = kebab(method);
        let numbered = (2..).map(|number| format!("{whole}-{number}"));
        let mut candidates = [name.clone(), whole.clone()].into_iter().chain(numbered);
        let free = candidates.find(|name| self.claim(&Words { group: group.clone(), name: name.clone() }));
        // The numbers do not end.
        Words { group, name: free.unwrap_or(name) }
    }
}

/// The name of each new operation's group, by the singular of its module: `Style` and `Styles` are one. Where operations of
/// the same module are recorded, their group goes on.
fn groups(operations: &[OperationNames], recorded: &[Option<Words>], tree: &Tree) -> HashMap<String, String> {
    let mut modules: BTreeMap<String, &str> = BTreeMap::new();
    let mut used: HashMap<String, BTreeMap<&str, usize>> = HashMap::default();
    for (names, recorded) in operations.iter().zip(recorded) {
        if names.module == UNTAGGED || names.module.is_empty() {
            continue;
        }
        let key = singular(&names.module);
        if let Some(words) = recorded.as_ref().filter(|words| !words.group.is_empty()) {
            *used.entry(key.clone()).or_default().entry(&words.group).or_default() += 1;
        }
        let module = modules.entry(key).or_default();
        if names.module.len() > module.len() {
            *module = &names.module;
        }
    }
    let mut given: HashSet<String> = HashSet::default();
    let name = |(key, module): (String, &str)| {
        let kept = used.get(&key).and_then(|groups| groups.iter().max_by_key(|(_, count)| **count));
        if let Some((group, _)) = kept {
            return (key, (*group).to_owned());
        }
        let name = kebab(module);
        let numbered = (2..).map(|number| format!("{name}-api-{number}"));
        let mut candidates = [name.clone(), format!("{name}-api")].into_iter().chain(numbered);
        let free = candidates.find(|name| !tree.is_command(name) && given.insert(name.clone()));
        // The numbers do not end.
        (key, free.unwrap_or(name))
    };
    modules.into_iter().map(name).collect()
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
    let mut count: HashMap<Words, usize> = HashMap::default();
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

    fn names(module: &str, method: &str) -> OperationNames {
        OperationNames {
            method: method.to_owned(),
            request: String::new(),
            former: None,
            inputs: Vec::new(),
            arguments: Vec::new(),
            required: None,
            success: None,
            error: None,
            headers: None,
            events: None,
            module: module.to_owned(),
            words: Words::default(),
            keys: Vec::new(),
            call: String::new(),
        }
    }

    #[test]
    fn a_name_is_that_of_a_group_or_of_a_command() {
        let words = |text: &str| Words::read(text).expect("words");
        let mut tree = Tree::new();
        assert!(tree.claim(&words("tones list")) && tree.claim(&words("keep-writing")));
        for taken in ["tones list", "tones", "keep-writing", "keep-writing undo", "help", "mcp", "tones help"] {
            assert!(!tree.claim(&words(taken)), "{taken}");
        }
        let first = |tree: &mut Tree, text: &str| tree.claim_first(words(text), "list_tones").to_string();
        assert_eq!(first(&mut tree, "tones list"), "tones list-tones");
        assert_eq!(first(&mut tree, "tones list"), "tones list-tones-2");
        assert_eq!(first(&mut tree, "tones"), "list-tones");
    }

    #[test]
    fn a_group_goes_on_and_gives_way_to_recorded_commands() {
        let operations = [
            names("tones", "list_tones"),
            names("voices", "list_voices"),
            names("keep_writing", "undo"),
            names("help", "a"),
        ];
        let recorded = [None, Words::read("speech list"), None, None];
        let mut tree = Tree::new();
        assert!(tree.claim(&Words::read("keep-writing").expect("words")));
        let groups = groups(&operations, &recorded, &tree);
        let group = |module: &str| groups[&singular(module)].as_str();
        assert_eq!((group("tones"), group("voices")), ("tones", "speech"));
        assert_eq!((group("keep_writing"), group("help")), ("keep-writing-api", "help-api"));
    }

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
