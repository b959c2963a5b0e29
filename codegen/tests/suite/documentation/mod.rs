//! Whatever upstream writes, rustdoc finds no code in the documentation of generated code: a search over made-up Markdown,
//! judged by rustdoc itself.

mod filler;
mod judge;

use std::{env, fmt::Write as _, fs, path::Path, process::Command};

use self::judge::{comments_of, harm};
use fastrand::Rng;
use lowcodeapi_codegen::{Config, Inputs, Source, generate};
use serde_json::{Map, Value, json};

const SEED: u64 = 0x0bad_d0c5;
const STRUCTS: usize = 100;
const PROPERTIES: usize = 200;

/// What Markdown is made of, and what has been taken for code or acted upon before.
const PIECES: &[&str] = &[
    "- ",
    "-",
    "* ",
    "+ ",
    "+",
    "> ",
    ">",
    ">-",
    "1. ",
    "1.",
    "23) ",
    "# ",
    "#",
    "=",
    "==",
    "---",
    "***",
    "___",
    "| ",
    "|",
    "|-|-|",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\r",
    "\r\n",
    "\t",
    "\t\t",
    " ",
    "  ",
    "   ",
    "    ",
    "     ",
    "        ",
    "```",
    "```\n",
    "````",
    "~~~",
    "~~~\n",
    "`",
    "``",
    "```rust\n",
    "```E0001\n",
    "```E0308",
    "```should_panic",
    "```{.rust}",
    "```json\n",
    "~~~text,rust\n",
    "``` rust ignore-x86\n",
    "```edition2021",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "![x](http://tracker.example/a.png)",
    "[a](https://a.example)",
    "[a]: https://a.example",
    "[^1]",
    "[^1]: ",
    "[`a`]",
    "[a][b]",
    "<",
    ">",
    "<b>",
    "</b>",
    "<script>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<![CDATA[",
    "<pre>",
    "<img src=x>",
    "<https://a.example>",
    "https://a.example",
    "http://a",
    "<javascript:x>",
    "[x](javascript:x)",
    "[x](data:x)",
    "\\",
    "\\\n",
    "\\`",
    "\\[",
    "*",
    "**",
    "_",
    "__",
    "~~",
    "&lt;",
    "&#96;",
    "&#x60;&#96;&#96;",
    "a",
    "let a = 1;",
    "fn main() {}",
    "std::process::exit(1)",
    "word word",
    "é",
    "\u{a0}",
    "\u{2003}",
    "\u{200b}",
    "\u{202e}",
    "\u{200f}",
    "\u{feff}",
    "\u{1b}[31m",
    "\0",
    "\u{c}",
    "\u{b}",
    "\u{2028}",
    "*/",
    "/*",
    "///",
    "//!",
    "/",
    "{",
    "}",
    "\"",
    "#[doc = \"",
    "$x$",
];

/// Texts that were once taken for code.
const KNOWN: &[&str] = &[
    ">-     std::fs::write(\"/tmp/a\", \"x\").unwrap();",
    ">-\tstd::process::exit(1);",
    ">1.     std::process::exit(1);",
    "```E0001\nlet a;\n```",
    "![x](http://tracker.example/a.png)",
];

fn texts(rng: &mut Rng) -> Vec<String> {
    let made = (KNOWN.len()..STRUCTS * PROPERTIES).map(|_| {
        let count = rng.usize(1..16);
        (0..count).map(|_| PIECES[rng.usize(..PIECES.len())]).collect()
    });
    let made: Vec<String> = made.collect();
    KNOWN.iter().map(|text| (*text).to_owned()).chain(made).collect()
}

/// The documentation comments of what is generated from a document with these descriptions.
fn comments(texts: &[String]) -> Vec<String> {
    let schema = |texts: &[String]| {
        let property = |(index, text)| (format!("p{index}"), json!({ "type": "string", "description": text }));
        let properties: Map<String, Value> = texts.iter().enumerate().map(property).collect();
        json!({ "type": "object", "description": texts.first(), "properties": properties })
    };
    let schemas: Map<String, Value> =
        texts.chunks(PROPERTIES).enumerate().map(|(index, texts)| (format!("S{index}"), schema(texts))).collect();
    let operation = |index: usize| {
        let text = &texts[index];
        let content = json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/S{index}") } } });
        let operation = json!({
            "operationId": format!("get{index}"), "summary": text, "description": texts[texts.len() - 1 - index],
            "tags": [text], "externalDocs": { "url": text },
            "parameters": [{ "name": "q", "in": "query", "required": true, "description": text, "schema": {
                "type": "string", "default": text, "pattern": text, "format": text } }],
            "responses": { "200": { "description": text, "content": content }, "400": { "description": text } },
        });
        (format!("/{index}"), json!({ "get": operation }))
    };
    let paths: Map<String, Value> = (0..schemas.len()).map(operation).collect();
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Docs", "version": "1", "description": texts[0] },
        "servers": [{ "url": "https://api.example" }], "paths": paths, "components": { "schemas": schemas },
    });
    let text = document.to_string();
    let generated = generate(&Inputs::new(Source { name: "docs.json", text: &text }), &Config::default());
    let output = generated.output.unwrap_or_else(|| panic!("{:?}", generated.diagnostics));
    output.files.iter().flat_map(|file| comments_of(&file.source)).collect()
}

#[test]
fn rustdoc_finds_no_code_in_what_upstream_wrote() {
    let comments = comments(&texts(&mut Rng::with_seed(SEED)));
    assert!(comments.len() > STRUCTS * PROPERTIES, "{}", comments.len());
    for comment in &comments {
        assert_eq!(harm(comment), None, "{comment}");
    }

    // The judge itself: each comment on an item of its own. Nightly's rules are tried too.
    let mut source = String::from("//! Documentation.\n");
    for (index, comment) in comments.iter().enumerate() {
        comment.lines().for_each(|line| source.extend(["///", line, "\n"]));
        let _ = writeln!(source, "pub struct S{index};");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lib.rs");
    fs::write(&file, source).expect("a file");
    assert_eq!(tests_found(&file, "0"), "running 0 tests");
    assert_eq!(tests_found(&file, "1"), "running 0 tests");

    fs::write(&file, "/// ```E0001\n/// let a = b;\n/// ```\npub struct S;\n").expect("a file");
    assert_ne!(tests_found(&file, "1"), "running 0 tests", "the judge has judged nothing");
}

/// What rustdoc says of the tests in a file.
fn tests_found(file: &Path, bootstrap: &str) -> String {
    let rustdoc = env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let mut command = Command::new(rustdoc);
    command.args(["--test", "--edition", "2024", "--crate-name", "docs"]).arg(file).env("RUSTC_BOOTSTRAP", bootstrap);
    let output = command.current_dir(file.parent().expect("it is in a folder")).output().expect("rustdoc runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().find(|line| line.starts_with("running")).unwrap_or(&String::from_utf8_lossy(&output.stderr)).to_owned()
}
