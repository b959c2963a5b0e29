//! Reads a token from a file, standard input, or a terminal.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    path::Path,
};

use crate::{
    connect::tell::tell,
    failure::{Class, Failure},
};

/// The most bytes of a token file. Tokens have a few hundred, signed ones a few thousand.
const LIMIT: u64 = 64 * 1024;

/// Reads the first line of a file, or of standard input if the path is `-`.
pub(crate) fn read_file(path: &Path) -> Result<String, Failure> {
    if path.as_os_str() == "-" {
        return first_line(io::stdin().lock(), "standard input");
    }
    let shown = path.display().to_string();
    let cannot = |error: io::Error| Failure::new(Class::File, format!("cannot read the token from {shown}: {error}"));
    let file = File::open(path).map_err(cannot)?;
    warn_if_shared(&file, &shown);
    first_line(file, &shown)
}

/// Asks for the token without showing what is typed. `None` if there is no terminal to ask on.
pub(crate) fn prompt(question: &str) -> Result<Option<String>, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    match rpassword::prompt_password(question) {
        Ok(token) => Ok(Some(token.trim().to_owned()).filter(|token| !token.is_empty())),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::new(Class::Interrupted, "interrupted; nothing was sent"))
        }
        Err(error) => Err(Failure::new(Class::Auth, format!("cannot ask for the token: {error}"))),
    }
}

fn first_line(source: impl Read, name: &str) -> Result<String, Failure> {
    let failed = |reason: &str| Failure::new(Class::File, format!("cannot read the token from {name}: {reason}"));
    let mut bytes = Vec::new();
    source.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| failed(&error.to_string()))?;
    if bytes.len() as u64 > LIMIT {
        return Err(failed(&format!("it has more than {LIMIT} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8 text"))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::new(Class::Auth, format!("the first line of {name} is empty")));
    }
    Ok(line.to_owned())
}

/// Warns of a file that other users of the machine can read.
#[cfg(unix)]
fn warn_if_shared(file: &File, shown: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    let Ok(metadata) = file.metadata() else { return };
    if metadata.is_file() && metadata.permissions().mode() & 0o044 != 0 {
        tell(&format!("warning: other users can read {shown}, which holds a token; restrict it with `chmod 600`"));
    }
}

/// The permissions of other systems are not bits of the file.
#[cfg(not(unix))]
fn warn_if_shared(_: &File, _: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, (Class, String)> {
        first_line(bytes, "FILE").map_err(|failure| (failure.class, failure.message))
    }

    #[test]
    fn the_first_line_is_the_token() {
        assert_eq!(read(b"at_mark\n").unwrap(), "at_mark");
        assert_eq!(read(b"at_mark\r\nsecond\r\n").unwrap(), "at_mark");
        assert_eq!(read(b"at_mark").unwrap(), "at_mark");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_without_being_shown() {
        let long = vec![b'm'; 70_000];
        for (bytes, class) in [(&long[..], Class::File), (b"mark\xff", Class::File), (b"\nmark", Class::Auth)] {
            let (found, message) = read(bytes).unwrap_err();
            assert_eq!(found, class);
            assert!(!message.contains('m') || !message.contains("mark"), "{message}");
        }
    }

    #[test]
    fn a_missing_file_is_a_failure_of_a_file() {
        let failure = read_file(Path::new("/nowhere/token")).unwrap_err();
        assert!(failure.class == Class::File && failure.message.contains("/nowhere/token"), "{failure}");
    }
}
