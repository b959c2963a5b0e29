//! The other files of a document.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Provides the files that a document refers to.
///
/// A place is a path relative to the folder of the document, with `/` between its parts and `..` only at its start, or an
/// `http` or `https` URL.
pub trait Files: fmt::Debug + Send + Sync {
    /// Returns the text of a file.
    ///
    /// # Errors
    ///
    /// Returns why the file has no text. A missing file affects only the references to it; a refused one is an error of the
    /// whole document.
    fn read(&self, place: &str) -> Result<String, Unavailable>;

    /// Returns the path of a file, which a build script watches. `None` for what is not in the file system.
    fn path(&self, place: &str) -> Option<PathBuf> {
        let _ = place;
        None
    }
}

/// The reason why a file has no text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unavailable {
    /// There is no such file.
    Missing,
    /// The file may not be read, or cannot be. The text says why.
    Refused(String),
}

/// The files in the folder of a document and in the folders below it.
///
/// No path leads out of these and of the folders that [`within`](Self::within) adds: neither by `..`, nor as an absolute path,
/// nor by a symbolic link.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder that paths are relative to.
    base: PathBuf,
    /// The canonical folders that contain all permitted files.
    roots: Vec<PathBuf>,
}

/// The largest file, in bytes.
const MAX_FILE: u64 = 128 * 1024 * 1024;

impl Folder {
    /// Returns the files in the folder of this document.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder does not exist.
    pub fn of(document: &Path) -> io::Result<Self> {
        let parent = document.parent().filter(|parent| !parent.as_os_str().is_empty());
        let base = fs::canonicalize(parent.unwrap_or(Path::new(".")))?;
        Ok(Self { roots: vec![base.clone()], base })
    }

    /// Also permits all files below this folder, usually one that contains the folder of the document.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder does not exist.
    pub fn within(mut self, root: &Path) -> io::Result<Self> {
        self.roots.push(fs::canonicalize(root)?);
        Ok(self)
    }

    fn find(&self, place: &str) -> Result<PathBuf, Unavailable> {
        let is_outside = || Unavailable::Refused("it is outside of the folder of the document".to_owned());
        if place.contains("://") {
            return Err(Unavailable::Refused("it is not in the file system".to_owned()));
        }
        if Path::new(place).is_absolute() || place.starts_with('/') || place.contains(['\\', '\0']) {
            return Err(is_outside());
        }
        let path = fs::canonicalize(self.base.join(place)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Unavailable::Missing,
            _ => Unavailable::Refused(error.to_string()),
        });
        match path {
            Ok(path) if self.permits(&path) => Ok(path),
            Ok(_) => Err(is_outside()),
            // A refusal does not tell whether a file outside exists.
            Err(Unavailable::Missing) if self.is_above(place) => Err(is_outside()),
            Err(reason) => Err(reason),
        }
    }

    /// Whether a path leads above the permitted folders.
    fn is_above(&self, place: &str) -> bool {
        let up = place.split('/').take_while(|part| *part == "..").count();
        self.base.ancestors().nth(up).is_none_or(|folder| !self.permits(folder))
    }

    fn permits(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }
}

impl Files for Folder {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        let path = self.find(place)?;
        let refused = |error: io::Error| Unavailable::Refused(error.to_string());
        let about = fs::metadata(&path).map_err(refused)?;
        if !about.is_file() {
            return Err(Unavailable::Refused("it is not a file".to_owned()));
        }
        if about.len() > MAX_FILE {
            return Err(Unavailable::Refused(format!("it has {} bytes; the limit is {MAX_FILE}", about.len())));
        }
        fs::read_to_string(path).map_err(refused)
    }

    fn path(&self, place: &str) -> Option<PathBuf> {
        self.find(place).ok()
    }
}

/// A file besides the document that was read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PartFile {
    /// The name in diagnostics: the name of the document with this file in place of its own.
    pub name: String,
    /// The path relative to the folder of the document, or the URL.
    pub place: String,
    /// The text.
    pub text: String,
}
