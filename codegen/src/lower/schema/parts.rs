//! The parts of an `allOf`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::view::{members_of, variants_only_restrict};
use crate::{lower::context::Report, read::parse::Document};

/// Returns the pointers of all parts of an `allOf`, then of the schema itself, and whether all are objects.
pub(super) fn parts_of(document: Document<'_>, report: &mut Report<'_>, start: &str) -> (Vec<String>, bool) {
    let mut open = vec![start.to_owned()];
    let mut is_object = true;
    let (mut into, mut seen) = (Vec::new(), HashSet::new());
    while let Some(at) = open.pop() {
        let Ok((at, Value::Object(schema))) = document.resolve(&at) else {
            is_object = false;
            continue;
        };
        if !seen.insert(at.clone()) {
            continue;
        }
        let members = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        // A part is visited again for each schema that contains it.
        if !report.take_steps(1 + members("allOf") + members("oneOf") + members("anyOf"), start) {
            break;
        }
        let is_plain = !schema.contains_key("enum") && variants_only_restrict(document, schema, &at);
        is_object &= is_plain && schema.get("type").is_none_or(|type_| type_ == "object");
        open.extend(members_of(schema, &at, "allOf"));
        into.push(at);
    }
    // Keywords beside an `allOf`, and later parts, override earlier ones.
    into.reverse();
    (into, is_object)
}

pub(super) fn property_names<'t>(
    document: Document<'t>,
    report: &mut Report<'_>,
    parts: &[String],
) -> HashSet<&'t str> {
    let mut names = HashSet::new();
    for at in parts {
        let properties = document.node(at).and_then(|node| node.get("properties")?.as_object());
        if !report.take_steps(1 + properties.map_or(0, Map::len), at) {
            break;
        }
        names.extend(properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str)));
    }
    names
}
