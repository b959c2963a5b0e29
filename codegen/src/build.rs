//! Generates code in build scripts.

use std::{collections::HashMap, env, fs, io, path::Path};

use crate::{Config, Diagnostic, Generated, Inputs, Source, diagnostic::Severity, generate, read::span::positions};

/// Generates the code into `folder`, usually `OUT_DIR`. Prints errors as `cargo::error` and warnings as
/// `cargo::warning`, and omits notes.
///
/// The documentation of generated code contains text of the document, escaped so that rustdoc finds no code in it. As a
/// second safeguard, set `doctest = false` under `[lib]`.
///
/// Unless `config` names the crate, its name is `CARGO_PKG_NAME`. Environment variables of the client begin with that
/// name.
///
/// The files that the document refers to are watched: Cargo runs the build script again if one of them changes. So the script has
/// to name the document itself, overlays and lock with `cargo::rerun-if-changed`, unless it includes their texts.
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
    for (severity, line) in lines(&generated, inputs) {
        match severity {
            Severity::Error => println!("cargo::error={line}"),
            _ => println!("cargo::warning={line}"),
        }
    }
    for path in generated.parts.iter().filter_map(|part| inputs.files?.path(&part.place)) {
        println!("cargo::rerun-if-changed={}", path.display());
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

/// Returns errors and warnings with the lines and columns of their places.
fn lines(generated: &Generated, inputs: &Inputs<'_>) -> Vec<(Severity, String)> {
    let parts = generated.parts.iter().map(|part| Source { name: &part.name, text: &part.text });
    let sources =
        std::iter::once(inputs.document).chain(inputs.overlays.iter().copied()).chain(inputs.lock).chain(parts);
    let mut places = HashMap::new();
    let told = generated.diagnostics.iter().filter(|found| found.severity() > Severity::Note);
    for source in sources {
        let of_source = told.clone().filter(|found| found.file == source.name);
        let pointers: Vec<&str> = of_source.map(|found| found.pointer.as_str()).collect();
        if !pointers.is_empty() {
            let found = positions(&source, &pointers);
            places.extend(
                pointers.into_iter().zip(found).map(|(pointer, place)| ((source.name.to_owned(), pointer), place)),
            );
        }
    }
    let line = |found: &Diagnostic| {
        let place = places.get(&(found.file.clone(), found.pointer.as_str())).copied().flatten();
        let place = place.map(|place| format!("line {}, column {}: ", place.line, place.column)).unwrap_or_default();
        (found.severity(), format!("{place}{found}"))
    };
    told.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Files, Unavailable};

    #[derive(Debug)]
    struct Pet;

    impl Files for Pet {
        fn read(&self, _: &str) -> Result<String, Unavailable> {
            Ok("type: object\nproperties:\n  a: {$ref: '#/gone'}\n".to_owned())
        }
    }

    #[test]
    fn a_line_names_the_place_in_its_file() {
        let text = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://a.example"}], "paths": {"/a": {"get": {"operationId": "a", "responses":
            {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "pet.yaml"}}}}}}}}}"#;
        let inputs = Inputs::new(Source { name: "spec/d.json", text }).files(&Pet);
        let lines = lines(&generate(&inputs, &Config::default()), &inputs);
        let [(Severity::Warning, line)] = &lines[..] else { panic!("{lines:?}") };
        assert!(line.starts_with("line 3, column 3: warning[dangling-ref]: spec/pet.yaml#/properties/a: "), "{line}");
    }
}
