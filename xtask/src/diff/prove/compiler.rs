//! Compiles clients and what uses them, with `rustc` directly: the libraries are built once.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{Output, package::Package};

use super::witness::Source;
use crate::{
    corpus::{Libraries, Program},
    failure::Failure,
    package,
    project::Project,
    write::{Wanted, write_all},
};

/// More rounds are only needed if the compiler hides one error behind another.
const ROUNDS: usize = 8;

/// A compiled client.
#[derive(Debug)]
pub(super) struct Compiled {
    folder: PathBuf,
    library: PathBuf,
}

/// What the compiler said of a program of witnesses.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The witnesses that do not compile.
    pub(super) refused: BTreeSet<usize>,
    /// The witnesses that use something deprecated.
    pub(super) deprecated: BTreeSet<usize>,
}

impl Compiled {
    /// Writes a client to a folder and compiles it.
    pub(super) fn new(
        folder: PathBuf,
        output: &Output,
        libraries: &Libraries,
        project: &Project,
    ) -> Result<Self, Failure> {
        let runtime = package::choose_runtime(None, Some(project.root()), &folder, false)?;
        let files = Package::new(output, runtime).files().into_iter();
        let wanted: Vec<_> = files.map(|file| Wanted { path: folder.join(&file.path), text: file.source }).collect();
        fs::create_dir_all(&folder).map_err(|error| Failure::io(&folder, &error))?;
        write_all(&folder, &wanted)?;
        let library = libraries.build_library(&folder).map_err(|reason| {
            Failure::problem(
                "client-not-built",
                folder.display().to_string(),
                format!("the client does not compile: {reason}"),
            )
        })?;
        Ok(Self { folder, library })
    }

    /// Compiles witnesses, leaves out what the compiler refuses, and compiles again until all of the rest compiles.
    pub(super) fn check(&self, source: &mut Source, step: &str, libraries: &Libraries) -> Result<Said, Failure> {
        let mut said = Said::default();
        for _ in 0..ROUNDS {
            let messages = libraries.check_with(&self.folder, step, &source.text(), &self.library)?;
            let mut dropped = false;
            said.deprecated.clear();
            for message in &messages {
                let witness = source.number(message.line);
                if message.is_error {
                    said.refused.extend(witness);
                    dropped |= source.drop_line(message.line);
                } else {
                    said.deprecated.extend(witness);
                }
            }
            if !messages.iter().any(|message| message.is_error) {
                return Ok(said);
            }
            if !dropped {
                break;
            }
        }
        Err(Failure::problem("proof-not-built", "", "the compiler refuses the program of witnesses")
            .help(format!("see {step}.err in {}", self.folder.display())))
    }

    /// Builds the program of calls and values.
    pub(super) fn build(&self, source: &Source, libraries: &Libraries) -> Result<PathBuf, Failure> {
        let built = libraries.build_with(&self.folder, "calls", &source.text(), &self.library);
        built.map_err(|reason| self.failed("calls", &reason))
    }

    /// Runs a program, and returns what it printed.
    pub(super) fn run(&self, binary: &Path, step: &str, arguments: &[&str]) -> Result<String, Failure> {
        let failed = |reason: String| self.failed(step, &reason);
        let arguments = arguments.iter().map(Into::into).collect();
        let program = Program { file: binary.into(), arguments, folder: &self.folder, step };
        let outcome = program.run(crate::corpus::BOUNDS).map_err(|error| failed(error.to_string()))?;
        if !outcome.success {
            return Err(failed(outcome.end));
        }
        let path = self.folder.join(format!("{step}.out"));
        fs::read_to_string(&path).map_err(|error| Failure::io(&path, &error))
    }

    fn failed(&self, step: &str, reason: &str) -> Failure {
        let message = format!("the program `{step}` failed: {reason}");
        Failure::problem("proof-not-run", self.folder.display().to_string(), message)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}
