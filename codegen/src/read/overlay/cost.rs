//! Limits the cost of overlays: each target walks the document, and an update is copied to each match.

use serde_json::Value;

use crate::{
    budget::{self, Tally},
    diagnostic::{Findings, code},
    read::load::MAX_DEPTH,
};

/// The longest target, in bytes, and its deepest nesting of brackets.
const MAX_TARGET: usize = 4096;
const MAX_NESTING: usize = 10;

/// The most values that one target visits, and all targets together. The whole path of each match is stored.
const MAX_VISITS: usize = 2_000_000;
const MAX_ALL_VISITS: usize = 20_000_000;

/// The help for a target that visits too many values.
const HELP: &str = "write the path to the target, with at most one `..` or `*`";

/// The size of the tree, and the cost so far.
#[derive(Debug)]
pub(super) struct Cost {
    /// A size that the tree does not exceed.
    tree: Tally,
    visits: usize,
}

impl Cost {
    pub(super) fn of(tree: &Value) -> Self {
        Self { tree: budget::tally_of(tree, 0), visits: 0 }
    }

    /// Whether a query is cheap enough. Reports one that is not.
    pub(super) fn allow_query(&mut self, path: &str, at: &str, findings: &mut Findings) -> bool {
        let (nodes, depth) = (self.tree.nodes.max(1), self.tree.depth.max(1));
        let visits = visits(path, nodes, depth);
        self.allow_visits(visits, at, findings)
    }

    fn allow_visits(&mut self, visits: usize, at: &str, findings: &mut Findings) -> bool {
        self.visits = self.visits.saturating_add(visits);
        let message = if visits > MAX_VISITS {
            format!("the JSONPath visits up to {visits} values; the limit is {MAX_VISITS}")
        } else if self.visits > MAX_ALL_VISITS {
            format!("with this JSONPath the overlay visits more than {MAX_ALL_VISITS} values")
        } else {
            return true;
        };
        findings.add_with_help(code::EXPANSION, at, message, HELP);
        false
    }

    /// Whether an update at these places keeps the tree within limits. Reports one that does not.
    pub(super) fn allow_update(
        &mut self,
        (tree, update): (&Value, &Value),
        places: &[String],
        at: &str,
        findings: &mut Findings,
    ) -> bool {
        let copy = budget::tally_of(update, 0);
        if !self.allow_visits(copy.nodes.saturating_mul(places.len()), at, findings) {
            return false;
        }
        let longest = places.iter().map(String::len).max().unwrap_or_default();
        let deepest = places.iter().map(|place| place.matches('/').count()).max().unwrap_or_default() + copy.depth;
        if deepest > MAX_DEPTH {
            let message = format!("the update nests the document more than {MAX_DEPTH} levels deep");
            findings.add_with_help(code::TOO_DEEP, at, message, "update a node nearer to the root");
            return false;
        }
        let add = |tree: &Tally| {
            let mut sum = tree.with_copies(&copy, places.len(), longest);
            sum.depth = sum.depth.max(deepest);
            sum
        };
        self.tree = add(&self.tree);
        if self.tree.excess().is_some() {
            // Updates may have replaced other values, so the tree is measured again.
            self.visits = self.visits.saturating_add(self.tree.nodes.min(MAX_VISITS));
            self.tree = add(&budget::tally_of(tree, 0));
        }
        let Some(excess) = self.tree.excess() else { return true };
        let help = "target fewer nodes, or use a smaller update";
        findings.add_with_help(code::EXPANSION, at, format!("the update expands the document to {excess}"), help);
        false
    }
}

/// Checks that a JSONPath is cheap to parse.
pub(super) fn check_path(path: &str) -> Result<(), String> {
    if path.len() > MAX_TARGET {
        return Err(format!("the JSONPath has {} bytes; the limit is {MAX_TARGET}", path.len()));
    }
    let mut nesting = 0_usize;
    for byte in unquoted(path) {
        match byte {
            b'(' | b'[' => nesting += 1,
            b')' | b']' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Err(format!("the JSONPath nests brackets more than {MAX_NESTING} levels deep"));
        }
    }
    Ok(())
}

/// Returns an upper bound of the values that a JSONPath visits. A further `..`, also in a filter, may visit a value
/// once per ancestor. Each item of a bracketed list visits its values again. A query from the root in a filter runs for
/// each filtered value.
fn visits(path: &str, nodes: usize, depth: usize) -> usize {
    let bytes: Vec<u8> = unquoted(path).collect();
    let is_at = |at: usize, text: &[u8]| bytes.get(at..at + text.len()) == Some(text);
    let descents = (0..bytes.len()).filter(|at| is_at(*at, b"..")).count();
    let count = |bytes: &[u8], mark: u8| bytes.split(|byte| *byte == mark).count() - 1;
    let roots = count(&bytes, b'$').saturating_sub(1);
    let filters = count(&bytes, b'?');
    let is_singular = descents == 0 && !bytes.iter().any(|byte| matches!(byte, b'*' | b'?' | b':' | b','));
    if is_singular {
        return 1;
    }
    let lists = bytes.split(|byte| *byte == b'[').map(|list| count(list, b',') + 1);
    let power = |base: usize, exponent: usize| base.saturating_pow(u32::try_from(exponent).unwrap_or(u32::MAX));
    let inner_filters = filters.saturating_sub(1);
    lists
        .fold(nodes, usize::saturating_mul)
        .saturating_mul(power(depth, descents.saturating_sub(1) + inner_filters))
        .saturating_mul(power(nodes, roots))
}

/// Returns the path without quoted texts.
fn unquoted(path: &str) -> impl Iterator<Item = u8> {
    let mut quote = None;
    let mut is_escaped = false;
    path.bytes().filter(move |byte| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match (quote, byte) {
            (Some(_), b'\\') => is_escaped = true,
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, _) => return true,
            (Some(_), _) => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_path_may_visit_is_counted() {
        let cases = [
            ("$.paths['/a,b:*..'].get", 1),
            ("$.paths[*][*].parameters[?@.name == 'x']", 1000),
            ("$..description", 1000),
            ("$..*..*", 10_000),
            ("$..[?@..x]", 10_000),
            ("$['a', 'b'].*", 2000),
            ("$.a[?@.b == $.c.d]", 1_000_000),
        ];
        for (path, expected) in cases {
            assert_eq!(visits(path, 1000, 10), expected, "{path}");
        }
        assert_eq!(visits(&"..*".repeat(100), 1000, 10), usize::MAX);
    }

    #[test]
    fn a_path_is_short_and_flat() {
        assert!(check_path("$.a[?(@.b == '((((((((((((((')]").is_ok());
        assert!(check_path(&format!("$[?{}@{}]", "(".repeat(20), ")".repeat(20))).is_err());
        assert!(check_path(&"$".repeat(MAX_TARGET + 1)).is_err());
    }
}
