//! Removes the extensions of this generator from the document. They change calls and values, so only overlays and
//! repairs may set them.

use serde_json::{Map, Value};

use crate::{
    diagnostic::{Findings, code},
    read::{extension, member::Members, pointer::Step},
};

/// Removes the extensions from a part of the document before repairs add any, because a reference may lead to any place. A
/// named schema may have the name of an extension: `by_names` says whether the keys are such names.
pub(super) fn withhold<'t>(node: &'t mut Value, at: &mut Vec<Step<&'t str>>, by_names: bool, findings: &mut Findings) {
    match node {
        Value::Object(map) => {
            withhold_own(map, at, by_names, findings);
            for (key, child) in map.iter_mut().filter(|(_, child)| child.is_object() || child.is_array()) {
                let by_names = has_names(by_names, key);
                at.push(Step::Key(key));
                withhold(child, at, by_names, findings);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter_mut().enumerate().filter(|(_, it)| it.is_object() || it.is_array()) {
                at.push(Step::Index(index));
                withhold(child, at, false, findings);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Whether the keys below a key are names.
pub(super) fn has_names(by_names: bool, key: &str) -> bool {
    !by_names && matches!(key, "properties" | "schemas" | "definitions" | "$defs")
}

/// Removes the extensions of an object.
pub(super) fn withhold_own(map: &mut Map<String, Value>, at: &[Step<&str>], by_names: bool, findings: &mut Findings) {
    let names = if extension::has_any(map) { &extension::ALL[..] } else { &[] };
    for name in names {
        if map.member(name).is_some_and(|it| !(by_names && it.is_object())) {
            map.shift_remove(*name);
            let message = format!("`{name}` is ignored: only an overlay may set it");
            let help = "if its value is right, set it in an overlay";
            findings.add_with_help(code::EXTENSION_WITHHELD, Step::pointer(at), message, help);
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

        let item = json!({ "get": { "x-path-template": "/../admin", "x-old-path": "/../admin" } });
        let mut tree = json!({
            "openapi": "3.0.0", "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "$ref": "#/x-hidden/item" }, "/b": { "$ref": "#/components/examples/e/value" } },
            "x-hidden": { "item": item }, "components": { "examples": { "e": { "value": item } } },
        });
        let codes = repair(&mut tree);
        assert_eq!(codes, ["extension-withheld"; 4], "a reference may lead to any place");
        assert!(!tree.to_string().contains("admin"));

        let parts =
            json!({ "file": { "x-part-name": "evil" }, "x-part-name": { "type": "string", "x-aliases": ["b"] } });
        let mut tree = json!({ "info": { "title": "t", "version": "1" }, "components": { "schemas": {
            "S": { "x-list-envelope": "data", "properties": parts } } } });
        assert_eq!(repair(&mut tree), ["extension-withheld"; 3]);
        let expected = json!({ "properties": { "file": {}, "x-part-name": { "type": "string" } } });
        assert_eq!(tree["components"]["schemas"]["S"], expected, "a property may be called as an extension");

        let mut tree = json!({ "info": { "title": "t", "version": "1" }, "x-rate-limit": {} });
        assert_eq!(repair(&mut tree), ["extension-withheld"]);
    }
}
