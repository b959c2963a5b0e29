//! `lock` on any document: names that follow their operations, and names of an existing client.

use serde_json::Value;

use crate::support::Root;

const LOCK: [&str; 5] = ["lock", "--spec", "pets.json", "--lock", "pets.lock.json"];

fn document(path: &str, id: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.0", "info": {{"title": "Pets", "version": "1"}}, "servers": [{{"url": "https://pets.example"}}],
        "paths": {{"{path}": {{"get": {{"operationId": "{id}", "responses": {{"200": {{"description": "", "content":
        {{"application/json": {{"schema": {{"type": "object", "properties": {{"n": {{"type": "string"}}}}}}}}}}}}}}}}}}}}}}"#
    )
}

fn lock(root: &Root) -> Value {
    serde_json::from_str(&root.read("pets.lock.json")).unwrap()
}

#[test]
fn the_lock_of_a_document_follows_an_operation_that_moves() {
    let root = Root::new("lock-follows");
    root.write("pets.json", &document("/v1/pets", "listPets"));
    let run = root.run(&LOCK);
    assert_eq!(run.status, 0, "{run:?}");
    let before = lock(&root);
    root.write("pets.json", &document("/v2/pets", "listPets"));
    assert_eq!(root.run(&[&LOCK[..], &["--check"]].concat()).status, 1);
    let run = root.run(&[&LOCK[..], &["--notes"]].concat());
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("note[lock-followed]"), "{run:?}");
    let after = lock(&root);
    assert_eq!(after["operations"]["GET /v2/pets"], before["operations"]["GET /v1/pets"]);
    assert_eq!(after["operations"].as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(root.run(&[&LOCK[..], &["--check"]].concat()).status, 0);
    // The same place may have another id; the name stays.
    root.write("pets.json", &document("/v2/pets", "getPets"));
    assert_eq!(root.run(&LOCK).status, 0);
    let renamed = lock(&root);
    let entry = &renamed["operations"]["GET /v2/pets"];
    assert_eq!((entry["name"].as_str(), entry["id"].as_str()), (Some("list_pets"), Some("getPets")));
}

#[test]
fn the_lock_takes_over_the_names_of_an_existing_client() {
    let root = Root::new("lock-from-surface");
    root.write("pets.json", &document("/v1/pets", "PetsController_findAll"));
    root.write(
        "surface.txt",
        "pub async fn old::Client::pets_controller_find_all(&self)\npub fn old::Client::gone(&self)\n",
    );
    let run = root.run(&[&LOCK[..], &["--from-surface", "surface.txt", "--message-format", "json"]].concat());
    assert_eq!((run.status, run.codes()), (0, vec!["surface-unmatched".to_owned()]), "{run:?}");
    assert_eq!(lock(&root)["operations"]["GET /v1/pets"]["name"], "pets_controller_find_all");
    // The provider's lock has all names already.
    root.write("surface.txt", "fn client::Client::get_tone(&self)\nGET /v1/tones tones\n");
    let run = root.run(&["lock", "--from-surface", "surface.txt", "--message-format", "json"]);
    assert_eq!((run.status, run.codes()), (0, vec!["surface-unmatched".to_owned()]), "{run:?}");
    assert!(run.stdout.contains("the lock records `list_tones` for `GET /v1/tones`, not `tones`"), "{run:?}");
    assert_eq!(root.run(&["lock", "--check"]).status, 0);
    // Both options belong together.
    assert_eq!(root.run(&["lock", "--spec", "pets.json"]).status, 2);
    assert_eq!(root.run(&["lock", "--lock", "pets.lock.json"]).status, 2);
    assert_eq!(root.run(&["lock", "--from-surface", "nowhere.txt"]).status, 3);
}
