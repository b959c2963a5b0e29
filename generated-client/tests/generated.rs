//! Pins down the generated source, file by file, and its public surface.
//!
//! The files are those that this crate was compiled from. After a change, `cargo insta review` shows the difference;
//! `INSTA_UPDATE=always cargo test -p lowcodeapi-jasper` takes it over.

use std::{fs, path::Path};

use lowcodeapi_codegen::{Config, Inputs, Severity, Source, generate, public_surface};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn inputs() -> Inputs<'static> {
    Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK })
}

/// The file of a module and those of the modules below it, as the build script wrote them.
fn compiled(module: &str) -> Option<String> {
    let files = generate(&inputs(), &Config::default()).output?.files;
    let paths = files.iter().map(|file| &file.path).filter(|path| path.split(['/', '.']).next() == Some(module));
    let read = |path| fs::read_to_string(Path::new(env!("OUT_DIR")).join(path)).ok();
    let sources: Option<Vec<String>> = paths.map(|path| Some(format!("// {path}\n\n{}", read(path)?))).collect();
    Some(sources?.join("\n"))
}

#[test]
fn root() {
    insta::assert_snapshot!(compiled("api").unwrap());
}

#[test]
fn client() {
    insta::assert_snapshot!(compiled("client").unwrap());
}

#[test]
fn requests() {
    insta::assert_snapshot!(compiled("requests").unwrap());
}

#[test]
fn types() {
    insta::assert_snapshot!(compiled("types").unwrap());
}

#[test]
fn surface() {
    let output = generate(&inputs(), &Config::default()).output.expect("the committed document has no errors");
    insta::assert_snapshot!(public_surface(&output.files));
}

#[test]
fn every_operation_is_there_and_nothing_needs_attention() {
    let generated = generate(&inputs(), &Config::default());
    let attention: Vec<_> = generated
        .diagnostics
        .iter()
        .filter(|found| found.severity() > Severity::Note)
        .map(ToString::to_string)
        .collect();
    assert_eq!(attention, [""; 0]);
    let output = generated.output.expect("the committed document has no errors");
    assert_ne!(output.operations_read, 0);
    assert_eq!(output.operations_read, output.operations_emitted);
}

#[test]
fn the_lock_is_complete_and_current() {
    let output = generate(&inputs(), &Config::default()).output.expect("the committed document has no errors");
    assert_eq!(output.lock.to_string(), LOCK, "run `cargo xtask lock`");
}

#[test]
fn generation_is_deterministic() {
    let files = || generate(&inputs(), &Config::default()).output.map(|output| output.files);
    assert_eq!(files(), files());
}
