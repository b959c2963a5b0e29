//! The report as JSON.

use serde_json::{Value, json};

use super::super::{entry::Entry, report::Changes};

/// The version of the form. Members are added without a new one.
const VERSION: u32 = 1;

pub(super) fn json(changes: &Changes) -> String {
    let verdict = changes.verdict();
    let versions = verdict
        .versions
        .as_ref()
        .map(|(present, next)| json!({"present": present.to_string(), "next": next.to_string()}));
    let report = json!({
        "version": VERSION,
        "old": changes.old,
        "new": changes.new,
        "operations": {"old": changes.operations.0, "new": changes.operations.1},
        "verdict": {
            "step": verdict.step, "because": verdict.decisive.map(Entry::fingerprint), "versions": versions,
        },
        "proof": changes.proof.as_ref().map(super::super::prove::Summary::json),
        "remark": changes.remark,
        "places": changes.places.iter().map(|it| json!({"fate": it.fate.word(), "pointer": it.pointer})).collect::<Vec<_>>(),
        "entries": changes.entries.iter().map(entry).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn entry(entry: &Entry) -> Value {
    let lines = entry.lines.iter().map(|line| json!({"old": line.before, "new": line.after}));
    json!({
        "fingerprint": entry.fingerprint(),
        "rule": entry.rule.id,
        "effects": entry.effects(),
        "step": entry.step(),
        "item": entry.item,
        "upstream": entry.upstream,
        "old": {"pointer": entry.old_pointer, "fact": entry.was, "code": entry.old_code},
        "new": {"pointer": entry.new_pointer, "fact": entry.now, "code": entry.new_code},
        "accepted": entry.accepted,
        "proof": entry.proof,
        "lines": lines.collect::<Vec<_>>(),
    })
}
