//! Every operation through the program, against one gateway: what is typed, what the gateway saw, and what is written.

use std::fmt::Write as _;

use snapbox::{assert_data_eq, file};

use crate::support::{Gateway, run, run_at};

/// The calls, in an order in which each finds what it needs.
const CALLS: &[&[&str]] = &[
    &["command", "run", "--inputs.command", "Write a haiku about rabbits", "--options.output-count", "2"],
    &["keep-writing", "--inputs.type", "text", "--inputs.value", "Once upon a time"],
    &["image", "remove-background", "--image-file", "generated-client/examples/rabbit.png", "--to", "-"],
    &[
        "knowledge",
        "create",
        "--name",
        "Brand book",
        "--file",
        "generated-client/examples/brand-book.md",
        "--tags",
        "brand",
        "--tags",
        "2026",
        "--metadata",
        "team=marketing",
    ],
    &["knowledge", "list", "--size", "5"],
    &["knowledge", "get", "kno_1"],
    &["knowledge", "update", "kno_1", "--name", "Brand book, second edition"],
    &["knowledge", "delete", "kno_1", "--yes"],
    &["styles", "list"],
    &["styles", "apply", "sty_1", "--content", "Our product is good."],
    &["templates", "list"],
    &["templates", "get", "tem_1"],
    &["templates", "run", "tem_1", "--inputs", "topic=rabbits"],
    &["tones", "create", "--name", "Dry", "--value", "dry, short"],
    &["tones", "list", "--page", "1"],
    &["tones", "get", "--tone-id", "ton_1"],
    &["tones", "update", "ton_1", "--body", r#"{"value": "dry, shorter"}"#],
    &["tones", "delete", "ton_1", "--yes"],
    &["usage", "get", "--start", "2026-01-01", "--end", "2026-02-01", "--granularity", "week"],
];

/// Makes all calls in one format.
fn session(format: &str) -> String {
    let gateway = Gateway::start();
    let mut written = String::new();
    for call in CALLS {
        let before = gateway.lines().len();
        let ran = run_at(&gateway.base_url(), &[call, &["--output", format][..]].concat());
        let typed: Vec<String> = call
            .iter()
            .map(|word| if word.contains([' ', '"']) { format!("'{word}'") } else { (*word).to_owned() })
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(written, "$ jasper {}", typed.join(" "));
        for line in &gateway.lines()[before..] {
            let _ = writeln!(written, "> {line}");
        }
        let stdout = if ran.stdout.contains(char::REPLACEMENT_CHARACTER) { "(a picture)\n" } else { &ran.stdout };
        let _ = writeln!(written, "{stdout}{}? {}\n", ran.stderr, ran.status);
    }
    written
}

#[test]
fn every_operation_as_json() {
    assert_eq!(CALLS.len(), 19);
    assert_data_eq!(session("jsonl"), file!["snapshots/operations.jsonl.txt"].raw());
}

#[test]
fn every_operation_for_people() {
    assert_data_eq!(session("table"), file!["snapshots/operations.table.txt"].raw());
}

#[test]
fn every_operation_as_yaml() {
    assert_data_eq!(session("yaml"), file!["snapshots/operations.yaml.txt"].raw());
}

#[test]
fn the_page_for_agents_has_every_operation() {
    let page = run(&["skill"]);
    assert_eq!(page.status, 0);
    // The page names the sources of a token, one of which is a feature.
    let text = page.stdout.replace(", or the system's keychain", "");
    assert_data_eq!(text, file!["snapshots/skill.md"].raw());
}
