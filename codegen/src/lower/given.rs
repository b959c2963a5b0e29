//! Reads the extensions with which other tools name methods, inputs, fields and types. They only name things, so the document itself
//! may have them.

use foldhash::HashMap;
use serde_json::{Map, Value};

use crate::{
    ir::{GivenMethod, GivenNames},
    read::{
        extension,
        member::Members,
        place::{self, Place},
        pointer,
    },
};

/// Extensions that name the method of an operation, the first one first.
const METHODS: [&str; 5] =
    ["x-speakeasy-name-override", "x-fern-sdk-method-name", "x-ms-client-name", "x-operation-name", "x-methodName"];

/// Extensions that name the group of a method, as a text or as a list of nested groups.
const GROUPS: [&str; 3] = ["x-speakeasy-group", "x-fern-sdk-group-name", "x-controller-name"];

const PARAMETERS: [&str; 3] = ["x-speakeasy-name-override", "x-fern-parameter-name", "x-ms-client-name"];

const PROPERTIES: [&str; 3] = ["x-speakeasy-name-override", "x-fern-property-name", "x-ms-client-name"];

const COMPONENTS: [&str; 3] = ["x-speakeasy-name-override", "x-fern-type-name", "x-ms-client-name"];

/// The extension of a request body, and that of an operation, which name the body.
const BODIES: [&str; 2] = ["x-ms-requestBody-name", "x-codegen-request-body-name"];

/// Returns the name that extensions give to the method of an operation.
pub(super) fn given_method(operation: &Value) -> GivenMethod {
    let found = METHODS.iter().find_map(|key| Some((*key, text(operation.get(*key)?)?)));
    let group = GROUPS.iter().find_map(|key| group(operation.get(*key)?));
    GivenMethod { extension: found.as_ref().map_or("", |(key, _)| *key), name: found.map(|(_, name)| name), group }
}

fn group(value: &Value) -> Option<String> {
    match value {
        Value::Array(groups) => Some(groups.iter().filter_map(text).collect::<Vec<_>>().join(" ")),
        other => text(other),
    }
    .filter(|group| !group.is_empty())
}

/// Returns the names that extensions give to inputs, fields and types.
pub(super) fn given_names(tree: &Value) -> GivenNames {
    let mut given = GivenNames::default();
    place::visit(tree, &mut |place, at, node| match place {
        _ if !extension::has_any(node) => {}
        Place::Parameter => add(&mut given.members, at, first(node, &PARAMETERS)),
        Place::RequestBody => add(&mut given.members, at, first(node, &BODIES[..1])),
        Place::Operation => add(&mut given.members, &pointer::join(at, "requestBody"), first(node, &BODIES[1..])),
        Place::Schema => {
            let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
            if parent.ends_with("/properties") {
                add(&mut given.members, at, first(node, &PROPERTIES));
            }
            let named = if parent == "/components/schemas" { first(node, &COMPONENTS) } else { None };
            add(&mut given.types, at, named.or_else(|| type_name(node)));
        }
        _ => {}
    });
    given
}

fn add(names: &mut HashMap<String, String>, at: &str, name: Option<String>) {
    if let Some(name) = name {
        names.insert(at.to_owned(), name);
    }
}

/// The name of a type, wherever its schema stands.
fn type_name(schema: &Map<String, Value>) -> Option<String> {
    let of_enum = || text(schema.member("x-ms-enum")?.get("name")?);
    first(schema, &["x-fern-type-name"]).or_else(of_enum)
}

/// Returns the text of the first of some extensions.
pub(super) fn first(node: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| text(node.member(key)?))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Returns the name that extensions give to a property.
pub(super) fn given_property(property: &Value) -> Option<String> {
    first(property.as_object()?, &PROPERTIES)
}
