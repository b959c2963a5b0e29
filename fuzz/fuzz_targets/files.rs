//! Arbitrary documents of several files, with overlays: diagnostics or Rust code, and never a panic.
//!
//! A line `=== NAME` starts a file. `openapi.yaml` is the document, and `overlay` is applied to it. What stands before the first
//! such line is the file `a.yaml`. Without a document, a small one refers to other files by each kind of reference.
#![no_main]

use std::collections::BTreeMap;

use lowcodeapi_codegen::{Config, Files, Inputs, Source, Unavailable, generate};

const DOCUMENT: &str = "
openapi: 3.2.0
info: {title: t, version: '1', description: {$ref: note.md}}
servers: [{url: https://a.example}]
paths:
  /a: {$ref: 'a.yaml#/paths/~1a'}
  /b: {$ref: 'a.yaml', parameters: [{$ref: 'a.yaml#/p'}]}
  /c:
    get: {$ref: 'a.yaml#/get'}
    post:
      parameters: [{$ref: 'a.yaml#/components/parameters/P'}]
      requestBody: {$ref: 'a.yaml#/body'}
      callbacks: {c: {$ref: 'a.yaml#/callback'}, d: {'{$request.body#/u}': {$ref: 'a.yaml#/paths/~1a'}}}
      responses:
        '200':
          description: d
          headers: {h: {$ref: 'a.yaml#/header'}}
          links: {l: {$ref: 'a.yaml#/link'}}
          content: {application/json: {schema: {$ref: 'a.yaml#/components/schemas/S'}, examples: {e: {$ref: a.yaml#/e}}}}
        default: {$ref: 'a.yaml#/response'}
components:
  schemas:
    S: {$ref: 'a.yaml#/S'}
    T: {$ref: 'a.yaml#anchor', description: beside}
    U: {oneOf: [{$ref: a.yaml}, {$ref: '#/components/schemas/T'}], discriminator: {propertyName: k, mapping: {a: a.yaml}}}
  mediaTypes: {m: {$ref: 'a.yaml#/media'}}
";

/// The most files of an input, and the longest input. Larger ones find nothing else.
const MAX_FILES: usize = 16;
const MAX_BYTES: usize = 1 << 16;

#[derive(Debug)]
struct Texts<'t>(BTreeMap<&'t str, String>);

impl Files for Texts<'_> {
    fn read(&self, place: &str) -> Result<String, Unavailable> {
        match self.0.get(place) {
            Some(text) => Ok(text.clone()),
            None if place.starts_with("..") => Err(Unavailable::Refused("it is outside".to_owned())),
            None => Err(Unavailable::Missing),
        }
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    if text.len() > MAX_BYTES {
        return;
    }
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut name = "a.yaml";
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(next) => name = next.trim_end(),
            None if texts.len() < MAX_FILES => texts.entry(name).or_default().push_str(line),
            None => {}
        }
    }
    let document = texts.remove("openapi.yaml").unwrap_or_else(|| DOCUMENT.to_owned());
    let overlay = texts.remove("overlay");
    let files = Texts(texts);
    let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document }).files(&files);
    if let Some(text) = &overlay {
        inputs = inputs.overlay(Source { name: "overlay", text });
    }
    let generated = generate(&inputs, &Config::default());
    for file in generated.output.into_iter().flat_map(|output| output.files) {
        let parsed = syn::parse_file(&file.source);
        assert!(parsed.is_ok(), "{:?}: {}", parsed.err(), file.source);
    }
});
