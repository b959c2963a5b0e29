//! The results of each document, and their totals.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    compile::Check,
    documents::Document,
    generation::{Severities, Summary},
    roundtrip::Roundtrip,
};

/// The result of one document.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) generated: bool,
    /// `None` if it was not tried.
    pub(crate) compiled: Option<bool>,
    /// The reason why the document is not whole, on one line.
    pub(crate) reason: Option<String>,
    /// The time of the compiler alone.
    pub(crate) cpu_s: Option<f64>,
    /// The memory of the compiler, in MiB.
    pub(crate) peak_mb: Option<f64>,
    /// `None` where it was not tried.
    pub(crate) roundtrip: Option<Roundtrip>,
    /// The folder of the generated crate.
    pub(crate) folder: String,
}

impl Row {
    pub(crate) fn of(document: &Document, summary: Summary, generated: bool, reason: Option<String>) -> Self {
        Self {
            path: document.path.display().to_string(),
            summary,
            generated,
            compiled: None,
            reason,
            cpu_s: None,
            peak_mb: None,
            roundtrip: None,
            folder: document.folder.display().to_string(),
        }
    }

    /// Returns the row of a document without a result.
    pub(crate) fn failed(document: &Document, reason: impl Into<String>) -> Self {
        Self::of(document, Summary::default(), false, Some(reason.into()))
    }

    pub(crate) fn add_check(&mut self, check: Check) {
        self.compiled = Some(check.reason.is_none());
        self.cpu_s = Some(check.cpu_s);
        self.peak_mb = Some(check.peak_mb);
        self.add_reason(check.reason);
    }

    pub(crate) fn add_roundtrip(&mut self, roundtrip: Result<Roundtrip, String>) {
        match roundtrip {
            Ok(roundtrip) => {
                self.add_reason(roundtrip.reason());
                self.roundtrip = Some(roundtrip);
            }
            Err(reason) => self.add_reason(Some(reason)),
        }
    }

    /// The reason of the earliest step stays.
    fn add_reason(&mut self, reason: Option<String>) {
        let reasons: Vec<String> = self.reason.take().into_iter().chain(reason).collect();
        self.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
    }
}

/// The totals of all rows.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) documents: usize,
    pub(crate) whole: usize,
    pub(crate) generated: usize,
    pub(crate) compiled: usize,
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) cpu_s: f64,
    /// The maximum of all rows.
    pub(crate) peak_mb: f64,
    /// Without the failures, which are in the rows.
    pub(crate) roundtrip: Roundtrip,
    /// The number of documents by code.
    pub(crate) documents_with: BTreeMap<String, usize>,
}

impl Totals {
    pub(crate) fn of(rows: &[Row]) -> Self {
        let mut totals = Self { documents: rows.len(), ..Self::default() };
        for row in rows {
            totals.whole += usize::from(row.reason.is_none());
            totals.generated += usize::from(row.generated);
            totals.compiled += usize::from(row.compiled == Some(true));
            totals.cpu_s += row.cpu_s.unwrap_or_default();
            totals.peak_mb = totals.peak_mb.max(row.peak_mb.unwrap_or_default());
            totals.summary.add(&row.summary);
            if let Some(roundtrip) = &row.roundtrip {
                totals.roundtrip.add_counts(roundtrip);
            }
            for code in row.summary.codes.keys() {
                *totals.documents_with.entry(code.clone()).or_default() += 1;
            }
        }
        totals
    }

    /// Returns the codes by frequency, with the numbers of diagnostics and documents.
    pub(crate) fn frequent_codes(&self) -> Vec<(&str, usize, usize)> {
        let with = |code: &str| self.documents_with.get(code).copied().unwrap_or_default();
        let mut codes: Vec<_> =
            self.summary.codes.iter().map(|(code, count)| (code.as_str(), *count, with(code))).collect();
        codes.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        codes
    }
}

impl Summary {
    fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.emitted += other.emitted;
        self.skipped += other.skipped;
        let Severities { error, warning, note } = other.diagnostics;
        self.diagnostics.error += error;
        self.diagnostics.warning += warning;
        self.diagnostics.note += note;
        for (code, count) in &other.codes {
            *self.codes.entry(code.clone()).or_default() += count;
        }
        for (object, counts) in &other.keys {
            let total = self.keys.entry(object.clone()).or_default();
            for (total, count) in total.iter_mut().zip(counts) {
                *total += count;
            }
        }
        self.ms += other.ms;
        self.lines += other.lines;
    }
}

/// The content of `--report`.
pub(crate) fn to_json(rows: &[Row], totals: &Totals) -> String {
    #[derive(Serialize)]
    struct Whole<'a> {
        documents: &'a [Row],
        totals: &'a Totals,
    }
    // Structs of numbers and text serialise.
    serde_json::to_string_pretty(&Whole { documents: rows, totals }).unwrap_or_default() + "\n"
}
