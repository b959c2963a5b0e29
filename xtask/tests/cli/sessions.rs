//! A maintainer's session: a server whose document changes, and a fetch after each change.

use serde_json::{Value, json};

use crate::{
    server::{Reply, Server},
    support::{Root, Run, snapshot},
};

/// A checkout, and the server that it fetches from.
struct Session {
    root: Root,
    server: Server,
}

impl Session {
    fn fetch(&self, reply: Reply) -> Run {
        self.server.set("/doc", reply);
        self.root.run(&["fetch", "--url", &format!("{}/doc", self.server.url)])
    }

    /// Fetches a document, and returns the step of the version and the rules that the report names.
    fn changes(&self, document: &Value) -> (String, Vec<String>) {
        let run = self.fetch(Reply::new("200 OK", &[("etag", "\"a\"")], document.to_string().as_bytes()));
        assert_eq!(run.status, 0, "{run:?}");
        let step = run.stdout.lines().find_map(|line| line.strip_prefix("Version: ")?.split([',', '.']).next());
        let rules = run.stdout.lines().filter_map(|line| {
            let (_, rest) = line.strip_prefix("- **")?.split_once("** (")?;
            rest.split([')', ',']).next()
        });
        (step.unwrap_or_default().to_owned(), rules.map(str::to_owned).collect())
    }

    /// Fetches what is refused, which changes no file.
    fn refused(&self, reply: Reply, said: &str) {
        let before = self.root.files();
        let run = self.fetch(reply);
        assert!(run.status != 0 && run.stderr.contains(said), "{run:?}");
        assert_eq!(self.root.files(), before);
    }
}

fn expected(step: &str, rules: &[&str]) -> (String, Vec<String>) {
    (step.to_owned(), rules.iter().map(|rule| (*rule).to_owned()).collect())
}

#[test]
fn each_change_upstream_is_told_once() {
    let session = Session { root: Root::new("session"), server: Server::start(&[]) };
    let mut document = snapshot();
    document["paths"]["/v1/command"]["post"]["summary"] = json!("Run a command");
    assert_eq!(session.changes(&document), expected("patch", &["docs-changed"]));
    let current = session.fetch(Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()));
    assert!(current.status == 0 && current.stderr.contains("not modified upstream"), "{current:?}");

    let states = |values: &[&str]| {
        let state = json!({"type": "string", "enum": values});
        let state = json!({"type": "object", "properties": {"state": state}});
        let responses = json!({"200": {"description": "It.", "content": {"application/json": {"schema": state}}}});
        json!({"get": {"summary": "Retrieve audiences", "responses": responses}})
    };
    document["paths"]["/v1/audiences"] = states(&["new", "old"]);
    assert_eq!(session.changes(&document), expected("minor", &["operation-added"]));
    document["paths"]["/v1/audiences"] = states(&["new", "old", "ripe"]);
    assert_eq!(session.changes(&document), expected("minor", &["variant-added"]));
    document["paths"]["/v1/audiences"] = states(&["new", "ripe"]);
    assert_eq!(session.changes(&document), expected("major", &["variant-removed"]));

    let page = b"<!doctype html><title>Sign in</title>";
    session.refused(Reply::new("200 OK", &[("content-type", "text/html")], page), "the response is a web page");
    let text = document.to_string();
    session.refused(Reply::json(&text[..text.len() / 2]), "the document is truncated");

    document["paths"].as_object_mut().unwrap().remove("/v1/audiences");
    assert_eq!(session.changes(&document), expected("major", &["operation-removed"]));
    let check = session.root.run(&["check", "--skip-golden"]);
    assert_eq!(check.status, 0, "{check:?}");
}
