//! The one way in which files are written or compared: all of them or none, each whole or as it was.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{failure::Failure, project::read_optional};

/// A file as it is to be.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Those of the files that are not on disk as they are to be.
pub(crate) fn outdated(wanted: Vec<Wanted>) -> Result<Vec<Wanted>, Failure> {
    let mut outdated = Vec::new();
    for file in wanted {
        if read_optional(&file.path)?.as_deref() != Some(&file.text) {
            outdated.push(file);
        }
    }
    Ok(outdated)
}

/// Writes all files. Each is first written and synced beside its place, and only when all of them are is any put there,
/// so that a full disk or a crash leaves no file in part.
pub(crate) fn write_all(files: &[Wanted]) -> Result<(), Failure> {
    let mut staged = Vec::new();
    let result = files.iter().try_for_each(|file| {
        let temporary = beside(&file.path);
        staged.push(temporary.clone());
        stage(&temporary, &file.text).map_err(|error| Failure::io(&temporary, &error))
    });
    let result = result.and_then(|()| {
        files.iter().zip(&staged).try_for_each(|(file, temporary)| {
            fs::rename(temporary, &file.path).map_err(|error| Failure::io(&file.path, &error))
        })
    });
    if result.is_err() {
        for temporary in &staged {
            // What was renamed is no longer there, and the first error is the one to tell.
            let _ = fs::remove_file(temporary);
        }
    }
    result
}

fn stage(temporary: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = temporary.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    path.with_file_name(name)
}
