//! Where the text of a value comes from: the command line, a file or standard input.

use std::{
    io::{self, Read},
    path::Path,
};

use crate::failure::{Class, Failure};

/// The most bytes of a text. A device such as `/dev/zero` has no end.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads values from files and standard input. Standard input can be read once.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The option that reads standard input.
    stdin: Option<String>,
}

/// The text of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// Where a text is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    CommandLine,
    File(String),
    StandardInput,
}

impl Sources {
    /// Creates sources. `stdin` is the option that reads standard input already.
    pub(super) fn new(stdin: Option<&str>) -> Self {
        Self { stdin: stdin.map(str::to_owned) }
    }

    /// Returns the text that a value of an option refers to: `@path` for a file, `-` for standard input, `@@x` for
    /// `@x`, and any other text for itself. The final line break of a file is not part of the text.
    pub(super) async fn text(&mut self, option: &str, value: &str) -> Result<Given, Failure> {
        if value == "-" {
            let bytes = self.standard_input(option, LONGEST).await?;
            let text = decode(bytes).ok_or_else(|| not_text(option, "standard input"))?;
            return Ok(Given { text, origin: Origin::StandardInput });
        }
        let Some(path) = value.strip_prefix('@') else {
            return Ok(Given { text: value.to_owned(), origin: Origin::CommandLine });
        };
        if path.starts_with('@') {
            return Ok(Given { text: path.to_owned(), origin: Origin::CommandLine });
        }
        let opened = path.to_owned();
        let read = tokio::task::spawn_blocking(move || whole(std::fs::File::open(opened)?, LONGEST)).await;
        let read = read.map_err(io::Error::from).and_then(|read| read);
        let bytes = read.map_err(|error| unreadable(option, Path::new(path), &error))?;
        let text = decode(bytes).ok_or_else(|| not_text(option, path))?;
        Ok(Given { text, origin: Origin::File(path.to_owned()) })
    }

    /// Reads standard input of at most so many bytes for an option.
    pub(super) async fn standard_input(&mut self, option: &str, longest: u64) -> Result<Vec<u8>, Failure> {
        self.take_standard_input(option)?;
        // Not tokio's reader, which keeps the process until the next line arrives.
        let read = tokio::task::spawn_blocking(move || whole(io::stdin().lock(), longest));
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(Class::File, format!("`--{option}`: cannot read standard input: {error}"))
        };
        read.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }

    fn take_standard_input(&mut self, option: &str) -> Result<(), Failure> {
        if let Some(first) = &self.stdin {
            let message = format!("`--{first}` and `--{option}` both read standard input");
            return Err(Failure::usage(message).help("read one of them from a file"));
        }
        self.stdin = Some(option.to_owned());
        Ok(())
    }
}

/// Reads to the end, which must come within the limit.
fn whole(source: impl Read, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {longest} bytes")));
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> Option<String> {
    let mut text = String::from_utf8(bytes).ok()?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Some(text)
}

fn unreadable(option: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(Class::File, format!("`--{option}`: cannot read {}: {error}", path.display()))
}

fn not_text(option: &str, source: &str) -> Failure {
    Failure::new(Class::File, format!("`--{option}`: {source} is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn texts_are_from_the_command_line_or_from_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("value");
        let mut sources = Sources::default();
        let mut text = async |value: &str| sources.text("title", value).await;

        assert_eq!(text("plain").await.unwrap().text, "plain");
        assert_eq!(text("@@home").await.unwrap().text, "@home");
        assert_eq!(text("").await.unwrap().text, "");
        let at = format!("@{}", path.display());
        for (content, expected) in [("a\nb\n", "a\nb"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("", "")] {
            std::fs::write(&path, content).unwrap();
            let given = text(&at).await.unwrap();
            assert_eq!((given.text.as_str(), given.origin), (expected, Origin::File(path.display().to_string())));
        }
        std::fs::write(&path, [0xff]).unwrap();
        let failure = text(&at).await.unwrap_err();
        assert!(failure.class == Class::File && failure.message.ends_with("is not UTF-8 text"), "{failure}");
        let failure = text("@/nowhere/at/all").await.unwrap_err();
        assert!(failure.class == Class::File && failure.message.contains("/nowhere/at/all"), "{failure}");
    }

    #[tokio::test]
    async fn standard_input_is_read_once() {
        let mut sources = Sources::new(Some("token-file"));
        let failure = sources.text("title", "-").await.unwrap_err();
        assert_eq!(failure.message, "`--token-file` and `--title` both read standard input");
        assert_eq!(failure.class, Class::Usage);
    }

    #[test]
    fn what_has_no_end_is_not_read_to_it() {
        assert!(whole(io::repeat(b'a'), 1_000).unwrap_err().to_string().contains("more than"));
    }
}
