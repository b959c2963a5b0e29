//! Who gets the token is pinned: a document that changes it is refused, until the change is accepted by name.

use serde_json::{Value, json};

use crate::support::{Root, Run, runtime, snapshot};

/// Fetches the committed document with a change, and what it was before.
fn fetch(name: &str, change: impl Fn(&mut Value), options: &[&str]) -> (Root, Run) {
    let root = Root::new(name);
    let mut document = snapshot();
    change(&mut document);
    root.write("new.json", &document.to_string());
    let before = root.files();
    let arguments: Vec<&str> = ["fetch", "--from", "new.json"].iter().chain(options).copied().collect();
    let run = root.run(&arguments);
    if run.status != 0 {
        assert_eq!(root.files(), before, "a refusal leaves every file as it was");
    }
    (root, run)
}

#[test]
fn another_server_is_refused() {
    for (name, url, code, shown) in [
        ("pin-backslash", "https://evil.example\\.lowcodeapi.com", "origin-changed", "`https://evil.example`"),
        ("pin-user", "https://api.lowcodeapi.com@evil.example/jasper", "origin-changed", "@evil.example`"),
        ("pin-http", "http://api.lowcodeapi.com/jasper", "origin-changed", "`http://api.lowcodeapi.com`"),
        ("pin-port", "https://api.lowcodeapi.com:8443/jasper", "origin-changed", "`https://api.lowcodeapi.com:8443`"),
        ("pin-host", "https://evil.example/jasper", "origin-changed", "`https://evil.example`"),
        ("pin-relative", "/jasper", "origin-changed", "no server"),
        ("pin-path", "https://api.lowcodeapi.com/notion", "base-path-changed", "`https://api.lowcodeapi.com/notion`"),
    ] {
        let (_, run) = fetch(name, |document| document["servers"][0]["url"] = url.into(), &[]);
        assert_eq!(run.status, 1, "{url}: {run:?}");
        for said in [&format!("error[{code}]"), shown, "`https://api.lowcodeapi.com", "; no file was changed"] {
            assert!(run.stderr.contains(said), "{url}: {said}\n{}", run.stderr);
        }
    }
}

#[test]
fn a_server_is_accepted_by_its_name() {
    let moved = |document: &mut Value| document["servers"][0]["url"] = "https://eu.lowcodeapi.com/jasper".into();
    let (_, run) = fetch("pin-other-name", moved, &["--accept-origin", "https://us.lowcodeapi.com"]);
    assert!(run.status == 1 && run.stderr.contains("--accept-origin https://eu.lowcodeapi.com"), "{run:?}");

    let (root, run) = fetch("pin-accepted", moved, &["--accept-origin", "https://eu.lowcodeapi.com"]);
    assert!(run.status == 0 && run.stderr.contains("warning[connection-accepted]"), "{run:?}");
    let lock: Value = serde_json::from_str(&root.read("spec/jasper.lock.json")).unwrap();
    assert_eq!(lock["connection"]["servers"], json!(["https://eu.lowcodeapi.com/jasper"]));
    // What was accepted once holds.
    assert_eq!(root.run(&["check", "--skip-golden"]).status, 0);

    let (_, run) = fetch("pin-any", moved, &["--accept-origin"]);
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn a_credential_that_moves_is_refused() {
    let schemes = "/components/securitySchemes";
    let moved = |document: &mut Value| {
        let scheme = document.pointer_mut(schemes).unwrap();
        scheme["ApiToken"] = json!({"type": "apiKey", "in": "header", "name": "X-Debug"});
    };
    let (_, run) = fetch("pin-moved", moved, &[]);
    assert!(run.status == 1 && run.stderr.contains("error[credential-changed]"), "{run:?}");
    assert!(run.stderr.contains("`header x-debug`") && run.stderr.contains("`query api_token`"), "{run:?}");
    assert_eq!(fetch("pin-moved-accepted", moved, &["--accept-credential", "ApiToken"]).1.status, 0);

    let added = |document: &mut Value| {
        document.pointer_mut(schemes).unwrap()["Second"] = json!({"type": "http", "scheme": "bearer"});
        document.pointer_mut("/paths/~1v1~1tones/get").unwrap()["security"] = json!([{"ApiToken": [], "Second": []}]);
    };
    let (_, run) = fetch("pin-added", added, &[]);
    assert!(run.status == 1 && run.stderr.contains("the credential of `Second` would be sent as `bearer`"), "{run:?}");

    // Under another name in the same place it is the same credential.
    let renamed = |document: &mut Value| {
        document["components"]["securitySchemes"] =
            json!({"Key": {"type": "apiKey", "in": "query", "name": "api_token"}});
        document["security"] = json!([{"Key": []}]);
    };
    let (_, run) = fetch("pin-renamed", renamed, &[]);
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn a_lock_that_pins_nothing_yet_does_not_let_a_change_through() {
    let root = Root::new("pin-old-lock");
    let mut lock: Value = serde_json::from_str(&root.read("spec/jasper.lock.json")).unwrap();
    lock.as_object_mut().unwrap().remove("connection");
    root.write("spec/jasper.lock.json", &lock.to_string());
    let mut document = snapshot();
    document["servers"][0]["url"] = "https://evil.example/jasper".into();
    root.write("new.json", &document.to_string());
    let run = root.run(&["fetch", "--from", "new.json"]);
    assert!(run.status == 1 && run.stderr.contains("error[origin-changed]"), "{run:?}");
}

#[test]
fn upstream_cannot_redirect_an_operation() {
    let redirected = |document: &mut Value| {
        let operation = document.pointer_mut("/paths/~1v1~1tones/get").unwrap();
        operation["x-old-path"] = "/../notion/v1/users".into();
        operation["x-path-template"] = "/../notion/v1/users".into();
        operation["servers"] = json!([{"url": "https://evil.example"}]);
    };
    let (_, run) = fetch("pin-operation", redirected, &[]);
    assert!(run.status == 0 && run.stdout.contains("\nVersion: none.\n"), "{run:?}");
    assert_eq!(run.stderr.matches("warning[extension-withheld]").count(), 2, "{run:?}");
    assert!(run.stderr.contains("`servers` of an operation are ignored"), "{run:?}");
}

#[test]
fn variables_begin_with_the_name_of_the_crate() {
    let document = |title: &str| {
        json!({"openapi": "3.0.0", "info": {"title": title, "version": "1"}, "servers": [{"url": "https://a.example"}],
            "security": [{"key": []}], "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "paths": {"/a": {"get": {"operationId": "a", "responses": {"204": {"description": "Done."}}}}}})
        .to_string()
    };
    let root = Root::new("variables");
    let client = |root: &Root, out: &str| root.read(&format!("{out}/src/client.rs"));
    root.write("cargo.json", &document("Cargo registry"));
    let runtime = runtime();
    let generate = |out: &str, more: &[&str]| {
        let fixed = ["generate", "--spec", "cargo.json", "--out", out, "--runtime", &runtime];
        root.run(&fixed.iter().chain(more).copied().collect::<Vec<_>>())
    };
    assert_eq!(generate("derived", &[]).status, 0);
    assert!(client(&root, "derived").contains("\"API_CARGO_REGISTRY_CLIENT_TOKEN\""));

    assert_eq!(generate("named", &["--name", "my-shop"]).status, 0);
    assert!(client(&root, "named").contains("\"MY_SHOP_TOKEN\""));
    let run = generate("foreign", &["--name", "github"]);
    assert!(run.status == 1 && run.stderr.contains("error[foreign-variable]"), "{run:?}");
    assert!(run.stderr.contains("`GITHUB_TOKEN`"), "{run:?}");

    // The token of the hosted gateway is for the hosted gateway.
    assert_eq!(generate("other-gateway", &["--provider", "notes"]).status, 0);
    assert!(client(&root, "other-gateway").contains("\"LOWCODEAPI_NOTES_TOKEN\""));

    // Another title renames neither the crate nor its variables; another name keeps what the lock has.
    root.write("cargo.json", &document("OpenAI"));
    assert_eq!(generate("named", &[]).status, 0);
    assert!(client(&root, "named").contains("\"MY_SHOP_TOKEN\""));
    let run = generate("named", &["--name", "your-shop"]);
    assert!(run.status == 0 && run.stderr.contains("warning[variables-kept]"), "{run:?}");
    assert!(client(&root, "named").contains("\"MY_SHOP_TOKEN\""));
    assert_eq!(generate("named", &["--name", "your-shop", "--accept-variables"]).status, 0);
    assert!(client(&root, "named").contains("\"YOUR_SHOP_TOKEN\""));

    for (title, name) in [("std", "std-client"), ("lowcodeapi runtime", "lowcodeapi-runtime-client")] {
        root.write("cargo.json", &document(title));
        assert_eq!(generate(title, &[]).status, 0);
        assert!(root.read(&format!("{title}/Cargo.toml")).contains(&format!("name = \"{name}\"")));
        assert_eq!(generate("refused", &["--name", name.trim_end_matches("-client")]).status, 2);
    }
}

#[test]
fn swapped_names_are_told() {
    let root = Root::new("swapped");
    let mut lock: Value = serde_json::from_str(&root.read("spec/jasper.lock.json")).unwrap();
    let operations = lock["operations"].as_object_mut().unwrap();
    let (get, delete) = ("GET /v1/tones/tone_id", "DELETE /v1/tones/tone_id");
    operations[get]["name"] = "delete_tone".into();
    operations[delete]["name"] = "get_tone".into();
    root.write("spec/jasper.lock.json", &lock.to_string());
    let run = root.run(&["check", "--skip-golden"]);
    assert_eq!(run.stderr.matches("warning[lock-swapped]").count(), 2, "{run:?}");
    assert!(run.stderr.contains("spec/jasper.lock.json#/operations/GET ~1v1~1tones~1tone_id"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn files_stay_in_their_folder() {
    use std::{fs, os::unix::fs::symlink};

    let root = Root::new("links");
    fs::create_dir(root.0.join("elsewhere")).unwrap();
    fs::create_dir(root.0.join("out")).unwrap();
    symlink(root.0.join("elsewhere"), root.0.join("out/src")).unwrap();
    let command = ["generate", "--provider", "jasper", "--out", "out", "--runtime", "0.1.0"];
    let run = root.run(&command);
    assert!(run.status == 1 && run.stderr.contains("error[not-a-file]"), "{run:?}");
    assert_eq!(fs::read_dir(root.0.join("elsewhere")).unwrap().count(), 0);

    fs::remove_file(root.0.join("out/src")).unwrap();
    assert_eq!(root.run(&command).status, 0);
    // What is read at every start, a pipe, would never end.
    let made = std::process::Command::new("mkfifo").arg(root.0.join("out/src/pipe.rs")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(root.run(&command).status, 0);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_under_spec_is_not_read() {
    for name in ["spec/jasper.overlay.yaml", "spec/jasper.lock.json"] {
        let root = Root::new("pin-link");
        root.write("elsewhere", &root.read(name));
        std::fs::remove_file(root.0.join(name)).unwrap();
        std::os::unix::fs::symlink(root.0.join("elsewhere"), root.0.join(name)).unwrap();
        root.write("new.json", &snapshot().to_string());
        let run = root.run(&["fetch", "--from", "new.json"]);
        assert!(run.status == 1 && run.stderr.contains("error[not-a-file]"), "{run:?}");
    }
}
