//! Finds an `allOf` that is another schema: the intersection of a schema with parts that add nothing to it.

use serde_json::{Map, Value};

use super::{
    parts::parts_of,
    view::{is_nullable, is_said_object, members_of},
};
use crate::{lower::context::Report, read::parse::Document};

/// The schema that an `allOf` is.
pub(super) struct Same {
    /// The pointer of the part that says all.
    pub(super) part: String,
    /// Whether a part beside it allows `null`. Strictly an intersection is not nullable then, but authors mean that it is.
    pub(super) is_nullable: bool,
}

/// Keywords that describe values, and do not change which type holds them. The generator reads the constraints as
/// documentation.
const SILENT: &[&str] = &[
    "$comment",
    "allOf",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "pattern",
    "readOnly",
    "title",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Returns the referenced part of an `allOf` to which the other parts, and the keywords beside the `allOf`, add nothing.
pub(super) fn same_as(
    document: Document<'_>,
    report: &mut Report<'_>,
    schema: &Map<String, Value>,
    at: &str,
) -> Option<Same> {
    let members: Vec<String> = members_of(schema, at, "allOf").collect();
    let is_reference = |at: &&String| document.node(at).is_some_and(|node| node.get("$ref").is_some());
    let mut candidates = members.iter().filter(is_reference).take(MAX_CANDIDATES);
    candidates.find_map(|part| {
        let said = Said::of(document, report, part)?;
        let others = members.iter().filter(|other| *other != part);
        let mut is_nullable_beside = false;
        for other in others {
            let (_, Value::Object(node)) = document.resolve(other).ok()? else { return None };
            if !said.includes(node) || node.contains_key("allOf") {
                return None;
            }
            is_nullable_beside |= is_nullable(&Value::Object(node.clone()));
        }
        said.includes(schema).then(|| Same { part: part.clone(), is_nullable: is_nullable_beside })
    })
}

/// The most referenced parts that are tried.
const MAX_CANDIDATES: usize = 4;

/// What a schema says, with all its parts.
struct Said<'d> {
    type_: Option<&'d Value>,
    is_object: bool,
    required: Vec<&'d str>,
}

impl<'d> Said<'d> {
    fn of(document: Document<'d>, report: &mut Report<'_>, at: &str) -> Option<Self> {
        let (_, node) = document.resolve(at).ok()?;
        let parts = parts_of(document, report, at).0;
        let nodes = || parts.iter().filter_map(|at| document.node(at));
        let has_properties = |node: &Value| node.get("properties").is_some_and(Value::is_object);
        let required = nodes().filter_map(|node| node.get("required")?.as_array()).flatten().filter_map(Value::as_str);
        Some(Self {
            type_: node.get("type"),
            is_object: nodes().any(|node| has_properties(node) || is_said_object(Some(node))),
            required: required.collect(),
        })
    }

    /// Whether this says all that the keywords of another schema say.
    fn includes(&self, other: &Map<String, Value>) -> bool {
        other.iter().all(|(key, value)| match key.as_str() {
            "type" if value == "object" => self.is_object,
            "type" => self.type_ == Some(value),
            "required" => {
                let names = value.as_array().into_iter().flatten();
                names.filter_map(Value::as_str).all(|name| self.required.contains(&name))
            }
            "properties" => value.as_object().is_some_and(Map::is_empty),
            key => key.starts_with("x-") || SILENT.contains(&key),
        })
    }
}
