//! Arbitrary overlays: diagnostics, and never a panic. The input is a document and an overlay, separated by a line of
//! `---`. Without that line, it is an overlay of a small document.
#![no_main]

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

const DOCUMENT: &str = r##"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
    "paths": {"/a/{b}": {"parameters": [{"name": "b", "in": "path", "required": true, "schema": {"type": "string"}}],
        "post": {"tags": ["x"], "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}},
            "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}}}}}},
    "components": {"schemas": {"S": {"type": "object", "properties": {"a": {"enum": ["b", "c"]}, "d": {"type": "array",
        "items": {"oneOf": [{"$ref": "#/components/schemas/S"}, {"type": "integer"}]}}}}}}}"##;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (document, overlay) = text.split_once("\n---\n").unwrap_or((DOCUMENT, text));
    let inputs = Inputs::new(Source { name: "document", text: document });
    let inputs = inputs.overlay(Source { name: "overlay", text: overlay });
    let _ = generate(&inputs, &Config::default());
});
