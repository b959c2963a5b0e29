//! The whole way from texts to source and diagnostics, on small documents.

use lowcodeapi_codegen::{Config, Generated, Inputs, Output, Severity, Source, generate, prepare, public_surface};

fn run(name: &str, text: &str) -> Generated {
    generate(&Inputs::new(Source { name, text }), &Config::default())
}

fn lines(generated: &Generated) -> Vec<String> {
    generated.diagnostics.iter().map(ToString::to_string).collect()
}

fn output(generated: Generated) -> Output {
    let errors = lines(&generated);
    generated.output.unwrap_or_else(|| panic!("{errors:#?}"))
}

/// A LowCodeAPI document with one operation under the given key.
fn gateway_document(key: &str, endpoint: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.0", "info": {{"description": ""}}, "servers": [{{"url": "https://api.lowcodeapi.com/p"}}],
        "paths": {{"{key}": {{"get": {{
            "summary": "Retrieve thing", "tags": ["Things "],
            "parameters": [{{"name": "thing_id", "in": "path", "required": true, "schema": {{"type": "string", "example": ""}}}}],
            "responses": {{"401": {{"description": "no", "content": {{"application/json": {{}}}}}}}},
            "externalDocs": {{"api_ref": "https://docs.example/thing", "api_endpoint": "{endpoint}"}}}}}}}},
        "components": {{"securitySchemes": {{"ApiToken": {{"type": "apiKey", "in": "query", "name": "api_token"}}}}}},
        "security": [{{"ApiToken": []}}]}}"#
    )
}

fn file<'o>(output: &'o Output, path: &str) -> &'o str {
    let file = output.files.iter().find(|file| file.path == path);
    file.map(|file| file.source.as_str()).unwrap_or_default()
}

#[test]
fn every_shape_of_a_path_key_gives_the_same_code() {
    let shapes = [
        ("/v1/things/thing_id", "{endpoint}/v1/things/{thing_id}"),
        ("/v1/things/{thing_id}", "{endpoint}/v1/things/{thing_id}"),
        ("{endpoint}/v1/things/{thing_id}", "{endpoint}/v1/things/{thing_id}"),
        ("/v1/things/thing_id", "https://api.example/v1/things/:thing_id"),
    ];
    for (key, endpoint) in shapes {
        let output = output(run("d.json", &gateway_document(key, endpoint)));
        let source = file(&output, "client.rs");
        assert!(source.contains("\"/v1/things/{thing_id}\""), "{key}: {source}");
        assert!(source.contains(".old_path(\"/v1/things/thing_id\")"), "{key}: {source}");
        assert!(source.contains("call.path(\"thing_id\", thing_id);"), "{key}: {source}");
        assert_eq!((output.operations_read, output.operations_emitted), (1, 1));
    }
}

#[test]
fn other_documents_have_one_url_and_no_envelope() {
    let text = gateway_document("/v1/things/{thing_id}", "").replace("api.lowcodeapi.com/p", "api.example");
    let output = output(run("d.json", &text));
    assert!(!file(&output, "client.rs").is_empty());
    assert!(!output.files.iter().any(|file| file.source.contains("old_path")));
    assert!(!output.files.iter().any(|file| file.source.contains(".gateway()")));
}

#[test]
fn yaml_and_json_give_the_same_code() {
    let json = gateway_document("/v1/things/thing_id", "{endpoint}/v1/things/{thing_id}");
    let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
    let yaml = serde_yaml::to_string(&tree).unwrap();
    let files = |name: &str, text: &str| {
        let files = output(run(name, text)).files;
        files.into_iter().map(|file| file.source.replace(name, "d")).collect::<Vec<_>>()
    };
    assert_eq!(files("d.json", &json), files("d.yaml", &yaml));
}

#[test]
fn a_document_that_cannot_be_read_gives_its_reason_and_no_code() {
    let whole = gateway_document("/v1/things/thing_id", "");
    for (text, start) in [
        (&whole[..whole.len() / 2], "error[syntax]: d.json#: EOF while parsing"),
        ("{\"openapi\": \"3.0.0\"}", "error[no-paths]: d.json#: `paths` is missing at the root"),
        ("hello", "error[not-openapi]: d.json#: the root is a string, not an object"),
        ("{\"swagger\": \"2.0\"}", "error[not-openapi]: d.json#/swagger: `swagger` declares a Swagger 2.0 document"),
        ("", "error[not-openapi]: d.json#: the root is null"),
        ("\u{0}", "error[syntax]: d.json#: "),
    ] {
        let generated = run("d.json", text);
        assert!(generated.output.is_none());
        assert!(lines(&generated)[0].starts_with(start), "{:?}", lines(&generated));
    }
}

#[test]
fn every_problem_is_told_at_once_with_file_and_pointer() {
    let text = r##"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {
        "/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/Gone"}}}},
        "/b": {"get": {"parameters": [{"$ref": "#/components/parameters/Gone"}], "responses": {"200": {"description": "",
            "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Gone"}}}}}}}},
        "/c": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema":
            {"$ref": "other.yaml#/X"}}}}}}}}}"##;
    let overlay = "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n- {target: \"$.paths['/z']\", remove: true}\n- {target: $.x, update: {}}\n";
    let inputs = Inputs::new(Source { name: "d.json", text })
        .overlay(Source { name: "o.yaml", text: overlay })
        .lock(Source { name: "l.json", text: "{}" });
    let generated = generate(&inputs, &Config::default().strict());
    assert!(generated.output.is_none());
    let errors: Vec<_> = generated
        .diagnostics
        .iter()
        .filter(|found| found.severity() == Severity::Error)
        .map(|found| format!("{} {}#{}", found.code.id, found.file, found.pointer))
        .collect();
    assert_eq!(
        errors,
        [
            "external-ref d.json#/paths/~1c/get/responses/200/content/application~1json/schema",
            "overlay-unmatched o.yaml#/actions/0/target",
            "overlay-unmatched o.yaml#/actions/1/target",
            "lock-invalid l.json#",
            "dangling-ref d.json#/paths/~1a/get/responses/200",
            "dangling-ref d.json#/paths/~1b/get/parameters/0",
            "dangling-ref d.json#/paths/~1b/get/responses/200/content/application~1json/schema/items",
        ]
    );
}

#[test]
fn a_malformed_part_costs_only_itself() {
    let text = r#"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {
        "get": {"operationId": "list", "parameters": [{"name": "p", "in": "nowhere", "schema": {}}, {"name": "q", "in": "query", "schema": {}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}}}},
        "put": {"operationId": "replace", "deprecated": "maybe", "responses": {}}, "post": "later"}}}"#;
    let generated = run("d.json", text);
    let found = lines(&generated);
    let malformed = found.iter().filter_map(|line| line.strip_prefix("warning[malformed]: d.json#/paths/~1a/"));
    let malformed: Vec<_> = malformed.filter_map(|line| line.split(':').next()).collect();
    assert_eq!(malformed, ["get/parameters/0", "put/deprecated", "post"], "{found:#?}");
    assert!(found.iter().any(|line| line.starts_with("warning[operation-skipped]: d.json#/paths/~1a/post:")));
    let output = output(generated);
    assert_eq!((output.operations_read, output.operations_emitted), (3, 2));
    assert!(file(&output, "requests.rs").contains("pub fn q("));
}

const NAMED: &str = r##"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {"/tones": {"post": {
    "summary": "Create tone",
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object",
        "required": ["name", "value"], "properties": {"name": {"type": "string"}, "value": {"type": "integer"}}}}}},
    "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tone"}}}}}}}},
    "components": {"schemas": {"Tone": {"type": "object", "required": ["a", "b"],
        "properties": {"a": {"type": "string"}, "b": {"type": "boolean"}}}}}}"##;

fn locked(text: &str, lock: &str) -> Generated {
    let inputs = Inputs::new(Source { name: "d.json", text }).lock(Source { name: "l.json", text: lock });
    generate(&inputs, &Config::default())
}

#[test]
fn with_the_lock_upstreams_rewording_changes_no_callers_code() {
    let first = output(run("d.json", NAMED));
    assert!(public_surface(&first.files).contains("create_tone(&self, name: impl Into<String>, value: i64)"));
    // A reworded summary, swapped properties, a new required one, and a neighbour that would take the old name.
    let changed = NAMED
        .replace("Create tone", "Add a tone of voice")
        .replace(
            r#""name": {"type": "string"}, "value": {"type": "integer"}"#,
            r#""extra": {"type": "boolean"}, "value": {"type": "integer"}, "name": {"type": "string"}"#,
        )
        .replace(r#""required": ["name", "value"]"#, r#""required": ["extra", "value", "name"]"#)
        .replace(
            r#""a": {"type": "string"}, "b": {"type": "boolean"}"#,
            r#""b": {"type": "boolean"}, "a": {"type": "string"}"#,
        )
        .replace(r#""/tones": {"#, r#""/other": {"post": {"summary": "Create tone", "responses": {}}}, "/tones": {"#);
    let generated = locked(&changed, &first.lock.to_string());
    let unlocked: Vec<_> = generated.diagnostics.iter().filter(|it| it.code.id == "lock-incomplete").collect();
    assert_eq!(unlocked.len(), 1, "{unlocked:#?}");
    let second = output(generated);
    let surface = public_surface(&second.files);
    assert!(surface.contains("create_tone(&self, name: impl Into<String>, value: i64, extra: bool)"), "{surface}");
    assert!(surface.contains("Tone::new(a: impl Into<String>, b: bool)"), "{surface}");
    assert!(surface.contains("fn client::Client::post_other(&self)"), "{surface}");
    // What has gone stays recorded; what is new is added.
    let third = output(locked(NAMED, &second.lock.to_string()));
    assert!(third.lock.to_string().contains("\"POST /other\""));
}

#[test]
fn a_lock_that_was_edited_into_something_else_is_an_error() {
    let unnamed = r#"{"version": 1, "operations": {"A": {"name": "not a name"}}, "types": {}}"#;
    for (lock, start) in [
        (r#"{"version": 2}"#, "error[lock-invalid]: l.json#: `version: 1` is missing"),
        (unnamed, "error[lock-invalid]: l.json#/operations/A: `not a name` is not a Rust identifier"),
        (r#"{"version": 1, "operations": []}"#, "error[lock-invalid]: l.json#: invalid type"),
    ] {
        let generated = locked(NAMED, lock);
        assert!(generated.output.is_none());
        assert!(lines(&generated).iter().any(|line| line.starts_with(start)), "{:#?}", lines(&generated));
    }
}

#[test]
fn preparing_keeps_every_key_and_puts_the_paths_beside_it() {
    let text = gateway_document("/v1/things/thing_id", "{endpoint}/v1/things/{thing_id}");
    let prepared = prepare(&Inputs::new(Source { name: "d.json", text: &text }), &Config::default());
    let tree = prepared.tree.unwrap();
    let operation = &tree["paths"]["/v1/things/thing_id"]["get"];
    assert_eq!(operation["x-path-template"], "/v1/things/{thing_id}");
    assert_eq!(operation["x-old-path"], "/v1/things/thing_id");
}

#[test]
fn more_than_four_required_inputs_come_as_one_struct() {
    let text = r#"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"post": {"operationId": "make",
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["a", "b", "c", "d", "e"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}, "d": {"type": "string"},
        "e": {"type": "string"}}}}}},
        "responses": {"204": {"description": ""}}}}}}"#;
    let surface = public_surface(&output(run("d.json", text)).files);
    let method = "fn client::Client::make(&self, required: requests::MakeRequired) -> requests::Make";
    assert!(surface.contains(method), "{surface}");
    assert!(surface.contains("struct requests::MakeRequired.e: String"), "{surface}");
}

fn document(paths: &str, schemas: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.0", "info": {{"title": "t", "version": "1"}}, "servers": [{{"url": "https://a.example"}}],
        "paths": {{{paths}}}, "components": {{"schemas": {{{schemas}}}}}}}"#
    )
}

const GIVES_S0: &str = r##""/s": {"get": {"operationId": "s", "responses": {"200": {"description": "", "content":
    {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}}}}"##;

#[test]
fn a_long_chain_of_references_is_followed_without_the_stack() {
    let link = |index: usize| {
        format!(
            r##""S{index}": {{"type": "object", "properties": {{"next": {{"$ref": "#/components/schemas/S{}"}}}}}}"##,
            index + 1
        )
    };
    let mut schemas: Vec<String> = (0..5000).map(link).collect();
    schemas.push(r#""S5000": {"type": "string"}"#.to_owned());
    let output = output(run("d.json", &document(GIVES_S0, &schemas.join(","))));
    assert!(public_surface(&output.files).contains("struct types::S4999.next: Option<String>"));
}

#[test]
fn an_all_of_can_hold_itself() {
    let schemas = r##""Base": {"type": "object", "properties": {"id": {"type": "string"}}}, "S0": {"allOf": [
        {"$ref": "#/components/schemas/Base"}, {"type": "object", "required": ["children"], "properties": {
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/S0"}},
        "parent": {"$ref": "#/components/schemas/S0"}}}]}"##;
    let surface = public_surface(&output(run("d.json", &document(GIVES_S0, schemas))).files);
    assert!(surface.contains("struct types::S0.children: Vec<S0>"), "{surface}");
    assert!(surface.contains("struct types::S0.parent: Option<Box<S0>>"), "{surface}");
    assert!(surface.contains("struct types::S0.id: Option<String>"), "{surface}");
}

#[test]
fn unions_of_unions_are_one_and_never_hold_themselves() {
    let schemas = r##""S0": {"oneOf": [{"$ref": "#/components/schemas/B"}, {"type": "integer"}]},
        "B": {"oneOf": [{"$ref": "#/components/schemas/S0"}, {"type": "boolean"}, {"$ref": "#/components/schemas/B"}]}"##;
    let surface = public_surface(&output(run("d.json", &document(GIVES_S0, schemas))).files);
    let variants: Vec<_> = surface.lines().filter(|line| line.starts_with("enum types::S0::")).collect();
    assert_eq!(
        variants,
        ["enum types::S0::Bool(bool)", "enum types::S0::Integer(i64)", "enum types::S0::Unknown(Value)"]
    );
}

#[test]
fn what_the_generator_adds_gives_way_to_what_the_document_names() {
    let fields = r#""a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}, "d": {"type": "string"},
        "e": {"type": "string"}, "default": {"type": "string"}"#;
    let schemas = format!(
        r##""S0": {{"type": "object", "required": ["a", "b", "c", "d", "e"], "properties": {{{fields}, "required":
        {{"$ref": "#/components/schemas/S0Required"}}}}}}, "S0Required": {{"type": "object", "properties": {{{fields}}}}}"##
    );
    let surface = public_surface(&output(run("d.json", &document(GIVES_S0, &schemas))).files);
    assert!(surface.contains("fn types::S0::new(required: S0RequiredFields) -> Self"), "{surface}");
    // A setter does not hide the constructor that a struct without required fields has.
    assert!(surface.contains("fn types::S0::default(self, default: impl Into<String>) -> Self"), "{surface}");
    assert!(surface.contains("fn types::S0Required::default_(self, default_: impl Into<String>) -> Self"), "{surface}");
}

#[test]
fn a_name_that_the_lock_remembers_is_given_to_nothing_else() {
    let operation = r#"{"get": {"summary": "List things", "responses": {"204": {"description": ""}}}}"#;
    let text = |path: &str| document(&format!("\"{path}\": {operation}"), "");
    let first = output(run("d.json", &text("/a")));
    assert!(public_surface(&first.files).contains("client::Client::list_things"));
    let second = output(locked(&text("/b"), &first.lock.to_string()));
    assert!(!public_surface(&second.files).contains("client::Client::list_things"));
    let third = output(locked(&text("/a"), &second.lock.to_string()));
    assert!(public_surface(&third.files).contains("client::Client::list_things"));
}

#[test]
fn what_is_no_operation_is_told() {
    let paths = r##""/a": {"$ref": "#/nowhere"}, "/b": 5, "/c": {"GET": {}, "post": [], "parameters": {}, "odd": 1,
        "put": {"operationId": "fine", "responses": {"204": {"description": ""}}}}"##;
    let found = lines(&run("d.json", &document(paths, "")));
    for start in [
        "warning[dangling-ref]: d.json#/paths/~1a",
        "warning[malformed]: d.json#/paths/~1b: the path item is a number",
        "warning[operation-skipped]: d.json#/paths/~1c/GET",
        "warning[operation-skipped]: d.json#/paths/~1c/post",
        "warning[malformed]: d.json#/paths/~1c/parameters",
        "warning[malformed]: d.json#/paths/~1c/odd",
    ] {
        assert!(found.iter().any(|line| line.starts_with(start)), "{start}: {found:#?}");
    }
    let kept = output(run("d.json", &document(&paths.replace(r##""/a": {"$ref": "#/nowhere"},"##, ""), "")));
    assert_eq!((kept.operations_read, kept.operations_emitted), (3, 1), "two are skipped");
}

#[test]
fn a_union_inside_a_union_keeps_its_discriminator() {
    let schemas = r##""S0": {"oneOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "string"}]},
        "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind"}},
        "Cat": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Dog": {"type": "object", "properties": {"name": {"type": "string"}}}"##;
    let output = output(run("d.json", &document(GIVES_S0, schemas)));
    let wire =
        output.files.iter().find(|file| file.path == "wire.rs").map(|file| file.source.as_str()).unwrap_or_default();
    let wire: String = wire.split_whitespace().collect();
    for text in [r#"constants(&[("kind",&["Cat"])])"#, r#"constants(&[("kind",&["Dog"])])"#, r#"tag"kind"="Dog";"#] {
        assert!(wire.contains(text), "{text}: {wire}");
    }
}
