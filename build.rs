//! Generates the commands of `jasper` from the snapshot, the overlay and the lock of the client.

use std::{env, fs, path::Path, process::ExitCode};

use lowcodeapi_codegen::{BackEnd, Config, Inputs, Severity, Source, generate};
use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn main() -> ExitCode {
    // The texts and the generator are compiled into this script, so Cargo runs it again whenever one of them changes.
    println!("cargo::rerun-if-changed=build.rs");
    match write_commands() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn write_commands() -> Result<(), String> {
    let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK });
    let config = Config::default().name("lowcodeapi-jasper").regenerate("cargo build").also(BackEnd::Command);
    let generated = generate(&inputs, &config);
    for diagnostic in generated.diagnostics.iter().filter(|it| it.severity() == Severity::Error) {
        println!("cargo::error={diagnostic}");
    }
    let output = generated.output.ok_or("no commands can be generated from spec/jasper.openapi.json")?;
    let folder = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set; this is a build script, to be run by Cargo")?;
    for file in output.files_of(BackEnd::Command) {
        let path = Path::new(&folder).join(&file.path);
        fs::write(&path, &file.source).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}
