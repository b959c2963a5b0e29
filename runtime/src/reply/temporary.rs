//! A temporary file that replaces another when it is complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    iter,
    path::{Path, PathBuf},
};

/// The number of names that are tried. A name has 12 random characters, so repeated collisions are deliberate.
const ATTEMPTS: usize = 16;

/// The name of a temporary file. Dropping it removes the file, unless it has been renamed.
#[derive(Debug)]
pub(crate) struct Temporary {
    /// `None` once the file has its final name.
    path: Option<PathBuf>,
}

impl Temporary {
    /// Creates a file in a folder. Never opens an existing file or link.
    pub(crate) fn make(folder: &Path, options: &mut OpenOptions) -> io::Result<(File, Self)> {
        options.create_new(true);
        for _ in 0..ATTEMPTS {
            let name: String = iter::repeat_with(fastrand::alphanumeric).take(12).collect();
            let path = folder.join(format!(".download-{name}"));
            match options.open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| (file, Self { path: Some(path) })),
            }
        }
        Err(io::Error::new(ErrorKind::AlreadyExists, "cannot find an unused name for a temporary file"))
    }

    /// Renames the file to its final name, replacing an existing file.
    pub(crate) fn replace(mut self, target: &Path) -> io::Result<()> {
        if let Some(path) = &self.path {
            fs::rename(path, target)?;
        }
        self.path = None;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // The error has no receiver in `drop`.
            drop(fs::remove_file(path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_removed_unless_it_has_replaced_another() {
        let folder = std::env::temp_dir().join(format!("lowcodeapi-temporary-{}", fastrand::u64(..)));
        fs::create_dir(&folder).unwrap();
        let target = folder.join("target");
        fs::write(&target, "old").unwrap();
        let names = || fs::read_dir(&folder).unwrap().count();
        let (_, unused) = Temporary::make(&folder, OpenOptions::new().write(true)).unwrap();
        assert_eq!(names(), 2);
        drop(unused);
        assert_eq!(names(), 1);
        let (mut file, used) = Temporary::make(&folder, OpenOptions::new().write(true)).unwrap();
        io::Write::write_all(&mut file, b"new").unwrap();
        used.replace(&target).unwrap();
        assert_eq!((names(), fs::read_to_string(&target).unwrap()), (1, "new".to_owned()));
        fs::remove_dir_all(&folder).unwrap();
    }
}
