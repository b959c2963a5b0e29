//! The lock follows operations that move, and gives their names to nothing else.

use std::collections::BTreeMap;

use lowcodeapi_codegen::{Config, Inputs, Output, Source, generate};
use serde_json::{Map, Value, json};

/// A document of operations: the method and path of each, and its id.
fn document(operations: &[(&str, &str)]) -> String {
    let mut paths: Map<String, Value> = Map::new();
    for (key, id) in operations {
        let (method, path) = key.split_once(' ').unwrap();
        let result = json!({"type": "object", "properties": {"kind": {"type": "string", "enum": ["a", "b"]}}});
        let mut operation = json!({"responses": {"200":
            {"description": "", "content": {"application/json": {"schema": result}}}}});
        if !id.is_empty() {
            operation["operationId"] = json!(id);
        }
        let item = paths.entry(path).or_insert_with(|| {
            json!({"parameters": [{"name": "size", "in": "query", "schema": {"type": "string", "enum": ["s", "l"]}}]})
        });
        item[method.to_lowercase()] = operation;
    }
    json!({"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": paths}).to_string()
}

fn generated(operations: &[(&str, &str)], lock: Option<&str>) -> (Output, Vec<String>) {
    let text = document(operations);
    let mut inputs = Inputs::new(Source { name: "d.json", text: &text });
    if let Some(text) = lock {
        inputs = inputs.lock(Source { name: "l.json", text });
    }
    let generated = generate(&inputs, &Config::default());
    let codes = generated.diagnostics.iter().map(|it| it.code.id.to_owned()).collect();
    (generated.output.unwrap(), codes)
}

/// The names of the methods by the keys of their operations, as the lock has them.
fn names(output: &Output) -> BTreeMap<String, String> {
    let lock: Value = serde_json::from_str(&output.lock.to_string()).unwrap();
    let operations = lock["operations"].as_object().unwrap().iter();
    operations.map(|(key, entry)| (key.clone(), entry["name"].as_str().unwrap().to_owned())).collect()
}

/// The names of what is at some keys after a document has become another one.
#[track_caller]
fn assert_named(before: &[(&str, &str)], after: &[(&str, &str)], expected: &[(&str, &str)]) {
    let (first, _) = generated(before, None);
    for turned in [false, true] {
        let mut after = after.to_vec();
        if turned {
            after.reverse();
        }
        let (second, codes) = generated(&after, Some(&first.lock.to_string()));
        let named = names(&second);
        for (key, name) in expected {
            assert_eq!(named.get(*key).map(String::as_str), Some(*name), "{key}: {named:#?} {codes:?}");
        }
        // The new lock says the same, without following.
        let (third, codes) = generated(&after, Some(&second.lock.to_string()));
        assert_eq!(third.lock.to_string(), second.lock.to_string());
        assert!(!codes.iter().any(|code| code == "lock-followed"), "{codes:?}");
        assert!(third.lock_moves.is_empty());
    }
}

#[test]
fn a_path_that_moves_takes_its_names_along() {
    let before = [("GET /v1/pets", "listPets"), ("POST /v1/pets", "createPet"), ("GET /v1/pets/{id}", "")];
    let after = [("GET /v2/pets", "listPets"), ("POST /v2/pets", "createPet"), ("GET /v2/pets/{id}", "")];
    let (first, _) = generated(&before, None);
    let named = first.lock.to_string().replace("\"list_pets\"", "\"pets_please\"").replace("ListPetsSize", "HowLarge");
    let (second, codes) = generated(&after, Some(&named));
    assert_eq!(codes.iter().filter(|code| *code == "lock-followed").count(), 2, "{codes:?}");
    assert_eq!(names(&second)["GET /v2/pets"], "pets_please");
    assert_eq!(second.lock_moves["GET /v1/pets"], "GET /v2/pets");
    let lock = second.lock.to_string();
    // The types inside the operation, and those of the parameters that the path shares, are the same ones again.
    for (key, name) in [
        ("/paths/~1v2~1pets/parameters/0/schema", "HowLarge"),
        ("/paths/~1v2~1pets/get/responses/200/content/application~1json/schema", "ListPetsResponse"),
    ] {
        let entry: Value = serde_json::from_str::<Value>(&lock).unwrap()["types"][key].clone();
        assert_eq!(entry["name"], name, "{lock}");
    }
    // An operation without an id is another one; its name stays reserved.
    assert!(lock.contains("\"GET /v1/pets/{id}\"") && !lock.contains("\"GET /v1/pets\""), "{lock}");
    assert_ne!(names(&second)["GET /v1/pets/{id}"], names(&second)["GET /v2/pets/{id}"]);
}

#[test]
fn a_method_that_moves_takes_its_names_along() {
    let before = [("POST /search", "search"), ("GET /all", "all")];
    assert_named(&before, &[("GET /search", "search"), ("GET /all", "all")], &[("GET /search", "search")]);
}

#[test]
fn what_stays_in_its_place_keeps_its_name_whatever_its_id() {
    let before = [("GET /a", "first"), ("GET /b", "second")];
    assert_named(&before, &[("GET /a", "other"), ("GET /b", "second")], &[("GET /a", "first")]);
    // The ids are swapped: the places count, and the finding `lock-swapped` tells of it.
    let swapped = [("GET /a", "second"), ("GET /b", "first")];
    assert_named(&before, &swapped, &[("GET /a", "first"), ("GET /b", "second")]);
    let (first, _) = generated(&before, None);
    let (_, codes) = generated(&swapped, Some(&first.lock.to_string()));
    assert!(codes.iter().any(|code| code == "lock-swapped"), "{codes:?}");
    // The id has moved to a new place, but the old one is still there.
    let (second, _) = generated(&[("GET /a", "x"), ("GET /c", "first")], Some(&first.lock.to_string()));
    assert_eq!(names(&second)["GET /a"], "first");
    assert_ne!(names(&second)["GET /c"], "first");
}

#[test]
fn the_last_id_is_the_one_that_counts() {
    let (first, _) = generated(&[("GET /a", "first")], None);
    let (second, _) = generated(&[("GET /a", "renamed")], Some(&first.lock.to_string()));
    let (third, _) = generated(&[("GET /b", "renamed")], Some(&second.lock.to_string()));
    assert_eq!(names(&third), BTreeMap::from([("GET /b".to_owned(), "first".to_owned())]));
}

#[test]
fn ids_of_several_operations_are_followed_only_where_they_are_told_apart() {
    let before = [("GET /v1/keys", "keys"), ("PUT /v1/keys", "keys")];
    let after = [("GET /v2/keys", "keys"), ("PUT /v2/keys", "keys")];
    assert_named(&before, &after, &[("GET /v2/keys", "get_keys"), ("PUT /v2/keys", "put_keys")]);
    // One of them has not moved.
    let after = [("GET /v1/keys", "keys"), ("PUT /v2/keys", "keys")];
    assert_named(&before, &after, &[("GET /v1/keys", "get_keys"), ("PUT /v2/keys", "put_keys")]);
    // Either could be the one that is gone.
    let before = [("GET /a", "same")];
    let (first, _) = generated(&before, None);
    let (second, _) = generated(&[("GET /b", "same"), ("GET /c", "same")], Some(&first.lock.to_string()));
    let named = names(&second);
    assert_eq!(named["GET /a"], "same");
    assert!(named["GET /b"] != "same" && named["GET /c"] != "same", "{named:?}");
}

#[test]
fn a_place_that_is_used_again_does_not_get_the_name_that_has_left_it() {
    let (first, _) = generated(&[("GET /v1/pets", "listPets")], None);
    let (second, _) = generated(&[("GET /v2/pets", "listPets")], Some(&first.lock.to_string()));
    let both = [("GET /v1/pets", "listPets"), ("GET /v2/pets", "listPets")];
    let (third, _) = generated(&both, Some(&second.lock.to_string()));
    assert_eq!(names(&third)["GET /v2/pets"], "list_pets");
    assert_ne!(names(&third)["GET /v1/pets"], "list_pets");
    // It moves back.
    let (back, _) = generated(&[("GET /v1/pets", "listPets")], Some(&second.lock.to_string()));
    assert_eq!(names(&back), BTreeMap::from([("GET /v1/pets".to_owned(), "list_pets".to_owned())]));
}

#[test]
fn older_locks_are_read_and_get_the_ids() {
    let operations = [("GET /a", "first")];
    let (first, _) = generated(&operations, None);
    let older: String = first.lock.to_string().lines().filter(|line| !line.contains("\"id\"")).collect();
    let (second, _) = generated(&operations, Some(&older));
    assert_eq!(second.lock.to_string(), first.lock.to_string());
    // Without an id, nothing says that this is the same operation.
    let (moved, _) = generated(&[("GET /b", "first")], Some(&older));
    assert_ne!(names(&moved)["GET /b"], "first");
}

/// Types of one schema, and variants of one schema, each have an entry of their own.
#[test]
fn a_second_generation_records_the_same_names() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/cases");
    let mut tried = 0;
    for case in std::fs::read_dir(cases).unwrap() {
        let path = case.unwrap().path().join("openapi.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let inputs = || Inputs::new(Source { name: "openapi.yaml", text: &text });
        let Some(first) = generate(&inputs(), &Config::default()).output else { continue };
        let lock = first.lock.to_string();
        let with_lock = inputs().lock(Source { name: "lock.json", text: &lock });
        let second = generate(&with_lock, &Config::default()).output.unwrap();
        assert_eq!(second.lock.to_string(), lock, "{}", path.display());
        tried += 1;
    }
    assert!(tried > 200, "{tried} cases");
}
