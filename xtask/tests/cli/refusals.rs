//! A defective document is refused with its reason, and no file is changed.

use std::{fs, io::Write};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use crate::{
    server::{Reply, Server},
    support::{Root, Run, snapshot},
};

/// Fetches from a server that gives this reply, twice: for people, whose words are returned, and for machines.
fn refused(test: &str, reply: Reply, options: &[&str], status: i32, code: &str) -> String {
    let root = Root::new(test);
    let server = Server::start(&[("/doc", reply)]);
    let before = root.files();
    let address = format!("{}/doc?api_token=at_secret", server.url);
    let run = |format: &str| -> Run {
        root.run(&[&["fetch", "--url", &address, "--message-format", format], options].concat())
    };
    let (people, machines) = (run("human"), run("json"));
    assert_eq!(root.files(), before);
    assert_eq!((people.status, machines.status), (status, status), "{people:?}");
    assert_eq!(machines.codes().last().map(String::as_str), Some(code), "{machines:?}");
    assert!(people.stdout.is_empty(), "{people:?}");
    for text in [&people.stderr, &machines.stdout, &machines.stderr] {
        assert!(!text.contains("at_secret"), "{text}");
    }
    people.stderr
}

#[test]
fn a_status_other_than_200() {
    let reply = Reply::new("503 Service Unavailable", &[], b"later");
    let said = refused("status", reply, &[], 3, "refused-status");
    assert!(said.contains("the server answered 503 Service Unavailable instead of 200 OK"), "{said}");
}

#[test]
fn a_web_page() {
    let page = b"<!doctype html><title>Sign in</title>";
    let said = refused("html", Reply::new("200 OK", &[("content-type", "text/html")], page), &[], 1, "refused-html");
    assert!(said.contains("the response is a web page, not a document; no file was changed"), "{said}");
}

#[test]
fn a_document_whose_aliases_stand_for_more_than_it_may_have() {
    let (items, aliases) = (vec!["1"; 5000].join(","), vec!["*a"; 5000].join(","));
    let text = format!("openapi: 3.0.3\npaths: {{/a: {{get: {{}}}}}}\nx: &a [{items}]\ny: [{aliases}]\n");
    let said = refused("aliases", Reply::new("200 OK", &[], text.as_bytes()), &[], 1, "refused-not-openapi");
    assert!(said.contains("error[expansion]: aliases expand the document to"), "{said}");
}

#[test]
fn a_document_that_ends_in_the_middle() {
    let text = snapshot().to_string();
    let said = refused("cut-json", Reply::json(&text[..text.len() / 2]), &[], 1, "refused-truncated");
    assert!(said.contains("the document is truncated: it ends at line"), "{said}");
}

#[test]
fn a_connection_that_ends_in_the_middle() {
    let text = snapshot().to_string();
    let length = (text.len() + 1).to_string();
    let reply = Reply::new("200 OK", &[("content-length", &length)], text.as_bytes());
    let said = refused("cut-connection", reply, &[], 3, "refused-truncated");
    assert!(said.contains("the response is truncated or damaged"), "{said}");
}

#[test]
fn a_packed_answer_that_ends_in_the_middle() {
    let packed = gzip(snapshot().to_string().as_bytes());
    let reply = Reply::new("200 OK", &[("content-encoding", "gzip")], &packed[..packed.len() / 2]);
    refused("cut-gzip", reply, &[], 3, "refused-truncated");
}

#[test]
fn json_that_is_not_openapi() {
    let said = refused("not-openapi", Reply::json("{\"message\": \"ok\"}"), &[], 1, "refused-not-openapi");
    assert!(said.contains("the document is not OpenAPI: `openapi` is missing at the root"), "{said}");
}

#[test]
fn a_document_without_operations() {
    let mut document = snapshot();
    document["paths"] = json!({"/v1/command": {"summary": "none"}});
    let said = refused("no-operations", Reply::json(&document.to_string()), &[], 1, "refused-no-operations");
    assert!(said.contains("the document has no operations"), "{said}");
}

#[test]
fn a_document_that_lost_more_than_a_third() {
    let mut document = snapshot();
    let paths = document["paths"].as_object_mut().unwrap();
    for path in ["/v1/knowledge", "/v1/knowledge/knowledge_id", "/v1/tones/tone_id"] {
        paths.remove(path);
    }
    let said = refused("shrunk", Reply::json(&document.to_string()), &[], 1, "refused-shrunk");
    assert!(said.contains("the document lacks 8 of 19 operations: "), "{said}");
    assert!(said.contains("= help: if upstream removed them, run the command with --force"), "{said}");
    // With `--force` it is the overlay that no longer fits.
    let reply = Reply::json(&document.to_string());
    refused("shrunk-forced", reply, &["--force"], 1, "refused-not-generating");
}

#[test]
fn a_document_that_no_longer_generates() {
    let mut document = snapshot();
    let tones = document["paths"].as_object_mut().unwrap().remove("/v1/tones").unwrap();
    document["paths"]["/v2/tones"] = tones;
    let said = refused("not-generating", Reply::json(&document.to_string()), &[], 1, "refused-not-generating");
    assert!(said.contains("error[overlay-unmatched]: `target: $.paths['/v1/tones'].post` matches nothing"), "{said}");
    assert!(said.contains("  --> spec/jasper.overlay.yaml#/actions/"), "{said}");
    assert!(said.contains("no client can be generated from the new document; no file was changed"), "{said}");
}

#[test]
fn a_document_that_is_too_large() {
    let said =
        refused("large", Reply::json(&" ".repeat(1024 * 1024 + 1)), &["--max-size", "1"], 1, "refused-too-large");
    assert!(said.contains("the document is larger than 1 MiB"), "{said}");
    // Small on the wire, large once unpacked.
    let reply = Reply::new("200 OK", &[("content-encoding", "gzip")], &gzip(&vec![b' '; 2 * 1024 * 1024]));
    refused("bomb", reply, &["--max-size", "1"], 1, "refused-too-large");
}

#[test]
fn a_server_that_says_nothing() {
    let said = refused("silent", Reply::Silence, &["--timeout", "1"], 3, "network");
    assert!(said.contains("the server sent no complete response within 1 s, or nothing for 0.25 s"), "{said}");
}

#[test]
fn a_server_that_redirects_for_ever() {
    let said = refused("redirects", Reply::new("302 Found", &[("location", "/doc")], b""), &[], 3, "network");
    assert!(said.contains("the server redirects too often"), "{said}");
}

#[test]
fn a_server_that_is_not_there() {
    let root = Root::new("no-server");
    let before = root.files();
    let run = root.run(&["fetch", "--url", "http://127.0.0.1:9/doc?api_token=at_secret"]);
    assert_eq!((run.status, root.files()), (3, before));
    assert!(run.stderr.contains("error[network]: the request failed"), "{run:?}");
    assert!(!run.stderr.contains("at_secret"), "{run:?}");
}

#[test]
fn a_file_that_is_not_there() {
    let root = Root::new("no-file");
    let run = root.run(&["fetch", "--from", "missing.json"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("error[io]"), "{run:?}");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_leaves_nothing_behind() {
    let root = Root::new("read-only");
    // A folder in the place of the last file: the first two must not be put in place.
    let place = root.0.join("spec/jasper.provenance.json");
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    let mut document = snapshot();
    document["info"]["description"] = json!("new");
    let before = root.files();
    root.write("new.json", &document.to_string());
    let run = root.run(&["fetch", "--from", "new.json"]);
    fs::remove_file(root.0.join("new.json")).unwrap();
    assert_eq!((run.status, root.files()), (3, before));
    assert!(place.is_dir());
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
