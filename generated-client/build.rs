//! Regenerates the client, so that it always is what snapshot, overlay and lock say.

use std::{env, path::Path, process::ExitCode};

use lowcodeapi_codegen::{Config, Inputs, Source, build::generate_into};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn main() -> ExitCode {
    // The texts and the generator are compiled into this script, so Cargo runs it again whenever one of them changes.
    println!("cargo::rerun-if-changed=build.rs");
    let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK });
    let config = Config::default().regenerate("cargo build -p lowcodeapi-jasper");
    let Some(folder) = env::var_os("OUT_DIR") else {
        println!("cargo::error=OUT_DIR is not set; this is a build script, to be run by Cargo");
        return ExitCode::FAILURE;
    };
    match generate_into(Path::new(&folder), &inputs, &config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
