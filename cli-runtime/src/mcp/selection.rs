//! The operations that are offered as tools, and the names of the tools.

use std::collections::{BTreeMap, BTreeSet};

use lowcodeapi_runtime::catalogue::{Catalogue, Effect, Operation};

use super::{glob, options::McpOptions};

/// The names of the tools that are no operations.
pub(crate) mod own {
    pub(crate) const CONTINUE: &str = "continue_result";
    pub(crate) const SEARCH: &str = "search_operations";
    pub(crate) const DESCRIBE: &str = "describe_operation";
    pub(crate) const CALL: &str = "call_operation";
}

/// The characters of a name at most, which is what hosts accept.
const NAME: usize = 64;

/// An operation with the name of its tool.
#[derive(Debug, Clone)]
pub(crate) struct Offered {
    pub(crate) name: String,
    pub(crate) operation: &'static Operation,
}

/// The operations that are offered.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) offered: Vec<Offered>,
    by_name: BTreeMap<String, usize>,
}

impl Selection {
    /// Returns what the options allow.
    pub(crate) fn new(catalogue: &Catalogue, options: &McpOptions) -> Self {
        let mut taken: BTreeSet<String> =
            [own::CONTINUE, own::SEARCH, own::DESCRIBE, own::CALL].map(str::to_owned).into();
        let mut offered = Vec::new();
        for &operation in catalogue.operations {
            // All operations take a name, so that no name depends on the options.
            let name = unique(operation.name, &mut taken);
            if is_allowed(operation, &name, options) {
                offered.push(Offered { name, operation });
            }
        }
        let by_name = offered.iter().enumerate().map(|(index, it)| (it.name.clone(), index)).collect();
        Self { offered, by_name }
    }

    /// Returns the operation of a tool's name.
    pub(crate) fn find(&self, name: &str) -> Option<&Offered> {
        self.by_name.get(name).map(|&index| &self.offered[index])
    }
}

fn is_allowed(operation: &Operation, name: &str, options: &McpOptions) -> bool {
    let is_effect_allowed = match operation.effect() {
        Effect::Read => true,
        Effect::Delete => options.allow_deletes,
        _ => options.allow_writes,
    };
    // A model would have to know the secret to call such an operation.
    let needs_secret = operation.inputs.iter().any(|input| input.is_secret && input.is_required);
    let patterns = &options.tools;
    let is_wanted = patterns.is_empty()
        || patterns.iter().any(|pattern| glob::matches(pattern, name) || glob::matches(pattern, operation.name));
    is_effect_allowed && !needs_secret && is_wanted
}

/// Returns a name of letters, digits, underscores and dashes that no other tool has.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    let mut plain: String = name.chars().map(|char| if is_plain(char) { char } else { '_' }).take(NAME).collect();
    if plain.is_empty() {
        plain.push_str("operation");
    }
    let mut unique = plain.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        let suffix = format!("_{number}");
        let kept = plain.len().min(NAME - suffix.len());
        unique = format!("{}{suffix}", &plain[..kept]);
        number += 1;
    }
    unique
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::{Input, Place};

    use super::*;
    use crate::fixture::CATALOGUE;

    fn names(options: &McpOptions) -> Vec<String> {
        Selection::new(&CATALOGUE, options).offered.into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn only_reads_are_offered_unless_more_is_allowed() {
        let reads = McpOptions::default();
        assert_eq!(names(&reads), ["list_notes", "get_note", "get_file", "summary"]);
        let deletes = McpOptions { allow_deletes: true, tools: vec!["*_note".to_owned()], ..McpOptions::default() };
        assert_eq!(names(&deletes), ["get_note", "delete_note"]);
        let writes = McpOptions { allow_writes: true, tools: vec!["ask".to_owned()], ..McpOptions::default() };
        assert_eq!(names(&writes), ["ask"]);
        assert!(Selection::new(&CATALOGUE, &writes).find("get_note").is_none());
    }

    #[test]
    fn operations_that_need_a_secret_are_not_offered() {
        static LOGIN: Operation = Operation::new("login", "GET", "/login").inputs(&[PASSWORD.required()]);
        static LOOK: Operation = Operation::new("look", "GET", "/look").inputs(&[PASSWORD]);
        const PASSWORD: Input = Input::new("password", "password", Place::Query, r#"{"type":"string"}"#).secret();
        static SECRETS: Catalogue = Catalogue::new("s", "S", "https://s.example", "S", &[&LOGIN, &LOOK]);
        let selection = Selection::new(&SECRETS, &McpOptions::default());
        assert!(selection.find("login").is_none() && selection.find("look").is_some());
    }

    #[test]
    fn names_are_what_hosts_accept() {
        let mut taken = BTreeSet::from(["continue_result".to_owned()]);
        let long = "x".repeat(80);
        let names: Vec<_> =
            ["größe", "gr__e", "continue_result", &long, &long].map(|name| unique(name, &mut taken)).into();
        assert_eq!(names[..3], ["gr__e", "gr__e_2", "continue_result_2"]);
        assert_eq!(names[3], "x".repeat(64));
        assert_eq!(names[4], format!("{}_2", "x".repeat(62)));
    }
}
