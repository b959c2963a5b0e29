//! Compares and writes generated files: all or none, and none outside of the given folder.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
};

use crate::{failure::Failure, project::read};

/// The number of names to try for a temporary file.
const TRIES: u32 = 100;

/// A file with its current text.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Reads a file below `root`. Returns `None` if it does not exist. Links, pipes and devices are refused, because someone else
/// may have created the folder, and a link in it may lead anywhere.
pub(crate) fn read_own(root: &Path, path: &Path) -> Result<Option<String>, Failure> {
    refuse_links(root, path)?;
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => read(path).map(Some),
        Ok(found) if found.is_dir() => Err(Failure::io(path, &io::ErrorKind::IsADirectory.into())),
        Ok(_) => Err(refused(path, "the path is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(path, &error)),
    }
}

/// Returns the files whose text on disk differs or is missing.
pub(crate) fn outdated(root: &Path, wanted: Vec<Wanted>) -> Result<Vec<Wanted>, Failure> {
    let mut outdated = Vec::new();
    for file in wanted {
        if read_own(root, &file.path)?.as_deref() != Some(&file.text) {
            outdated.push(file);
        }
    }
    Ok(outdated)
}

/// Writes all files below `root`.
///
/// Each file is first written and synced under a temporary name. All of them are renamed only afterwards, so a full disk or a
/// crash leaves no partial file.
pub(crate) fn write_all(root: &Path, files: &[Wanted]) -> Result<(), Failure> {
    let mut staged = Vec::new();
    let result = files.iter().try_for_each(|file| {
        refuse_links(root, &file.path)?;
        staged.push(stage(&file.path, &file.text).map_err(|error| Failure::io(&file.path, &error))?);
        Ok(())
    });
    let result = result.and_then(|()| {
        files.iter().zip(&staged).try_for_each(|(file, temporary)| {
            fs::rename(temporary, &file.path).map_err(|error| Failure::io(&file.path, &error))
        })
    });
    if result.is_err() {
        for temporary in &staged {
            // Renamed files are no longer there. The first error is the one to report.
            let _ = fs::remove_file(temporary);
        }
    }
    result
}

/// Refuses a path with a link between `root` and the file. The root itself may be a link, because the caller named it, and so
/// may the parent of a file elsewhere.
fn refuse_links(root: &Path, path: &Path) -> Result<(), Failure> {
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(root) && *folder != root) {
        if fs::symlink_metadata(folder).is_ok_and(|found| !found.is_dir()) {
            return Err(refused(folder, "the path is not a folder"));
        }
    }
    Ok(())
}

fn refused(path: &Path, message: &str) -> Failure {
    Failure::problem("not-a-file", path.display().to_string(), format!("{message}, and links are not followed"))
        .help("remove it, or choose another folder")
}

/// Writes a new temporary file beside its final path.
fn stage(path: &Path, text: &str) -> io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let (temporary, mut file) = create_beside(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written.map(|()| temporary)
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0;
    loop {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}-{number}.tmp", process::id()));
        let temporary = path.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < TRIES => number += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(path: PathBuf) -> Vec<Wanted> {
        vec![Wanted { path, text: "new".to_owned() }]
    }

    #[test]
    fn files_are_written_and_compared() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("src/a/b.rs");
        // What an attacker, or a crash, has left there is neither written to nor followed.
        fs::create_dir_all(folder.path().join("src/a")).expect("a folder");
        fs::write(folder.path().join(format!("src/a/b.rs.{}-0.tmp", process::id())), "theirs").expect("a file");
        write_all(folder.path(), &wanted(path.clone())).expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "new");
        assert!(outdated(folder.path(), wanted(path)).expect("it is read").is_empty());
        assert_eq!(fs::read_dir(folder.path().join("src/a")).expect("a folder").count(), 2);
    }

    #[test]
    fn nothing_is_left_of_what_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("file"), "").expect("a file");
        let wanted = |name: &str| Wanted { path: folder.path().join(name), text: "new".to_owned() };
        // A file has no files in it.
        assert!(write_all(folder.path(), &[wanted("a"), wanted("file/b")]).is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_refused() {
        use std::os::unix::{fs::symlink, net::UnixListener};

        let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(elsewhere.path().join("b.rs"), "theirs").expect("a file");
        let at = |name: &str| folder.path().join(name);
        symlink(elsewhere.path(), at("src")).expect("a link");
        symlink(elsewhere.path().join("b.rs"), at("b.rs")).expect("a link");
        symlink("/dev/zero", at("zero")).expect("a link");
        let _socket = UnixListener::bind(at("socket")).expect("a socket");
        for name in ["src/b.rs", "src/c/d.rs", "b.rs", "zero", "socket"] {
            let failure = outdated(folder.path(), wanted(at(name))).expect_err(name);
            assert_eq!(failure.finding.code, "not-a-file", "{name}");
        }
        assert!(write_all(folder.path(), &wanted(at("src/b.rs"))).is_err());
        assert_eq!(fs::read_to_string(elsewhere.path().join("b.rs")).expect("it is there"), "theirs");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 1);
    }
}
