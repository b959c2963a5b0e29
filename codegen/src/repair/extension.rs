//! The extensions of this generator decide where calls go, how many are made, and how values are read. Upstream must not decide
//! that, so they are read from overlays and repairs only.

use serde_json::{Map, Value};

use super::{OLD_PATH, PATH_TEMPLATE, Site};
use crate::{
    diagnostic::code,
    lower::{ALIASES, LIST_ENVELOPE, PAGINATION, PART_NAME, RATE_LIMIT},
};

const ALL: [&str; 7] = [PATH_TEMPLATE, OLD_PATH, PAGINATION, RATE_LIMIT, ALIASES, LIST_ENVELOPE, PART_NAME];

/// Removes them from the document, an operation or a schema, before repairs add any.
pub(super) fn withhold(map: &mut Map<String, Value>, site: &mut Site<'_>) {
    for name in ALL {
        if map.shift_remove(name).is_some() {
            let message = format!("`{name}` of the document is ignored: it is read from overlays alone");
            let help = "if what it says is right, say it in an overlay";
            site.findings.add_with_help(code::EXTENSION_WITHHELD, site.pointer, message, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::repair::testing::{repair, repaired};

    #[test]
    fn upstream_does_not_say_where_calls_go() {
        let operation = json!({ "x-path-template": "/../admin", "x-old-path": "/../admin", "x-pagination": {} });
        let (operation, codes) = repaired("/a", operation);
        assert_eq!(operation["x-path-template"], "/a");
        assert_eq!(operation["x-old-path"], "/a");
        assert!(operation.get("x-pagination").is_none());
        assert_eq!(codes.iter().filter(|code| **code == "extension-withheld").count(), 3);

        let (operation, _) = repaired("/a", json!({ "$ref": "#/x", "x-old-path": "/../admin" }));
        assert!(operation.get("x-old-path").is_none(), "a reference beside it hides nothing");

        let schema = json!({ "type": "object", "x-list-envelope": "a",
            "properties": { "a": { "$ref": "#/b", "x-aliases": ["c"] }, "d": { "type": "string", "x-part-name": "e" } } });
        let body = json!({ "content": { "application/json": { "schema": schema } } });
        let (operation, codes) = repaired("/a", json!({ "requestBody": body }));
        assert!(!operation["requestBody"].to_string().contains("x-"), "{operation}");
        assert_eq!(codes.iter().filter(|code| **code == "extension-withheld").count(), 3);

        let mut tree = json!({ "info": { "title": "t", "version": "1" }, "x-rate-limit": {} });
        assert_eq!(repair(&mut tree), ["extension-withheld"]);
    }
}
