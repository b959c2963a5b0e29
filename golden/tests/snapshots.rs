//! Pins down the source and the diagnostics of every case.

use std::{fs, path::Path};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

/// Generated files without the header that every one of them begins with.
fn body(source: &str) -> &str {
    source.split_once("\n\n").map_or(source, |(_, body)| body)
}

#[test]
fn every_case_gives_what_it_gave() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for entry in fs::read_dir(&cases).unwrap() {
        let folder = entry.unwrap().path();
        let read = |file: &str| fs::read_to_string(folder.join(file)).ok();
        let document = read("openapi.yaml").unwrap();
        let (overlay, lock) = (read("overlay.yaml"), read("lock.json"));
        let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document });
        if let Some(text) = &overlay {
            inputs = inputs.overlay(Source { name: "overlay.yaml", text });
        }
        if let Some(text) = &lock {
            inputs = inputs.lock(Source { name: "lock.json", text });
        }
        let generated = generate(&inputs, &Config::default());
        let diagnostics: Vec<String> = generated.diagnostics.iter().map(ToString::to_string).collect();
        let files = generated.output.map(|output| output.files).unwrap_or_default();
        let source: Vec<String> = files
            .iter()
            .filter(|file| file.path != "api.rs")
            .map(|file| format!("// {}\n\n{}", file.path, body(&file.source)))
            .collect();
        settings.set_snapshot_path(&folder);
        settings.bind(|| {
            insta::assert_snapshot!("diagnostics", diagnostics.join("\n"));
            insta::assert_snapshot!("source", source.join("\n"));
        });
    }
}
