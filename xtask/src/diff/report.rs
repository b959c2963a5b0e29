//! The report of a comparison, which every format shows.

use lowcodeapi_codegen::Severity;
use semver::Version;

use super::{
    entry::{Effect, Entry},
    places::Place,
    verdict::{Verdict, verdict},
};
use crate::finding::Finding;

/// A comparison with its entries.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// What is compared.
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) operations: (usize, usize),
    pub(crate) entries: Vec<Entry>,
    /// What limits the comparison.
    pub(crate) remark: Option<&'static str>,
    /// The places of the documents that differ without an entry.
    pub(crate) places: Vec<Place>,
    /// The present version of the crate.
    pub(crate) version: Option<Version>,
    /// What a proof has shown.
    pub(crate) proof: Option<super::prove::Summary>,
}

impl Changes {
    pub(crate) fn verdict(&self) -> Verdict<'_> {
        verdict(&self.entries, self.version.as_ref())
    }

    /// The entries whose most important effect this is.
    pub(crate) fn of(&self, effect: Effect) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.effect() == effect)
    }

    /// The number of entries by effect, in words.
    pub(crate) fn counts(&self) -> String {
        let counts = EFFECTS.iter().map(|effect| format!("{} {}", self.of(*effect).count(), effect.word()));
        counts.collect::<Vec<_>>().join(", ")
    }

    /// The entries as findings about the snapshot: warnings if code or calls may break.
    pub(crate) fn findings(&self, file: &str) -> Vec<Finding> {
        let finding = |entry: &Entry| {
            let severity = match entry.effect() {
                Effect::Source | Effect::Behaviour => Severity::Warning,
                Effect::Lint | Effect::Adds | Effect::Docs => Severity::Note,
            };
            let pointer = entry.new_pointer.as_ref().or(entry.old_pointer.as_ref()).cloned();
            let message = format!("{}: {}", entry.item, entry.upstream);
            Finding::error(entry.rule.id, file, message).severity(severity).at(pointer.unwrap_or_default())
        };
        self.entries.iter().map(finding).collect()
    }

    /// The verdict as a sentence.
    pub(crate) fn verdict_text(&self) -> String {
        let Verdict { step, decisive, versions } = self.verdict();
        let versions = versions.map(|(present, next)| {
            if present == next { format!(" ({present} stays)") } else { format!(" ({present} to {next})") }
        });
        let because = decisive.map(|entry| format!(", because of `{}` ({})", entry.item, entry.rule.id));
        format!("{}{}{}", step.word(), versions.unwrap_or_default(), because.unwrap_or_default())
    }
}

/// The effects in the order of the report.
pub(crate) const EFFECTS: [Effect; 5] = [Effect::Source, Effect::Behaviour, Effect::Lint, Effect::Adds, Effect::Docs];

/// The heading of an effect.
pub(crate) fn heading(effect: Effect) -> &'static str {
    match effect {
        Effect::Source => "Code no longer compiles",
        Effect::Behaviour => "The same code does something else",
        Effect::Lint => "Code gets a warning",
        Effect::Adds => "New",
        Effect::Docs => "Documentation",
    }
}
