//! Tests of the inputs as a whole: from the command line to the request.

use std::ffi::OsString;

use lowcodeapi_runtime::catalogue::{Described as _, Inputs};
use serde_json::{Value, json};

use super::gather;
use crate::{
    app::App,
    command::{self, Action, Parsed},
    failure::{Class, Failure},
    fixture::{CATALOGUE, COMMANDS, Client},
};

/// Returns the inputs that the arguments of a command make.
async fn gathered(arguments: &[&str]) -> Result<Inputs, Failure> {
    let line = ["notes"].iter().chain(arguments).map(OsString::from).collect();
    let parsed = command::parse(&App::new(&COMMANDS), &CATALOGUE, line).unwrap();
    let Parsed { settings, action: Action::Call { command, matches } } = parsed else { panic!("no call") };
    gather("notes", command, &matches, &CATALOGUE, &settings, &|upload| upload).await
}

async fn values(arguments: &[&str]) -> Value {
    Value::Object(gathered(arguments).await.unwrap().values().clone())
}

async fn failure(arguments: &[&str]) -> Failure {
    gathered(arguments).await.unwrap_err()
}

const CREATE: [&str; 4] = ["notes", "create", "--title", "A"];

async fn created(options: &[&str]) -> Value {
    values(&[&CREATE, options].concat()).await
}

#[tokio::test]
async fn options_have_types() {
    let created = created(&[
        "--is-pinned",
        "--weight",
        "-1.5",
        "--starts-at",
        "2030-01-31T12:00:00Z",
        "--tags",
        "x",
        "--tags",
        "[1]",
        "--labels",
        "a=1",
        "--labels",
        "b=2",
        "--author.age",
        "36",
        "--author.name",
        "Ada",
        "--extra",
        "[1, two]",
    ]);
    let expected = json!({
        "title": "A", "is_pinned": true, "weight": -1.5, "starts_at": "2030-01-31T12:00:00Z", "tags": ["x", "[1]"],
        "labels": {"a": "1", "b": "2"}, "author": {"age": 36, "name": "Ada"}, "extra": [1, "two"],
    });
    assert_eq!(created.await, expected);
}

#[tokio::test]
async fn booleans_may_be_false_and_lists_empty() {
    let created = created(&["--is-pinned=false", "--tags", "[]"]).await;
    assert_eq!(created, json!({"title": "A", "is_pinned": false, "tags": []}));
}

#[tokio::test]
async fn texts_may_begin_with_a_dash() {
    let list = values(&["notes", "create", "--title", "- milk", "--tags", "--bread"]).await;
    assert_eq!(list, json!({"title": "- milk", "tags": ["--bread"]}));
}

#[tokio::test]
async fn unknown_values_survive() {
    assert_eq!(created(&["--status", "archived"]).await["status"], "archived");
    assert_eq!(values(&["notes", "list", "--sort", "ürgend"]).await, json!({"sort": "ürgend"}));
}

#[tokio::test]
async fn options_override_the_body() {
    let body = r#"{"title": "B", "labels": {"a": "1", "b": "2"}, "author": {"name": "Ada", "age": 1}, "tags": ["x"]}"#;
    let options =
        ["notes", "create", "--body", body, "--labels", "b=3", "--author.age", "2", "--tags", "y", "--title", "A"];
    let expected = json!({
        "title": "A", "labels": {"a": "1", "b": "3"}, "author": {"name": "Ada", "age": 2}, "tags": ["y"],
    });
    assert_eq!(values(&options).await, expected);
    let whole = values(&["notes", "create", "--body", body, "--author", r#"{"name": "Grace"}"#]).await;
    assert_eq!(whole["author"], json!({"name": "Grace"}), "a whole object replaces the one of the body");
}

#[tokio::test]
async fn properties_are_set_in_whole_objects() {
    let created = created(&["--author.age", "2", "--author", "name=Ada"]).await;
    assert_eq!(created["author"], json!({"name": "Ada", "age": 2}));
    let failure = failure(&["notes", "create", "--body", "{title: A, author: Ada}", "--author.age", "2"]).await;
    assert_eq!(failure.message, "`--author.age` sets a property of `author`, which is not an object");
}

#[tokio::test]
async fn inputs_of_the_path_need_no_name() {
    assert_eq!(values(&["notes", "get", "n1"]).await, json!({"note_id": "n1"}));
    assert_eq!(values(&["notes", "get", "--note-id", "n1"]).await, json!({"note_id": "n1"}));
    assert_eq!(values(&["notes", "get", "--", "-n1"]).await, json!({"note_id": "-n1"}));
    assert_eq!(values(&["notes", "get", "--body", "note_id: n1"]).await, json!({"note_id": "n1"}));
    let failure = failure(&["notes", "get", "n2", "--note-id", "n1"]).await;
    assert_eq!(failure.message, "unexpected argument `n2`");
}

#[tokio::test]
async fn all_missing_inputs_are_told() {
    let upload = failure(&["files", "upload"]).await;
    assert_eq!(upload.message, "`--name`, `--file` are missing");
    assert!(upload.help.unwrap().starts_with("usage: notes files upload [OPTIONS] --name <TEXT> --file <FILE>\n"));
    assert_eq!(upload.class, Class::Usage);
    let create = failure(&["notes", "create", "--author.age", "2"]).await;
    assert_eq!(create.message, "`--title`, `--author.name` are missing");
    assert_eq!(failure(&["notes", "get"]).await.message, "`--note-id` is missing");
    assert!(gathered(&["notes", "create", "--body", "title: A"]).await.is_ok());
}

#[tokio::test]
async fn values_are_read_from_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("value");
    let at = format!("@{}", path.display());
    std::fs::write(&path, "name: Ada\nage: 36\n").unwrap();
    assert_eq!(created(&["--author", &at]).await["author"], json!({"name": "Ada", "age": 36}));
    std::fs::write(&path, "Buy milk\n").unwrap();
    assert_eq!(values(&["notes", "create", "--title", &at]).await, json!({"title": "Buy milk"}));
    std::fs::write(&path, "title: From a file\n").unwrap();
    assert_eq!(values(&["notes", "create", "--body", &at]).await, json!({"title": "From a file"}));
    let failure = failure(&["notes", "list", "--page", &at]).await;
    assert_eq!(failure.message, format!("`--page`: expected an integer, not the content of {}", path.display()));
}

#[tokio::test]
async fn files_are_uploads() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "x").unwrap();
    let client = Client::builder().token("secret").build().unwrap();
    for value in [path.display().to_string(), format!("@{}", path.display())] {
        let inputs = gathered(&["files", "upload", "--name", "n", "--file", &value]).await.unwrap();
        let call = client.prepare("upload_file", inputs).unwrap();
        assert!(call.dry_run().unwrap().to_string().contains("notes.txt"), "{value}");
    }
    let absent = failure(&["files", "upload", "--name", "n", "--file", "/nowhere/at/all"]).await;
    assert_eq!(absent.class, Class::File);
    assert!(absent.message.starts_with("`--file`: cannot read /nowhere/at/all"), "{absent}");
    let both = failure(&["--token-file", "-", "files", "upload", "--name", "n", "--file", "-"]).await;
    assert_eq!(both.message, "`--token-file` and `--file` both read standard input");
}

#[tokio::test]
async fn samples_are_bodies() {
    let client = Client::builder().token("secret").build().unwrap();
    for command in COMMANDS.commands.iter().filter(|command| !command.sample.is_empty()) {
        let words = command::words(command);
        let mut arguments: Vec<&str> = words.split(' ').collect();
        arguments.extend(["--body", command.sample]);
        let inputs = gathered(&arguments).await.unwrap();
        assert_eq!(Value::Object(inputs.values().clone()), serde_json::from_str::<Value>(command.sample).unwrap());
        assert!(client.prepare(command.operation, inputs).is_ok());
    }
}
