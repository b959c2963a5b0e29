//! For build scripts: generates into a folder and tells Cargo what was found.

use std::{env, fs, io, path::Path};

use crate::{Config, Inputs, diagnostic::Severity, generate};

/// Generates the code into `folder`, usually `OUT_DIR`, and prints what Cargo is to know: every error as
/// `cargo::error`, every warning as `cargo::warning`; notes are not shown.
///
/// The documentation of generated code holds upstream's words. They are written so that rustdoc finds no code in them; a
/// crate that includes generated code does well to say `doctest = false` under `[lib]` all the same.
///
/// Unless `config` names the crate, it is the package whose build script this is; its environment variables begin with that
/// name.
///
/// Besides the files of [`Output::files`](crate::Output::files), it writes `runtime.rs`: a `pub use` of what a client exports of
/// the runtime, for `include!` beside that of `api.rs`. It names the feature `blocking`, which the crate then needs to have.
///
/// Files that would not change are not written, so that what depends on them is not built again.
///
/// # Errors
///
/// When the document has errors, which have then been printed, or when a file cannot be written.
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
