//! Calls against a server that answers with given bytes.

use std::{fs, path::Path};

use serde_json::json;

use super::*;
use crate::{
    fixture::server::{Scripted, json, response},
    output::{Look, Shared, Sink},
    settings::Format,
};

/// Calls an operation at a server, and returns what is written to standard output.
async fn called(
    server: &Scripted,
    operation: &str,
    inputs: Value,
    settings: &Settings,
) -> (Result<(), Failure>, Vec<u8>) {
    let inputs = Inputs::from(inputs);
    let is_stream_wanted = wants_stream(&inputs);
    let prepared = with_settings(Api::prepare(&server.client(), operation, inputs).unwrap(), settings);
    let written = Shared::default();
    let printer = Printer::to(Sink::to(written.clone()), Look::plain(80), settings).unwrap();
    let target = match settings.to.as_deref().map(Target::of).transpose() {
        Ok(target) => target,
        Err(failure) => return (Err(failure), Vec::new()),
    };
    let way = choose(prepared.operation(), is_stream_wanted, settings).unwrap();
    let progress = Progress::start("a call", settings);
    let ended = Delivery { printer, target, progress, settings, answered: &|| () }.run(prepared, way).await;
    (ended, written.bytes())
}

async fn printed(server: &Scripted, operation: &str, inputs: Value, settings: &Settings) -> String {
    let (ended, bytes) = called(server, operation, inputs, settings).await;
    ended.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn to(path: &Path) -> Settings {
    Settings { to: Some(path.to_owned()), ..Settings::default() }
}

/// Returns the names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const PNG: &str = "content-type: image/png\r\n";

#[tokio::test]
async fn pages_are_written_until_the_last() {
    let pages = [
        json("200 OK", r#"{"data":[{"id":"a"},{"id":"b"}],"total":3,"size":2}"#),
        json("200 OK", r#"{"data":[{"id":"c"}],"total":3,"size":2}"#),
    ];
    let pages = [pages[0].as_str(), pages[1].as_str()];
    let all = Settings { all: true, ..Settings::default() };
    let lines = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n";
    assert_eq!(printed(&Scripted::new(&pages), "list_notes", json!({}), &all).await, lines);
    let selected = Settings { select: Some(".data[*].id".to_owned()), output: Some(Format::Raw), ..all.clone() };
    assert_eq!(printed(&Scripted::new(&pages), "list_notes", json!({}), &selected).await, "a\nb\nc\n");
    let server = Scripted::new(&pages);
    let table = Settings { output: Some(Format::Table), ..Settings::default() };
    let text = printed(&server, "list_notes", json!({"size": 2}), &table).await;
    assert_eq!(text, "id\na\nb\ntotal: 3  size: 2\n");
    assert_eq!(server.lines(), ["GET /notes?size=2 HTTP/1.1"]);
}

#[tokio::test]
async fn what_arrived_before_an_error_is_written() {
    let page = json("200 OK", r#"{"data":[{"id":"a"}],"total":3,"size":1}"#);
    let server = Scripted::new(&[&page, &json("500 Internal Server Error", "{}")]);
    let all = Settings { all: true, retries: Some(0), ..Settings::default() };
    let (ended, bytes) = called(&server, "list_notes", json!({}), &all).await;
    assert_eq!((ended.unwrap_err().class, bytes.as_slice()), (Class::Server, &b"{\"id\":\"a\"}\n"[..]));
}

#[tokio::test]
async fn messages_are_written_if_the_inputs_ask_for_them() {
    let events = "data: {\"text\":\"one\"}\n\ndata: {\"text\":\"two\"}\n\ndata: [DONE]\n\n";
    let server = Scripted::new(&[&response("200 OK", "content-type: text/event-stream\r\n", events)]);
    let question = json!({"question": {"stream": true}});
    let text = printed(&server, "ask", question.clone(), &Settings::default()).await;
    assert_eq!(text, "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
    let table = Settings { output: Some(Format::Table), ..Settings::default() };
    assert_eq!(printed(&server, "ask", question, &table).await, "one\ntwo\n");
    let whole = Scripted::new(&[&json("200 OK", r#"{"answer":42}"#)]);
    let text = printed(&whole, "ask", json!({"question": {"stream": false}}), &table).await;
    assert_eq!(text, "answer  42\n");
}

#[tokio::test]
async fn text_is_written_as_it_is_and_nothing_is_nothing() {
    let server = Scripted::new(&[&response("200 OK", "content-type: text/plain\r\n", "a\nb")]);
    assert_eq!(printed(&server, "summary", json!({}), &Settings::default()).await, "a\nb");
    let server = Scripted::new(&["HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"]);
    assert_eq!(printed(&server, "delete_note", json!({"note_id": "n"}), &Settings::default()).await, "");
}

#[tokio::test]
async fn a_file_goes_where_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = json!({"file_id": "f"});
    let server = Scripted::new(&[&response("200 OK", PNG, "\u{89}PNG")]);
    let piped = printed(&server, "get_file", file.clone(), &Settings::default()).await;
    let dashed = printed(&server, "get_file", file.clone(), &to(Path::new("-"))).await;
    assert_eq!([piped, dashed], ["\u{89}PNG"; 2]);
    let named = folder.path().join("a.png");
    fs::write(&named, "old").unwrap();
    assert_eq!(printed(&server, "get_file", file.clone(), &to(&named)).await, "");
    assert_eq!(fs::read_to_string(&named).unwrap(), "\u{89}PNG");
    // In a folder, an existing file is never replaced.
    let suggested = format!("{PNG}content-disposition: attachment; filename=\"../a.png\"\r\n");
    let server = Scripted::new(&[&response("200 OK", &suggested, "new")]);
    for _ in 0..2 {
        printed(&server, "get_file", file.clone(), &to(folder.path())).await;
    }
    assert_eq!(names(folder.path()), ["a-2.png", "a-3.png", "a.png"]);
    assert_eq!(fs::read_to_string(&named).unwrap(), "\u{89}PNG");
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("a.png");
    fs::write(&named, "old").unwrap();
    let server = Scripted::new(&["HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 100\r\n\r\npart"]);
    let (ended, _) = called(&server, "get_file", json!({"file_id": "f"}), &to(&named)).await;
    assert_eq!(ended.unwrap_err().class, Class::Network);
    assert_eq!(fs::read_to_string(&named).unwrap(), "old");
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("kept"), "kept").unwrap();
    std::os::unix::fs::symlink(path("kept"), path("link")).unwrap();
    std::os::unix::fs::symlink(path("nowhere"), path("dangling")).unwrap();
    std::os::unix::fs::symlink(folder.path(), path("folder-link")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    let server = Scripted::new(&[&response("200 OK", PNG, "new")]);
    for (target, reason) in [
        (path("link"), "a symbolic link"),
        (path("dangling"), "a symbolic link"),
        (path("folder-link"), "a symbolic link"),
        (path("pipe"), "a named pipe"),
        (path("socket"), "a socket"),
        ("/dev/null".into(), "a device"),
        (path("kept/"), "not a folder"),
        (path("missing/"), "no such folder"),
        (path("missing/a.png"), "its folder does not exist"),
    ] {
        let (ended, _) = called(&server, "get_file", json!({"file_id": "f"}), &to(&target)).await;
        let failure = ended.unwrap_err();
        assert_eq!(failure.class, Class::File, "{failure}");
        assert!(failure.message.contains(reason), "{failure}");
    }
    assert!(server.lines().is_empty());
    assert_eq!(fs::read_to_string(path("kept")).unwrap(), "kept");
    // A folder may be a link: the user has said that it is a folder.
    assert_eq!(Target::of(&path("folder-link/")).unwrap(), Target::Folder(path("folder-link/")));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_appears_during_the_download_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("a.png");
    let mut partial = target::Partial::create(&Target::File(named.clone()), String::new).unwrap().unwrap();
    partial.write(b"new").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &named).unwrap();
    assert!(partial.finish().unwrap_err().message.contains("a symbolic link"));
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[cfg(unix)]
#[test]
fn the_permissions_of_a_file_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("secret.txt");
    fs::write(&named, "old").unwrap();
    fs::set_permissions(&named, fs::Permissions::from_mode(0o600)).unwrap();
    let partial = target::Partial::create(&Target::File(named.clone()), String::new).unwrap().unwrap();
    partial.finish().unwrap();
    assert_eq!(fs::metadata(&named).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_signal_tells_what_may_have_happened() {
    for (effect, stage, may_have_been) in [
        (Effect::Read, SENT, false),
        (Effect::Change, 0, false),
        (Effect::Change, SENT, true),
        (Effect::Delete, ANSWERED, true),
    ] {
        let reached = Stage::default();
        reached.reach(stage);
        let failure = interrupted(Class::Terminated, effect, &reached);
        assert_eq!(failure.may_have_been_processed(), Some(may_have_been), "{failure}");
        assert_eq!(failure.status(), 143);
    }
}
