//! Files that results are written to: whole or not at all, and never through a link or onto a device.

use std::{
    fs::{self, File, FileType},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::NamedTempFile;

use crate::{
    failure::{Class, Failure},
    run::file_name,
};

/// Where `--to` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// This file, which may exist.
    File(PathBuf),
    /// A new file in this folder.
    Folder(PathBuf),
}

impl Target {
    /// Checks where `--to` writes, before anything is sent.
    pub(crate) fn of(to: &Path) -> Result<Self, Failure> {
        if to.as_os_str() == "-" {
            return Ok(Self::Stdout);
        }
        let text = to.to_string_lossy();
        if text.ends_with(std::path::is_separator) {
            return match fs::metadata(to) {
                Ok(found) if found.is_dir() => Ok(Self::Folder(to.to_owned())),
                Ok(_) => Err(refused(to, "it is not a folder")),
                Err(error) if error.kind() == ErrorKind::NotADirectory => Err(refused(to, "it is not a folder")),
                Err(error) if error.kind() == ErrorKind::NotFound => Err(refused(to, "there is no such folder")),
                Err(error) => Err(cannot(to, &error)),
            };
        }
        match fs::symlink_metadata(to) {
            Ok(found) if found.is_dir() => return Ok(Self::Folder(to.to_owned())),
            Ok(found) => check(to, found.file_type())?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(to, &error)),
        }
        if !folder_of(to).is_dir() {
            return Err(refused(to, "its folder does not exist"));
        }
        Ok(Self::File(to.to_owned()))
    }
}

/// A file that is being written. It has its name only once it is whole; if it is dropped before, nothing is left of it.
#[derive(Debug)]
pub(crate) struct Partial {
    file: NamedTempFile,
    listed: Listed,
    target: PathBuf,
    /// The name in the target, if that is a folder.
    name: Option<String>,
}

/// An entry of `PARTIAL`, which lasts as long as this.
#[derive(Debug)]
struct Listed(PathBuf);

impl Listed {
    fn new(path: &Path) -> Self {
        PARTIAL.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        PARTIAL.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.0);
    }
}

/// The temporary files that exist, so that a program that ends at once can remove them.
static PARTIAL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes the temporary files that exist.
pub(crate) fn remove_partial() {
    for path in PARTIAL.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // The program ends, and nobody could do anything about it.
        let _ = fs::remove_file(path);
    }
}

impl Partial {
    /// Creates the temporary file for a target: `None` for standard output. In a folder, the file gets this name, or
    /// one with a number if there is such a file.
    pub(crate) fn create(target: &Target, name: impl FnOnce() -> String) -> Result<Option<Self>, Failure> {
        let (target, name) = match target {
            Target::Stdout => return Ok(None),
            Target::File(path) => (path.clone(), None),
            Target::Folder(path) => (path.clone(), Some(name())),
        };
        let folder = if name.is_some() { &*target } else { folder_of(&target) };
        let file = temporary(folder, &target).map_err(|error| cannot(&target, &error))?;
        let listed = Listed::new(file.path());
        Ok(Some(Self { file, listed, target, name }))
    }

    /// Adds bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| cannot(&self.target, &error))
    }

    /// Returns the file, to write to it.
    pub(crate) fn file(&self) -> Result<File, Failure> {
        self.file.as_file().try_clone().map_err(|error| cannot(&self.target, &error))
    }

    /// Returns the length of what was written, in bytes.
    pub(crate) fn length(&self) -> Result<u64, Failure> {
        let metadata = self.file.as_file().metadata();
        metadata.map(|found| found.len()).map_err(|error| cannot(&self.target, &error))
    }

    /// Gives the file its name, now that it is whole, and returns its path.
    pub(crate) fn finish(self) -> Result<PathBuf, Failure> {
        let target = self.target.clone();
        self.rename().map_err(|error| cannot(&target, &error))?
    }

    fn rename(self) -> io::Result<Result<PathBuf, Failure>> {
        let Self { mut file, listed, target, name } = self;
        file.as_file().sync_all()?;
        let path = match name {
            None => {
                // The rename would replace a link rather than follow it, but the user did not mean that either.
                if let Ok(found) = fs::symlink_metadata(&target)
                    && let Err(failure) = check(&target, found.file_type())
                {
                    return Ok(Err(failure));
                }
                file.persist(&target).map_err(|error| error.error)?;
                target
            }
            Some(name) => {
                let mut number = 1;
                loop {
                    let name = if number == 1 { name.clone() } else { file_name::numbered(&name, number) };
                    let path = target.join(name);
                    match file.persist_noclobber(&path) {
                        Ok(_) => break path,
                        Err(error) if error.error.kind() == ErrorKind::AlreadyExists && number < 1000 => {
                            (file, number) = (error.file, number + 1);
                        }
                        Err(error) => return Err(error.error),
                    }
                }
            }
        };
        drop(listed);
        // The new name is on disk as well. Not every file system can tell, and the file itself is safe.
        #[cfg(unix)]
        let _ = File::open(folder_of(&path)).and_then(|folder| folder.sync_all());
        Ok(Ok(path))
    }
}

/// Creates a temporary file with the permissions of the file that it replaces, or with the usual ones.
fn temporary(folder: &Path, target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".partial-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let replaced = fs::symlink_metadata(target).ok().filter(fs::Metadata::is_file);
        let mode = replaced.map(|found| found.permissions().mode() & 0o777);
        // Whoever cannot read the old file must never be able to read the new one.
        builder.permissions(fs::Permissions::from_mode(mode.unwrap_or(0o666)));
        let file = builder.tempfile_in(folder)?;
        if let Some(mode) = mode {
            // The mode at creation is subject to the umask.
            file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    {
        let _ = target;
        builder.tempfile_in(folder)
    }
}

/// Returns the folder of a file.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Fails if a file cannot replace what is there.
fn check(path: &Path, found: FileType) -> Result<(), Failure> {
    if found.is_file() { Ok(()) } else { Err(refused(path, &format!("it is {}", kind(found)))) }
}

fn kind(found: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if found.is_fifo() {
            return "a named pipe";
        } else if found.is_socket() {
            return "a socket";
        } else if found.is_block_device() || found.is_char_device() {
            return "a device";
        }
    }
    match found {
        found if found.is_symlink() => "a symbolic link, which is not followed",
        found if found.is_dir() => "a folder",
        _ => "not a file",
    }
}

fn refused(path: &Path, reason: &str) -> Failure {
    Failure::new(Class::File, format!("cannot write {}: {reason}", path.display()))
        .help("choose another file with --to, or use `--to -` for standard output")
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Class::File, format!("cannot write {}: {error}", path.display()))
}
