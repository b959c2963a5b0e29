//! The kinds of objects in an OpenAPI document by place, for all walks over the tree.

use serde_json::{Map, Value};

use crate::read::{
    method::{ADDITIONAL, METHODS},
    pointer,
};

/// The kind of object at a place of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Document,
    Info,
    Contact,
    License,
    Tags,
    Tag,
    Servers,
    Server,
    ServerVariables,
    ServerVariable,
    SecuritySchemes,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    Encodings,
    Encoding,
    Components,
    Paths,
    PathItem,
    Operations,
    Operation,
    Parameters,
    Parameter,
    RequestBodies,
    RequestBody,
    Responses,
    Response,
    Headers,
    Header,
    Content,
    MediaType,
    Schemas,
    Schema,
    Discriminator,
    Xml,
    Callbacks,
    Callback,
    Links,
    Link,
}

impl Place {
    /// The name of the kind of object, or `None` if it is a map or a list.
    pub(crate) fn object(self) -> Option<&'static str> {
        Some(match self {
            Self::Document => "document",
            Self::Info => "info",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Tag => "tag",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::SecurityScheme => "security scheme",
            Self::OAuthFlows => "OAuth flows",
            Self::OAuthFlow => "OAuth flow",
            Self::Encoding => "encoding",
            Self::Components => "components",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::Response => "response",
            Self::Header => "header",
            Self::MediaType => "media type",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "XML object",
            _ => return None,
        })
    }

    /// Returns the kind of object under `key`, also of those that the generator does not follow but that have references:
    /// callbacks and links.
    pub(crate) fn child_with_references(self, key: &str) -> Option<Self> {
        Some(match (self, key) {
            (Self::Components | Self::Operation, "callbacks") => Self::Callbacks,
            (Self::Callbacks, _) => Self::Callback,
            (Self::Callback, key) if key.starts_with("x-") => return None,
            (Self::Callback, _) => Self::PathItem,
            (Self::Components | Self::Response, "links") => Self::Links,
            (Self::Links, _) => Self::Link,
            (Self::Link, "server") => Self::Server,
            _ => return self.child(key),
        })
    }

    /// Returns the kind of object under `key`, or `None` if the generator does not follow it.
    pub(crate) fn child(self, key: &str) -> Option<Self> {
        Some(match (self, key) {
            (Self::Document, "paths" | "webhooks") | (Self::Components, "pathItems") => Self::Paths,
            (Self::Document, "components") => Self::Components,
            (Self::Document, "info") => Self::Info,
            (Self::Info, "contact") => Self::Contact,
            (Self::Info, "license") => Self::License,
            (Self::Document, "tags") => Self::Tags,
            (Self::Document | Self::PathItem | Self::Operation, "servers") => Self::Servers,
            (Self::Server, "variables") => Self::ServerVariables,
            (Self::Components, "securitySchemes") => Self::SecuritySchemes,
            (Self::MediaType | Self::Encoding, "encoding" | "prefixEncoding") => Self::Encodings,
            (Self::Tags, _) => Self::Tag,
            (Self::Servers, _) => Self::Server,
            (Self::ServerVariables, _) => Self::ServerVariable,
            (Self::SecuritySchemes, _) => Self::SecurityScheme,
            (Self::SecurityScheme, "flows") => Self::OAuthFlows,
            (Self::OAuthFlows, key) if key.starts_with("x-") => return None,
            (Self::OAuthFlows, _) => Self::OAuthFlow,
            (Self::Encodings, _) | (Self::MediaType | Self::Encoding, "itemEncoding") => Self::Encoding,
            (Self::Components, "schemas") => Self::Schemas,
            (Self::Components | Self::PathItem | Self::Operation, "parameters") => Self::Parameters,
            (Self::Components, "requestBodies") => Self::RequestBodies,
            (Self::Components | Self::Operation, "responses") => Self::Responses,
            (Self::Components | Self::Response | Self::Encoding, "headers") => Self::Headers,
            (Self::Paths | Self::Responses, key) if key.starts_with("x-") => return None,
            (Self::Paths, _) => Self::PathItem,
            (Self::PathItem, method) if METHODS.contains(&method) => Self::Operation,
            (Self::PathItem, ADDITIONAL) => Self::Operations,
            (Self::Operations, _) => Self::Operation,
            (Self::Parameters, _) => Self::Parameter,
            (Self::RequestBodies, _) | (Self::Operation, "requestBody") => Self::RequestBody,
            (Self::Responses, _) => Self::Response,
            (Self::Headers, _) => Self::Header,
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content")
            | (Self::Components, "mediaTypes") => Self::Content,
            (Self::Content, _) => Self::MediaType,
            (Self::Parameter | Self::Header | Self::MediaType, "schema")
            | (Self::MediaType, "itemSchema")
            | (Self::Schemas, _) => Self::Schema,
            (Self::Schema, "discriminator") => Self::Discriminator,
            (Self::Schema, "xml") => Self::Xml,
            (Self::Schema, key) => return child_of_schema(key),
            _ => return None,
        })
    }
}

/// Returns the kind of object under a keyword of a schema.
pub(crate) fn child_of_schema(key: &str) -> Option<Place> {
    Some(match key {
        "properties" | "patternProperties" | "dependentSchemas" | "definitions" | "$defs" | "allOf" | "anyOf"
        | "oneOf" | "prefixItems" => Place::Schemas,
        "items"
        | "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "contentSchema"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Place::Schema,
        _ => return None,
    })
}

/// The callback of a walk, with the place, the pointer and the object.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(Place, &str, &mut Map<String, Value>);

/// Visits every object at a known place of the document, parents before children.
pub(crate) fn walk(tree: &mut Value, visit: Visit<'_>) {
    walk_node(tree, Place::Document, &mut String::new(), visit);
}

/// Visits an object at a place of the document, and every one in it.
pub(crate) fn walk_node(node: &mut Value, place: Place, at: &mut String, visit: Visit<'_>) {
    let length = at.len();
    match node {
        Value::Object(map) => {
            visit(place, at, map);
            for (key, child) in map.iter_mut() {
                if let Some(place) = place.child(key) {
                    pointer::push(at, key);
                    walk_node(child, place, at, visit);
                    at.truncate(length);
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter_mut().enumerate() {
                // `parameters`, `allOf` and the like are lists of what their maps hold under any key.
                // The schemas of a tuple may be a list in `items`.
                let child_place = if place == Place::Schema { Some(place) } else { place.child("") };
                if let Some(place) = child_place {
                    pointer::push(at, &index.to_string());
                    walk_node(child, place, at, visit);
                    at.truncate(length);
                }
            }
        }
        _ => {}
    }
}

/// The callback of a walk that changes nothing.
pub(crate) type Look<'l, 't> = &'l mut dyn FnMut(Place, &str, &'t Map<String, Value>);

/// Reads every object at a known place of the document, parents before children.
pub(crate) fn visit<'t>(tree: &'t Value, visit: Look<'_, 't>) {
    visit_node(tree, Place::Document, &mut String::new(), visit);
}

fn visit_node<'t>(node: &'t Value, place: Place, at: &mut String, visit: Look<'_, 't>) {
    let length = at.len();
    match node {
        Value::Object(map) => {
            visit(place, at, map);
            for (key, child) in map {
                if let Some(place) = place.child(key) {
                    pointer::push(at, key);
                    visit_node(child, place, at, visit);
                    at.truncate(length);
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                if let Some(place) = place.child("") {
                    pointer::push(at, &index.to_string());
                    visit_node(child, place, at, visit);
                    at.truncate(length);
                }
            }
        }
        _ => {}
    }
}

/// Follows the references of an object, and keeps those that lead nowhere.
pub(crate) type Follow<'f, 't> = &'f mut dyn FnMut(&str) -> Option<(String, &'t Value)>;

/// Returns a copy of the node in which every schema is a `$ref` to its place. So an object is parsed without its
/// schemas, and a defect in one of them does not affect it. Examples are omitted. A reference to a media type becomes what it
/// refers to, because the parser knows none there.
pub(crate) fn detach_schemas<'t>(node: &'t Value, place: Place, at: &str, follow: Follow<'_, 't>) -> Value {
    if matches!(place, Place::Content | Place::MediaType) && node.get("$ref").is_some() {
        return match follow(at) {
            Some((target, node)) if node.get("$ref").is_none() => detach_schemas(node, place, &target, follow),
            _ => Value::Object(Map::new()),
        };
    }
    let Value::Object(map) = node else { return node.clone() };
    let mut detached = Map::new();
    for (key, child) in map {
        if matches!(key.as_str(), "example" | "examples" | "links") {
            continue;
        }
        let child_at = pointer::join(at, key);
        let child = match place.child(key) {
            Some(Place::Schema) => serde_json::json!({ "$ref": format!("#{child_at}") }),
            Some(place) => detach_schemas(child, place, &child_at, follow),
            None => child.clone(),
        };
        detached.insert(key.clone(), child);
    }
    Value::Object(detached)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_walk_finds_schemas_wherever_they_stand() {
        let mut tree = json!({
            "paths": {"/a": {"parameters": [{"schema": {}}], "get": {
                "responses": {"200": {"headers": {"H": {"schema": {}}}, "content": {"c/d": {"schema": {"items": {}}}}}},
                "requestBody": {"content": {"e/f": {"schema": {"allOf": [{"properties": {"schema": {}}}]}}}}}}},
            "components": {"schemas": {"parameters": {}}},
            "x-other": {"schema": {}}
        });
        let mut schemas = Vec::new();
        walk(&mut tree, &mut |place, at, _| {
            if place == Place::Schema {
                schemas.push(at.to_owned());
            }
        });
        assert_eq!(
            schemas,
            [
                "/paths/~1a/parameters/0/schema",
                "/paths/~1a/get/responses/200/headers/H/schema",
                "/paths/~1a/get/responses/200/content/c~1d/schema",
                "/paths/~1a/get/responses/200/content/c~1d/schema/items",
                "/paths/~1a/get/requestBody/content/e~1f/schema",
                "/paths/~1a/get/requestBody/content/e~1f/schema/allOf/0",
                "/paths/~1a/get/requestBody/content/e~1f/schema/allOf/0/properties/schema",
                "/components/schemas/parameters",
            ]
        );
    }

    #[test]
    fn a_detached_node_refers_to_its_schemas() {
        let response = json!({"description": "d", "content": {"a/b": {"schema": {"type": 7}, "example": [1]}}});
        assert_eq!(
            detach_schemas(&response, Place::Response, "/r", &mut |_| None),
            json!({"description": "d", "content": {"a/b": {"schema": {"$ref": "#/r/content/a~1b/schema"}}}})
        );
    }

    #[test]
    fn a_reference_to_a_media_type_becomes_what_it_refers_to() {
        let body = json!({"content": {"a/b": {"$ref": "#/m/A"}, "c/d": {"$ref": "#/m/B"}}});
        let media = json!({"schema": {"type": 7}});
        let mut lost = Vec::new();
        let detached = detach_schemas(&body, Place::RequestBody, "/r", &mut |at| {
            let target = at.ends_with("a~1b").then(|| ("/m/A".to_owned(), &media));
            if target.is_none() {
                lost.push(at.to_owned());
            }
            target
        });
        assert_eq!(detached, json!({"content": {"a/b": {"schema": {"$ref": "#/m/A/schema"}}, "c/d": {}}}));
        assert_eq!(lost, ["/r/content/c~1d"]);
    }
}
