//! Pairs of documents, one for each rule: what is reported, and what the proof shows of it.

use std::{collections::BTreeSet, fs};

use serde_json::{Map, Value, json};

use crate::support::{Root, checkout};

/// The pairs of a file.
fn pairs(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(checkout().join("xtask/tests/pairs").join(name)).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Pairs", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "security": [{"key": []}],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    })
}

fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Adds the paths and schemas of one side of a pair.
fn add(document: &mut Value, paths: &Value, schemas: &Value) {
    document["paths"].as_object_mut().unwrap().extend(members(paths));
    document["components"]["schemas"].as_object_mut().unwrap().extend(members(schemas));
}

/// The operations that use a schema in requests, responses or both.
fn uses(schema: &str, in_what: &str) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}});
    let mut paths = Map::new();
    if in_what != "received" {
        let body = json!({"required": true, "content": content});
        let operation = json!({"operationId": format!("send_{schema}"), "requestBody": body, "responses": {"204": {"description": "Done."}}});
        paths.insert(format!("/send/{schema}"), json!({"post": operation}));
    }
    if in_what != "sent" {
        let operation = json!({"operationId": format!("get_{schema}"), "responses": {"200": {"description": "It.", "content": content}}});
        paths.insert(format!("/get/{schema}"), json!({"get": operation}));
    }
    Value::Object(paths)
}

/// Runs `diff --prove` on two documents and returns its report.
fn proven(test: &str, old: &Value, new: &Value) -> Value {
    let root = Root::new(test);
    root.write("old.json", &old.to_string());
    root.write("new.json", &new.to_string());
    proven_in(&root)
}

/// The same with the documents of a folder, and what belongs to them.
fn proven_in(root: &Root) -> Value {
    let file = |name: &str| root.0.join(name).display().to_string();
    let (old, new, checkout) = (file("old.json"), file("new.json"), checkout().display().to_string());
    let run = root.run_in(&checkout, &["diff", &old, &new, "--prove", "--format", "json", "--version", "1.2.3"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// What is expected of an entry, or what one has: rule, effects and proof.
fn told(entry: &Value) -> (String, Vec<String>, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&entry["rule"]), entry["effects"].as_array().unwrap().iter().map(text).collect(), text(&entry["proof"]))
}

/// Returns what is told besides what is expected, if they differ.
fn difference(pair: &Value, entries: &[&Value]) -> Option<String> {
    let mut expected: Vec<_> = pair["expect"].as_array().unwrap().iter().map(told).collect();
    let mut found: Vec<_> = entries.iter().map(|entry| told(entry)).collect();
    expected.sort();
    found.sort();
    (found != expected).then(|| format!("{}: {found:?} instead of {expected:?}", pair["pair"]))
}

/// Whether an entry is about an operation or a type of this name, or one whose name begins with it and a further word.
fn is_about(entry: &Value, name: &str) -> bool {
    let subject = entry["item"].as_str().unwrap().split('(').next().unwrap();
    subject.split("::").nth(1) == Some(name)
}

#[test]
fn each_rule_is_shown_by_a_pair() {
    let (mut old, mut new) = (document(), document());
    let (calls, types) = (pairs("calls.yaml"), pairs("types.yaml"));
    for pair in &calls {
        for (document, side) in [(&mut old, "old"), (&mut new, "new")] {
            add(document, &pair[side]["paths"], &pair[side]["schemas"]);
        }
    }
    for pair in &types {
        let schema = pair["schema"].as_str().unwrap();
        let paths = uses(schema, pair["use"].as_str().unwrap());
        for (document, side) in [(&mut old, "old"), (&mut new, "new")] {
            let mut schemas = members(&pair[format!("{side}_schemas")]);
            schemas.insert(schema.to_owned(), pair[side].clone());
            add(document, &paths, &Value::Object(schemas));
        }
    }
    let report = proven("pairs-proven", &old, &new);
    assert_eq!(report["proof"]["disagreements"], json!([]));
    let entries: Vec<&Value> = report["entries"].as_array().unwrap().iter().collect();
    let fingerprints: BTreeSet<String> = entries.iter().map(|entry| entry["fingerprint"].to_string()).collect();
    assert_eq!(fingerprints.len(), entries.len(), "each entry has its own fingerprint");
    let mut left = entries.clone();
    let mut wrong = Vec::new();
    for pair in &calls {
        let paths = [&pair["old"]["paths"], &pair["new"]["paths"]];
        let operations = paths.iter().flat_map(|paths| members(paths)).flat_map(|(_, item)| members(&item));
        let names = operations.map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned());
        // An operation can have an effect on the whole client.
        let others = pair["about"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned());
        let names: BTreeSet<String> = names.chain(others).collect();
        let of: Vec<&Value> =
            entries.iter().copied().filter(|entry| names.iter().any(|name| is_about(entry, name))).collect();
        left.retain(|entry| !of.contains(entry));
        wrong.extend(difference(pair, &of));
    }
    for pair in &types {
        let name = pair["schema"].as_str().unwrap();
        let of: Vec<&Value> = entries.iter().copied().filter(|entry| is_about(entry, name)).collect();
        left.retain(|entry| !of.contains(entry));
        wrong.extend(difference(pair, &of));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(left.is_empty(), "entries of no pair: {left:#?}");
    assert!(calls.len() + types.len() >= 40);
}

#[test]
fn what_all_calls_have_in_common_is_shown_by_pairs() {
    let mut wrong = Vec::new();
    for (index, pair) in pairs("clients.yaml").iter().enumerate() {
        let side = |side: &str| {
            let mut document = json!({
                "openapi": "3.1.0",
                "info": {"title": "Pairs", "version": "1"},
                "servers": [{"url": "https://api.example.com"}],
                "paths": {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "Done."}}}}},
            });
            document.as_object_mut().unwrap().extend(members(&pair[side]));
            document
        };
        let root = Root::new(&format!("pairs-client-{index}"));
        for name in ["old", "new"] {
            root.write(&format!("{name}.json"), &side(name).to_string());
            if let Some(update) = pair.get(format!("{name}_overlay")) {
                let overlay = json!({"overlay": "1.0.0", "info": {"title": "Pair", "version": "1"}, "actions": [{"target": "$", "update": update}]});
                root.write(&format!("{name}.overlay.yaml"), &overlay.to_string());
            }
        }
        let report = proven_in(&root);
        assert_eq!(report["proof"]["disagreements"], json!([]), "{}", pair["pair"]);
        let entries: Vec<&Value> = report["entries"].as_array().unwrap().iter().collect();
        let steps: Vec<&Value> = pair["expect"].as_array().unwrap().iter().map(|entry| &entry["step"]).collect();
        assert!(steps.iter().all(|step| **step == report["verdict"]["step"]), "{}", pair["pair"]);
        wrong.extend(difference(pair, &entries));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_is_changed_on_purpose_still_compiles() {
    let root = Root::new("pairs-renamed");
    let mut document = document();
    let schemas = json!({"Tone": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}});
    add(&mut document, &uses("Tone", "both"), &schemas);
    for side in ["old", "new"] {
        root.write(&format!("{side}.json"), &document.to_string());
    }
    let locked = root.run(&["lock", "--spec", "old.json", "--lock", "old.lock.json"]);
    assert_eq!(locked.status, 0, "{locked:?}");
    let mut lock: Value = serde_json::from_str(&root.read("old.lock.json")).unwrap();
    for (entry, name) in
        [("/operations/GET ~1get~1Tone", "fetch_tone"), ("/types/~1components~1schemas~1Tone", "Voice")]
    {
        let entry = lock.pointer_mut(entry).unwrap();
        entry["was"] = entry["name"].clone();
        entry["name"] = json!(name);
    }
    root.write("new.lock.json", &lock.to_string());
    let report = proven_in(&root);
    assert_eq!(report["proof"]["disagreements"], json!([]), "{report:#}");
    let mut found: Vec<_> = report["entries"].as_array().unwrap().iter().map(told).collect();
    found.sort();
    let lint = |rule: &str| (rule.to_owned(), vec!["lint".to_owned(), "adds".to_owned()], "lint".to_owned());
    assert_eq!(found, [lint("operation-aliased"), lint("type-aliased")]);
    assert_eq!(report["verdict"]["step"], "minor");
}

/// Names that a lock gives otherwise, without aliases: where the lock has a name, and the new one.
const RENAMED: [(&str, &str); 9] = [
    ("/connection/credentials/key/variable", "TONES_TOKEN"),
    ("/operations/GET ~1renamed/name", "fetch_renamed"),
    ("/operations/GET ~1inputs/inputs/query.size", "count"),
    ("/types/~1components~1schemas~1Tone/name", "Voice"),
    ("/types/~1components~1schemas~1Book/members/title", "heading"),
    ("/types/~1components~1schemas~1Kind/members/x", "Other"),
    ("/types/~1components~1schemas~1Kind/members/y", "Kept"),
    ("/types/~1components~1schemas~1Level/members/x", "Y"),
    ("/types/~1components~1schemas~1Level/members/y", "X"),
];

/// The rules that a test of names shows, and those of what no rule explains.
const OTHERS: [&str; 12] = [
    "argument-order",
    "code-changed",
    "field-renamed",
    "input-renamed",
    "operation-aliased",
    "operation-renamed",
    "surface-changed",
    "type-aliased",
    "type-renamed",
    "variable-changed",
    "variant-renamed",
    "variant-value",
];

#[test]
fn every_rule_has_a_pair() {
    let files = ["calls.yaml", "types.yaml", "clients.yaml"].map(pairs);
    let shown = files.iter().flatten().flat_map(|pair| pair["expect"].as_array().unwrap());
    let shown: BTreeSet<&str> = shown.map(|entry| entry["rule"].as_str().unwrap()).chain(OTHERS).collect();
    let page = fs::read_to_string(checkout().join("docs/changes.md")).unwrap();
    let (_, rules) = page.split_once("## Rules").unwrap();
    let rules = rules
        .split("\n## ")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")?.0.into());
    let missing: Vec<&str> = rules.filter(|rule: &&str| !shown.contains(rule)).collect();
    assert!(missing.is_empty(), "no pair shows {missing:?}");
}

#[test]
fn names_that_change_without_an_alias_are_told() {
    let root = Root::new("pairs-names");
    let mut document = document();
    let done = json!({"204": {"description": "Done."}});
    let text = |name: &str| json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}});
    let paths = json!({
        "/renamed": {"get": {"operationId": "get_renamed", "responses": done}},
        "/inputs": {"get": {"operationId": "get_inputs", "responses": done,
            "parameters": [{"name": "size", "in": "query", "schema": {"type": "integer"}}]}},
        "/order": {"get": {"operationId": "get_order", "parameters": [text("from"), text("to")], "responses": done}},
    });
    let schemas = json!({
        "Tone": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Book": {"type": "object", "properties": {"title": {"type": "string"}}},
        "Kind": {"type": "string", "enum": ["x", "y"]},
        "Level": {"type": "string", "enum": ["x", "y"]},
    });
    add(&mut document, &paths, &schemas);
    for schema in ["Tone", "Book", "Kind", "Level"] {
        add(&mut document, &uses(schema, "received"), &Value::Null);
    }
    for side in ["old", "new"] {
        root.write(&format!("{side}.json"), &document.to_string());
    }
    let locked = root.run(&["lock", "--spec", "old.json", "--lock", "old.lock.json"]);
    assert_eq!(locked.status, 0, "{locked:?}");
    let mut lock: Value = serde_json::from_str(&root.read("old.lock.json")).unwrap();
    for (place, name) in RENAMED {
        *lock.pointer_mut(place).expect(place) = json!(name);
    }
    lock["operations"]["GET /order"]["arguments"].as_array_mut().unwrap().reverse();
    root.write("new.lock.json", &lock.to_string());
    let report = proven_in(&root);
    assert_eq!(report["proof"]["disagreements"], json!([]), "{:#}", report["proof"]);
    let mut found: Vec<_> = report["entries"].as_array().unwrap().iter().map(told).collect();
    found.sort();
    let breaks = |rule: &str| (rule.to_owned(), vec!["source".to_owned()], "compiler".to_owned());
    let differs = |rule: &str, proof: &str| (rule.to_owned(), vec!["behaviour".to_owned()], proof.to_owned());
    let mut expected: Vec<_> =
        ["field-renamed", "input-renamed", "operation-renamed", "type-renamed", "variant-renamed", "variant-renamed"]
            .map(breaks)
            .into();
    // Two texts in another order still compile, and go elsewhere. So do two values.
    expected.push(differs("argument-order", "requests"));
    expected.extend(["responses"; 2].map(|proof| differs("variant-value", proof)));
    // The program of the proof does not read the environment.
    expected.push(differs("variable-changed", "not-shown"));
    expected.sort();
    assert_eq!(found, expected);
}
