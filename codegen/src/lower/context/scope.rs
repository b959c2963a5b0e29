//! The scope of dynamic references.

use foldhash::HashMap;
use serde_json::Value;

use crate::read::{
    keyword::{DYNAMIC_REFERENCES, dynamic_anchor},
    parse::Document,
    place::{self, Place},
};

/// What dynamic references mean at the schema that is being lowered.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Whether the document has dynamic references.
    pub(crate) is_needed: bool,
    /// The anchors that outer schemas bind, with the places of their schemas.
    pub(crate) bindings: Vec<(String, String)>,
    /// The places of all anchors. They count where no outer schema binds the anchor.
    pub(crate) anchors: HashMap<String, String>,
    /// Whether the type of a schema depends on the scope, by its place.
    pub(crate) depends: HashMap<String, bool>,
}

impl Scope {
    pub(super) fn of(document: Document<'_>) -> Self {
        let mut scope = Self::default();
        // Few documents need the places of the anchors.
        if !may_refer_dynamically(document.tree) {
            return scope;
        }
        place::visit(document.tree, &mut |place, at, node| {
            // All these keywords begin so.
            if place != Place::Schema || !node.keys().any(|key| key.starts_with('$')) {
                return;
            }
            scope.is_needed |= DYNAMIC_REFERENCES.iter().any(|key| node.contains_key(*key));
            if let Some(anchor) = node.get("$anchor").and_then(Value::as_str).or_else(|| dynamic_anchor(node)) {
                scope.anchors.entry(anchor.to_owned()).or_insert_with(|| at.to_owned());
            }
        });
        scope
    }
}

/// Whether anything in the document has the name of a dynamic reference, a schema or not.
fn may_refer_dynamically(node: &Value) -> bool {
    match node {
        Value::Object(map) => {
            map.iter().any(|(key, value)| DYNAMIC_REFERENCES.contains(&key.as_str()) || may_refer_dynamically(value))
        }
        Value::Array(items) => items.iter().any(may_refer_dynamically),
        _ => false,
    }
}
