//! Nothing is lost in silence: keys that the client does not express are told, and an overlay says the same as the document.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{Config, Generated, Inputs, Profile, Severity, Source, document::join, generate, read};
use serde_json::{Map, Value, json};

fn generated(document: &Value, overlay: Option<&Value>) -> Generated {
    let (document, overlay) = (document.to_string(), overlay.map(Value::to_string));
    let mut inputs = Inputs::new(Source { name: "d.json", text: &document });
    if let Some(text) = &overlay {
        inputs = inputs.overlay(Source { name: "o.json", text });
    }
    generate(&inputs, &Config::default())
}

fn golden_documents() -> impl Iterator<Item = PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
    fs::read_dir(cases).unwrap().map(|case| case.unwrap().path().join("openapi.yaml"))
}

/// Adds a key to each object of the document, and returns their places. Maps by name and values of the author have no keys of
/// their own.
fn mutate(node: &mut Value, kind: &str, at: &str, into: &mut BTreeSet<String>) {
    match node {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if let Some(kind) = child_of(kind, key) {
                    mutate(child, kind, &join(at, key), into);
                }
            }
            let is_object = !kind.ends_with('s') && !map.contains_key("$ref");
            if is_object {
                map.insert("madeUp".to_owned(), json!({"x": 1}));
                into.insert(join(at, "madeUp"));
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter_mut().enumerate() {
                if let Some(kind) = child_of(kind, "") {
                    mutate(child, kind, &join(at, &index.to_string()), into);
                }
            }
        }
        _ => {}
    }
}

/// The kind of object at a key. Kinds in the plural are maps and lists.
fn child_of(kind: &str, key: &str) -> Option<&'static str> {
    Some(match (kind, key) {
        ("root", "info") => "info",
        ("info", "contact") => "contact",
        ("info", "license") => "licence",
        ("schema", "discriminator") => "discriminator",
        ("schema", "xml") => "markup",
        ("scheme", "flows") => "flow",
        ("flow", "implicit" | "password" | "clientCredentials" | "authorizationCode" | "deviceAuthorization") => {
            "token"
        }
        ("root", "paths") => "paths",
        ("root", "components") => "component",
        ("root" | "item" | "operation", "servers") => "servers",
        ("component" | "schema", "schemas" | "properties" | "allOf" | "oneOf" | "anyOf" | "$defs") => "schemas",
        ("component" | "operation", "responses") => "responses",
        ("component" | "operation" | "item", "parameters") => "parameters",
        ("component", "requestBodies") => "bodies",
        ("component", "securitySchemes") => "schemes",
        ("paths", path) if path.starts_with('/') => "item",
        ("item", "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query")
        | ("operations", _) => "operation",
        ("item", "additionalOperations") => "operations",
        ("root", "tags") => "tags",
        ("tags", _) => "tag",
        ("media", "encoding" | "prefixEncoding") => "encodings",
        ("encodings", _) | ("media", "itemEncoding") => "encoding",
        ("operation", "requestBody") | ("bodies", _) => "body",
        ("responses", key) if !key.starts_with("x-") => "response",
        ("parameters", _) => "parameter",
        ("parameter" | "body" | "response", "content") | ("component", "mediaTypes") => "contents",
        ("contents", _) => "media",
        ("media" | "parameter", "schema")
        | ("media", "itemSchema")
        | ("schema", "items" | "additionalProperties")
        | ("schemas", _) => "schema",
        ("servers", _) => "server",
        ("schemes", _) => "scheme",
        _ => return None,
    })
}

#[test]
fn an_unknown_key_of_any_object_is_told() {
    let mut objects = 0;
    for path in golden_documents() {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let before = generate(&Inputs::new(Source { name: "d.yaml", text: &text }), &Config::default());
        let Some(output) = before.output else { continue };
        let is_gateway = output.profile == Profile::LowCodeApi;
        let read = read(&Source { name: "d.yaml", text: &text });
        let (mut tree, digits) = (read.tree.unwrap(), read.digits);
        let mut places = BTreeSet::new();
        mutate(&mut tree, "root", "", &mut places);
        objects += places.len();
        let text = digits.json(&tree);
        let after = generate(&Inputs::new(Source { name: "d.json", text: &text }), &Config::default());
        let told: BTreeSet<String> = after
            .diagnostics
            .iter()
            .filter(|it| it.code.id == "ignored-keyword" && it.severity() < Severity::Error)
            .map(|it| it.pointer.clone())
            .collect();
        let silent: Vec<_> = places.difference(&told).collect();
        assert!(silent.is_empty(), "{name}: {silent:?}");
        // A key that means nothing changes nothing. Some defects of the gateway's documents are known by all of their keys.
        if is_gateway {
            continue;
        }
        let source = |files: &[lowcodeapi_codegen::File]| {
            files.iter().map(|file| file.source.split_once("\n\n").map(|it| it.1.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(source(&after.output.unwrap().files), source(&output.files), "{name}");
    }
    assert!(objects > 2_000, "{objects} objects");
}

#[test]
fn keywords_without_effect_are_told() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string", "properties": {"b": {}}},
        "c": {"type": "array", "items": {"type": "integer", "minimum": 3}, "contains": {"const": 4}},
        "d": {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "pattern": "^a"}]},
        "e": {"type": "object", "require": ["x"], "propertyes": {"x": {}}, "additional_properties": false},
        "f": {"type": "string", "minimum": 3, "maxLength": 4}
    }});
    let found = generated(&document(schema, json!({})), None).diagnostics;
    let lines: Vec<_> = found
        .iter()
        .filter(|it| it.code.id == "ignored-keyword")
        .map(|it| {
            format!(
                "{} {} {}",
                it.severity(),
                it.pointer.trim_start_matches("/components/schemas/S0/properties"),
                it.message
            )
        })
        .collect();
    let expected = [
        "note /a `properties` has no effect on values of this type",
        "note /c `contains` limits values, which the client neither checks nor documents",
        "note /d/oneOf/0 `maxLength` limits values, which the client neither checks nor documents",
        "note /d/oneOf/1 `pattern` limits values, which the client neither checks nor documents",
        "note /f `minimum` has no effect on values of this type",
        "warning /e/require `require` is not a keyword; `required` is. The client ignores it",
        "warning /e/propertyes `propertyes` is not a keyword; `properties` is. The client ignores it",
        "warning /e/additional_properties `additional_properties` is not a keyword; `additionalProperties` is. The client ignores it",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn malformed_values_of_keywords_are_told() {
    let schema = json!({"type": "object", "required": "a", "properties": {
        "a": {"type": "integer", "minimum": "0", "readOnly": "true"},
        "b": {"oneOf": []},
        "c": {"anyOf": [{"type": "string"}, 5]},
        "d": "string",
        "e": {"type": "string", "readOnly": true, "writeOnly": true, "description": ["d"], "externalDocs": 5}
    }});
    let found = generated(&document(schema, json!({"S1": null})), None).diagnostics;
    let told = found.iter().filter(|it| it.code.id == "malformed");
    let lines: Vec<_> = told.map(|it| (it.severity(), it.pointer.as_str(), it.message.as_str())).collect();
    let expected = [
        ("/components/schemas/S0/properties/a/minimum", "a string, not a number"),
        ("/components/schemas/S0/properties/a/readOnly", "a string, not a boolean"),
        ("/components/schemas/S0/properties/b/oneOf", "empty"),
        ("/components/schemas/S0/properties/c/anyOf/1", "a number, not a schema"),
        ("/components/schemas/S0/properties/d", "a string, not a schema"),
        ("/components/schemas/S0/properties/e", "both `readOnly` and `writeOnly`, which exclude each other"),
        ("/components/schemas/S0/properties/e/description", "an array, not a text"),
        ("/components/schemas/S0/properties/e/externalDocs", "a number, not an object"),
        ("/components/schemas/S0/required", "a string, not a list"),
        ("/components/schemas/S1", "null, not a schema"),
    ];
    let mut sorted = lines.clone();
    sorted.sort_by_key(|line| line.1);
    let expected = expected.map(|(at, wrong)| (at, format!("this is {wrong}; the client ignores it")));
    let expected = expected.iter().map(|(at, message)| (Severity::Warning, *at, message.as_str()));
    assert_eq!(sorted, expected.collect::<Vec<_>>());
}

#[test]
fn what_values_and_types_do_not_express_is_told() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "integer", "default": "7"},
        "b": {"type": "number", "default": 7},
        "c": {"type": "string", "default": null},
        "d": {"allOf": [{"$ref": "#/components/schemas/Closed"}, {"properties": {"no": false}}]},
        "e": {"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
        "f": {"type": "object", "patternProperties": {"^x": {"type": "string"}, "^y": {"type": "integer"}}}
    }});
    let others =
        json!({"Closed": {"type": "object", "properties": {"yes": {"type": "string"}, "no": {"type": "string"}}}});
    let mut document = document(schema, others);
    document["paths"]["/a"]["post"]["responses"] = json!({
        "200": {"description": "d", "headers": {"X-A": {"schema": {"type": "integer"}}, "X-B": {"schema": {"enum": ["a"]}}},
            "content": {"text/html": {"schema": {"type": "string", "enum": ["a"]}}}},
        "201": {"description": "d", "headers": {"x-a": {"schema": {"type": "string"}}, "X-B": {"schema": {"enum": ["b"]}}},
            "content": {"text/html": {"schema": {"type": "string"}}}}});
    let generated = generated(&document, None);
    let lines: BTreeSet<_> = generated
        .diagnostics
        .iter()
        .filter(|it| it.severity() == Severity::Note)
        .map(|it| format!("{} {} {}", it.code.id, it.pointer, it.message))
        .collect();
    let (properties, responses) = ("/components/schemas/S0/properties", "/paths/~1a/post/responses");
    let expected = [
        format!(
            "composition {properties}/d/allOf/1/properties/no the schema of this property allows no value; the client does not have the property"
        ),
        format!(
            "ignored-keyword {properties}/e `patternProperties` limits values, which the client neither checks nor documents"
        ),
        format!(
            "ignored-keyword {responses}/200/content/text~1html/schema the schema of `text/html` is not expressed; the client has the text or the bytes"
        ),
        format!(
            "ignored-keyword {responses}/201/headers/x-a the header `X-A` has another type in another response; the client has its text"
        ),
        format!(
            "malformed {properties}/a/default the default is a string, which the type excludes; the client documents it as it is"
        ),
        format!(
            "not-checked {properties}/f/patternProperties/^x properties whose names do not match may have any value; the client takes them for those that match"
        ),
    ];
    assert_eq!(lines, expected.into_iter().collect());
    let surface = &generated.output.as_ref().unwrap().files.iter().find(|file| file.path == "types.rs").unwrap().source;
    assert!(surface.contains("Names match `^x` or `^y`."), "{surface}");
    assert!(surface.contains("pub yes: ") && !surface.contains("pub no: "), "{surface}");
}

/// A key that the generator reads elsewhere means nothing in some places.
#[test]
fn keys_without_effect_in_their_place_are_told() {
    let text = r"
openapi: 3.1.0
info: { title: t, version: '1' }
servers: [{ url: 'https://{zone}.example', variables: { zone: { default: a }, port: { default: '1' } } }]
paths:
  /a:
    servers: [{ url: https://one.example }, { url: https://two.example }]
    parameters:
      - { name: p, in: query, style: form, allowReserved: true, content: { text/plain: { schema: { type: string } } } }
      - { name: h, in: header, allowEmptyValue: true, schema: { type: string } }
    post:
      requestBody:
        content:
          application/json: { schema: { type: object }, encoding: { x: { contentType: text/plain } }, itemSchema: {} }
      responses:
        '200': { description: d, content: { application/json: { schema: {}, encoding: { y: {} } } } }
        '400': { $ref: '#/components/responses/E', description: other, content: {} }
    put:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, properties: { a: { type: string } } }
            encoding: { a: { headers: {} }, b: { style: form } }
      responses: { '204': { description: d } }
  /b: { get: { $ref: '#/paths/~1a/put', description: Other., parameters: [] } }
webhooks:
  w: { post: { parameters: [{ name: p, in: header, schema: {} }], requestBody: { content: { text/plain: {} } } } }
components:
  responses: { E: { description: d }, Unused: { description: d, content: { a/b: { encoding: {} } } } }
  securitySchemes: { s: { type: http, scheme: bearer, name: n, in: header, flows: {} } }
";
    let found = generate(&Inputs::new(Source { name: "d.yaml", text }), &Config::default()).diagnostics;
    let told = found.iter().filter(|it| it.code.id == "ignored-keyword");
    let lines: Vec<_> = told.map(|it| format!("{} {} {}", it.severity(), it.pointer, it.message)).collect();
    let post = "/paths/~1a/post";
    let form = "/paths/~1a/put/requestBody/content/application~1x-www-form-urlencoded/encoding";
    let mut expected = [
        "note /servers/0/variables/port: the client does not use this server variable".to_owned(),
        "note /paths/~1a/servers/1: the client does not use this server".to_owned(),
        "note /paths/~1a/parameters/0: `style`, `allowReserved` have no effect here".to_owned(),
        "note /paths/~1a/parameters/1: `allowEmptyValue` has no effect here".to_owned(),
        format!("note {post}/requestBody/content/application~1json: `encoding`, `itemSchema` have no effect here"),
        format!("note {post}/responses/200/content/application~1json: `encoding` has no effect here"),
        format!("note {post}/responses/400: `content` has no effect here"),
        format!("note {form}/a: `headers` has no effect here"),
        format!("note {form}/b: the client does not use this encoding"),
        "note /paths/~1b/get: `description`, `parameters` have no effect here".to_owned(),
        "note /webhooks/w/post/requestBody/content/text~1plain: the client does not use this media type".to_owned(),
        "note /components/securitySchemes/s: `name`, `in`, `flows` have no effect here".to_owned(),
    ];
    for line in &mut expected {
        *line = line.replacen(": ", " ", 1);
    }
    assert_eq!(lines, expected);
}

#[test]
fn a_description_beside_a_reference_replaces_that_of_its_target() {
    let document = |version: &str| {
        let own = json!({"$ref": "#/components/parameters/P", "description": "Of the operation."});
        let header = json!({"$ref": "#/components/headers/H", "description": "Of the response."});
        json!({"openapi": version, "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a", "parameters": [own],
                "responses": {"200": {"description": "d", "headers": {"X-H": header}}}}}},
            "components": {
                "parameters": {"P": {"name": "p", "in": "query", "description": "Shared.", "schema": {"type": "string"}}},
                "headers": {"H": {"description": "Shared, too.", "schema": {"type": "string"}}}}})
    };
    let outcome = |version: &str| {
        let generated = generated(&document(version), None);
        let source: String = generated.output.unwrap().files.into_iter().map(|file| file.source).collect();
        let said = ["Of the operation.", "Of the response.", "Shared.", "Shared, too."].map(|it| source.contains(it));
        (said, generated.diagnostics.iter().filter(|it| it.code.id == "ignored-keyword").count())
    };
    assert_eq!(outcome("3.1.0"), ([true, true, false, false], 0));
    // OpenAPI 3.0 ignores it.
    assert_eq!(outcome("3.0.4"), ([false, false, true, true], 2));
}

#[test]
fn definitions_beside_a_reference_are_told_of_in_30() {
    let others = json!({"T": {"type": "string"}});
    let own = json!({"$ref": "#/components/schemas/T", "$defs": {"x": {"type": "string"}}, "definitions": {}});
    let mut document = document(json!({"type": "object", "properties": {"a": own}}), others);
    let told = |document: &Value| {
        let diagnostics = generated(document, None).diagnostics.into_iter();
        diagnostics.filter(|it| it.code.id == "ignored-keyword").map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(told(&document), [""; 0]);
    document["openapi"] = json!("3.0.4");
    assert_eq!(told(&document), ["OpenAPI 3.0 ignores `$defs`, `definitions` beside `$ref`"]);
}

#[expect(clippy::needless_pass_by_value, reason = "JSON literals are passed as they are")]
fn document(schema: Value, others: Value) -> Value {
    let mut schemas = Map::from_iter([("S0".to_owned(), schema)]);
    schemas.extend(others.as_object().cloned().unwrap_or_default());
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}});
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
           "paths": {"/a": {"post": {"operationId": "a", "requestBody": {"required": true, "content": content},
               "responses": {"200": {"description": "d", "content": content}}}}},
           "components": {"schemas": schemas}})
}

#[test]
fn an_overlay_says_the_same_as_the_document() {
    let others = json!({
        "Base": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
        "Cat": {"type": "object", "properties": {"m": {"type": "string"}}},
        "Dog": {"type": "object", "properties": {"w": {"type": "string"}}},
        "None": {"type": "null"},
        "Color": {"enum": ["red", "green"]}
    });
    let base = || json!({"$ref": "#/components/schemas/Base"});
    let pets = || json!([{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]);
    for schema in [
        json!({"type": ["string", "null"]}),
        json!({"type": ["string", "integer", "null"], "nullable": true}),
        json!({"const": "a"}),
        json!({"type": "string", "nullable": true}),
        json!({"type": "array"}),
        json!({"type": ["string", "array"]}),
        json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        json!({"type": "File"}),
        json!({"type": "sting"}),
        json!({"type": "object", "properties": {"a": {"type": "string", "required": true}}}),
        json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false}),
        json!({"patternProperties": {"^x": {"type": "integer"}, "^y": {"type": "string"}}}),
        json!({"$ref": "#/components/schemas/Base", "description": "d", "properties": {"extra": {"type": "string"}}}),
        json!({"$ref": "#/components/schemas/Base", "oneOf": pets()}),
        json!({"allOf": [base(), {"oneOf": pets(), "discriminator": {"propertyName": "kind"}}]}),
        json!({"allOf": [base()], "nullable": true}),
        json!({"oneOf": [{"$ref": "#/components/schemas/Color"}, {"$ref": "#/components/schemas/None"}]}),
        json!({"type": "object", "if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}}),
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
        json!({"type": "integer", "exclusiveMinimum": 3, "enum": [4, 5]}),
        json!({"type": "object", "required": ["x", "y"], "properties": {"x": {"const": null}}}),
        json!({"madeUp": 1, "type": "object", "properties": {}}),
    ] {
        let direct = generated(&document(json!({"properties": {"p": schema}}), others.clone()), None);
        let overlay = json!({"overlay": "1.0.0", "info": {"title": "o", "version": "1"}, "actions": [
            {"target": "$.components.schemas.S0.properties", "update": {"p": schema}}]});
        let overlaid = generated(&document(json!({"properties": {}}), others.clone()), Some(&overlay));
        let source = |generated: &Generated| {
            let files = generated.output.as_ref().map(|output| &output.files);
            files.into_iter().flatten().map(|file| file.source.clone()).collect::<Vec<_>>()
        };
        assert!(!source(&direct).is_empty(), "{schema}: {:?}", direct.diagnostics);
        assert_eq!(source(&overlaid), source(&direct), "{schema}");
        assert_eq!(overlaid.diagnostics, direct.diagnostics, "{schema}");
    }
}
