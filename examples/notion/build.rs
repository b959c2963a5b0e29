//! Generates the client from document, overlay and lock.

use std::{env, path::Path, process::ExitCode};

use lowcodeapi_codegen::{Config, Inputs, Source, build::generate_into};

fn main() -> ExitCode {
    // The texts and the generator are compiled into this script, so Cargo runs it again whenever one of them changes.
    println!("cargo::rerun-if-changed=build.rs");
    let document = Source { name: "spec/notion.openapi.json", text: include_str!("../../spec/notion.openapi.json") };
    let overlay = Source { name: "spec/notion.overlay.yaml", text: include_str!("../../spec/notion.overlay.yaml") };
    let lock = Source { name: "spec/notion.lock.json", text: include_str!("../../spec/notion.lock.json") };
    let inputs = Inputs::new(document).overlay(overlay).lock(lock);
    let config = Config::default().regenerate("cargo build -p notion-example");
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    match generate_into(Path::new(&folder), &inputs, &config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
