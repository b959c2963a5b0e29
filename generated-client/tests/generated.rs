//! Pins down the generated source, file by file, and its public surface.
//!
//! The files are those that this crate was compiled from. After a change, `cargo insta review` shows the difference;
//! `INSTA_UPDATE=always cargo test -p lowcodeapi-jasper` takes it over.

use lowcodeapi_codegen::{Config, Inputs, Severity, Source, generate, public_surface};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

macro_rules! generated {
    ($file:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $file))
    };
}

fn inputs() -> Inputs<'static> {
    Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK })
}

#[test]
fn root() {
    insta::assert_snapshot!(generated!("api.rs"));
}

#[test]
fn client() {
    insta::assert_snapshot!(generated!("client.rs"));
}

#[test]
fn requests() {
    insta::assert_snapshot!(generated!("requests.rs"));
}

#[test]
fn types() {
    insta::assert_snapshot!(generated!("types.rs"));
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
