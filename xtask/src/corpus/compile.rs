//! A generated crate compiled: by the compiler itself, so that nothing but the crate is measured.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use super::supervise::{Bounds, Program};
use crate::{ci::cargo, failure::Failure, project::Project};

/// Far more than any crate takes that people could work with.
const BOUNDS: Bounds = Bounds { seconds: 600, mebibytes: 12 * 1024 };

/// What a generated crate depends on, by the name in code.
const DEPENDENCIES: [&str; 3] = ["lowcodeapi_runtime", "serde", "serde_json"];

/// The lints of this project's own generated code.
const LINTS: [&str; 10] = [
    "-W",
    "missing_docs",
    "-W",
    "missing_debug_implementations",
    "-W",
    "unreachable_pub",
    "-F",
    "unsafe_code",
    "-D",
    "warnings",
];

/// What every generated crate is compiled against.
#[derive(Debug)]
pub(crate) struct Libraries {
    /// The file of each dependency, in the order of the names.
    files: BTreeMap<&'static str, PathBuf>,
    /// The folder of these and all that they depend on.
    folder: PathBuf,
}

/// What the compiler came to.
#[derive(Debug)]
pub(crate) struct Check {
    /// Why it did not compile, in one line; `None` where it did.
    pub(crate) reason: Option<String>,
    pub(crate) cpu_s: f64,
    pub(crate) peak_mb: f64,
}

/// Builds the runtime and what it depends on, once for all documents.
pub(crate) fn build_runtime(project: &Project, target: &Path) -> Result<Libraries, Failure> {
    let mut command = cargo(project);
    command
        .args(["check", "--quiet", "--package", "lowcodeapi-runtime", "--message-format=json-render-diagnostics"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Failure::io(command.get_program().as_ref(), &error))?;
    if !output.status.success() {
        return Err(Failure::problem("runtime-not-built", "runtime", "lowcodeapi-runtime does not compile"));
    }
    let mut files = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some((name, file)) = library(line) {
            files.insert(name, file);
        }
    }
    let found = files.get(DEPENDENCIES[0]).and_then(|file| file.parent()).map(Path::to_owned);
    match found {
        Some(folder) if files.len() == DEPENDENCIES.len() => Ok(Libraries { files, folder }),
        _ => Err(Failure::problem("runtime-not-built", "runtime", "Cargo does not say where it built the runtime")),
    }
}

/// The name and file of a dependency, where this message of Cargo's is about one.
fn library(message: &str) -> Option<(&'static str, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let name = message.pointer("/target/name")?.as_str()?;
    let name = DEPENDENCIES.into_iter().find(|known| *known == name)?;
    // What is built for build scripts and macros is a whole library; what is checked is its metadata alone.
    let [file] = message.get("filenames")?.as_array()?.as_slice() else { return None };
    let file = PathBuf::from(file.as_str()?);
    (file.extension()? == "rmeta").then_some((name, file))
}

/// Compiles the crate in a folder, as far as `cargo check` does.
pub(crate) fn check(folder: &Path, libraries: &Libraries) -> Check {
    let program = Program { file: compiler(), arguments: arguments(folder, libraries), folder, step: "check" };
    let outcome = match program.run(BOUNDS) {
        Ok(outcome) => outcome,
        Err(error) => return Check { reason: Some(error.to_string()), cpu_s: 0.0, peak_mb: 0.0 },
    };
    // Nobody opens it, and those of a corpus are large.
    let _ = fs::remove_file(folder.join(METADATA));
    let reason = (!outcome.success).then(|| first_error(folder).unwrap_or(outcome.end));
    Check { reason, cpu_s: outcome.cpu_s, peak_mb: outcome.peak_mb }
}

const METADATA: &str = "check.rmeta";

fn compiler() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn arguments(folder: &Path, libraries: &Libraries) -> Vec<OsString> {
    let mut out: Vec<OsString> =
        ["--edition", "2024", "--crate-type", "lib", "--crate-name", "client"].map(Into::into).into();
    let mut metadata = OsString::from("--emit=metadata=");
    metadata.push(folder.join(METADATA));
    out.extend([metadata, "--error-format=short".into()]);
    out.extend(LINTS.map(Into::into));
    let mut search = OsString::from("dependency=");
    search.push(&libraries.folder);
    out.extend(["-L".into(), search]);
    for (name, file) in &libraries.files {
        let mut named = OsString::from(format!("{name}="));
        named.push(file);
        out.extend(["--extern".into(), named]);
    }
    out.push(folder.join("src/lib.rs").into());
    out
}

/// The first error of the compiler with its place in the crate, and how many there are.
fn first_error(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("check.err")).ok()?;
    let mut errors = text.lines().filter(|line| line.contains(": error"));
    let first = errors.next()?.replace(&format!("{}/", folder.display()), "");
    let more = errors.count();
    Some(if more == 0 { first } else { format!("{first} (and {more} more)") })
}
