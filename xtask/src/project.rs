//! Locates and reads the files of the project.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{Config, Generated, Inputs, Output, Source, generate};
use serde_json::Value;

use crate::{failure::Failure, write::read_own};

/// The ending of the file with the selection of a document.
pub(crate) const SELECTION: &str = "selection.yaml";

/// The text of a file, and its name in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Text {
    pub(crate) fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text }
    }

    pub(crate) fn pair(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }
}

/// The checkout that the command works on.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
    backend: String,
}

impl Project {
    /// Returns the checkout at this root, or the one around the current folder.
    pub(crate) fn find(root: Option<PathBuf>, backend: String) -> Result<Self, Failure> {
        let root = match root {
            Some(root) => root,
            None => checkout_around(&env::current_dir().map_err(|error| Failure::io(Path::new("."), &error))?)?,
        };
        Ok(Self { root, backend })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The address under which the gateway describes its providers.
    pub(crate) fn backend(&self) -> &str {
        &self.backend
    }

    /// The providers that have a snapshot, in order.
    pub(crate) fn providers(&self) -> Result<Vec<String>, Failure> {
        let folder = self.root.join("spec");
        let mut providers = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|error| Failure::io(&folder, &error))? {
            let entry = entry.map_err(|error| Failure::io(&folder, &error))?;
            if let Some(provider) = entry.file_name().to_str().and_then(|name| name.strip_suffix(".openapi.json")) {
                providers.push(provider.to_owned());
            }
        }
        providers.sort();
        Ok(providers)
    }

    /// Reads the files of a provider that exist.
    pub(crate) fn spec(&self, provider: &str) -> Result<Spec, Failure> {
        let read = |ending: &str| {
            let name = format!("spec/{provider}.{ending}");
            let text = read_own(&self.root, &self.root.join(&name))?;
            Ok::<_, Failure>(text.map(|text| Text { name, text }))
        };
        Ok(Spec {
            provider: provider.to_owned(),
            document: read("openapi.json")?,
            overlay: read("overlay.yaml")?,
            selection: read(SELECTION)?,
            lock: read("lock.json")?,
            provenance: read("provenance.json")?,
        })
    }
}

/// Returns the innermost checkout that contains the folder.
fn checkout_around(folder: &Path) -> Result<PathBuf, Failure> {
    let found = folder.ancestors().find(|folder| MARKS.iter().all(|mark| folder.join(mark).exists()));
    found.map(Path::to_owned).ok_or_else(|| {
        Failure::usage(format!("{} is not in a checkout of this project", folder.display()))
            .help("run the command in a checkout, or pass one with --root")
    })
}

/// The entries that mark the root of a checkout.
const MARKS: [&str; 3] = ["Cargo.toml", "xtask/Cargo.toml", "spec"];

/// The files of one provider under `spec/`, with their names from the project's root.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) provider: String,
    pub(crate) document: Option<Text>,
    pub(crate) overlay: Option<Text>,
    /// Which operations a crate of the provider has. Snapshot, lock and the committed client have all.
    pub(crate) selection: Option<Text>,
    pub(crate) lock: Option<Text>,
    pub(crate) provenance: Option<Text>,
}

impl Spec {
    /// The name of a file of the provider, which need not exist.
    pub(crate) fn name(&self, ending: &str) -> String {
        format!("spec/{}.{ending}", self.provider)
    }

    /// Returns the snapshot, or the failure if there is none.
    pub(crate) fn snapshot(&self) -> Result<&Text, Failure> {
        self.document.as_ref().ok_or_else(|| {
            let name = self.name("openapi.json");
            Failure::problem("snapshot-missing", name, "the provider has no snapshot")
                .help(format!("run `cargo xtask fetch --provider {}`", self.provider))
        })
    }

    /// Pins where calls go and how credentials are sent to what was generated before, if the lock is older than these pins.
    pub(crate) fn pin(&mut self, before: &Output) {
        let tree = |lock: &Text| serde_json::from_str::<Value>(&lock.text).unwrap_or_default();
        if self.lock.as_ref().is_none_or(|lock| tree(lock).get("connection").is_none()) {
            self.lock = Some(Text { name: self.name("lock.json"), text: before.lock.to_string() });
        }
    }

    /// Generates from the document with this overlay and the provider's lock.
    pub(crate) fn generate(&self, document: &Text, overlay: Option<&Text>, config: &Config) -> Generated {
        let mut inputs = Inputs::new(document.source());
        if let Some(overlay) = overlay {
            inputs = inputs.overlay(overlay.source());
        }
        if let Some(lock) = &self.lock {
            inputs = inputs.lock(lock.source());
        }
        generate(&inputs, config)
    }

    /// The texts that findings of a generation from `document` quote.
    pub(crate) fn texts<'a>(&'a self, document: &'a Text) -> Vec<(&'a str, &'a str)> {
        std::iter::once(document).chain(&self.overlay).chain(&self.lock).map(Text::pair).collect()
    }
}

/// The text of a file that must be there.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}
