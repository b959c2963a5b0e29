//! The keys of each kind of object, and what they mean to a client.

use super::{ledger::Read, place::Place};

/// What a key means to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The generator reads it where the object is read for this, and expresses it or tells why not.
    Read(Read),
    /// It restricts values. The documentation states it where the schema is read for this.
    Restricts(Option<Read>),
    /// It describes the document, or is meant for other tools.
    Silent,
    Unknown,
}

/// Returns what a key of an object means.
pub(crate) fn meaning(place: Place, key: &str) -> Meaning {
    if key.starts_with("x-") {
        return Meaning::Silent;
    }
    if place == Place::Schema {
        return schema_meaning(key);
    }
    // A parameter without `schema` may have its keywords, as in Swagger 2.0; a repair moves them.
    if place == Place::Parameter && is_of_values(key) && key != "$ref" {
        return Meaning::Read(Read::BASE);
    }
    if let Some((.., read)) = KEYS.iter().find(|(kind, keys, _)| *kind == place && keys.contains(&key)) {
        Meaning::Read(*read)
    } else if SILENT_KEYS.iter().any(|(kind, keys)| *kind == place && keys.contains(&key)) {
        Meaning::Silent
    } else {
        Meaning::Unknown
    }
}

/// Keywords that schemas are read for.
const READ: &[(&str, Read)] = &[
    ("$dynamicRef", Read::BASE),
    ("$recursiveRef", Read::BASE),
    ("$ref", Read::BASE),
    ("additionalProperties", Read::OBJECT),
    ("allOf", Read::BASE),
    ("anyOf", Read::BASE),
    ("const", Read::BASE),
    ("contentMediaType", Read::BASE),
    ("dependentRequired", Read::BASE),
    ("dependentSchemas", Read::BASE),
    ("discriminator", Read::DISCRIMINATOR),
    ("else", Read::BASE),
    ("enum", Read::BASE),
    ("format", Read::BASE),
    ("if", Read::BASE),
    ("items", Read::LIST),
    ("not", Read::BASE),
    ("nullable", Read::BASE),
    ("oneOf", Read::BASE),
    ("patternProperties", Read::OBJECT),
    ("prefixItems", Read::TUPLE),
    ("properties", Read::OBJECT),
    ("required", Read::OBJECT),
    ("then", Read::BASE),
    ("type", Read::BASE),
    ("unevaluatedProperties", Read::OBJECT),
];

/// Keywords that restrict values.
const RESTRICTIONS: &[(&str, Option<Read>)] = &[
    ("additionalItems", Some(Read::TUPLE)),
    ("contains", None),
    ("contentEncoding", Some(Read::RESTRICTIONS)),
    ("contentSchema", None),
    ("dependencies", None),
    ("exclusiveMaximum", Some(Read::RESTRICTIONS)),
    ("exclusiveMinimum", Some(Read::RESTRICTIONS)),
    ("maxContains", None),
    ("maxItems", Some(Read::RESTRICTIONS)),
    ("maxLength", Some(Read::RESTRICTIONS)),
    ("maxProperties", Some(Read::RESTRICTIONS)),
    ("maximum", Some(Read::RESTRICTIONS)),
    ("minContains", None),
    ("minItems", Some(Read::RESTRICTIONS)),
    ("minLength", Some(Read::RESTRICTIONS)),
    ("minProperties", Some(Read::RESTRICTIONS)),
    ("minimum", Some(Read::RESTRICTIONS)),
    ("multipleOf", Some(Read::RESTRICTIONS)),
    ("pattern", Some(Read::RESTRICTIONS)),
    ("propertyNames", Some(Read::PROPERTY_NAMES)),
    ("unevaluatedItems", Some(Read::TUPLE)),
    ("uniqueItems", Some(Read::RESTRICTIONS)),
];

/// Whether an object that has been read for some keys has been read for this one.
pub(crate) fn is_read(read: Read, place: Place, key: &str) -> bool {
    match meaning(place, key) {
        Meaning::Read(group) => read.meets(group),
        Meaning::Restricts(group) => group.is_some_and(|group| read.meets(group)),
        Meaning::Silent | Meaning::Unknown => false,
    }
}

/// Whether a keyword composes schemas, or says which type their values have.
pub(crate) fn is_of_shape(key: &str) -> bool {
    matches!(schema_meaning(key), Meaning::Read(_))
}

/// Whether a keyword says something of the values of a schema.
pub(crate) fn is_of_values(key: &str) -> bool {
    key == "default" || is_of_shape(key) || matches!(schema_meaning(key), Meaning::Restricts(_))
}

/// Whether a keyword restricts values in a way that documentation states.
pub(crate) fn is_restriction(key: &str) -> bool {
    schema_meaning(key) == Meaning::Restricts(Some(Read::RESTRICTIONS))
}

/// Whether the values of a keyword are schemas that only references lead to.
pub(crate) fn is_of_definitions(key: &str) -> bool {
    matches!(key, "$defs" | "definitions")
}

const SILENT: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$recursiveAnchor",
    "$schema",
    "$vocabulary",
    "default",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

fn schema_meaning(key: &str) -> Meaning {
    if let Some((_, read)) = READ.iter().find(|(known, _)| *known == key) {
        Meaning::Read(*read)
    } else if let Some((_, read)) = RESTRICTIONS.iter().find(|(known, _)| *known == key) {
        Meaning::Restricts(*read)
    } else if SILENT.contains(&key) {
        Meaning::Silent
    } else {
        Meaning::Unknown
    }
}

/// All keywords of schemas.
pub(crate) fn schema_keywords() -> impl Iterator<Item = &'static str> {
    let restrictions = RESTRICTIONS.iter().map(|(key, _)| *key);
    READ.iter().map(|(key, _)| *key).chain(SILENT.iter().copied()).chain(restrictions)
}

/// The keys of objects other than schemas that the generator reads, and what their object is read for then. Kinds whose keys are
/// names are not in it.
const KEYS: &[(Place, &[&str], Read)] = &[
    (
        Place::Document,
        &["openapi", "info", "servers", "paths", "webhooks", "components", "security", "tags", "$self"],
        Read::BASE,
    ),
    (Place::Info, &["title", "description", "version"], Read::BASE),
    (
        Place::Components,
        &[
            "schemas",
            "responses",
            "parameters",
            "requestBodies",
            "headers",
            "securitySchemes",
            "pathItems",
            "mediaTypes",
        ],
        Read::BASE,
    ),
    (
        Place::PathItem,
        &[
            "$ref",
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
            "query",
            "additionalOperations",
            "summary",
            "description",
            "servers",
            "parameters",
        ],
        Read::BASE,
    ),
    (
        Place::Operation,
        &[
            "$ref",
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "deprecated",
            "security",
            "servers",
        ],
        Read::BASE,
    ),
    (
        Place::Parameter,
        &["$ref", "name", "in", "description", "required", "deprecated", "schema", "content"],
        Read::BASE,
    ),
    (Place::Parameter, &["style", "explode"], Read::STYLE),
    (Place::Parameter, &["allowReserved"], Read::RESERVED),
    (Place::Parameter, &["allowEmptyValue"], Read::EMPTY),
    (Place::Header, &["$ref", "description", "deprecated", "schema", "content"], Read::BASE),
    (Place::Header, &["required", "explode"], Read::PART),
    (Place::RequestBody, &["$ref", "description", "content", "required"], Read::BASE),
    (Place::Response, &["$ref", "description", "headers", "content", "links"], Read::BASE),
    (Place::MediaType, &["$ref", "schema"], Read::BASE),
    (Place::MediaType, &["itemSchema"], Read::ITEMS),
    (Place::MediaType, &["encoding"], Read::NAMES),
    (Place::MediaType, &["prefixEncoding", "itemEncoding"], Read::PLACES),
    (Place::Encoding, &["contentType"], Read::MEDIA_TYPE),
    (Place::Encoding, &["headers", "encoding", "prefixEncoding", "itemEncoding"], Read::PART),
    (Place::Encoding, &["style", "explode", "allowReserved"], Read::STYLE),
    (Place::SecurityScheme, &["$ref", "type", "description", "deprecated"], Read::BASE),
    (Place::SecurityScheme, &["name", "in"], Read::API_KEY),
    (Place::SecurityScheme, &["scheme"], Read::HTTP),
    (Place::SecurityScheme, &["flows", "oauth2MetadataUrl", "openIdConnectUrl"], Read::OAUTH),
    (
        Place::OAuthFlows,
        &["implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"],
        Read::OAUTH,
    ),
    (Place::OAuthFlow, &["tokenUrl", "refreshUrl", "scopes", "deviceAuthorizationUrl"], Read::OAUTH),
    (Place::Discriminator, &["propertyName", "mapping", "defaultMapping"], Read::DISCRIMINATOR),
    (Place::Server, &["url", "variables"], Read::BASE),
    (Place::ServerVariable, &["default", "enum"], Read::BASE),
    (Place::Tag, &["name", "summary", "description", "parent", "kind"], Read::BASE),
];

/// The keys of objects other than schemas without meaning for a client.
const SILENT_KEYS: &[(Place, &[&str])] = &[
    // What stands in `definitions` is read where a reference leads there.
    (Place::Document, &["jsonSchemaDialect", "$schema", "definitions", "$defs", "externalDocs"]),
    (Place::Info, &["summary", "termsOfService", "contact", "license"]),
    (Place::Contact, &["name", "url", "email"]),
    (Place::License, &["name", "identifier", "url"]),
    (Place::Xml, &["name", "namespace", "prefix", "attribute", "wrapped", "nodeType"]),
    // Callers send users there.
    (Place::OAuthFlow, &["authorizationUrl"]),
    // Operations tell of the callbacks and links that they have.
    (Place::Components, &["callbacks", "examples", "links"]),
    (Place::Parameter, &["example", "examples", "summary"]),
    // Headers have one style.
    (Place::Header, &["summary", "style", "example", "examples", "allowEmptyValue", "allowReserved"]),
    (Place::RequestBody, &["summary"]),
    (Place::Response, &["summary"]),
    (Place::MediaType, &["example", "examples", "summary", "description"]),
    (Place::SecurityScheme, &["bearerFormat", "summary"]),
    (Place::Server, &["name", "description"]),
    (Place::ServerVariable, &["description"]),
    (Place::Tag, &["externalDocs"]),
];

/// The keys of objects other than schemas that the generator reads, by kind of object.
#[cfg(test)]
pub(crate) fn read_keys() -> impl Iterator<Item = (Place, &'static str)> {
    KEYS.iter().flat_map(|(place, read, _)| read.iter().map(|key| (*place, *key)))
}

/// Whether values or requests can differ from what an unknown key of the object means.
pub(crate) fn is_telling(place: Place) -> bool {
    use Place::{Components, Contact, Document, Info, License, Response, Schema, Tag, Xml};
    !matches!(place, Schema | Document | Info | Contact | License | Xml | Components | Tag | Response)
}
