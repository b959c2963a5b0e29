//! The keys of each kind of object, and what they mean to a client.

use super::{ledger::Read, place::Place};

/// What a key means to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The generator reads it, or tells of it where it does not express it.
    Read,
    /// The generator reads it if it applies to the type of the schema.
    Applied,
    /// It restricts values.
    Restricts,
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
        return Meaning::Read;
    }
    let Some((_, read, silent)) = KEYS.iter().find(|(kind, ..)| *kind == place) else { return Meaning::Read };
    if read.contains(&key) {
        Meaning::Read
    } else if silent.contains(&key) {
        Meaning::Silent
    } else {
        Meaning::Unknown
    }
}

/// Keywords that apply to some types only.
const APPLIED: &[(&str, Read)] = &[
    ("additionalProperties", Read::OBJECT),
    ("discriminator", Read::DISCRIMINATOR),
    ("items", Read::LIST),
    ("patternProperties", Read::OBJECT),
    ("prefixItems", Read::TUPLE),
    ("properties", Read::OBJECT),
    ("required", Read::OBJECT),
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
    ("propertyNames", Some(Read::RESTRICTIONS)),
    ("unevaluatedItems", Some(Read::TUPLE)),
    ("uniqueItems", Some(Read::RESTRICTIONS)),
];

/// Keywords that every schema is read for.
const READ: &[&str] = &[
    "$dynamicRef",
    "$recursiveRef",
    "$ref",
    "allOf",
    "anyOf",
    "const",
    "contentMediaType",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "format",
    "if",
    "not",
    "nullable",
    "oneOf",
    "then",
    "type",
];

/// Whether a schema that has been read for some keywords has been read for this one.
pub(crate) fn is_read(read: Read, key: &str) -> bool {
    let applied = APPLIED.iter().find(|(known, _)| *known == key).map(|(_, group)| *group);
    let group = applied.or_else(|| RESTRICTIONS.iter().find(|(known, _)| *known == key)?.1);
    group.is_none_or(|group| read.includes(group)) && (group.is_some() || READ.contains(&key))
}

/// Whether a keyword composes schemas, or says which type their values have.
pub(crate) fn is_of_shape(key: &str) -> bool {
    matches!(schema_meaning(key), Meaning::Read | Meaning::Applied)
}

/// Whether a keyword says something of the values of a schema.
pub(crate) fn is_of_values(key: &str) -> bool {
    key == "default" || is_of_shape(key) || schema_meaning(key) == Meaning::Restricts
}

/// Whether a keyword restricts values in a way that documentation states.
pub(crate) fn is_restriction(key: &str) -> bool {
    RESTRICTIONS.iter().any(|(known, group)| *known == key && *group == Some(Read::RESTRICTIONS))
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
    if READ.contains(&key) {
        Meaning::Read
    } else if APPLIED.iter().any(|(known, _)| *known == key) {
        Meaning::Applied
    } else if RESTRICTIONS.iter().any(|(known, _)| *known == key) {
        Meaning::Restricts
    } else if SILENT.contains(&key) {
        Meaning::Silent
    } else {
        Meaning::Unknown
    }
}

/// All keywords of schemas.
pub(crate) fn schema_keywords() -> impl Iterator<Item = &'static str> {
    let applied = APPLIED.iter().map(|(key, _)| *key).chain(RESTRICTIONS.iter().map(|(key, _)| *key));
    READ.iter().chain(SILENT).copied().chain(applied)
}

/// The keys of each kind of object: those that the generator reads, and those without meaning for a client. Kinds whose keys are
/// names are not in it.
const KEYS: &[(Place, &[&str], &[&str])] = &[
    (
        Place::Document,
        &["openapi", "info", "servers", "paths", "webhooks", "components", "security", "tags", "$self"],
        // What stands in `definitions` is read where a reference leads there.
        &["jsonSchemaDialect", "$schema", "definitions", "$defs", "externalDocs"],
    ),
    (Place::Info, &["title", "description", "version"], &["summary", "termsOfService", "contact", "license"]),
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
        // Operations tell of the callbacks and links that they have.
        &["callbacks", "examples", "links"],
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
            "servers",
            "parameters",
        ],
        &["summary", "description"],
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
        &[],
    ),
    (
        Place::Parameter,
        &[
            "$ref",
            "name",
            "in",
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "content",
        ],
        &["example", "examples", "summary"],
    ),
    (
        Place::Header,
        &["$ref", "description", "schema", "content"],
        &[
            "summary",
            "required",
            "deprecated",
            "style",
            "explode",
            "example",
            "examples",
            "allowEmptyValue",
            "allowReserved",
        ],
    ),
    (Place::RequestBody, &["$ref", "description", "content", "required"], &["summary"]),
    (Place::Response, &["$ref", "description", "headers", "content", "links"], &["summary"]),
    (
        Place::MediaType,
        &["$ref", "schema", "itemSchema", "encoding", "prefixEncoding", "itemEncoding"],
        &["example", "examples", "summary", "description"],
    ),
    (
        Place::Encoding,
        &["contentType", "headers", "style", "explode", "allowReserved", "encoding", "prefixEncoding", "itemEncoding"],
        &[],
    ),
    (
        Place::SecurityScheme,
        &[
            "$ref",
            "type",
            "description",
            "name",
            "in",
            "scheme",
            "flows",
            "openIdConnectUrl",
            "oauth2MetadataUrl",
            "deprecated",
        ],
        &["bearerFormat", "summary"],
    ),
    (Place::Server, &["url", "variables"], &["name", "description"]),
    (Place::ServerVariable, &["default", "enum"], &["description"]),
    (Place::Tag, &["name", "summary", "description", "parent", "kind"], &["externalDocs"]),
];

/// The keys of objects other than schemas that the generator reads, by kind of object.
#[cfg(test)]
pub(crate) fn read_keys() -> impl Iterator<Item = (Place, &'static str)> {
    KEYS.iter().flat_map(|(place, read, _)| read.iter().map(|key| (*place, *key)))
}

/// Whether values or requests can differ from what an unknown key of the object means.
pub(crate) fn is_telling(place: Place) -> bool {
    !matches!(place, Place::Schema | Place::Document | Place::Info | Place::Components | Place::Tag | Place::Response)
}
