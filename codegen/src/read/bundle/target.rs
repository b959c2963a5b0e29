//! What a reference into another file needs from it, and how that is called in the document.

use serde_json::Value;

use crate::read::{
    location::{folders, stem},
    place::{Place, child_of_schema},
    pointer,
};

/// A part of another file that becomes a component of the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Part {
    /// The place of the file.
    pub(super) file: String,
    /// The pointer in the file.
    pub(super) at: String,
}

/// The section of `components` for a kind of object. `None` for kinds that are copied to their references instead.
pub(super) fn section(place: Place) -> Option<&'static str> {
    Some(match place {
        Place::Schema => "schemas",
        Place::Response => "responses",
        Place::Parameter => "parameters",
        Place::RequestBody => "requestBodies",
        Place::Header => "headers",
        Place::SecurityScheme => "securitySchemes",
        Place::PathItem => "pathItems",
        Place::Callback => "callbacks",
        Place::Link => "links",
        _ => return None,
    })
}

/// Returns the part of a file that contains the target of a reference, and its section. It is the component or the whole
/// schema around the target, so that two references into one schema do not make two of it.
pub(super) fn part_around(file: &str, at: &str, tree: &Value, needed: Place) -> (Part, Option<&'static str>) {
    let keys: Vec<&str> = at.strip_prefix('/').map_or_else(Vec::new, |at| at.split('/').collect());
    let upto = |count: usize| keys.iter().take(count).fold(String::new(), |at, key| at + "/" + key);
    let is_keyword = |key: Option<&&str>| key.is_some_and(|key| child_of_schema(key).is_some());
    let (count, section) = match keys.as_slice() {
        ["components", name, _, ..] if section_named(name).is_some() => (3, section_named(name)),
        ["definitions" | "$defs", _, ..] => (2, Some("schemas")),
        [first, _, ..] if is_keyword(Some(first)) && is_schema(tree) => (0, Some("schemas")),
        [_, ..] if keys.len() > 1 && is_keyword(keys.get(1)) => (1, Some("schemas")),
        _ => (keys.len(), section(needed)),
    };
    (Part { file: file.to_owned(), at: upto(count) }, section)
}

fn section_named(name: &str) -> Option<&'static str> {
    let known = [
        "schemas",
        "responses",
        "parameters",
        "requestBodies",
        "headers",
        "securitySchemes",
        "pathItems",
        "callbacks",
        "links",
    ];
    known.into_iter().find(|known| *known == name)
}

/// Whether the root of a file is a schema rather than an object with several named ones.
fn is_schema(tree: &Value) -> bool {
    ["type", "$schema", "allOf", "oneOf", "anyOf"].iter().any(|key| tree.get(key).is_some_and(|it| !it.is_object()))
}

/// Whether the walk of a document visits this place. It visits others only as the kind that references need.
pub(super) fn is_visited(at: &str) -> bool {
    pointer::keys(at).try_fold(Place::Document, |place, key| place.child_with_references(&key)).is_some()
}

/// Returns names for a part, the shortest first: its own, then with the names of its file and folders before it.
pub(super) fn names(part: &Part) -> Vec<String> {
    let own = match pointer::keys(&part.at).next_back() {
        // The last key of a place in a list says nothing.
        Some(key) if key.bytes().all(|byte| byte.is_ascii_digit()) => {
            pointer::keys(&part.at).collect::<Vec<_>>().join("_")
        }
        Some(key) => key,
        None => stem(&part.file).to_owned(),
    };
    let file = (!part.at.is_empty()).then(|| stem(&part.file));
    let mut names = vec![component_name(&own)];
    for qualifier in file.into_iter().chain(folders(&part.file)) {
        let last = names.last().map_or("", String::as_str);
        names.push(format!("{}_{last}", component_name(qualifier)));
    }
    names
}

/// Replaces the characters that a component's name cannot have.
fn component_name(text: &str) -> String {
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = text.trim_matches('/').chars().map(|c| if is_allowed(c) { c } else { '_' }).collect();
    if name.is_empty() { "part".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_into_a_schema_needs_the_whole_of_it() {
        let bag = json!({"Pet": {"type": "object"}});
        let schema = json!({"type": "object", "properties": {"name": {}}});
        for (at, tree, needed, part, section) in [
            ("", &schema, Place::Schema, "", Some("schemas")),
            ("/properties/name", &schema, Place::Schema, "", Some("schemas")),
            ("/$defs/a/items", &schema, Place::Schema, "/$defs/a", Some("schemas")),
            ("/Pet", &bag, Place::Schema, "/Pet", Some("schemas")),
            ("/Pet", &bag, Place::Response, "/Pet", Some("responses")),
            ("/Pet/properties/name", &bag, Place::Schema, "/Pet", Some("schemas")),
            ("/items", &bag, Place::Schema, "/items", Some("schemas")),
            ("/components/schemas/Pet/items", &bag, Place::Schema, "/components/schemas/Pet", Some("schemas")),
            (
                "/components/responses/R/content/a/schema",
                &bag,
                Place::Schema,
                "/components/responses/R",
                Some("responses"),
            ),
            ("/paths/~1a~1b", &bag, Place::PathItem, "/paths/~1a~1b", Some("pathItems")),
            ("/get", &bag, Place::Operation, "/get", None),
        ] {
            let found = part_around("f.yaml", at, tree, needed);
            assert_eq!((found.0.at.as_str(), found.1), (part, section), "{at}");
        }
    }

    #[test]
    fn parts_are_named_by_key_or_file_and_told_apart_by_folder() {
        let part = |file: &str, at: &str| Part { file: file.to_owned(), at: at.to_owned() };
        assert_eq!(names(&part("v2/models/pet.yaml", "")), ["pet", "models_pet", "v2_models_pet"]);
        assert_eq!(
            names(&part("a/errors.yaml", "/Not Found")),
            ["Not_Found", "errors_Not_Found", "a_errors_Not_Found"]
        );
        assert_eq!(names(&part("a.yaml", "/paths/~1v1~1config")), ["v1_config", "a_v1_config"]);
    }
}
