//! The report as annotations of GitHub's workflows.

use std::fmt::Write as _;

use super::super::{
    entry::{Effect, Entry},
    report::Changes,
};
use crate::shown::shown;

pub(super) fn github(changes: &Changes, file: &str) -> String {
    let mut out = String::new();
    for entry in &changes.entries {
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            out,
            "::{} file={},title={}::{}",
            level(entry),
            property(file),
            property(&format!("{} ({})", entry.item, entry.rule.id)),
            data(&entry.upstream)
        );
    }
    let _ = writeln!(out, "::notice title=version::{}", data(&changes.verdict_text()));
    out
}

fn level(entry: &Entry) -> &'static str {
    match entry.effect() {
        _ if entry.accepted.is_some() => "notice",
        Effect::Source => "error",
        Effect::Behaviour | Effect::Lint => "warning",
        Effect::Adds | Effect::Docs => "notice",
    }
}

/// Text after the command, in the escapes of the runner.
fn data(text: &str) -> String {
    shown(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
