//! Writes the results as Markdown tables.

use std::fmt::Write;

use super::{
    Steps,
    generation::Summary,
    roundtrip::Roundtrip,
    row::{Row, Totals},
};

/// The number of listed codes.
const CODES: usize = 12;

/// The cell of a step that was not tried.
const NOTHING: &str = "–";

/// Returns a table of documents, one of the most frequent diagnostics, and one of the keys of the documents.
pub(crate) fn render(labels: &[&str], rows: &[Row], totals: &Totals, steps: &Steps) -> String {
    let mut head = vec!["document", "operations", "emitted", "skipped", "errors", "warnings", "notes", "ms", "lines"];
    if steps.check {
        head.extend(["compiled", "CPU s", "peak MB"]);
    }
    if steps.roundtrip {
        head.extend(["examples", "equal", "decode failures", "differ", "undeclared", "unfit"]);
    }
    let mut cells = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for (label, row) in labels.iter().zip(rows) {
        let mut line = counts(label, &row.summary);
        if steps.check {
            let compiled = row.compiled.map_or(NOTHING, |compiled| if compiled { "yes" } else { "no" });
            let number = |it: Option<f64>, digits: usize| it.map_or(NOTHING.to_owned(), |it| format!("{it:.digits$}"));
            line.extend([compiled.to_owned(), number(row.cpu_s, 2), number(row.peak_mb, 0)]);
        }
        if steps.roundtrip {
            line.extend(row.roundtrip.as_ref().map_or([NOTHING; 6].map(str::to_owned), roundtrip_counts));
        }
        cells.push(line);
    }
    let mut line = counts(&format!("{} of {} whole", totals.whole, totals.documents), &totals.summary);
    if steps.check {
        line.extend([totals.compiled.to_string(), format!("{:.2}", totals.cpu_s), format!("{:.0}", totals.peak_mb)]);
    }
    if steps.roundtrip {
        line.extend(roundtrip_counts(&totals.roundtrip));
    }
    cells.push(line);
    let mut out = align(&cells);
    let codes = totals.frequent_codes();
    if !codes.is_empty() {
        let head = ["diagnostic", "times", "documents"].map(str::to_owned).to_vec();
        let line =
            |(code, count, with): &(&str, usize, usize)| vec![(*code).to_owned(), count.to_string(), with.to_string()];
        let cells: Vec<_> = std::iter::once(head).chain(codes.iter().take(CODES).map(line)).collect();
        out.push('\n');
        out.push_str(&align(&cells));
    }
    if !totals.summary.keys.is_empty() {
        let head = ["keys of", "expressed", "without meaning", "told of", "unused"].map(str::to_owned).to_vec();
        let lines = totals.summary.keys.iter().map(|(object, counts)| {
            let counts = counts.iter().map(ToString::to_string);
            std::iter::once(object.clone()).chain(counts).collect::<Vec<_>>()
        });
        let cells: Vec<_> = std::iter::once(head).chain(lines).collect();
        out.push('\n');
        out.push_str(&align(&cells));
    }
    out
}

fn counts(label: &str, summary: &Summary) -> Vec<String> {
    let Summary { operations, emitted, skipped, diagnostics, ms, lines, .. } = summary;
    // A path may contain the end mark of a cell.
    let mut cells = vec![label.replace('|', "\\|")];
    let numbers = [*operations, *emitted, *skipped, diagnostics.error, diagnostics.warning, diagnostics.note];
    cells.extend(numbers.map(|number| number.to_string()));
    cells.extend([ms.to_string(), lines.to_string()]);
    cells
}

fn roundtrip_counts(roundtrip: &Roundtrip) -> [String; 6] {
    let Roundtrip { examples, equal, decode_failures, differ, undeclared, unfit, .. } = roundtrip;
    [examples, equal, decode_failures, differ, undeclared, unfit].map(ToString::to_string)
}

/// Returns a Markdown table with texts left and numbers right.
fn align(cells: &[Vec<String>]) -> String {
    let columns = cells.first().map_or(0, Vec::len);
    let width = |column: usize| cells.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let mut out = String::new();
    for (index, line) in cells.iter().enumerate() {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            // Writing to a `String` cannot fail.
            let _ = if column == 0 { write!(out, "| {cell:<width$} ") } else { write!(out, "| {cell:>width$} ") };
        }
        out.push_str("|\n");
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let end = if column == 0 { "-" } else { ":" };
                let _ = write!(out, "|{}{end}", "-".repeat(width + 1));
            }
            out.push_str("|\n");
        }
    }
    out
}
