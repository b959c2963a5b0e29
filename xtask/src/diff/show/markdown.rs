//! The report as Markdown, for pull requests.

use std::fmt::Write as _;

use super::super::{
    entry::{Effect, Entry},
    places::Place,
    report::{Changes, EFFECTS, heading},
};
use crate::shown::{in_code, shown};

/// Entries that change nothing for callers are counted above this number, and not listed.
const MAX_DOCS: usize = 40;

/// The number of listed places. The diff shows the others.
const MAX_PLACES: usize = 40;

pub(crate) fn markdown(changes: &Changes) -> String {
    let title = format!("{} to {}", in_code(&changes.old), in_code(&changes.new));
    section(changes, &title, "#")
}

/// Returns the report under a title of this level.
pub(crate) fn section(changes: &Changes, title: &str, level: &str) -> String {
    let mut out = String::new();
    let (before, after) = changes.operations;
    push(&mut out, format_args!("{level} {title}"));
    if let Some(remark) = changes.remark {
        push(&mut out, format_args!("\n{after} operations (were {before}). {remark}"));
    } else {
        push(&mut out, format_args!("\nVersion: {}.", in_text(&changes.verdict_text())));
        push(&mut out, format_args!("\n{after} operations (were {before}). Changes: {}.", changes.counts()));
    }
    if let Some(proof) = &changes.proof {
        push(&mut out, format_args!("\n{proof}"));
    }
    for effect in EFFECTS {
        let entries: Vec<&Entry> = changes.of(effect).collect();
        if entries.is_empty() {
            continue;
        }
        push(&mut out, format_args!("\n{level}# {}\n", heading(effect)));
        let listed = if effect == Effect::Docs { MAX_DOCS } else { usize::MAX };
        for entry in entries.iter().take(listed) {
            push_entry(&mut out, entry);
        }
        if let Some(more) = entries.len().checked_sub(listed).filter(|more| *more > 0) {
            push(&mut out, format_args!("- {more} more"));
        }
    }
    push_places(&mut out, level, &changes.places);
    out
}

/// Lists the places without effect on callers by operation.
fn push_places(out: &mut String, level: &str, places: &[Place]) {
    if places.is_empty() {
        return;
    }
    push(out, format_args!("\n{level}# Other places in the document\n"));
    for place in places.iter().take(MAX_PLACES) {
        let (operation, below) = place.of_operation();
        push(out, format_args!("- {}: {} {}", in_code(&operation), place.fate.word(), in_code(&below)));
    }
    if let Some(more) = places.len().checked_sub(MAX_PLACES).filter(|more| *more > 0) {
        push(out, format_args!("- {more} more"));
    }
}

fn push_entry(out: &mut String, entry: &Entry) {
    let effects: Vec<&str> = entry.effects().into_iter().skip(1).map(Effect::word).collect();
    let effects = if effects.is_empty() { String::new() } else { format!(", {}", effects.join(", ")) };
    let accepted =
        entry.accepted.as_ref().map(|reason| format!(" Accepted: {}.", in_text(reason.trim_end_matches('.'))));
    push(
        out,
        format_args!(
            "- **{}** ({}{effects}): {}{}",
            in_code(&entry.item),
            entry.rule.id,
            in_text(&entry.upstream),
            accepted.unwrap_or_default()
        ),
    );
    let is_use = matches!(entry.effect(), Effect::Source | Effect::Adds) && entry.old_code != entry.new_code;
    if is_use && (entry.old_code.is_some() || entry.new_code.is_some()) {
        push(out, format_args!("\n  ```diff"));
        for (mark, code) in [('-', &entry.old_code), ('+', &entry.new_code)] {
            if let Some(code) = code {
                push(out, format_args!("  {mark} {}", shown(code).replace("```", "'''")));
            }
        }
        push(out, format_args!("  ```"));
    }
}

/// Text of a document between words of ours: what is code stays code, and nothing else is markup.
pub(crate) fn in_text(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str(&in_code(part));
        } else {
            out.extend(shown(part).chars().flat_map(escaped));
        }
    }
    out
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let is_markup = matches!(c, '<' | '>' | '[' | ']' | '*' | '_' | '\\' | '|' | '#' | '&' | '@' | '!');
    is_markup.then_some('\\').into_iter().chain(std::iter::once(c))
}

fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{line}");
}
