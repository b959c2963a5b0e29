//! The report in the Static Analysis Results Interchange Format.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{
    entry::{Effect, Entry},
    report::Changes,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn sarif(changes: &Changes, file: &str) -> String {
    let rules: BTreeSet<&str> = changes.entries.iter().map(|entry| entry.rule.id).collect();
    let rules: Vec<Value> = rules.into_iter().map(|id| json!({"id": id})).collect();
    let results: Vec<Value> = changes.entries.iter().map(|entry| result(entry, file)).collect();
    let report = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "cargo xtask diff", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    });
    format!("{report:#}\n")
}

fn result(entry: &Entry, file: &str) -> Value {
    let level = match entry.effect() {
        Effect::Source => "error",
        Effect::Behaviour | Effect::Lint => "warning",
        Effect::Adds | Effect::Docs => "note",
    };
    let pointer = entry.new_pointer.as_ref().or(entry.old_pointer.as_ref());
    let suppressions: Vec<Value> =
        entry.accepted.iter().map(|reason| json!({"kind": "external", "justification": reason})).collect();
    json!({
        "ruleId": entry.rule.id,
        "level": level,
        "message": {"text": format!("{}: {}", entry.item, entry.upstream)},
        "partialFingerprints": {"entry/v1": entry.fingerprint()},
        "suppressions": suppressions,
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": file}},
            "logicalLocations": [{"fullyQualifiedName": entry.item, "decoratedName": pointer}],
        }],
    })
}
