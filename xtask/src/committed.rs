//! Generates the committed files of the Jasper client: its code, so that users do not compile the generator, and its
//! reference.
//!
//! `SHA256SUMS` has the digests of the inputs and of the code. The client's `build.rs` compares them.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use lowcodeapi_codegen::{BackEnd, Config};

use crate::{
    failure::Failure,
    finding::Finding,
    lock,
    project::{Project, Spec, Text},
    provenance::sha256,
    write::{Wanted, outdated},
};

/// The provider whose code is committed, its crate, and the folder of the code.
const PROVIDER: &str = "jasper";
const CRATE: &str = "lowcodeapi-jasper";
const FOLDER: &str = "generated-client/src/generated";

/// The folder of the reference.
const REFERENCE: &str = "docs/jasper";

/// Returns the current files. Empty if the provider's code is not committed.
pub(crate) fn wanted(spec: &Spec, document: &str, lock: &str, project: &Project) -> Result<Vec<Wanted>, Failure> {
    if spec.provider != PROVIDER || !project.root().join(FOLDER).is_dir() {
        return Ok(Vec::new());
    }
    let document = Text { name: spec.name("openapi.json"), text: document.to_owned() };
    let lock = Text { name: spec.name("lock.json"), text: lock.to_owned() };
    let config =
        Config::default().name(CRATE).regenerate("cargo xtask lock").also(BackEnd::Catalogue).also(BackEnd::Reference);
    let inputs = Spec {
        provider: spec.provider.clone(),
        document: None,
        overlay: None,
        selection: None,
        lock: Some(lock),
        provenance: None,
    };
    let generated = inputs.generate(&document, spec.overlay.as_ref(), &config);
    let output = generated.output.ok_or_else(|| lock::does_not_generate(&document.name))?;
    let mut sums = String::new();
    for text in std::iter::once(&document).chain(&spec.overlay).chain(&inputs.lock) {
        // Writing to a string cannot fail.
        let _ = writeln!(sums, "{}  {}", sha256(&text.text), text.name);
    }
    let folder = project.root().join(FOLDER);
    let mut wanted = Vec::new();
    for file in output.included_files() {
        let _ = writeln!(sums, "{}  {FOLDER}/{}", sha256(&file.source), file.path);
        wanted.push(Wanted { path: folder.join(file.path), text: file.source });
    }
    wanted.push(Wanted { path: folder.join("SHA256SUMS"), text: sums });
    let reference = project.root().join(REFERENCE);
    let pages = output.files_of(BackEnd::Reference).iter();
    wanted.extend(pages.map(|page| Wanted { path: reference.join(&page.path), text: page.source.clone() }));
    Ok(wanted)
}

/// Returns the files of both folders that are not wanted.
pub(crate) fn others(wanted: &[PathBuf], project: &Project) -> Result<Vec<PathBuf>, Failure> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut others = Vec::new();
    for folder in [FOLDER, REFERENCE].map(|folder| project.root().join(folder)) {
        // The reference may be new.
        let found = if folder.is_dir() { files(&folder)? } else { Vec::new() };
        others.extend(found.into_iter().filter(|path| !wanted.contains(path)));
    }
    others.sort();
    Ok(others)
}

/// Removes the files of both folders that are no longer wanted.
pub(crate) fn remove_others(wanted: &[PathBuf], project: &Project) -> Result<(), Failure> {
    let others = others(wanted, project)?;
    others.iter().try_for_each(|path| fs::remove_file(path).map_err(|error| Failure::io(path, &error)))
}

/// Returns the finding of `check` for committed code that is outdated, or has files that are not generated.
pub(crate) fn stale(spec: &Spec, project: &Project) -> Result<Option<Finding>, Failure> {
    let (Some(document), Some(lock)) = (&spec.document, &spec.lock) else { return Ok(None) };
    let wanted = wanted(spec, &document.text, &lock.text, project)?;
    let paths: Vec<_> = wanted.iter().map(|file| file.path.clone()).collect();
    let finding = |path: &Path, message| {
        let name = path.strip_prefix(project.root()).unwrap_or(path).display().to_string();
        Finding::error("generated-outdated", name, message).help("run `cargo xtask lock`")
    };
    if let Some(file) = outdated(project.root(), wanted)?.first() {
        return Ok(Some(finding(&file.path, "the file differs from the generated one")));
    }
    let others = others(&paths, project)?;
    Ok(others.first().map(|path| finding(path, "the file is not generated; the folder has generated files only")))
}

/// The files below a folder, without the hidden ones of file managers and editors. Links are not followed.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Failure::io(&folder, &error))? {
            let entry = entry.map_err(|error| Failure::io(&folder, &error))?;
            let kind = entry.file_type().map_err(|error| Failure::io(&entry.path(), &error))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if !entry.file_name().to_string_lossy().starts_with('.') {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}
