//! What the list of tools costs a model.

use std::fmt::Write as _;

use lowcodeapi_runtime::catalogue::Catalogue;
use serde_json::{Value, json};

use super::{
    mode::{self, Mode},
    options::McpOptions,
    selection::Selection,
    tokens,
    tool::{self, Detail},
};

/// How many of the largest tools are told.
const LARGEST: usize = 5;

/// The estimated tokens of the lists of tools.
#[derive(Debug)]
pub(crate) struct Budget {
    title: &'static str,
    operations: usize,
    offered: usize,
    full: usize,
    lean: usize,
    search: usize,
    mode: Mode,
    limit: usize,
    largest: Vec<(String, usize)>,
}

impl Budget {
    /// Estimates the lists of what the options allow.
    pub(crate) fn new(catalogue: &Catalogue, options: &McpOptions) -> Self {
        let selection = Selection::new(catalogue, options);
        let has_files = options.files.is_some();
        let full = mode::each(catalogue, &selection.offered, Detail::Full, has_files);
        let lean = mode::each(catalogue, &selection.offered, Detail::Lean, has_files);
        let mut largest: Vec<_> =
            full.iter().map(|tool| (tool.name.to_string(), tokens::of_json(&json!(tool)))).collect();
        largest.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        largest.truncate(LARGEST);
        Self {
            title: catalogue.title,
            operations: catalogue.operations.len(),
            offered: selection.offered.len(),
            full: mode::cost(&full),
            lean: mode::cost(&lean),
            search: mode::cost(&mode::search(&selection)),
            mode: mode::choose(catalogue, &selection, options).0,
            limit: options.max_tool_tokens,
            largest,
        }
    }

    /// Returns the estimates for programs.
    pub(crate) fn json(&self) -> Value {
        let largest: Vec<_> =
            self.largest.iter().map(|(name, tokens)| json!({"name": name, "tokens": tokens})).collect();
        json!({
            "operations": self.operations,
            "offered": self.offered,
            "tokens": {"full": self.full, "lean": self.lean, "search": self.search},
            "max_tool_tokens": self.limit,
            "mode": self.mode.name(),
            "largest": largest,
        })
    }

    /// Returns the estimates for people.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}: {} operations, {} offered.\n\n", self.title, self.operations, self.offered);
        text.push_str("mode    tools  tokens  the list has\n");
        let own = tool::OWN + 1;
        for (mode, tools, tokens, says) in [
            (Mode::Full, self.offered + 1, self.full, "each operation, with the schemas of inputs and results"),
            (Mode::Lean, self.offered + 1, self.lean, "each operation, with the schema of its inputs"),
            (Mode::Search, own, self.search, "tools that search, describe and call operations"),
        ] {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{:<6}  {tools:>5}  {tokens:>6}  {says}", mode.name());
        }
        let _ =
            writeln!(text, "\nServed: {} (--max-tool-tokens {}).\n\nThe largest tools:", self.mode.name(), self.limit);
        for (name, tokens) in &self.largest {
            let _ = writeln!(text, "{tokens:>6}  {name}");
        }
        text.push_str("\nTokens are estimated: four characters of JSON each.\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::CATALOGUE;

    #[test]
    fn the_report_has_all_modes() {
        let budget = Budget::new(&CATALOGUE, &McpOptions { allow_writes: true, ..McpOptions::default() });
        let json = budget.json();
        assert_eq!((&json["operations"], &json["offered"], &json["mode"]), (&json!(8), &json!(7), &json!("full")));
        assert_eq!(json["largest"][0]["name"], "create_note");
        let text = budget.text();
        assert!(text.starts_with("Notes: 8 operations, 7 offered.\n"), "{text}");
        assert!(text.contains("Served: full (--max-tool-tokens 8000)."), "{text}");
    }
}
