//! Compiles generated crates with `rustc` directly, to measure only the crate.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use lowcodeapi_codegen::package::name_of;
use serde_json::Value;

use super::supervise::{Bounds, Program};
use crate::{ci::cargo, failure::Failure, project::Project};

/// Limits far above the needs of usable crates.
const BOUNDS: Bounds = Bounds { seconds: 600, mebibytes: 16 * 1024 };

/// The dependencies of generated crates, by their names in code.
const DEPENDENCIES: [&str; 5] = [CLI, "lowcodeapi_runtime", SERDE, "serde_json", TOKIO];

/// The dependency of programs.
const CLI: &str = "lowcodeapi_cli";

/// The additional dependency of the program that reads examples.
const SERDE: &str = "serde_core";

/// The dependency of programs that call a server.
const TOKIO: &str = "tokio";

/// The lints for generated code.
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

/// The libraries for generated crates.
#[derive(Debug)]
pub(crate) struct Libraries {
    /// The file of each library, by its name in code.
    files: BTreeMap<&'static str, PathBuf>,
    /// The folder of all dependencies.
    folder: PathBuf,
}

/// The result of a compilation.
#[derive(Debug)]
pub(crate) struct Check {
    /// The first error on one line, or `None`.
    pub(crate) reason: Option<String>,
    pub(crate) cpu_s: f64,
    pub(crate) peak_mb: f64,
}

/// The extent to which libraries are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Metadata for `cargo check`.
    Metadata,
    /// Code for programs.
    Code,
}

/// Builds the runtime, the crate of the commands and their dependencies once for all documents.
pub(crate) fn build_libraries(project: &Project, target: &Path, extent: Extent) -> Result<Libraries, Failure> {
    let mut command = cargo(project);
    command
        .arg(if extent == Extent::Code { "build" } else { "check" })
        .args(["--quiet", "--package", "lowcodeapi-runtime", "--package", "lowcodeapi-cli"])
        .arg("--message-format=json-render-diagnostics")
        // Generated code does not depend on TLS, and calls nothing here.
        .args(["--no-default-features", "--features", "lowcodeapi-runtime/catalogue"])
        .env("CARGO_TARGET_DIR", target)
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Failure::io(command.get_program().as_ref(), &error))?;
    if !output.status.success() {
        return Err(Failure::problem("runtime-not-built", "runtime", "the crates of the runtime do not compile"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let files: BTreeMap<_, _> = text.lines().filter_map(|line| library(line, extent)).collect();
    // Not the runtime's own: Cargo puts a link to what it was asked for elsewhere.
    let found = files.get(SERDE).and_then(|file| file.parent()).map(Path::to_owned);
    match found {
        Some(folder) if files.len() == DEPENDENCIES.len() => Ok(Libraries { files, folder }),
        _ => Err(Failure::problem("runtime-not-built", "runtime", "Cargo reports no path of the built runtime")),
    }
}

/// Returns the name and file of a library in a message of Cargo.
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

/// Compiles the crate in a folder with its catalogue, then its program, as `cargo check` does.
pub(crate) fn check(folder: &Path, libraries: &Libraries) -> Check {
    let mut check = run_compiler(folder, "check", library_arguments(folder, libraries));
    if check.reason.is_none()
        && let Some(arguments) = program_arguments(folder, libraries)
    {
        let program = run_compiler(folder, "check-program", arguments);
        check.reason = program.reason;
        check.cpu_s += program.cpu_s;
        check.peak_mb = check.peak_mb.max(program.peak_mb);
    }
    // The output is not used, and those of a corpus are large.
    for file in [LIBRARY, PROGRAM] {
        let _ = fs::remove_file(folder.join(file));
    }
    check
}

fn run_compiler(folder: &Path, step: &str, arguments: Vec<OsString>) -> Check {
    let outcome = match (Program { file: compiler(), arguments, folder, step }).run(BOUNDS) {
        Ok(outcome) => outcome,
        Err(error) => return Check { reason: Some(error.to_string()), cpu_s: 0.0, peak_mb: 0.0 },
    };
    let reason = (!outcome.success).then(|| first_error(folder, step).unwrap_or(outcome.end));
    Check { reason, cpu_s: outcome.cpu_s, peak_mb: outcome.peak_mb }
}

/// The metadata of the library and of the program.
const LIBRARY: &str = "libclient.rmeta";
const PROGRAM: &str = "program.rmeta";

fn compiler() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn library_arguments(folder: &Path, libraries: &Libraries) -> Vec<OsString> {
    let mut out: Vec<OsString> =
        ["--crate-type", "lib", "--crate-name", "client", "--cfg", "feature=\"catalogue\""].map(Into::into).into();
    out.extend(LINTS.map(Into::into));
    out.push(joined("--emit=metadata=", &folder.join(LIBRARY)));
    out.extend(libraries.arguments());
    out.push(folder.join("src/lib.rs").into());
    out
}

/// Returns `None` if the crate has no program.
fn program_arguments(folder: &Path, libraries: &Libraries) -> Option<Vec<OsString>> {
    let program = fs::read_dir(folder.join("src/bin")).ok()?.next()?.ok()?.path();
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let client = name_of(&manifest)?.replace('-', "_");
    let mut out: Vec<OsString> = ["--crate-type", "bin", "--crate-name", "program"].map(Into::into).into();
    out.extend(LINTS.map(Into::into));
    out.push(joined("--emit=metadata=", &folder.join(PROGRAM)));
    out.extend(libraries.arguments());
    out.extend(["--extern".into(), joined(&format!("{client}="), &folder.join(LIBRARY))]);
    out.push(program.join("main.rs").into());
    Some(out)
}

fn joined(prefix: &str, path: &Path) -> OsString {
    let mut out = OsString::from(prefix);
    out.push(path);
    out
}

impl Libraries {
    /// Returns the arguments of the compiler for the libraries.
    fn arguments(&self) -> Vec<OsString> {
        let mut out: Vec<OsString> = ["--edition", "2024", "--error-format=short", "-L"].map(Into::into).into();
        out.push(joined("dependency=", &self.folder));
        for (name, file) in &self.files {
            out.extend(["--extern".into(), joined(&format!("{name}="), file)]);
        }
        out
    }

    /// Builds a program of one file in the folder of a generated crate. The error is a reason on one line.
    pub(crate) fn build_program(&self, folder: &Path, source: &str, binary: &Path) -> Result<(), String> {
        let mut arguments = self.arguments();
        arguments.extend(["-o".into(), binary.into(), folder.join(source).into()]);
        Self::compile(folder, "roundtrip-build", arguments)
            .map_err(|reason| format!("the program that reads the examples does not compile: {reason}"))
    }
}

/// What the compiler says of a line.
#[derive(Debug)]
pub(crate) struct Message {
    /// From 0.
    pub(crate) line: usize,
    pub(crate) is_error: bool,
}

impl Libraries {
    /// Builds the client in a folder as a library. The error is a reason on one line.
    pub(crate) fn build_library(&self, folder: &Path) -> Result<PathBuf, String> {
        let library = folder.join("libclient.rlib");
        let mut arguments: Vec<OsString> =
            ["--crate-type", "lib", "--crate-name", "client", "--emit=link", "-A", "warnings"].map(Into::into).into();
        arguments.extend(self.arguments());
        arguments.extend(["-o".into(), library.clone().into(), folder.join("src/lib.rs").into()]);
        Self::compile(folder, "client", arguments).map(|()| library)
    }

    /// Builds a program of one file that uses a client. The error is a reason on one line.
    pub(crate) fn build_with(&self, folder: &Path, step: &str, text: &str, client: &Path) -> Result<PathBuf, String> {
        let binary = folder.join(step);
        let mut arguments = self.arguments_with(folder, step, text, client)?;
        arguments.extend(["-A".into(), "warnings".into(), "-o".into(), binary.clone().into()]);
        Self::compile(folder, step, arguments).map(|()| binary)
    }

    /// Checks a library of one file that uses a client, and returns what the compiler says of its lines.
    pub(crate) fn check_with(
        &self,
        folder: &Path,
        step: &str,
        text: &str,
        client: &Path,
    ) -> Result<Vec<Message>, Failure> {
        let failed = |reason: String| Failure::problem("proof-not-built", folder.display().to_string(), reason);
        let mut arguments = self.arguments_with(folder, step, text, client).map_err(failed)?;
        let emitted = folder.join(format!("{step}.rmeta"));
        arguments.extend(["--crate-type".into(), "lib".into(), joined("--emit=metadata=", &emitted)]);
        // Types that are too long for a message are written there.
        arguments.extend(["--out-dir".into(), folder.into()]);
        let program = Program { file: compiler(), arguments, folder, step };
        program.run(BOUNDS).map_err(|error| failed(error.to_string()))?;
        let path = folder.join(format!("{step}.err"));
        let said = fs::read_to_string(&path).map_err(|error| Failure::io(&path, &error))?;
        Ok(said.lines().filter_map(message).collect())
    }

    /// Writes a file, and returns the arguments that compile it with a client.
    fn arguments_with(&self, folder: &Path, step: &str, text: &str, client: &Path) -> Result<Vec<OsString>, String> {
        let source = folder.join(format!("{step}.rs"));
        fs::write(&source, text).map_err(|error| format!("{}: {error}", source.display()))?;
        let mut arguments = self.arguments();
        arguments.extend(["--extern".into(), joined("client=", client), source.into()]);
        Ok(arguments)
    }

    fn compile(folder: &Path, step: &str, arguments: Vec<OsString>) -> Result<(), String> {
        let program = Program { file: compiler(), arguments, folder, step };
        let outcome = program.run(BOUNDS).map_err(|error| error.to_string())?;
        if outcome.success { Ok(()) } else { Err(first_error(folder, step).unwrap_or(outcome.end)) }
    }
}

/// Reads `file.rs:12:5: error[E0433]: …`.
fn message(text: &str) -> Option<Message> {
    let (place, said) = text.split_once(": ")?;
    let is_error = said.starts_with("error");
    if !is_error && !said.starts_with("warning") {
        return None;
    }
    let line: usize = place.rsplit(':').nth(1)?.parse().ok()?;
    Some(Message { line: line.checked_sub(1)?, is_error })
}

/// Returns the first error of the compiler with its place, and the number of errors.
fn first_error(folder: &Path, step: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(format!("{step}.err"))).ok()?;
    let mut errors = text.lines().filter(|line| line.contains(": error"));
    let first = errors.next()?.replace(&format!("{}/", folder.display()), "");
    let more = errors.count();
    Some(if more == 0 { first } else { format!("{first} (and {more} more)") })
}
