//! Pins down the generated source, which is committed in `src/generated`, and its public surface.
//!
//! These tests are compiled from code that the build script has generated anew. After a change, `cargo xtask lock` writes
//! the committed code, and `INSTA_UPDATE=always cargo test -p lowcodeapi-jasper` takes over its digests and its surface.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails its test")]

use std::{collections::BTreeMap, fs, path::Path};

use lowcodeapi_codegen::{BackEnd, Config, Inputs, Severity, Source, generate, public_surface};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn inputs() -> Inputs<'static> {
    Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK })
}

/// The files below a folder, by their paths from there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(below).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn committed_code_is_what_is_generated() {
    let mut committed = files(Path::new("src/generated"));
    let sums = committed.remove("SHA256SUMS").unwrap();
    let config = Config::default().name("lowcodeapi-jasper").regenerate("cargo xtask lock").also(BackEnd::Catalogue);
    let output = generate(&inputs(), &config).output;
    let generated: BTreeMap<_, _> =
        output.unwrap().included_files().into_iter().map(|file| (file.path, file.source)).collect();
    assert_eq!(committed.keys().collect::<Vec<_>>(), generated.keys().collect::<Vec<_>>(), "run `cargo xtask lock`");
    for (path, source) in &generated {
        assert!(committed[path] == *source, "src/generated/{path} is outdated; run `cargo xtask lock`");
        // The code that this test was compiled with.
        assert!(fs::read_to_string(Path::new(env!("OUT_DIR")).join(path)).unwrap() == *source, "{path}");
    }
    insta::assert_snapshot!(sums);
}

#[test]
fn committed_pages_are_what_is_generated() {
    let committed = files(Path::new("../docs/jasper"));
    let config = Config::default().name("lowcodeapi-jasper").regenerate("cargo xtask lock").also(BackEnd::Reference);
    let output = generate(&inputs(), &config).output.unwrap();
    let pages = output.files_of(BackEnd::Reference).iter();
    let generated: BTreeMap<_, _> = pages.map(|page| (page.path.clone(), page.source.clone())).collect();
    assert!(committed == generated, "docs/jasper is outdated; run `cargo xtask lock`");
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
