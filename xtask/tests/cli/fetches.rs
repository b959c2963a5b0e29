//! What a fetch writes and says.

use serde_json::{Value, json};

use crate::{
    refusals::gzip,
    server::{Reply, Server},
    support::{Root, snapshot},
};

/// The snapshot with an operation more, an input that is no longer required and a summary reworded.
fn changed() -> Value {
    let mut document = snapshot();
    let usage = document["paths"]["/v1/usage"].clone();
    document["paths"]["/v1/audiences"] =
        json!({"get": {"summary": "Retrieve audiences", "responses": usage["get"]["responses"]}});
    let apply = &mut document["paths"]["/v1/styles/style_id/apply"]["post"]["requestBody"]["content"];
    apply["application/json"]["schema"]["properties"]["content"].as_object_mut().unwrap().remove("required");
    document["paths"]["/v1/command"]["post"]["summary"] = json!("Run a command");
    document
}

#[test]
fn a_changed_document_is_taken_over_and_reported() {
    let root = Root::new("changed");
    let lock: Value = serde_json::from_str(&root.read("spec/jasper.lock.json")).unwrap();
    // On one line, as servers send it; kept indented.
    let server = Server::start(&[(
        "/jasper/openapi",
        Reply::new("200 OK", &[("etag", "\"v2\"")], changed().to_string().as_bytes()),
    )]);
    let run = root.run(&["fetch", "--backend", &server.url]);
    assert_eq!(run.status, 0, "{run:?}");

    let written = root.read("spec/jasper.openapi.json");
    assert_eq!(written, serde_json::to_string_pretty(&changed()).unwrap() + "\n");
    let provenance = root.provenance();
    assert_eq!(provenance["source"], format!("{}/jasper/openapi", server.url));
    assert_eq!(provenance["method"], "cargo xtask fetch");
    assert_eq!(provenance["etag"], "\"v2\"");
    assert_eq!(provenance["repairs"]["repair-info"], 2);
    assert_eq!(provenance["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(provenance["retrieved"].as_str().unwrap().len(), 10);

    let extended: Value = serde_json::from_str(&root.read("spec/jasper.lock.json")).unwrap();
    assert_eq!(extended["operations"]["GET /v1/audiences"]["name"], "retrieve_audiences");
    for (key, recorded) in lock["operations"].as_object().unwrap() {
        assert_eq!(&extended["operations"][key], recorded);
    }

    for said in [
        "# `spec/jasper.openapi.json` to `",
        "\nVersion: major, because of `Client::apply_style(content)` (input-optional).\n",
        "\n20 operations (were 19). Changes: 1 source, 0 behaviour, 0 lint, 1 adds, 1 docs.\n",
        "- **`Client::apply_style(content)`** (input-optional): Upstream no longer requires the body property `content` of \
         `POST /v1/styles/{style_id}/apply`.\n\n  ```diff\n  - client.apply_style(\"style_id\", \"content\").await?\n  \
         + client.apply_style(\"style_id\").content(\"content\").await?\n",
        "- **`Client::retrieve_audiences`** (operation-added): Upstream added `GET /v1/audiences`.\n",
        "- **`Client::run_command`** (docs-changed): ",
    ] {
        assert!(run.stdout.contains(said), "{said}\n{}", run.stdout);
    }
    assert!(
        run.stderr.contains(
            "wrote spec/jasper.openapi.json\nwrote spec/jasper.lock.json\nwrote spec/jasper.provenance.json\n"
        )
    );
    assert!(!run.stderr.contains('\u{1b}'), "no progress and no colours where there is no terminal");
}

#[test]
fn the_changes_are_told_to_machines() {
    let root = Root::new("changed-json");
    root.write("new.json", &changed().to_string());
    let run = root.run(&[
        "fetch",
        "--from",
        "new.json",
        "--url",
        "https://u:p@example.com/x?token=1",
        "--message-format",
        "json",
    ]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.codes(), ["input-optional"]);
    let added = run.json().into_iter().find(|finding| finding["code"] == "operation-added").unwrap();
    assert_eq!(added["pointer"], "/paths/~1v1~1audiences/get");
    assert_eq!(root.provenance()["source"], "https://example.com/x");
    assert_eq!(root.provenance()["method"], "cargo xtask fetch --from");
}

#[test]
fn the_second_address_is_asked_where_the_first_has_no_document() {
    let root = Root::new("fallback");
    let server = Server::start(&[("/jasper/definition", Reply::json(&changed().to_string()))]);
    let run = root.run(&["fetch", "--backend", &server.url]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("the server answered 404 Not Found instead of 200 OK; asking the next address"));
    assert_eq!(root.provenance()["source"], format!("{}/jasper/definition", server.url));

    let page = Reply::new("200 OK", &[("content-type", "text/html")], b"<html></html>");
    let server =
        Server::start(&[("/jasper/openapi", page), ("/jasper/definition", Reply::json(&changed().to_string()))]);
    assert_eq!(root.run(&["fetch", "--backend", &server.url]).status, 0);
}

#[test]
fn what_is_current_is_not_sent_and_not_written_again() {
    let root = Root::new("not-modified");
    let reply = Reply::new("200 OK", &[("etag", "\"v2\"")], changed().to_string().as_bytes());
    let server = Server::start(&[("/doc", reply)]);
    let address = format!("{}/doc?api_token=at_secret", server.url);
    assert_eq!(root.run(&["fetch", "--url", &address]).status, 0);
    let written = root.files();

    // The same again: nothing is written, not even the date.
    let run = root.run(&["fetch", "--url", &address]);
    assert_eq!((run.status, root.files()), (0, written.clone()));
    assert!(run.stderr.contains("nothing has changed upstream"), "{run:?}");
    assert!(server.requests()[1].contains("\r\nif-none-match: \"v2\"\r\n"));
    assert!(server.requests()[1].contains("accept-encoding: gzip"));

    let unchanged = Server::start(&[("/doc", Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()))]);
    let mut provenance = root.provenance();
    provenance["source"] = json!(format!("{}/doc", unchanged.url));
    root.write("spec/jasper.provenance.json", &(serde_json::to_string_pretty(&provenance).unwrap() + "\n"));
    let written = root.files();
    let run = root.run(&["fetch", "--url", &format!("{}/doc", unchanged.url)]);
    assert_eq!((run.status, root.files()), (0, written));
    assert!(run.stderr.contains("not modified upstream"), "{run:?}");

    // A snapshot that is not the one that the tag came with is fetched whole.
    root.write("spec/jasper.openapi.json", &snapshot().to_string());
    assert_eq!(root.run(&["fetch", "--url", &format!("{}/doc", unchanged.url)]).status, 3);
    assert!(!unchanged.requests()[1].contains("if-none-match"));
}

#[test]
fn packed_answers_and_redirects_are_followed() {
    let root = Root::new("gzip");
    let packed = Reply::new("200 OK", &[("content-encoding", "gzip")], &gzip(changed().to_string().as_bytes()));
    let moved = Reply::new("301 Moved Permanently", &[("location", "/new")], b"");
    let server = Server::start(&[("/old", moved), ("/new", packed)]);
    let run = root.run(&["fetch", "--url", &format!("{}/old?api_token=at_secret", server.url)]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(root.provenance()["source"], format!("{}/old", server.url));
    assert_eq!(root.provenance()["redirected"], format!("{}/new", server.url));
    assert!(!server.requests()[1].contains("at_secret"), "the token stays with the address it was given for");
}

#[test]
fn a_new_provider_begins_without_overlay() {
    let root = Root::new("new-provider");
    root.write("notion.json", &snapshot().to_string().replace("/jasper\"", "/notion\""));
    let run = root.run(&["fetch", "--provider", "notion", "--from", "notion.json"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.ends_with("\n19 operations (were 0). This is the first snapshot.\n"), "{}", run.stdout);
    assert!(root.0.join("spec/notion.lock.json").exists() && root.0.join("spec/notion.provenance.json").exists());
    assert!(!root.0.join("spec/notion.overlay.yaml").exists());
    let check = root.run(&["check", "--skip-golden"]);
    assert_eq!(check.status, 0, "{check:?}");
    assert!(check.stderr.contains("notion: snapshot, overlay, lock and provenance agree"), "{check:?}");
}

/// The snapshot with the usage of the API in a file of its own, and the text of that file.
fn of_two_files() -> (Value, String) {
    let mut document = snapshot();
    let usage = std::mem::replace(&mut document["paths"]["/v1/usage"], json!({"$ref": "parts/usage.json"}));
    (document, usage.to_string())
}

#[test]
fn a_document_of_many_files_becomes_one_snapshot() {
    let root = Root::new("many-files");
    let (document, usage) = of_two_files();
    root.write("upstream/openapi.json", &document.to_string());
    root.write("upstream/parts/usage.json", &usage);
    let run = root.run(&["fetch", "--from", &root.0.join("upstream/openapi.json").display().to_string()]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(root.read("spec/jasper.openapi.json"), serde_json::to_string_pretty(&snapshot()).unwrap() + "\n");
    let parts = root.provenance()["parts"].clone();
    assert_eq!(parts.as_object().unwrap().keys().collect::<Vec<_>>(), ["parts/usage.json"]);
    assert_eq!(parts["parts/usage.json"].as_str().unwrap().len(), 64);
}

#[test]
fn files_in_the_network_are_read_only_on_request() {
    let root = Root::new("many-addresses");
    let (document, usage) = of_two_files();
    let server = Server::start(&[
        ("/jasper/openapi", Reply::new("200 OK", &[("etag", "\"v2\"")], document.to_string().as_bytes())),
        ("/jasper/parts/usage.json", Reply::new("200 OK", &[], usage.as_bytes())),
    ]);
    let refused = root.run(&["fetch", "--backend", &server.url]);
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(refused.stderr.contains(&format!("{}/jasper/parts/usage.json is not read", server.url)), "{refused:?}");
    assert!(refused.stderr.contains("--fetch-refs") && refused.stderr.contains("no file was changed"), "{refused:?}");

    let run = root.run(&["fetch", "--backend", &server.url, "--fetch-refs"]);
    assert_eq!(run.status, 0, "{run:?}");
    let provenance = root.provenance();
    let place = format!("{}/jasper/parts/usage.json", server.url);
    assert_eq!(provenance["parts"].as_object().unwrap().keys().collect::<Vec<_>>(), [&place]);
    // Another file can change without the document.
    assert_eq!(provenance["etag"], Value::Null);
}
