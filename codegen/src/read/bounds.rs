//! Checks the size of a tree after repairs and overlays.

use serde_json::Value;

use crate::{
    budget::{self, MAX_PROSE},
    diagnostic::{Findings, code},
    read::pointer,
};

/// Whether the document is within limits after repairs and overlays. Reports parts that are not.
pub(crate) fn is_within_bounds(tree: &Value, findings: &mut Findings) -> bool {
    if let Some(excess) = budget::tally_of(tree, 0).excess() {
        findings.add_with_help(
            code::EXPANSION,
            "",
            format!("after repairs and overlays the document has {excess}"),
            budget::SMALLER,
        );
        return false;
    }
    check_prose(tree, findings)
}

/// Keys whose texts become documentation or names.
const PROSE: [&str; 5] = ["description", "summary", "title", "operationId", "name"];

/// Reports texts that are too long for documentation or names. Returns `false` if there is one.
fn check_prose(tree: &Value, findings: &mut Findings) -> bool {
    check_prose_below(tree, &mut Vec::new(), findings)
}

/// A segment of the pointer to a value.
enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

fn check_prose_below<'t>(node: &'t Value, path: &mut Vec<Step<'t>>, findings: &mut Findings) -> bool {
    let mut is_within = true;
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                is_within &= check_prose_below(item, path, findings);
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
                    let at = path.iter().fold(String::new(), |at, step| match step {
                        Step::Key(key) => pointer::join(&at, key),
                        Step::Index(index) => pointer::join(&at, &index.to_string()),
                    });
                    let message = format!("`{key}` has {} bytes; the limit is {MAX_PROSE}", text.len());
                    findings.add_with_help(code::TOO_LARGE, at, message, "shorten it in an overlay");
                    is_within = false;
                }
                is_within &= check_prose_below(value, path, findings);
                path.pop();
            }
        }
        _ => {}
    }
    is_within
}
