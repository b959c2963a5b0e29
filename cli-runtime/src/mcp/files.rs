//! The folder that files are read from and written to.

use std::{
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use cap_std::{
    ambient_authority,
    fs::{Dir, OpenOptions},
};
use lowcodeapi_runtime::Upload;

/// How many names are tried for a new file.
const NAMES: u32 = 10_000;

/// A folder. No path leads out of it: the operating system resolves each below the open folder, so that a link that is
/// made between a check and its use does not help.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    open: Arc<Dir>,
}

impl Folder {
    /// Opens a folder.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let open = Dir::open_ambient_dir(&path, ambient_authority())?;
        Ok(Self { path, open: Arc::new(open) })
    }

    /// Returns an upload of a file in the folder. It is opened for each attempt of the call.
    pub(crate) fn upload(&self, path: &str) -> Result<Upload, String> {
        let relative = self.relative(path)?;
        let refused = |error: io::Error| format!("`{path}` cannot be read in the folder for files: {error}");
        // The metadata comes first, because opening a pipe waits for its other end.
        let metadata = self.open.metadata(&relative).map_err(refused)?;
        if !metadata.is_file() {
            return Err(format!("`{path}` is not a file"));
        }
        let name = relative.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let open = Arc::clone(&self.open);
        Ok(Upload::from_fn(name, metadata.len(), move || {
            let (open, relative) = (Arc::clone(&open), relative.clone());
            async move {
                let opened = tokio::task::spawn_blocking(move || open.open(relative)).await??;
                Ok(tokio::fs::File::from_std(opened.into_std()))
            }
        }))
    }

    /// Writes a new file, and returns its path in the folder. `name` and `extension` consist of what
    /// [`file_name`] returns, never of what a server sent.
    pub(crate) fn write(&self, name: &str, extension: &str, content: &[u8]) -> io::Result<String> {
        for number in 1..=NAMES {
            let file = file_name(name, number, extension);
            // Neither an existing file nor a link is opened.
            let mut opened = match self.open.open_with(&file, OpenOptions::new().write(true).create_new(true)) {
                Ok(opened) => opened,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            return match opened.write_all(content).and_then(|()| opened.sync_all()) {
                Ok(()) => Ok(file),
                Err(error) => {
                    drop(opened);
                    // The first error is the one to report.
                    let _ = self.open.remove_file(&file);
                    Err(error)
                }
            };
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("the folder has too many files named {name}")))
    }

    /// Returns a path relative to the folder. An absolute path is taken if it is below the folder.
    fn relative(&self, path: &str) -> Result<PathBuf, String> {
        let given = Path::new(path);
        let relative = if given.is_absolute() { given.strip_prefix(&self.path).ok() } else { Some(given) };
        relative
            .filter(|it| it.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)))
            .filter(|it| it.components().next().is_some())
            .map(Path::to_owned)
            .ok_or_else(|| format!("`{path}` is not in the folder for files"))
    }
}

/// Returns a file name of letters, digits, underscores and dashes.
fn file_name(name: &str, number: u32, extension: &str) -> String {
    let plain = |text: &str, limit| -> String {
        text.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-')).take(limit).collect()
    };
    format!("{}-{number}.{}", plain(name, 64), plain(extension, 8))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        fs::create_dir_all(outside.path().join("in/sub")).unwrap();
        fs::write(outside.path().join("in/sub/note.txt"), "note").unwrap();
        let folder = Folder::open(&outside.path().join("in")).unwrap();
        (outside, folder)
    }

    #[test]
    fn files_below_the_folder_are_read() {
        let (outside, folder) = folder();
        for path in ["sub/note.txt", "./sub/note.txt"] {
            let upload = folder.upload(path).unwrap();
            assert_eq!(
                (upload.file_name(), upload.length(), upload.content_type()),
                ("note.txt", Some(4), "text/plain")
            );
        }
        let absolute = outside.path().canonicalize().unwrap().join("in/sub/note.txt");
        assert!(folder.upload(absolute.to_str().unwrap()).is_ok());
    }

    #[test]
    fn nothing_else_is_read() {
        let (outside, folder) = folder();
        let secret = outside.path().canonicalize().unwrap().join("secret.txt");
        for path in
            ["../secret.txt", "sub/../../secret.txt", secret.to_str().unwrap(), "/etc/passwd", "", ".", "sub", "none"]
        {
            let refused = folder.upload(path).unwrap_err();
            assert!(!refused.contains("secret\n"), "{refused}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_the_folder() {
        let (outside, folder) = folder();
        let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, outside.path().join("in").join(name));
        link(&outside.path().join("secret.txt"), "absolute.txt").unwrap();
        link(Path::new("../secret.txt"), "relative.txt").unwrap();
        link(outside.path(), "up").unwrap();
        link(Path::new("sub/note.txt"), "inside.txt").unwrap();
        for path in ["absolute.txt", "relative.txt", "up/secret.txt"] {
            assert!(folder.upload(path).is_err(), "{path}");
        }
        assert!(folder.upload("inside.txt").is_ok());
    }

    #[test]
    fn new_files_replace_nothing_and_follow_no_links() {
        let (outside, folder) = folder();
        assert_eq!(folder.write("../get_file", "p/ng", b"1").unwrap(), "get_file-1.png");
        #[cfg(unix)]
        std::os::unix::fs::symlink(outside.path().join("new.png"), outside.path().join("in/get_file-2.png")).unwrap();
        #[cfg(not(unix))]
        fs::write(outside.path().join("in/get_file-2.png"), "").unwrap();
        assert_eq!(folder.write("get_file", "png", b"3").unwrap(), "get_file-3.png");
        assert_eq!(fs::read(outside.path().join("in/get_file-3.png")).unwrap(), b"3");
        assert!(!outside.path().join("new.png").exists());
    }
}
