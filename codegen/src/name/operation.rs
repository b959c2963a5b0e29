//! Names operations: by the lock, else by extensions, `operationId`, summary, summary and tag, summary and parameter, or method
//! and path, else with a number. A name that fits several operations is given to none of them, so names do not depend on
//! the order of the document.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::{
    identified::{CANDIDATES, Identified},
    lock::Lock,
    path::{by_fixed_path, by_fixed_path_and_parameter, by_path},
    scope::Scope,
    summarized::{
        by_long_summary, by_remark, by_summary, by_summary_and_last_tag, by_summary_and_parameter, by_summary_and_tag,
        by_whole_summary,
    },
};
use crate::{
    diagnostic::{Findings, code},
    ir::{Api, Operation},
    read::pointer,
};

/// Methods that every generated client has, and the words that cannot be one.
pub(super) const CLIENT_METHODS: &str = "new from_env builder clone from into default url_format raw_request";

/// The method name of each operation.
pub(super) fn name_operations(api: &Api, lock: &Lock, findings: &mut Findings) -> Vec<String> {
    let mut scope = Scope::reserving(CLIENT_METHODS);
    let current: HashSet<&str> = api.operations.iter().map(|operation| operation.key.as_str()).collect();
    scope.reserve(lock.operations().filter(|(key, _)| !current.contains(key)).map(|(_, it)| it.name.as_str()));
    scope.reserve(lock.operations().filter_map(|(_, it)| it.was.as_deref()));
    let mut names: Vec<Option<String>> = api
        .operations
        .iter()
        .map(|operation| lock.operation_name(&operation.key).filter(|name| scope.claim(name)).map(str::to_owned))
        .collect();
    let identified = Identified::of(&api.operations);
    for candidate in CANDIDATES {
        settle(&mut names, &mut scope, |index| candidate(&identified, index));
    }
    for candidate in UNIDENTIFIED {
        settle(&mut names, &mut scope, |index| candidate(&api.operations[index]));
    }
    report_kept(api, &identified, lock, &scope, findings);
    let finished: Vec<String> = api
        .operations
        .iter()
        .zip(names)
        .map(|(operation, name)| name.unwrap_or_else(|| numbered(operation, &mut scope, findings)))
        .collect();
    report_shared(api, &identified, lock, &finished, findings);
    report_other(api, &identified, lock, &finished, findings);
    finished
}

/// The names of an operation without an id, from the best one on.
const UNIDENTIFIED: [fn(&Operation) -> Option<String>; 10] = [
    by_summary,
    by_remark,
    by_whole_summary,
    by_long_summary,
    by_summary_and_last_tag,
    by_summary_and_tag,
    by_summary_and_parameter,
    by_fixed_path,
    by_fixed_path_and_parameter,
    by_path,
];

/// What generators may call each operation, from the likeliest name on: by its whole id, else as this one does, or by path and
/// method.
pub(super) fn variants(api: &Api) -> Vec<Vec<Option<String>>> {
    let identified = Identified::of(&api.operations);
    let of = |(index, operation): (usize, &Operation)| {
        let whole = identified.id(index).map(|id| id.whole.clone());
        let others = CANDIDATES.iter().map(|candidate| candidate(&identified, index));
        let unidentified = UNIDENTIFIED.iter().map(|candidate| candidate(operation));
        let path = format!("{} {}", operation.path.replace(['{', '}'], ""), operation.method);
        std::iter::once(whole).chain(others).chain(unidentified).chain([Some(path)]).collect()
    };
    api.operations.iter().enumerate().map(of).collect()
}

/// Claims the candidates that fit a single operation without a name.
fn settle(names: &mut [Option<String>], scope: &mut Scope, candidate: impl Fn(usize) -> Option<String>) {
    let open = (0..names.len()).filter(|index| names[*index].is_none());
    let wanted: Vec<(usize, String)> = open.filter_map(|index| candidate(index).map(|name| (index, name))).collect();
    let mut count: HashMap<&str, usize> = HashMap::default();
    for (_, name) in &wanted {
        *count.entry(name).or_default() += 1;
    }
    for (index, name) in &wanted {
        if count[name.as_str()] == 1 && scope.claim(name) {
            names[*index] = Some(name.clone());
        }
    }
}

fn numbered(operation: &Operation, scope: &mut Scope, findings: &mut Findings) -> String {
    let name = scope.claim_first(&[by_path(operation).unwrap_or_else(|| "operation".to_owned())]);
    let message = format!("each name of the operation fits another one too; the method becomes `{name}`");
    findings.add_with_help(code::NAME_CLASH, &operation.pointer, message, RENAME);
    name
}

const RENAME: &str = "set another `operationId` in an overlay";

/// The most operations that a finding lists.
const MAX_LISTED: usize = 8;

/// Reports ids that several operations have, with the names that tell these apart.
fn report_shared(api: &Api, identified: &Identified<'_>, lock: &Lock, names: &[String], findings: &mut Findings) {
    let mut shared: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for index in 0..names.len() {
        if let Some(id) = identified.id(index).filter(|_| identified.given(index).is_none()) {
            shared.entry(&id.whole).or_default().push(index);
        }
    }
    for (wanted, group) in shared.into_iter().filter(|(_, group)| group.len() > 1) {
        // The order of the operations is that of their paths.
        let is_new = |index: &usize| lock.operation(&api.operations[*index].key).is_none();
        if !group.iter().any(is_new) {
            continue;
        }
        let described = |index: &usize| format!("`{}` (#{})", names[*index], api.operations[*index].pointer);
        let mut listed: Vec<String> = group.iter().take(MAX_LISTED).map(described).collect();
        if group.len() > MAX_LISTED {
            listed.push(format!("{} others", group.len() - MAX_LISTED));
        }
        let message = format!(
            "`operationId` gives the name `{wanted}` to {} operations; the methods become {}",
            group.len(),
            listed.join(", ")
        );
        let at = pointer::join(&api.operations[group[0]].pointer, "operationId");
        findings.add_with_help(code::NAME_CLASH, at, message, "give each an `operationId` of its own in an overlay");
    }
}

/// Reports operations that have another name than their extension or `operationId` gives.
fn report_other(api: &Api, identified: &Identified<'_>, lock: &Lock, names: &[String], findings: &mut Findings) {
    let mut ids: HashMap<&str, usize> = HashMap::default();
    for id in (0..names.len()).filter_map(|index| identified.id(index)) {
        *ids.entry(&id.whole).or_default() += 1;
    }
    for (index, (operation, name)) in api.operations.iter().zip(names).enumerate() {
        if lock.operation(&operation.key).is_some() {
            continue;
        }
        let given = identified.given(index);
        let (key, wanted, help) = match (given, identified.id(index)) {
            (Some(given), _) if identified.given_in_group(index).as_ref() == Some(name) || given == *name => continue,
            (Some(given), _) => (operation.given.extension, given, "set another name in an overlay"),
            (None, Some(id)) if !id.is_made && id.whole != *name && ids[id.whole.as_str()] == 1 => {
                ("operationId", id.whole.clone(), RENAME)
            }
            _ => continue,
        };
        let message = format!("`{key}` gives the name `{wanted}`, which is not free; the method becomes `{name}`");
        findings.add_with_help(code::NAME_CLASH, pointer::join(&operation.pointer, key), message, help);
    }
}

/// Reports operations that keep their recorded name, although their `operationId` gives another free one.
fn report_kept(api: &Api, identified: &Identified<'_>, lock: &Lock, scope: &Scope, findings: &mut Findings) {
    for (index, operation) in api.operations.iter().enumerate() {
        let Some(recorded) = lock.operation(&operation.key) else { continue };
        let kept = &recorded.name;
        let is_known = recorded.id.is_some() && recorded.id == operation.id;
        if is_known || identified.all(index).any(|name| name == *kept) {
            continue;
        }
        let key = if identified.given(index).is_some() { operation.given.extension } else { "operationId" };
        if let Some(wanted) = identified.all(index).next().filter(|wanted| !scope.is_taken(wanted)) {
            let message = format!("`{key}` gives the name `{wanted}`; the method keeps `{kept}`, as the lock records");
            let help = "to rename the method, change the name in the lock; to keep it, set the old `operationId` in an overlay";
            findings.add_with_help(code::NAME_KEPT, pointer::join(&operation.pointer, key), message, help);
        }
    }
}
