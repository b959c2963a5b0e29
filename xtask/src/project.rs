//! Where the project's files are, and what generation makes of them.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{Config, Inputs, Output, Severity, Source, generate};

/// The texts of one provider under `spec/`, with their names from the project's root.
pub(crate) struct Spec {
    document: (String, String),
    overlay: (String, String),
    lock: (String, String),
}

impl Spec {
    /// Reads the files of a provider. One that has no overlay or lock yet is read as if they were empty.
    pub(crate) fn read(provider: &str) -> Result<Self, Box<dyn Error>> {
        let read = |ending: &str| {
            let name = format!("spec/{provider}.{ending}");
            let text = fs::read_to_string(root().join(&name)).map_err(|error| format!("{name}: {error}"))?;
            Ok::<_, Box<dyn Error>>((name, text))
        };
        Ok(Self { document: read("openapi.json")?, overlay: read("overlay.yaml")?, lock: read("lock.json")? })
    }

    /// The path of the lock, and its text.
    pub(crate) fn lock(&self) -> (PathBuf, &str) {
        (root().join(&self.lock.0), &self.lock.1)
    }

    /// Generates, and prints what needs attention.
    pub(crate) fn generate(&self) -> Result<Output, Box<dyn Error>> {
        let inputs = Inputs::new(source(&self.document)).overlay(source(&self.overlay)).lock(source(&self.lock));
        let generated = generate(&inputs, &Config::default());
        for found in generated.diagnostics.iter().filter(|found| found.severity() > Severity::Note) {
            eprintln!("{found}");
        }
        generated.output.ok_or_else(|| format!("no client can be generated from {}", self.document.0).into())
    }
}

fn source((name, text): &(String, String)) -> Source<'_> {
    Source { name, text }
}

/// The project's root.
fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}
