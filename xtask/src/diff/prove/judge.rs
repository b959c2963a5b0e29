//! Compares what was shown with what the report says.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::Value;

use super::{
    super::{
        bindings::{Bindings, Operation, Type},
        compare::{Generated, sorted_words, words},
        entry::{Effect, Entry, Proof},
        report::Changes,
        rules::{self, Rule},
        surface::Line,
    },
    Summary,
    witness::{Witness, items_using},
};

/// What compilers, requests and responses have shown.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The items that have a witness.
    pub(super) witnessed: BTreeSet<String>,
    /// The items whose witness the old client refuses.
    pub(super) unsound: BTreeSet<String>,
    /// The items whose witness only the new client refuses.
    pub(super) refused: BTreeSet<String>,
    /// The items that only the new client warns about.
    pub(super) deprecated: BTreeSet<String>,
    /// The entries whose code does not compile.
    pub(super) wrong_code: Vec<String>,
    pub(super) calls: usize,
    pub(super) calls_differ: usize,
    /// The methods whose requests differ.
    pub(super) sent: BTreeSet<String>,
    /// The methods whose results differ for the same response.
    pub(super) answered: BTreeSet<String>,
    pub(super) responses: usize,
    pub(super) responses_differ: usize,
    /// The types that are read differently.
    pub(super) read: BTreeSet<String>,
}

/// Whether two clients have read different values. The order of properties means nothing.
pub(super) fn reads_differ(was: &str, now: &str) -> bool {
    let written = |line: &str| {
        let read: Value = serde_json::from_str(line).ok()?;
        serde_json::from_str::<Value>(read["written"].as_str()?).ok()
    };
    written(was) != written(now) || sorted_words(was) != sorted_words(now)
}

/// Returns the code of the entries for one side, as witnesses.
pub(super) fn code_of(changes: &Changes, is_new: bool) -> Vec<Witness> {
    let code = changes.entries.iter().filter_map(|entry| {
        let code = if is_new { entry.new_code.as_ref() } else { entry.old_code.as_ref() }?;
        let name = if is_new { "new" } else { "old" };
        let item = format!("the {name} code of {} ({}): {code}", entry.item, entry.rule.id);
        let owner = entry.item.rsplit_once("::").map_or("", |(owner, _)| owner);
        let code = if code.starts_with("client.") || code.starts_with("let result:") {
            let code = code.trim_end_matches(';');
            format!("pub async fn w{{n}}(client: &Client) -> Result<(), Error> {{ {code}; Ok(()) }}")
        } else if code.starts_with("let field = &value.") || code.starts_with("matches!(value,") {
            format!("pub fn w{{n}}(value: {owner}) {{ let _ = {{ {} }}; }}", without_comment(code))
        } else {
            format!("pub fn w{{n}}() {{ let _ = {{ {code} }}; }}")
        };
        Some(Witness { item, module: "client", code })
    });
    code.collect()
}

fn without_comment(code: &str) -> &str {
    code.split(" //").next().unwrap_or(code)
}

/// Marks the entries with what was shown of them, and returns what the report does not say.
pub(super) fn judge(changes: &mut Changes, (old, new): (&Generated, &Generated), evidence: &Evidence) -> Summary {
    let mut disagreements: Vec<String> = evidence
        .unsound
        .iter()
        .map(|item| format!("the witness of `{item}` does not hold for the old client"))
        .collect();
    disagreements.extend(evidence.wrong_code.iter().map(|code| format!("the compiler refuses {code}")));
    let methods: BTreeMap<&str, &Operation> = old.bindings.operations.iter().map(|it| (it.rust.as_str(), it)).collect();
    let subjects: BTreeSet<String> = changes.entries.iter().map(|entry| subject(entry).to_owned()).collect();
    // What an entry about all calls is shown by.
    let is_common = evidence.sent.iter().any(|method| !subjects.contains(&format!("Client::{method}")));
    for entry in &mut changes.entries {
        entry.compiles = compiles(entry, evidence);
        entry.proof = shown(entry, (evidence, is_common), &methods);
    }
    let breaking = changes.entries.iter().flat_map(|entry| &entry.lines).filter(|line| line.breaks);
    let explained: BTreeSet<String> = breaking.flat_map(|line| items_using(line.item())).collect();
    let unexplained = evidence.refused.iter().filter(|item| !explained.contains(*item));
    disagreements.extend(unexplained.map(|item| format!("`{item}` no longer compiles, and no entry says so")));
    disagreements.extend(silent_deprecations(changes, evidence, &methods));
    disagreements.extend(silent(changes, (&old.bindings, &new.bindings), evidence));
    Summary {
        witnesses: evidence.witnessed.len(),
        refused: evidence.refused.len(),
        calls: (evidence.calls, evidence.calls_differ),
        responses: (evidence.responses, evidence.responses_differ),
        seconds: 0.0,
        disagreements,
    }
}

/// The new deprecations that no entry is about.
fn silent_deprecations(changes: &Changes, evidence: &Evidence, methods: &BTreeMap<&str, &Operation>) -> Vec<String> {
    let rules: Vec<&Rule> = changes.entries.iter().map(|entry| entry.rule).collect();
    if rules.contains(&&rules::TYPE_ALIASED) || rules.contains(&&rules::OPERATION_ALIASED) {
        // Every witness that names a renamed item uses its alias.
        return Vec::new();
    }
    let lints = changes.entries.iter().filter(|entry| entry.rule.effects.contains(&Effect::Lint));
    let told: BTreeSet<String> = lints.flat_map(|entry| items_of(entry, methods)).collect();
    // A deprecated field is also set by the witness that writes the whole struct.
    let silent =
        evidence.deprecated.iter().filter(|item| !told.iter().any(|told| items_using(told).any(|it| it == **item)));
    silent.map(|item| format!("`{item}` is deprecated, and no entry says so")).collect()
}

fn among(items: &BTreeSet<String>, line: &Line) -> bool {
    items_using(line.item()).any(|item| items.contains(&item))
}

/// Whether the new client refuses code that uses what an entry is about.
fn refused(entry: &Entry, evidence: &Evidence) -> bool {
    entry.lines.iter().any(|line| line.breaks && among(&evidence.refused, line))
}

/// Whether all code that uses what an entry is about compiles. What has no witness is neither shown nor refuted.
fn compiles(entry: &Entry, evidence: &Evidence) -> bool {
    !refused(entry, evidence)
        && entry.lines.iter().filter(|line| line.breaks).all(|line| among(&evidence.witnessed, line))
}

/// The rules about what comes back, which no request shows.
const ANSWERED: [&Rule; 3] = [&rules::RESULT_READ, &rules::HEADERS_CHANGED, &rules::MESSAGES_CHANGED];

/// What was shown of an entry. Of what is only added or documented, nothing is to be shown.
fn shown(
    entry: &Entry,
    (evidence, is_common): (&Evidence, bool),
    methods: &BTreeMap<&str, &Operation>,
) -> Option<Proof> {
    let effect = entry.effect();
    let subject = subject(entry);
    match effect {
        Effect::Source => refused(entry, evidence).then_some(Proof::Compiler),
        Effect::Lint => {
            let names = items_of(entry, methods);
            let warned = names.iter().any(|item| evidence.deprecated.contains(item));
            Some(if warned { Proof::Lint } else { Proof::NotShown })
        }
        Effect::Behaviour => {
            Some(if !ANSWERED.contains(&entry.rule) && is_sent(subject, (evidence, is_common), methods) {
                Proof::Requests
            } else if is_read(subject, evidence) {
                Proof::Responses
            } else {
                Proof::NotShown
            })
        }
        Effect::Adds | Effect::Docs => None,
    }
}

/// The item of an entry without its detail.
fn subject(entry: &Entry) -> &str {
    entry.item.split('(').next().unwrap_or_default()
}

/// The type of `types::Tone::value`.
fn type_of(subject: &str) -> &str {
    let end = subject.match_indices("::").nth(1).map_or(subject.len(), |(at, _)| at);
    &subject[..end]
}

/// Whether calls that an entry is about send other requests.
fn is_sent(subject: &str, (evidence, is_common): (&Evidence, bool), methods: &BTreeMap<&str, &Operation>) -> bool {
    if let Some(method) = subject.strip_prefix("Client::") {
        return evidence.sent.contains(method);
    }
    if subject.starts_with("types::") {
        let name = type_of(subject).trim_start_matches("types::");
        let uses = |operation: &&&Operation| operation.inputs.iter().any(|it| words(&it.ty).any(|word| word == name));
        return evidence.sent.iter().filter_map(|method| methods.get(method.as_str())).any(|it| uses(&it));
    }
    is_common
}

/// Whether what an entry is about is read differently.
fn is_read(subject: &str, evidence: &Evidence) -> bool {
    match subject.strip_prefix("Client::") {
        Some(method) => evidence.answered.contains(method),
        None => evidence.read.contains(type_of(subject)),
    }
}

/// The lines of the surface that an entry is about.
fn items_of(entry: &Entry, methods: &BTreeMap<&str, &Operation>) -> Vec<String> {
    let (subject, detail) = entry.item.split_once('(').unwrap_or((&entry.item, ""));
    let detail = detail.trim_end_matches(')');
    if let Some(method) = subject.strip_prefix("Client::") {
        let request = methods.get(method).map(|operation| operation.request.clone()).unwrap_or_default();
        let setter = (!detail.is_empty()).then(|| format!("fn {request}::{detail}"));
        return setter.into_iter().chain([format!("fn client::Client::{method}")]).collect();
    }
    if subject == "Credentials" {
        let setter = format!("fn client::Credentials::{}", detail.to_snake_case());
        return vec![format!("{setter}_provider"), setter];
    }
    let (owner, member) = subject.rsplit_once("::").unwrap_or((subject, ""));
    let kinds =
        [format!("struct {owner}.{member}"), format!("fn {owner}::{member}"), format!("enum {owner}::{member}")];
    kinds.into_iter().chain([format!("struct {subject}")]).collect()
}

/// The requests and results that differ although no entry is about them.
fn silent(changes: &Changes, sides: (&Bindings, &Bindings), evidence: &Evidence) -> Vec<String> {
    let telling = changes.entries.iter().filter(|entry| entry.rule.effects != [Effect::Docs]);
    let subjects: BTreeSet<&str> = telling.map(subject).collect();
    let is_told = |path: &str| subjects.contains(path) || subjects.iter().any(|it| type_of(it) == path);
    let all_told = subjects.iter().any(|subject| !subject.starts_with("Client::") && !subject.starts_with("types::"));
    let reached = |texts: Vec<&str>| reachable(sides, texts).iter().any(|name| is_told(&format!("types::{name}")));
    let is_explained = |method: &str, types: fn(&Operation) -> Vec<&str>| {
        let operations = sides.0.operations.iter().chain(&sides.1.operations).filter(|it| it.rust == method);
        is_told(&format!("Client::{method}")) || all_told || reached(operations.flat_map(types).collect())
    };
    let mut silent = Vec::new();
    for method in evidence.sent.iter().filter(|method| !is_explained(method, types_of_inputs)) {
        silent.push(format!("`Client::{method}` sends another request, and no entry says so"));
    }
    for method in evidence.answered.iter().filter(|method| !is_explained(method, types_of_results)) {
        silent.push(format!("`Client::{method}` has another result of the same response, and no entry says so"));
    }
    for ty in &evidence.read {
        // A variant has the tag that its union gives it.
        let holds = |union: &&Type| union.kind == "union" && union.members.iter().any(|it| it.ty.as_ref() == Some(ty));
        let mut unions = sides.0.types.iter().chain(&sides.1.types).filter(holds);
        if !reached(vec![ty]) && !unions.any(|union| is_told(&union.rust)) {
            silent.push(format!("`{ty}` reads a response differently, and no entry says so"));
        }
    }
    silent
}

fn types_of_inputs(operation: &Operation) -> Vec<&str> {
    operation.inputs.iter().map(|input| input.ty.as_str()).collect()
}

fn types_of_results(operation: &Operation) -> Vec<&str> {
    operation.reads.results.iter().filter_map(|it| it["result"].as_str()).collect()
}

/// The names of the types that texts mention, and of those in them.
fn reachable<'a>((old, new): (&'a Bindings, &'a Bindings), texts: Vec<&str>) -> BTreeSet<&'a str> {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for ty in old.types.iter().chain(&new.types) {
        types.entry(ty.name()).or_default().extend(ty.members.iter().filter_map(|member| member.ty.as_deref()));
    }
    let known = |text: &str| -> Vec<&'a str> {
        words(text).filter_map(|word| types.get_key_value(word).map(|(name, _)| *name)).collect()
    };
    let mut open: Vec<&'a str> = texts.into_iter().flat_map(known).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(types[name].iter().flat_map(|text| known(text)));
        }
    }
    found
}
