//! Files to upload.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

use lowcodeapi_runtime::{Error, Upload};

use super::source::Sources;
use crate::{
    failure::{Class, Failure},
    table::Opt,
};

/// The most bytes of a file that is read from standard input, which is held in memory.
const LONGEST: u64 = 2 * 1024 * 1024 * 1024;

/// Opens a file: a path, also as `@path`; `-` is standard input, and `@@x` the file `@x`.
pub(super) async fn open(option: &Opt, value: &OsStr, sources: &mut Sources) -> Result<Upload, Failure> {
    if value == "-" {
        let bytes = sources.standard_input(option.name, LONGEST).await?;
        return Ok(Upload::from_bytes("stdin", bytes));
    }
    let path =
        value.to_str().and_then(|value| value.strip_prefix('@')).map_or_else(|| value.to_owned(), OsString::from);
    Upload::from_path(Path::new(&path)).await.map_err(|error| unreadable(option, &error))
}

fn unreadable(option: &Opt, error: &Error) -> Failure {
    let message = match error {
        Error::InvalidRequest { message, .. } => message.clone(),
        other => other.to_string(),
    };
    Failure::new(Class::File, format!("`--{}`: {message}", option.name))
}
