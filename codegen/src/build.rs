//! Generates code in build scripts.

use std::{env, fs, io, path::Path};

use crate::{Config, Inputs, diagnostic::Severity, generate};

/// Generates the code into `folder`, usually `OUT_DIR`. Prints errors as `cargo::error` and warnings as
/// `cargo::warning`, and omits notes.
///
/// The documentation of generated code contains text of the document, escaped so that rustdoc finds no code in it. As a
/// second safeguard, set `doctest = false` under `[lib]`.
///
/// Unless `config` names the crate, its name is `CARGO_PKG_NAME`. Environment variables of the client begin with that
/// name.
///
/// Besides [`Output::files`](crate::Output::files), this writes `runtime.rs`: a `pub use` of the runtime items that a
/// client exports, for `include!` beside `api.rs`. It refers to the feature `blocking`, which the crate must declare.
///
/// Unchanged files are not written, so crates that depend on them are not rebuilt.
///
/// # Errors
///
/// Returns an error if the document has errors, which are printed, or if a file cannot be written.
pub fn generate_into(folder: &Path, inputs: &Inputs<'_>, config: &Config) -> io::Result<()> {
    let mut config = config.clone();
    config.name = config.name.or_else(|| env::var("CARGO_PKG_NAME").ok());
    let generated = generate(inputs, &config);
    for diagnostic in &generated.diagnostics {
        match diagnostic.severity() {
            Severity::Error => println!("cargo::error={diagnostic}"),
            Severity::Warning => println!("cargo::warning={diagnostic}"),
            Severity::Note => {}
        }
    }
    let Some(output) = generated.output else {
        return Err(io::Error::other(format!("no client can be generated from {}", inputs.document.name)));
    };
    for file in output.included_files() {
        let path = folder.join(&file.path);
        if fs::read_to_string(&path).is_ok_and(|old| old == file.source) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &file.source)?;
    }
    Ok(())
}
