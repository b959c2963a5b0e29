//! Collects the documents of a run and their output folders.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, project::read};

/// A document of the run.
#[derive(Debug)]
pub(crate) struct Document {
    /// The path from the command line.
    pub(crate) path: PathBuf,
    /// The path relative to the common folder of all documents.
    pub(crate) label: String,
    /// The folder of its output.
    pub(crate) folder: PathBuf,
}

/// Follows folders and lists, without duplicates.
pub(crate) fn collect(paths: &[String], out: &Path) -> Result<Vec<Document>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        match path.strip_prefix('@') {
            Some(list) => {
                let text = read(Path::new(list))?;
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.into_iter().try_for_each(|line| add(Path::new(line), &mut found))?;
            }
            None => add(Path::new(path), &mut found)?,
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|(_, real)| seen.insert(real.clone()));
    if found.is_empty() {
        return Err(Failure::usage(format!("no document is in {}", paths.join(", "))));
    }
    let common = common_folder(found.iter().map(|(_, real)| real.as_path()));
    let document = |(path, real): (PathBuf, PathBuf)| {
        let below = real.strip_prefix(&common).unwrap_or(&real);
        Document { path, label: below.display().to_string(), folder: out.join(below) }
    };
    Ok(found.into_iter().map(document).collect())
}

/// Adds a file, or the documents below a folder, with their canonical paths.
fn add(path: &Path, found: &mut Vec<(PathBuf, PathBuf)>) -> Result<(), Failure> {
    if !path.is_dir() {
        let real = path.canonicalize().map_err(|error| Failure::io(path, &error))?;
        found.push((path.to_owned(), real));
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| Failure::io(path, &error))? {
        below.push(entry.map_err(|error| Failure::io(path, &error))?.path());
    }
    below.sort();
    below.iter().filter(|path| path.is_dir() || is_document(path)).try_for_each(|path| add(path, found))
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|it| ["json", "yaml", "yml"].iter().any(|known| it.eq_ignore_ascii_case(known)))
}

/// Returns the deepest common folder of all paths.
fn common_folder<'a>(paths: impl Iterator<Item = &'a Path>) -> PathBuf {
    let folders = paths.filter_map(Path::parent).map(Path::to_owned);
    let shared = |a: PathBuf, b: PathBuf| {
        a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    };
    folders.reduce(shared).unwrap_or_default()
}
