//! An entry: one change, what upstream did, where callers meet it, and what it means for them.

use serde::Serialize;

use super::{rules::Rule, surface::Line};
use crate::provenance::sha256;

/// What a change means for callers. The order is that of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Effect {
    /// Code no longer compiles.
    Source,
    /// The same code sends other bytes, or reads another value from the same response.
    Behaviour,
    /// Code that compiles gets a warning.
    Lint,
    /// There is something new to use.
    Adds,
    /// Only documentation differs.
    Docs,
}

impl Effect {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Behaviour => "behaviour",
            Self::Lint => "lint",
            Self::Adds => "adds",
            Self::Docs => "docs",
        }
    }
}

/// A change.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) rule: &'static Rule,
    /// Where callers meet it: `Client::create_tone`, its input `Client::create_tone(value)`, `types::Tone::value`.
    pub(crate) item: String,
    /// What upstream did, as a sentence.
    pub(crate) upstream: String,
    /// What was so, and what is so now; with the rule and the item it identifies the change.
    pub(crate) was: Option<String>,
    pub(crate) now: Option<String>,
    /// The places in the old and in the new document.
    pub(crate) old_pointer: Option<String>,
    pub(crate) new_pointer: Option<String>,
    /// What callers wrote, and what they write now.
    pub(crate) old_code: Option<String>,
    pub(crate) new_code: Option<String>,
    /// The lines of the public surface that it explains.
    pub(crate) lines: Vec<Line>,
    /// The reason why it is accepted.
    pub(crate) accepted: Option<String>,
    /// Whether a proof has shown that code which uses the item still compiles.
    pub(crate) compiles: bool,
    /// What the proof has shown of it.
    pub(crate) proof: Option<Proof>,
}

/// What a proof has shown of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proof {
    /// The compiler refuses code that used the item.
    Compiler,
    /// The compiler warns of code that uses the item.
    Lint,
    /// The recorder received other requests.
    Requests,
    /// The same responses gave other values.
    Responses,
    /// No witness shows a difference.
    NotShown,
}

impl Proof {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Compiler => "shown by the compiler",
            Self::Lint => "shown by a warning of the compiler",
            Self::Requests => "shown by requests",
            Self::Responses => "shown by responses",
            Self::NotShown => "not shown by a witness",
        }
    }
}

impl Entry {
    pub(crate) fn new(rule: &'static Rule, item: impl Into<String>, upstream: impl Into<String>) -> Self {
        Self {
            rule,
            item: item.into(),
            upstream: upstream.into(),
            was: None,
            now: None,
            old_pointer: None,
            new_pointer: None,
            old_code: None,
            new_code: None,
            lines: Vec::new(),
            accepted: None,
            compiles: false,
            proof: None,
        }
    }

    pub(crate) fn facts(mut self, was: Option<&str>, now: Option<&str>) -> Self {
        self.was = was.map(str::to_owned);
        self.now = now.map(str::to_owned);
        self
    }

    pub(crate) fn at(mut self, old: Option<&str>, new: Option<&str>) -> Self {
        self.old_pointer = old.map(str::to_owned);
        self.new_pointer = new.map(str::to_owned);
        self
    }

    pub(crate) fn code(mut self, old: Option<String>, new: Option<String>) -> Self {
        self.old_code = old;
        self.new_code = new;
        self
    }

    pub(crate) fn lines(mut self, lines: Vec<Line>) -> Self {
        self.lines = lines;
        self
    }

    /// What the change means for callers, the most important effect first. Whether code compiles is a matter of the public surface
    /// alone; a proof can show that what differs there still compiles.
    pub(crate) fn effects(&self) -> Vec<Effect> {
        let mut effects: Vec<Effect> =
            self.rule.effects.iter().copied().filter(|effect| *effect != Effect::Source).collect();
        let breaks = self.lines.iter().any(|line| line.breaks);
        if breaks && !self.compiles {
            effects.push(Effect::Source);
        } else if self.lines.iter().any(|line| line.before.is_none()) {
            effects.push(Effect::Adds);
        }
        if effects.is_empty() {
            // What another type stands for without another name in Rust is read and written differently.
            effects.push(Effect::Behaviour);
        }
        effects.sort();
        effects.dedup();
        effects
    }

    /// The most important effect.
    pub(crate) fn effect(&self) -> Effect {
        self.effects().first().copied().unwrap_or(Effect::Docs)
    }

    /// The step of the version that the change asks for.
    pub(crate) fn step(&self) -> Step {
        let of = |effect: &Effect| match effect {
            Effect::Source => Step::Major,
            Effect::Behaviour if self.rule.redirects => Step::Major,
            Effect::Behaviour | Effect::Lint | Effect::Adds => Step::Minor,
            Effect::Docs => Step::Patch,
        };
        self.effects().iter().map(of).max().unwrap_or(Step::None)
    }

    /// Identifies the change. It does not depend on other changes, on wording, or on the order of the document.
    pub(crate) fn fingerprint(&self) -> String {
        let facts = [&self.was, &self.now].map(|fact| fact.as_deref().unwrap_or_default());
        let mut digest = sha256(&[self.rule.id, self.item.as_str(), facts[0], facts[1]].join("\n"));
        digest.truncate(16);
        digest
    }
}

/// A step of the version of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Step {
    None,
    Patch,
    Minor,
    Major,
}

impl Step {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
