//! The report for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::super::{
    entry::{Effect, Entry},
    report::{Changes, EFFECTS, heading},
};
use crate::shown::shown;

const BOLD: Style = Style::new().bold();

pub(super) fn text(changes: &Changes) -> String {
    let mut out = String::new();
    let (before, after) = changes.operations;
    push(&mut out, format_args!("{} → {}: {before} to {after} operations", shown(&changes.old), shown(&changes.new)));
    push(&mut out, format_args!("{BOLD}verdict: {}{BOLD:#}", shown(&changes.verdict_text())));
    push(&mut out, format_args!("{}", changes.counts()));
    if let Some(remark) = changes.remark {
        push(&mut out, format_args!("{remark}"));
    }
    if let Some(proof) = &changes.proof {
        push(&mut out, format_args!("{proof}"));
    }
    for effect in EFFECTS {
        let mut entries = changes.of(effect).peekable();
        if entries.peek().is_some() {
            let style = style(effect);
            push(&mut out, format_args!("\n{style}{}{style:#}", heading(effect)));
        }
        for entry in entries {
            push_entry(&mut out, entry);
        }
    }
    out
}

fn style(effect: Effect) -> Style {
    let colour = match effect {
        Effect::Source => AnsiColor::BrightRed,
        Effect::Behaviour | Effect::Lint => AnsiColor::Yellow,
        Effect::Adds => AnsiColor::BrightGreen,
        Effect::Docs => AnsiColor::BrightBlue,
    };
    colour.on_default().bold()
}

fn push_entry(out: &mut String, entry: &Entry) {
    let accepted = if entry.accepted.is_some() { ", accepted" } else { "" };
    push(
        out,
        format_args!("\n  {BOLD}{}{BOLD:#} [{}{accepted}] {}", shown(&entry.item), entry.rule.id, entry.fingerprint()),
    );
    push(out, format_args!("    {}", shown(&entry.upstream)));
    if let Some(reason) = &entry.accepted {
        push(out, format_args!("    accepted: {}", shown(reason)));
    }
    if let Some(proof) = entry.proof {
        push(out, format_args!("    {}", proof.word()));
    }
    if entry.old_code != entry.new_code && matches!(entry.effect(), Effect::Source | Effect::Adds) {
        for (mark, code) in [('-', &entry.old_code), ('+', &entry.new_code)] {
            if let Some(code) = code {
                push(out, format_args!("    {mark} {}", shown(code)));
            }
        }
    }
    for (side, pointer) in [("old", &entry.old_pointer), ("new", &entry.new_pointer)] {
        if let Some(pointer) = pointer {
            push(out, format_args!("    {side}: #{}", shown(pointer)));
        }
    }
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{line}");
}
