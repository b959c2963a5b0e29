//! Makes sure that the client is what snapshot, overlay and lock say, and names the code to compile.
//!
//! The generated code is committed, so that those who use this crate do not compile the generator. `SHA256SUMS` beside it
//! has the digests of what it was made from, and its own. With the feature `regenerate`, which this crate's tests and
//! examples have, the code is generated anew.

use std::{env, path::PathBuf, process::ExitCode};

use lowcodeapi_jasper_spec::{DOCUMENT, LOCK, OVERLAY};

fn main() -> ExitCode {
    // The texts and the generator are compiled into this script, so Cargo runs it again whenever one of them changes.
    println!("cargo::rerun-if-changed=build.rs");
    match code() {
        Ok(folder) => {
            println!("cargo::rustc-env=LOWCODEAPI_JASPER_CODE={}", folder.display());
            ExitCode::SUCCESS
        }
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

/// A folder that Cargo names.
fn folder(variable: &str) -> Result<PathBuf, String> {
    let set = env::var_os(variable).map(PathBuf::from);
    set.ok_or_else(|| format!("{variable} is not set; this is a build script, to be run by Cargo"))
}

/// Generates the code, and returns the folder that has it.
#[cfg(feature = "regenerate")]
fn code() -> Result<PathBuf, String> {
    use lowcodeapi_codegen::{BackEnd, Config, Inputs, Source, build::generate_into};

    let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY })
        .lock(Source { name: "spec/jasper.lock.json", text: LOCK });
    let folder = folder("OUT_DIR")?;
    let config = Config::default().regenerate("cargo xtask lock").also(BackEnd::Catalogue);
    generate_into(&folder, &inputs, &config).map_err(|error| error.to_string())?;
    Ok(folder)
}

/// Compares the committed code and what it was made from with their digests, and returns the folder of the code.
#[cfg(not(feature = "regenerate"))]
fn code() -> Result<PathBuf, String> {
    use std::{collections::BTreeSet, fs};

    const MEND: &str = "run `cargo xtask lock` in the repository, which generates it anew";
    const SUMS: &str = "SHA256SUMS";
    const FOLDER: &str = "generated-client/src/generated";

    let folder = folder("CARGO_MANIFEST_DIR")?.join("src/generated");
    println!("cargo::rerun-if-changed=src/generated");
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error| format!("cannot read {}: {error}; {MEND}", path.display()))
    };
    let sums = String::from_utf8_lossy(&read(SUMS)?).into_owned();
    let inputs = ["spec/jasper.openapi.json", "spec/jasper.overlay.yaml", "spec/jasper.lock.json"];
    let mut missing = BTreeSet::from(inputs.map(str::to_owned));
    // Every file has a digest, so that none is added or changed together with its line.
    let files = files(&folder).map_err(|error| format!("cannot list {}: {error}; {MEND}", folder.display()))?;
    missing.extend(files.iter().filter(|name| *name != SUMS).map(|name| format!("{FOLDER}/{name}")));
    for (sum, name) in sums.lines().filter_map(|line| line.split_once("  ")) {
        missing.remove(name);
        let text = match name {
            "spec/jasper.openapi.json" => DOCUMENT.into(),
            "spec/jasper.overlay.yaml" => OVERLAY.into(),
            "spec/jasper.lock.json" => LOCK.into(),
            _ => read(name.trim_start_matches(FOLDER).trim_start_matches('/'))?,
        };
        let digest = hmac_sha256::Hash::hash(&text);
        let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        if digest != sum {
            return Err(format!("the generated client does not agree with {name}; {MEND}"));
        }
    }
    match missing.pop_first() {
        Some(name) => Err(format!("{SUMS} does not have {name}; {MEND}")),
        None => Ok(folder),
    }
}

/// Returns the paths of all files below a folder, with `/` between their parts.
#[cfg(not(feature = "regenerate"))]
fn files(folder: &std::path::Path) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if !name.starts_with('.') {
                // Hidden files are those of file managers and editors.
                found.push(format!("{prefix}{name}"));
            }
        }
    }
    found.sort();
    Ok(found)
}
