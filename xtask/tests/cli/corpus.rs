//! Many documents at once: what becomes of each is a row, and what is not whole is an error.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{Root, Run, checkout};

/// One operation that gives back a model.
fn whole() -> Value {
    json!({
        "openapi": "3.0.0",
        "info": {"title": "Greeter", "version": "1.0.0"},
        "servers": [{"url": "https://greeter.example"}],
        "paths": {"/hello": {"get": {
            "operationId": "greet",
            "responses": {"200": {"description": "A greeting", "content": {"application/json": {
                "schema": {"type": "object", "properties": {"text": {"type": "string"}}}
            }}}}
        }}}
    })
}

/// The whole one, and an operation that is none.
fn with_a_skipped_operation() -> Value {
    let mut document = whole();
    document["paths"]["/bye"] = json!({"get": "nothing"});
    document
}

/// Nothing is at the end of a reference.
fn with_an_error() -> Value {
    let mut document = whole();
    document["paths"]["/hello"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
        json!({"$ref": "https://schemas.example.com/missing.json"});
    document
}

/// A root of its own with these documents under `documents`.
fn root(test: &str, documents: &[(&str, Value)]) -> Root {
    let root = Root::new(test);
    for (name, document) in documents {
        let path = root.0.join("documents").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, document.to_string()).unwrap();
    }
    // The manifest of each crate names these folders.
    for folder in ["cli-runtime", "runtime"] {
        fs::create_dir_all(root.0.join(folder)).unwrap();
        fs::copy(checkout().join(folder).join("Cargo.toml"), root.0.join(folder).join("Cargo.toml")).unwrap();
    }
    root
}

/// Runs the program with its output under the root, whatever the environment says.
fn run(root: &Root, arguments: &[&str]) -> Run {
    let target = root.0.join("target");
    root.run_with(&[("CARGO_TARGET_DIR", target.to_str().unwrap())], &[&["corpus"], arguments].concat())
}

/// The lines of the first table that are about documents: the cells of each.
fn cells(run: &Run) -> Vec<Vec<&str>> {
    let lines = run.stdout.lines().skip(2).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn whole_documents_are_counted_and_kept() {
    let root = root("corpus-whole", &[("a/one.json", whole()), ("two.YAML", whole()), ("a/notes.txt", json!("no"))]);
    let run = run(&root, &["documents", "--report", "report.json", "--jobs", "1"]);
    assert_eq!(run.status, 0, "{run:?}");
    let cells = cells(&run);
    assert_eq!(cells[0][..4], ["a/one.json", "1", "1", "0"]);
    assert_eq!(cells[1][0], "two.YAML");
    assert_eq!(cells[2][..4], ["2 of 2 whole", "2", "2", "0"]);
    assert_eq!(cells.len(), 3);

    let folder = root.0.join("target/corpus/documents/a/one.json");
    assert!(fs::read_to_string(folder.join("src/client.rs")).unwrap().contains("pub fn greet("));
    assert!(run.stderr.contains("the generated code is in "), "{run:?}");

    let report: Value = serde_json::from_str(&root.read("report.json")).unwrap();
    let first = &report["documents"][0];
    assert_eq!(first["path"], "documents/a/one.json");
    assert_eq!((&first["operations"], &first["emitted"], &first["skipped"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!((&first["generated"], &first["compiled"], &first["reason"]), (&json!(true), &json!(null), &json!(null)));
    assert_eq!(first["folder"], folder.display().to_string());
    assert!(first["lines"].as_u64().unwrap() > 20);
    assert_eq!((&report["totals"]["whole"], &report["totals"]["operations"]), (&json!(2), &json!(2)));
}

#[test]
fn what_is_not_whole_is_an_error_and_the_rest_goes_on() {
    let root = root(
        "corpus-broken",
        &[("error.json", with_an_error()), ("skipped.json", with_a_skipped_operation()), ("whole.json", whole())],
    );
    fs::write(root.0.join("documents/text.json"), b"\xff").unwrap();
    let run = run(&root, &["documents", "--report", "report.json"]);
    assert_eq!(run.status, 1);
    let rows: Vec<_> = cells(&run).into_iter().map(|row| row[..5].join(" ")).collect();
    assert_eq!(
        rows,
        [
            "error.json 1 0 0 1",
            "skipped.json 2 1 1 0",
            "text.json 0 0 0 0",
            "whole.json 1 1 0 0",
            "1 of 4 whole 4 2 1 1"
        ]
    );
    for said in [
        "error[document-not-whole]: external-ref at `/paths/~1hello/get/responses/200/",
        "  --> documents/error.json\n",
        "error[document-not-whole]: operation-skipped at `/paths/~1bye/get`: ",
        "error[document-not-whole]: exit status: 1: error[syntax]: the document is not UTF-8 text: invalid",
        "error[corpus-not-whole]: 3 of 4 documents are not whole; see above\n",
    ] {
        assert!(run.stderr.contains(said), "{said}\n{}", run.stderr);
    }
    let report: Value = serde_json::from_str(&root.read("report.json")).unwrap();
    assert_eq!(report["documents"][0]["generated"], json!(false));
    assert_eq!(report["documents"][0]["diagnostics"]["error"], json!(1));
    assert_eq!(report["documents"][0]["codes"]["external-ref"], json!(1));
    assert_eq!(report["totals"]["whole"], json!(1));
}

#[test]
fn a_process_that_is_killed_is_a_row() {
    let mut large = whole();
    large["paths"]["/hello"]["get"]["description"] = json!("very ".repeat(2000));
    let root = root("corpus-killed", &[("large.json", large), ("small.json", with_an_error())]);
    // The system kills whoever writes a file of more than four blocks, as the code of the large one is.
    let script = "ulimit -c 0; ulimit -f 4; exec \"$0\" corpus documents --root .";
    let run =
        Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_xtask")]).current_dir(&root.0).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("error[document-not-whole]: signal: 25 (SIGXFSZ)\n  --> documents/large.json\n"), "{said}");
    assert!(said.contains("error[document-not-whole]: external-ref at "), "{said}");
}

#[test]
fn lists_are_followed_and_machines_are_told() {
    let root = root("corpus-list", &[("one.json", whole()), ("two.json", with_an_error())]);
    root.write("list", "documents/two.json\n\ndocuments\n");
    let run = run(&root, &["@list", "documents/one.json", "--message-format", "json"]);
    assert_eq!(run.status, 1);
    assert_eq!(run.codes(), ["document-not-whole", "corpus-not-whole"], "each document is taken once");
    assert_eq!(run.json()[0]["file"], "documents/two.json");
}

#[test]
fn what_is_not_there_is_said() {
    let root = root("corpus-missing", &[]);
    fs::create_dir_all(root.0.join("empty")).unwrap();
    assert_eq!(run(&root, &["missing.json"]).status, 3);
    assert_eq!(run(&root, &["@missing"]).status, 3);
    assert_eq!(run(&root, &["empty"]).status, 2);
    assert_eq!(run(&root, &[]).status, 2);
}

/// A document whose examples come back, one not fitting, one with a member that the schema lacks.
fn with_examples() -> Value {
    let mut document = whole();
    let media = &mut document["paths"]["/hello"]["get"]["responses"]["200"]["content"]["application/json"];
    media["schema"] = json!({"$ref": "#/components/schemas/Greeting"});
    media["examples"] = json!({
        "equal": {"value": {"text": "hello", "tags": [], "count": 1.0}},
        "quoted": {"value": "{\"text\": \"hello\"}"},
        "unfit": {"value": {"text": 1}},
        "elsewhere": {"externalValue": "https://greeter.example/example.json"}
    });
    document["components"] = json!({"schemas": {"Greeting": {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "count": {"type": "number"}
        },
        "example": {"text": "hello", "undeclared": 1}
    }}});
    document
}

#[test]
fn results_are_compiled_and_examples_come_back() {
    // It builds the runtime in the target folder of this build, where Cargo finds most of what the runtime depends on.
    let root = root("corpus-check", &[("greeter.json", with_examples())]);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let run = |compiler: &Path| {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["corpus", "--check", "--roundtrip", "--report", "report.json", "documents"])
            .current_dir(&root.0)
            .env("CARGO_TARGET_DIR", target)
            .env("RUSTC", compiler)
            // Cargo sets it for tests, and not for a command in a shell.
            .env_remove("CARGO_PKG_NAME")
            .output()
            .unwrap()
    };
    let whole = run(Path::new("rustc"));
    assert!(whole.status.success(), "{whole:?}");
    let report: Value = serde_json::from_str(&root.read("report.json")).unwrap();
    let row = &report["documents"][0];
    assert_eq!(row["compiled"], json!(true));
    let roundtrip = &row["roundtrip"];
    let counts = ["examples", "equal", "undeclared", "unfit"].map(|name| roundtrip[name].as_u64().unwrap());
    assert_eq!((counts, &row["reason"]), ([4, 2, 1, 1], &json!(null)), "{roundtrip:#}");
    assert_eq!(roundtrip["failures"][0]["type"], "types::Greeting");
    assert!(row["cpu_s"].as_f64().unwrap() > 0.0 && row["peak_mb"].as_f64().unwrap() > 10.0, "{row}");

    // What a compiler warns of is an error here; this one finds code to warn of.
    let code = target.join("corpus/documents/greeter.json/src/client.rs");
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'--crate-name client'*) echo 'fn unused() {{}}' >> '{}' ;; esac\nexec rustc \"$@\"\n",
        code.display()
    );
    root.write("rustc.sh", &script);
    let compiler = root.0.join("rustc.sh");
    fs::set_permissions(&compiler, fs::Permissions::from_mode(0o755)).unwrap();
    let broken = run(&compiler);
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let report: Value = serde_json::from_str(&root.read("report.json")).unwrap();
    assert_eq!(report["documents"][0]["compiled"], json!(false));
    let reason = report["documents"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("src/client.rs:") && reason.contains("function `unused` is never used"), "{reason}");

    // The program is compiled too, after the client.
    let script = script.replace("--crate-name client", "--crate-name program").replace("src/client.rs", PROGRAM);
    fs::write(&compiler, script).unwrap();
    let broken = run(&compiler);
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let report: Value = serde_json::from_str(&root.read("report.json")).unwrap();
    let reason = report["documents"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with(PROGRAM) && reason.contains("function `unused` is never used"), "{reason}");
}

/// A file of the program, in the folder of the crate.
const PROGRAM: &str = "src/bin/greeter/commands.rs";
