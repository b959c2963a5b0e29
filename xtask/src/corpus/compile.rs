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
const BOUNDS: Bounds = Bounds { seconds: 600, mebibytes: 16 * 1024 };

/// What a generated crate depends on, by the name in code.
const DEPENDENCIES: [&str; 3] = ["lowcodeapi_runtime", SERDE, "serde_json"];

/// What the program that reads examples needs besides, and generated crates do not.
const SERDE: &str = "serde";

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
    /// The file of each, by its name in code.
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

/// How far the libraries are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// As far as `cargo check` needs them.
    Metadata,
    /// As far as programs need them.
    Code,
}

/// Builds the runtime and what it depends on, once for all documents.
pub(crate) fn build_runtime(project: &Project, target: &Path, extent: Extent) -> Result<Libraries, Failure> {
    let mut command = cargo(project);
    command
        .arg(if extent == Extent::Code { "build" } else { "check" })
        .args(["--quiet", "--package", "lowcodeapi-runtime", "--message-format=json-render-diagnostics"])
        // Generated code does not depend on TLS, and calls nothing here.
        .arg("--no-default-features")
        .env("CARGO_TARGET_DIR", target)
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Failure::io(command.get_program().as_ref(), &error))?;
    if !output.status.success() {
        return Err(Failure::problem("runtime-not-built", "runtime", "lowcodeapi-runtime does not compile"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let files: BTreeMap<_, _> = text.lines().filter_map(|line| library(line, extent)).collect();
    // Not the runtime's own: Cargo puts a link to what it was asked for elsewhere.
    let found = files.get(SERDE).and_then(|file| file.parent()).map(Path::to_owned);
    match found {
        Some(folder) if files.len() == DEPENDENCIES.len() => Ok(Libraries { files, folder }),
        _ => Err(Failure::problem("runtime-not-built", "runtime", "Cargo does not say where it built the runtime")),
    }
}

/// The name and file of a library, where this message of Cargo's is about one.
fn library(message: &str, extent: Extent) -> Option<(&'static str, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let name = message.pointer("/target/name")?.as_str()?;
    let name = DEPENDENCIES.into_iter().find(|known| *known == name)?;
    let files: Vec<&str> = message.get("filenames")?.as_array()?.iter().filter_map(Value::as_str).collect();
    // Where metadata is asked for, what has code as well is for build scripts and macros.
    let ending = match extent {
        Extent::Metadata if files.len() > 1 => return None,
        Extent::Metadata => ".rmeta",
        Extent::Code => ".rlib",
    };
    files.into_iter().find(|file| file.ends_with(ending)).map(|file| (name, file.into()))
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
    let reason = (!outcome.success).then(|| first_error(folder, "check").unwrap_or(outcome.end));
    Check { reason, cpu_s: outcome.cpu_s, peak_mb: outcome.peak_mb }
}

const METADATA: &str = "check.rmeta";

fn compiler() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn arguments(folder: &Path, libraries: &Libraries) -> Vec<OsString> {
    let mut out: Vec<OsString> = ["--crate-type", "lib", "--crate-name", "client"].map(Into::into).into();
    out.extend(LINTS.map(Into::into));
    out.push(joined("--emit=metadata=", &folder.join(METADATA)));
    out.extend(libraries.arguments());
    out.push(folder.join("src/lib.rs").into());
    out
}

fn joined(prefix: &str, path: &Path) -> OsString {
    let mut out = OsString::from(prefix);
    out.push(path);
    out
}

impl Libraries {
    /// What the compiler is told of them.
    fn arguments(&self) -> Vec<OsString> {
        let mut out: Vec<OsString> = ["--edition", "2024", "--error-format=short", "-L"].map(Into::into).into();
        out.push(joined("dependency=", &self.folder));
        for (name, file) in &self.files {
            out.extend(["--extern".into(), joined(&format!("{name}="), file)]);
        }
        out
    }

    /// Builds a program of one file in a generated crate's folder; an error is a reason, in one line.
    pub(crate) fn build_program(&self, folder: &Path, source: &str, binary: &Path) -> Result<(), String> {
        let mut arguments = self.arguments();
        arguments.extend(["-o".into(), binary.into(), folder.join(source).into()]);
        let program = Program { file: compiler(), arguments, folder, step: "roundtrip-build" };
        let outcome = program.run(BOUNDS).map_err(|error| error.to_string())?;
        if outcome.success {
            return Ok(());
        }
        let reason = first_error(folder, "roundtrip-build").unwrap_or(outcome.end);
        Err(format!("the program that reads the examples does not compile: {reason}"))
    }
}

/// The first error of the compiler with its place in the crate, and how many there are.
fn first_error(folder: &Path, step: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(format!("{step}.err"))).ok()?;
    let mut errors = text.lines().filter(|line| line.contains(": error"));
    let first = errors.next()?.replace(&format!("{}/", folder.display()), "");
    let more = errors.count();
    Some(if more == 0 { first } else { format!("{first} (and {more} more)") })
}
