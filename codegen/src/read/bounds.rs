//! Checks the size of a tree after repairs and overlays.

use serde_json::Value;

use crate::{
    budget::{self, MAX_PROSE},
    diagnostic::{Findings, code},
    read::pointer::Step,
};

/// Whether the document is within limits after repairs and overlays. Reports parts that are not.
pub(crate) fn is_within_bounds(tree: &Value, findings: &mut Findings) -> bool {
    let tally = budget::tally_of(tree, 0);
    if let Some(excess) = tally.excess() {
        findings.add_with_help(
            code::EXPANSION,
            "",
            format!("after repairs and overlays the document has {excess}"),
            budget::SMALLER,
        );
        return false;
    }
    tally.longest <= MAX_PROSE || check_prose(tree, &mut Vec::new(), findings)
}

/// Keys whose texts become documentation or names.
const PROSE: [&str; 5] = ["description", "summary", "title", "operationId", "name"];

/// Reports texts that are too long for documentation or names. Returns `false` if there is one.
fn check_prose<'t>(node: &'t Value, path: &mut Vec<Step<&'t str>>, findings: &mut Findings) -> bool {
    let mut is_within = true;
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                is_within &= check_prose(item, path, findings);
                path.pop();
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                path.push(Step::Key(key));
                if let Value::String(text) = value
                    && text.len() > MAX_PROSE
                    && PROSE.contains(&key.as_str())
                {
                    let message = format!("`{key}` has {} bytes; the limit is {MAX_PROSE}", text.len());
                    findings.add_with_help(code::TOO_LARGE, Step::pointer(path), message, "shorten it in an overlay");
                    is_within = false;
                }
                is_within &= check_prose(value, path, findings);
                path.pop();
            }
        }
        _ => {}
    }
    is_within
}
