//! What the tests of repairs share.

use serde_json::Value;

use super::repair_document;
use crate::{diagnostic::Findings, input::Profile};

/// The document with one operation, repaired, and the codes of what was found.
#[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
pub(crate) fn repaired(path: &str, operation: Value) -> (Value, Vec<&'static str>) {
    let mut tree = serde_json::json!({
        "openapi": "3.0.0", "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.lowcodeapi.com/x"}],
        "paths": {path: {"post": operation}},
    });
    let codes = repair(&mut tree);
    (tree["paths"][path]["post"].take(), codes)
}

pub(crate) fn repair(tree: &mut Value) -> Vec<&'static str> {
    let mut findings = Findings::default();
    repair_document(tree, Profile::LowCodeApi, &mut findings);
    findings.into_vec().iter().map(|found| found.code.id).collect()
}
