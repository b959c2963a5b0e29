//! Small texts that mean a great deal: each is refused with its reason and its place, before it takes time or memory.

#![allow(clippy::needless_pass_by_value, reason = "JSON is passed as it is made")]

use lowcodeapi_codegen::{Config, Diagnostic, Inputs, Severity, Source, generate};
use serde_json::{Value, json};

/// The errors of a document, which may have an overlay.
fn errors(name: &str, text: &str, overlay: Option<&str>) -> Vec<Diagnostic> {
    let mut inputs = Inputs::new(Source { name, text });
    if let Some(text) = overlay {
        inputs = inputs.overlay(Source { name: "overlay.yaml", text });
    }
    let generated = generate(&inputs, &Config::default());
    assert_eq!(generated.output.is_none(), generated.diagnostics.iter().any(|it| it.severity() == Severity::Error));
    generated.diagnostics.into_iter().filter(|it| it.severity() == Severity::Error).collect()
}

/// The code of the first error, and its place.
fn refusal(name: &str, text: &str, overlay: Option<&str>) -> (&'static str, String) {
    let first = errors(name, text, overlay).into_iter().next();
    first.map_or_else(Default::default, |found| (found.code.id, found.pointer))
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
           "paths": paths, "components": {"schemas": schemas}})
}

fn operation(key: &str, member: Value) -> Value {
    json!({"get": {"responses": {"200": {"description": "d"}}, key: member}})
}

/// A document whose one operation gives the schema `S0`.
fn of_schemas(schemas: Value) -> String {
    let response = json!({"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}});
    document(json!({"/a": operation("responses", response)}), schemas).to_string()
}

fn object(members: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(members.collect())
}

const YAML: &str =
    "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\n";

#[test]
fn aliases_expand_no_further_than_a_document_may() {
    let (items, aliases) = (vec!["1"; 5000].join(","), vec!["*a"; 5000].join(","));
    let (code, at) = refusal("d.yaml", &format!("{YAML}x: &a [{items}]\ny: [{aliases}]\n"), None);
    assert_eq!((code, at.starts_with("/y/")), ("expansion", true), "{at}");
    let laughs =
        |index: usize| format!("x{}: &a{} [{}]\n", index + 1, index + 1, vec![format!("*a{index}"); 9].join(","));
    let text: String = std::iter::once("x0: &a0 [1,1]\n".to_owned()).chain((0..20).map(laughs)).collect();
    assert_eq!(refusal("d.yaml", &format!("{YAML}{text}"), None).0, "expansion");
    // A few are what they stand for.
    assert_eq!(refusal("d.yaml", &format!("{YAML}x: &a [1]\ny: [*a, *a]\n"), None).0, "");
}

#[test]
fn yaml_is_read_no_deeper_than_json() {
    for text in ["[".repeat(200_000), "- ".repeat(100_000), "{a: ".repeat(50_000), "? ".repeat(50_000)] {
        let (code, _) = refusal("d.yaml", &format!("{YAML}x:\n {text}"), None);
        assert!(["too-deep", "syntax"].contains(&code), "{code}");
    }
    // What the one parser refuses is not left to the other, which would take long for each bracket.
    assert_eq!(refusal("d.yaml", &format!("x: }}\ny: {}", "[".repeat(200_000)), None).0, "syntax");
    let around = "x: &a [[[[[[[[[[1]]]]]]]]]]\n".to_owned();
    let deeper = |index: usize| format!("x{index}: &a [[[[[[[[[[*a]]]]]]]]]]\n");
    let text: String = std::iter::once(around).chain((0..12).map(deeper)).collect();
    assert_eq!(refusal("d.yaml", &format!("{YAML}{text}"), None).0, "too-deep");
}

#[test]
fn what_yaml_1_2_does_not_take_is_read_leniently() {
    let text = format!("{YAML}x:\n    y: {{\n      \"a\": 0x10, 1.50: [~, +1, -0o7, .5, 007]\n  }}\nz: 1\n");
    let read = lowcodeapi_codegen::read(&Source { name: "d.yaml", text: &text });
    assert_eq!(read.tree.unwrap_or_default()["x"]["y"], json!({"a": 16, "1.50": [null, 1, -7, 0.5, "007"]}));
}

#[test]
fn scalars_mean_what_the_core_schema_says() {
    let text = "- [~, null, '', Null, nULL]\n- [True, yes, !!str true, !!bool 'true']\n- [0b11, 0o17, 0xFF, -0x10, +5, 1_000]\n\
                - [1.0, 1e3, -.5, inf, 012, -0, 18446744073709551615]\n- &k key\n- {*k : 1, 200: 2, 1.50: 3, True: 4, ~: 5}\n";
    let read = lowcodeapi_codegen::read(&Source { name: "d.yaml", text });
    assert_eq!(
        read.tree.unwrap_or_default(),
        json!([[null, null, "", null, "nULL"], [true, "yes", "true", true], [3, 15, 255, -16, 5, "1_000"],
               [1.0, 1000.0, -0.5, "inf", "012", 0, 18_446_744_073_709_551_615_u64], "key",
               {"key": 1, "200": 2, "1.50": 3, "True": 4, "~": 5}])
    );
    for text in ["a: !local x", "a: !!int x", "--- 1\n--- 2", "*a"] {
        assert_eq!(refusal("d.yaml", text, None).0, "syntax", "{text}");
    }
}

#[test]
fn keys_and_texts_are_bounded() {
    let variables: Vec<String> = (0..11_000).map(|index| format!("{{a{index}}}")).collect();
    let path = format!("/{}", variables.concat());
    let (code, at) =
        refusal("d.json", &document(json!({path: operation("tags", json!([]))}), json!({})).to_string(), None);
    assert_eq!((code, at.as_str()), ("too-large", "/paths"));
    let text = document(json!({"/a": operation("description", "x".repeat(1 << 21).into())}), json!({})).to_string();
    assert_eq!(refusal("d.json", &text, None), ("too-large", "/paths/~1a/get/description".to_owned()));
    let text = text.replace(&"x".repeat(1 << 21), "x");
    assert_eq!(refusal("d.json", &text, None).0, "");
    let many = format!("{{\"openapi\": \"3.0.0\", \"x\": [{}]}}", vec!["[]"; 3_100_000].join(","));
    assert_eq!(refusal("d.json", &many, None).0, "too-large");
}

#[test]
fn types_and_operations_have_so_many_members() {
    let numbers = || 0..10_001;
    let values: Value = numbers().map(|index| format!("v{index}")).collect();
    let place = "/components/schemas/S0".to_owned();
    assert_eq!(refusal("d.json", &of_schemas(json!({"S0": {"enum": values}})), None), ("too-large", place.clone()));
    let properties = object(numbers().map(|index| (format!("p{index}"), json!({"type": "string"}))));
    let struct_ = of_schemas(json!({"S0": {"type": "object", "properties": properties}}));
    assert_eq!(refusal("d.json", &struct_, None), ("too-large", place));
    let parameters: Value = numbers().map(|index| json!({"name": format!("p{index}"), "in": "query"})).collect();
    let text = document(json!({"/a": operation("parameters", parameters)}), json!({})).to_string();
    assert_eq!(refusal("d.json", &text, None), ("too-large", "/paths/~1a/get".to_owned()));
}

#[test]
fn all_types_have_so_many_members_together() {
    let of_heirs = |count: usize| {
        let wide = object((0..5_000).map(|index| (format!("p{index}"), json!({"type": "string"}))));
        let heir = |own: String| json!({"allOf": [{"$ref": "#/components/schemas/Wide"}], "properties": {own: {"type": "string"}}});
        let heirs = (0..count).map(|index| (format!("h{index}"), heir(format!("o{index}"))));
        of_schemas(json!({
            "S0": {"type": "object", "properties": object(heirs)},
            "Wide": {"type": "object", "properties": wide},
        }))
    };
    let told = errors("d.json", &of_heirs(51), None);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.ends_with("the limit is 250000"), "{}", told[0].message);
    assert!(told[0].help.as_ref().is_some_and(|help| help.contains("`--only`")), "{told:?}");
}

#[test]
fn choices_that_apply_together_are_bounded() {
    let choice = |index: usize| {
        let variant = |variant: usize| json!({"required": [format!("a{index}x{variant}")], "properties": {format!("a{index}x{variant}"): {"type": "string"}}});
        json!({"oneOf": (0..12).map(variant).collect::<Value>()})
    };
    let all = |count: usize| of_schemas(json!({"S0": {"allOf": (0..count).map(choice).collect::<Value>()}}));
    for (count, expected) in [(2, 0), (3, 1), (40, 1)] {
        let text = all(count);
        let generated = generate(&Inputs::new(Source { name: "d.json", text: &text }), &Config::default());
        let told = generated.diagnostics.iter().filter(|it| it.code.id == "combinations").count();
        assert_eq!((told, generated.output.is_some()), (expected, true), "{count} choices");
    }
    // Choices inside the variants multiply too.
    let level = |index: usize| {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        (
            format!("S{index}"),
            json!({"allOf": [next], "oneOf": [{"properties": {format!("a{index}"): {}}}, {"properties": {format!("b{index}"): {}}}]}),
        )
    };
    let last = |count: usize| (format!("S{count}"), json!({"type": "object", "properties": {"z": {"type": "string"}}}));
    let text = of_schemas(object((0..40).map(level).chain([last(40)])));
    assert_eq!(refusal("d.json", &text, None).0, "");
}

#[test]
fn chains_of_references_end() {
    let reference =
        |index: usize| (format!("S{index}"), json!({"$ref": format!("#/components/schemas/S{}", index + 1)}));
    let chain = |length: usize| {
        of_schemas(object((0..length).map(reference).chain([(format!("S{length}"), json!({"type": "string"}))])))
    };
    assert_eq!(refusal("d.json", &chain(50), None).0, "");
    assert_eq!(refusal("d.json", &chain(50_000), None).0, "too-deep");
}

#[test]
fn tuples_in_each_other_do_not_multiply() {
    let next = |index: usize| json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
    let tuple = |index: usize| json!({"type": "array", "prefixItems": vec![next(index); 12], "items": false});
    let schemas = (0..60).map(|index| (format!("S{index}"), tuple(index)));
    let last = ("S60".to_owned(), json!({"type": "string"}));
    let text = of_schemas(object(schemas.chain([last])));
    assert_eq!(refusal("d.json", &text, None), Default::default());
    let many = vec![json!({"type": "string"}); 5000];
    let text = of_schemas(json!({"S0": {"type": "array", "prefixItems": many}}));
    assert_eq!(refusal("d.json", &text, None), Default::default());
}

#[test]
fn what_many_refer_to_is_not_repeated_for_ever() {
    let error = json!({"get": {"responses": {"400": {"$ref": "#/components/responses/E"}}}});
    let mut text = document(object((0..2000).map(|index| (format!("/p{index}"), error.clone()))), json!({}));
    text["components"]["responses"] = json!({"E": {"description": "word ".repeat(100_000)}});
    assert_eq!(refusal("d.json", &text.to_string(), None).0, "expansion");
    let variable = |index: usize| (format!("v{index}"), json!({"default": format!("{{v{0}}}{{v{0}}}", index + 1)}));
    let mut text = document(json!({"/a": operation("tags", json!([]))}), json!({}));
    text["servers"] = json!([{"url": "https://a.example/{v0}", "variables": object((0..60).map(variable))}]);
    assert_eq!(refusal("d.json", &text.to_string(), None).0, "");
}

#[test]
fn overlays_cost_no_more_than_they_say() {
    let document = document(json!({"/a": operation("tags", json!([]))}), json!({})).to_string();
    let overlay = |actions: &[Value]| json!({"overlay": "1.0.0", "actions": actions}).to_string();
    let refusal = |actions: &[Value]| refusal("d.json", &document, Some(&overlay(actions)));
    let list = json!({"target": "$.info", "update": {"x": [1, 2, 3, 4]}});
    let double = json!({"target": "$.info.x", "copy": "$.info.x"});
    let (code, at) = refusal(&[vec![list], vec![double; 40]].concat());
    assert_eq!((code, at.starts_with("/actions/")), ("expansion", true), "{at}");
    let everywhere = json!({"target": "$..*", "update": {"y": vec![1; 500]}});
    let errors = errors("d.json", &document, Some(&overlay(&vec![everywhere; 40])));
    assert!(errors.iter().any(|it| ["expansion", "too-deep"].contains(&it.code.id)), "{errors:?}");
    let remove = |target: &str| [json!({"target": target, "remove": true, "x-allow-unmatched": true})];
    for target in [
        "$..*..*..*..*..*..*..*..*",
        "$[*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*]",
    ] {
        assert_eq!(refusal(&remove(target)), ("expansion", "/actions/0/target".to_owned()), "{target}");
    }
    for target in [format!("$[?{}@.a{}]", "(".repeat(500), ")".repeat(500)), "$.a".repeat(2000)] {
        assert_eq!(refusal(&remove(&target)), ("overlay-invalid", "/actions/0/target".to_owned()), "{target}");
    }
    let wrap = json!({"target": "$.info", "update": {"x": {"x": {"x": {"x": {"x": {"x": {}}}}}}}});
    let deeper = json!({"target": "$.info.x.x.x.x.x.x", "copy": "$.info"});
    let (code, _) = refusal(&[vec![wrap], vec![deeper; 40]].concat());
    assert_eq!(code, "too-deep");
}

#[test]
fn tags_make_a_bounded_number_of_files() {
    let tagged = |index: usize| (format!("/p{index}"), operation("tags", json!([format!("t{index}")])));
    let text = document(object((0..1010).map(tagged)), json!({})).to_string();
    let generated = generate(&Inputs::new(Source { name: "d.json", text: &text }), &Config::default());
    let files = generated.output.map(|output| output.files).unwrap_or_default();
    let (clients, others) = (
        files.iter().filter(|file| file.path.starts_with("client/")).count(),
        files.iter().filter(|file| file.path.ends_with("/others.rs")).count(),
    );
    assert_eq!((clients, others), (1001, 2));
}

#[test]
fn so_many_parts_have_an_input_by_place() {
    let upload = |parts: usize| {
        let schema = json!({"type": "array", "prefixItems": vec![json!({"type": "string"}); parts]});
        let body = json!({"content": {"multipart/mixed": {"schema": schema, "prefixEncoding": []}}});
        let post =
            json!({"post": {"operationId": "upload", "requestBody": body, "responses": {"204": {"description": "d"}}}});
        let mut text = document(json!({"/a": post}), json!({}));
        text["openapi"] = "3.2.0".into();
        let text = text.to_string();
        let generated = generate(&Inputs::new(Source { name: "d.json", text: &text }), &Config::default());
        let output = generated.output.expect("a number of parts is no reason to refuse a document");
        let source: String = output.files.iter().map(|file| file.source.as_str()).collect();
        let told = generated.diagnostics.iter().filter(|it| it.severity() != Severity::Note).map(|it| it.code.id);
        (source.matches(".text_part(").count(), told.collect::<Vec<_>>())
    };
    assert_eq!(upload(100), (100, vec![]));
    assert_eq!(upload(101), (0, vec!["body-form"]));
}
