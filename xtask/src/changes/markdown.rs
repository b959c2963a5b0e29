//! Writes the changes as Markdown, for `fetch` and pull requests.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Changes, Fate, Group, Line, surface};
use crate::shown::in_code;

/// The stream removes it if colours are off.
const BREAKING: Style = AnsiColor::BrightRed.on_default().bold();

/// The number of listed places. The diff shows the others.
const PLACES: usize = 40;

/// Returns the report.
pub(crate) fn markdown(provider: &str, changes: &Changes) -> String {
    let before = changes.operations_before.map(|count| format!(" (were {count})")).unwrap_or_default();
    let mut out = format!("# {provider}: {} operations{before}\n\n{}\n", changes.operations_after, summary(changes));
    if !changes.surface_compared {
        out.push_str("\nNo client can be generated from the old snapshot, so the public surface is not compared.\n");
    }
    if changes.operations_before.is_none() {
        out.push_str("\nThis is the first snapshot.\n");
        return out;
    }
    section(&mut out, "Operations", &changes.operations, changes);
    section(&mut out, "Models", &changes.models, changes);
    if !changes.client.is_empty() {
        out.push_str("\n## Client\n\n");
        changes.client.iter().for_each(|line| push_line(&mut out, line));
    }
    document(&mut out, changes);
    out
}

fn summary(changes: &Changes) -> String {
    let breaking = match changes.breaking() {
        0 if changes.surface_compared => "0".to_owned(),
        0 => "not compared".to_owned(),
        count => format!("**{count}**"),
    };
    format!(
        "Operations: {}. Models: {}. Breaking lines: {breaking}.",
        counts(&changes.operations),
        counts(&changes.models)
    )
}

fn counts(groups: &[Group]) -> String {
    let count = |fate| groups.iter().filter(|group| group.fate == fate).count();
    format!("{} added, {} removed, {} changed", count(Fate::Added), count(Fate::Removed), count(Fate::Changed))
}

fn section(out: &mut String, title: &str, groups: &[Group], changes: &Changes) {
    if groups.is_empty() {
        return;
    }
    push(out, format_args!("\n## {title}\n"));
    for fate in [Fate::Removed, Fate::Changed, Fate::Added] {
        for group in groups.iter().filter(|group| group.fate == fate) {
            let method = group.method.as_ref().map(|method| format!(" ({})", in_code(method))).unwrap_or_default();
            push(out, format_args!("\n### {}: {}{method}\n\n", fate.word(), in_code(&group.title)));
            if group.lines.is_empty() && changes.surface_compared {
                out.push_str("- no change for callers\n");
            }
            let whole = fate != Fate::Changed;
            let telling =
                |line: &&Line| !whole || line.before.iter().chain(&line.after).any(|text| surface::is_telling(text));
            group.lines.iter().filter(telling).for_each(|line| push_line(out, line));
        }
    }
}

fn push_line(out: &mut String, line: &Line) {
    let word = line.fate().word();
    let mark = if line.breaks_callers() { format!(" {BREAKING}**breaking**{BREAKING:#}") } else { String::new() };
    match (&line.before, &line.after) {
        (Some(before), Some(after)) => {
            push(out, format_args!("- {word}{mark} {}\n  to {}\n", in_code(before), in_code(after)));
        }
        (Some(text), None) | (None, Some(text)) => push(out, format_args!("- {word}{mark} {}\n", in_code(text))),
        (None, None) => {}
    }
}

/// Groups the places by operation.
fn document(out: &mut String, changes: &Changes) {
    if changes.document.is_empty() {
        return;
    }
    out.push_str("\n## Places in the document\n");
    let mut previous = String::new();
    for change in changes.document.iter().take(PLACES) {
        let (group, below) = change.place();
        if group != previous {
            push(out, format_args!("\n### {}\n\n", in_code(&group)));
            previous = group;
        }
        push(out, format_args!("- {} {}\n", change.fate.word(), in_code(&below)));
    }
    if let Some(more) = changes.document.len().checked_sub(PLACES).filter(|more| *more > 0) {
        push(out, format_args!("\n{more} more places.\n"));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = out.write_fmt(text);
}
