//! Clients of some operations: what is left out, what stays, and what is reported.

use std::{collections::BTreeSet, fs, path::Path};

use lowcodeapi_codegen::{
    Config, Diagnostic, Generated, Inputs, LeftOut, Output, Severity, Source, generate, prepare, public_surface,
};
use serde_json::{Value, json};

const NAME: &str = "openapi.json";

fn run(document: &Value, config: &Config) -> Generated {
    let text = document.to_string();
    generate(&Inputs::new(Source { name: NAME, text: &text }), config)
}

fn output(generated: Generated) -> Output {
    generated.output.unwrap_or_else(|| panic!("{:#?}", generated.diagnostics))
}

/// The tree of the document after the selection.
fn effective(document: &Value, config: &Config) -> Value {
    let text = document.to_string();
    prepare(&Inputs::new(Source { name: NAME, text: &text }), config).tree.unwrap()
}

fn names(tree: &Value, pointer: &str) -> Vec<String> {
    tree.pointer(pointer).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn json_of(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn operation(id: &str, tag: &str, schema: &Value) -> Value {
    json!({"operationId": id, "tags": [tag], "responses": {"200": {"description": "d", "content": json_of(schema)}}})
}

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn document(paths: &Value, schemas: &Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "servers": [{"url": "https://a.example"}],
        "paths": paths, "components": {"schemas": schemas}})
}

/// Four operations of two tags, and the schemas of each.
fn shop() -> Value {
    let text = |of: &str| json!({"type": "object", "properties": {of: {"type": "string"}}});
    document(
        &json!({
            "/pets": {"get": operation("listPets", "pets", &schema("Pet")), "post": operation("addPet", "pets", &schema("Pet"))},
            "/pets/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": schema("PetId")}],
                "delete": operation("deletePet", "pets", &schema("Gone"))
            },
            "/toys": {"get": operation("listToys", "toys", &schema("Toy"))}
        }),
        &json!({
            "Pet": {"type": "object", "properties": {"toy": schema("Toy")}}, "Toy": text("toy"), "Gone": text("gone"),
            "PetId": {"type": "string", "enum": ["a", "b"]}, "Unused": text("unused")
        }),
    )
}

#[test]
fn each_kind_of_selector_leaves_its_operations() {
    let all = ["addPet", "deletePet", "listPets", "listToys"];
    for (only, except, expected) in [
        (&["tag:pets"][..], &[][..], &["addPet", "deletePet", "listPets"][..]),
        (&["tag:p*"], &["DELETE", "POST /pets"], &["listPets"]),
        (&["/pets"], &[], &["addPet", "listPets"]),
        (&["/pets/*"], &[], &["deletePet"]),
        (&["GET"], &[], &["listPets", "listToys"]),
        (&["GET /**s", "path:/pets/{id}"], &["listToys"], &["deletePet", "listPets"]),
        (&["operation:list*"], &[], &["listPets", "listToys"]),
        (&[], &["method:get"], &["addPet", "deletePet"]),
        (&["**"], &[], &all),
    ] {
        let add = |config: Config, text: &&str| config.only(*text);
        let config = only.iter().fold(Config::default(), add);
        let config = except.iter().fold(config, |config, text| config.except(*text));
        let output = output(run(&shop(), &config));
        assert_eq!(output.operations_emitted, expected.len(), "{only:?} {except:?}");
        assert_eq!(output.operations_read, expected.len(), "{only:?} {except:?}");
        assert_eq!(output.left_out.operations, all.len() - expected.len(), "{only:?} {except:?}");
        let tree = effective(&shop(), &config);
        let ids: BTreeSet<String> = ids(&tree).into_iter().collect();
        assert_eq!(ids, expected.iter().map(|id| (*id).to_owned()).collect(), "{only:?} {except:?}");
    }
}

fn ids(node: &Value) -> Vec<String> {
    match node {
        Value::Object(map) => {
            let own = map.get("operationId").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(ids)).collect()
        }
        Value::Array(nodes) => nodes.iter().flat_map(ids).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_only_left_out_operations_use_is_pruned() {
    let config = Config::default().only("deletePet");
    let output = output(run(&shop(), &config));
    let (operations, schemas) = (output.left_out.operations, output.left_out.schemas);
    assert_eq!((operations, schemas), (3, 3));
    let tree = effective(&shop(), &config);
    assert_eq!(names(&tree, "/paths"), ["/pets/{id}"]);
    assert_eq!(names(&tree, "/components/schemas"), ["Gone", "PetId"]);
    let types: Vec<&String> = output.types.values().collect();
    assert_eq!(types, ["Gone", "PetId"]);
}

#[test]
fn a_document_without_a_selection_stays_as_it_is() {
    assert_eq!(effective(&shop(), &Config::default()), shop());
    let text = shop().to_string();
    let inputs = Inputs::new(Source { name: NAME, text: &text }).selection(Source { name: "s.yaml", text: "{}" });
    let output = generate(&inputs, &Config::default()).output.unwrap();
    assert_eq!(output.left_out, LeftOut::default());
}

#[test]
fn classes_keep_their_heirs() {
    let base = |more: Value| json!({"allOf": [schema("Animal"), more]});
    let document = document(
        &json!({"/a": {"get": operation("get", "a", &schema("Animal"))}, "/b": {"get": operation("other", "b", &schema("Stone"))}}),
        &json!({
            "Animal": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
                "discriminator": {"propertyName": "kind", "mapping": {"named": "Snail"}}},
            "Cat": base(json!({"properties": {"claws": schema("Claws")}})), "Lion": {"allOf": [schema("Cat")]},
            "Claws": {"type": "object", "properties": {"length": {"type": "integer"}}},
            "Snail": base(json!({"properties": {"house": {"type": "string"}}})),
            "Stone": {"type": "object", "properties": {"weight": {"type": "integer"}}},
            "Other": {"allOf": [schema("Stone")]}
        }),
    );
    let tree = effective(&document, &Config::default().only("operation:get"));
    assert_eq!(names(&tree, "/components/schemas"), ["Animal", "Cat", "Lion", "Claws", "Snail"]);
}

#[test]
fn references_into_operations_that_are_left_out_still_lead_somewhere() {
    let mut paths = shop()["paths"].clone();
    paths["/first"]["get"] =
        operation("first", "x", &json!({"$ref": "#/paths/~1toys/get/responses/200/content/application~1json/schema"}));
    paths["/same"] = json!({"$ref": "#/components/pathItems/Same"});
    paths["/alias"] = json!({"$ref": "#/paths/~1pets"});
    let mut document = document(&paths, &shop()["components"]["schemas"]);
    let other = operation("other", "x", &schema("Unused"));
    document["components"]["pathItems"]["Same"] = json!({"get": operation("same", "x", &schema("Gone")), "put": other});
    for (only, emitted, schemas, paths) in [
        ("first", 1, &["Toy"][..], &["/toys", "/first"][..]),
        ("same", 1, &["Gone"], &["/same"]),
        ("GET /alias", 1, &["Pet", "Toy"], &["/pets", "/alias"]),
    ] {
        let config = Config::default().only(only);
        let generated = run(&document, &config);
        assert_eq!(generated.diagnostics, [], "{only}");
        let output = output(generated);
        assert_eq!((output.operations_emitted, output.operations_read), (emitted, emitted), "{only}");
        let tree = effective(&document, &config);
        assert_eq!(names(&tree, "/components/schemas"), schemas, "{only}");
        assert_eq!(names(&tree, "/paths"), paths, "{only}");
    }
}

#[test]
fn references_in_place_of_operations_and_path_items_are_followed() {
    let mut document = shop();
    document["x-operations"]["Order"] = operation("order", "x", &schema("Unused"));
    document["paths"]["/orders"]["post"] = json!({"$ref": "#/x-operations/Order"});
    document["paths"]["/first"] = json!({"$ref": "#/components/pathItems/A"});
    let other = operation("other", "x", &schema("Toy"));
    document["components"]["pathItems"] = json!({
        "A": {"$ref": "#/components/pathItems/B"},
        "B": {"get": operation("deep", "x", &schema("Gone")), "put": other}
    });
    for (only, schemas) in [("order", &["Unused"][..]), ("deep", &["Gone"])] {
        let config = Config::default().only(only);
        let output = output(run(&document, &config));
        assert_eq!((output.operations_emitted, output.left_out.operations), (1, 6), "{only}");
        assert_eq!(names(&effective(&document, &config), "/components/schemas"), schemas, "{only}");
    }
}

#[test]
fn a_long_chain_of_path_items_needs_no_stack() {
    let paths: serde_json::Map<String, Value> = (0..50_000)
        .map(|index| {
            let next = json!([{"$ref": format!("#/paths/~1p{}/parameters/0", index + 1)}]);
            (
                format!("/p{index}"),
                json!({"parameters": next, "get": {"operationId": format!("o{index}"), "responses": {}}}),
            )
        })
        .collect();
    let document = document(&Value::Object(paths), &json!({}));
    let tree = effective(&document, &Config::default().only("o0"));
    assert_eq!(ids(&tree), ["o0"]);
}

#[test]
fn webhooks_come_with_a_whole_document() {
    let mut document = shop();
    document["webhooks"]["changed"]["post"] = json!({"requestBody": {"content": json_of(&schema("Gone"))}});
    let kept = |config: &Config| {
        let tree = effective(&document, config);
        (names(&tree, "/webhooks"), names(&tree, "/components/schemas").contains(&"Gone".to_owned()))
    };
    assert_eq!(kept(&Config::default().except("deletePet")), (vec!["changed".to_owned()], true));
    assert_eq!(kept(&Config::default().only("listToys")), (vec![], false));
}

#[test]
fn findings_about_what_is_left_out_are_left_out() {
    let mut document = shop();
    document["paths"]["/toys"]["get"]["responses"]["200"]["content"] = json_of(&json!({"$ref": "missing.yaml"}));
    document["components"]["schemas"]["Gone"]["additional_properties"] = json!(true);
    let severities =
        |config: &Config| run(&document, config).diagnostics.iter().map(|it| it.code.id).collect::<Vec<_>>();
    assert_eq!(severities(&Config::default()), ["external-ref", "ignored-keyword"]);
    assert_eq!(severities(&Config::default().except("listToys")), ["ignored-keyword"]);
    assert_eq!(severities(&Config::default().only("listPets")), [""; 0]);
}

#[test]
fn selectors_that_mean_nothing_are_errors_in_their_place() {
    let selection = "{only: [tag:pets, tag:cats, 7, '', x-y], except: all, x-note: a, other: []}";
    let text = shop().to_string();
    let inputs = Inputs::new(Source { name: NAME, text: &text });
    let inputs = inputs.selection(Source { name: "s.yaml", text: selection });
    let generated = generate(&inputs, &Config::default().except("gone"));
    let found: Vec<_> = generated.diagnostics.iter().map(|it| (it.file.as_str(), it.pointer.as_str())).collect();
    let own = |at| ("s.yaml", at);
    let expected =
        [own("/only/2"), own("/only/3"), own("/except"), own("/other"), own("/only/1"), own("/only/4"), (NAME, "")];
    assert_eq!(found, expected, "{:#?}", generated.diagnostics);
    assert!(generated.diagnostics.iter().all(|it| it.code.id == "selection" && it.severity() == Severity::Error));
    assert!(generated.output.is_none());
    let nothing = run(&shop(), &Config::default().except("/**"));
    let [only] = &nothing.diagnostics[..] else { panic!("{:#?}", nothing.diagnostics) };
    assert!(only.message.contains("leaves no operation"), "{}", only.message);
}

/// The golden cases of one file without overlay, as trees.
fn cases() -> impl Iterator<Item = (String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().filter(|folder| !folder.join("overlay.yaml").exists()).filter_map(|folder| {
        let text = fs::read_to_string(folder.join("openapi.yaml")).unwrap();
        let tree = prepare(&Inputs::new(Source { name: "openapi.yaml", text: &text }), &Config::default()).tree?;
        Some((folder.file_name().unwrap().to_string_lossy().into_owned(), tree))
    })
}

/// The ids of all operations, also of those that paths refer to.
fn operation_ids(document: &Value) -> BTreeSet<String> {
    let mut whole = document.clone();
    if let Some(whole) = whole.as_object_mut() {
        whole.remove("webhooks");
    }
    ids(&whole).into_iter().collect()
}

fn methods(surface: &str) -> impl Iterator<Item = &str> {
    // Arguments may change: a schema that only requests use has one type.
    let lines = surface.lines().filter(|line| line.starts_with("fn client::"));
    lines.filter_map(|line| line.split('(').next())
}

#[test]
fn each_operation_of_a_case_can_be_had_alone() {
    let mut tried = 0;
    for (case, document) in cases() {
        let whole = run(&document, &Config::default());
        let Some(output) = &whole.output else { continue };
        let known: BTreeSet<_> = whole.diagnostics.iter().map(|it| (it.code.id, &it.pointer)).collect();
        let (lock, text) = (output.lock.to_string(), document.to_string());
        let surface = public_surface(&output.files);
        let of_whole: BTreeSet<&str> = methods(&surface).collect();
        for id in operation_ids(&document).into_iter().take(2) {
            let config = Config::default().only(format!("operation:{id}"));
            let inputs =
                Inputs::new(Source { name: NAME, text: &text }).lock(Source { name: "lock.json", text: &lock });
            let alone = generate(&inputs, &config);
            let is_new =
                |it: &&Diagnostic| it.severity() > Severity::Note && !known.contains(&(it.code.id, &it.pointer));
            let new: Vec<_> = alone.diagnostics.iter().filter(is_new).collect();
            assert!(new.is_empty(), "{case} {id}: {new:#?}");
            let Some(alone_output) = alone.output else { panic!("{case} {id}: {:#?}", alone.diagnostics) };
            // With the lock of the whole, what stays keeps its names.
            let alone = public_surface(&alone_output.files);
            let added: Vec<&str> = methods(&alone).filter(|line| !of_whole.contains(line)).collect();
            assert!(added.is_empty(), "{case} {id}: {added:#?}");
            for (at, name) in &alone_output.types {
                assert!(output.types.get(at).is_none_or(|known| known == name), "{case} {id}: {at} is {name}");
            }
            // The tree after the selection is a document of the same client, unless it needs a part of another operation.
            let again = prepare(&inputs, &config).tree.unwrap().to_string();
            let inputs =
                Inputs::new(Source { name: NAME, text: &again }).lock(Source { name: "lock.json", text: &lock });
            let again_output = generate(&inputs, &Config::default()).output.unwrap();
            assert!(again.contains("x-left-out") || public_surface(&again_output.files) == alone, "{case} {id}");
            tried += 1;
        }
    }
    assert!(tried > 150, "only {tried} operations");
}
