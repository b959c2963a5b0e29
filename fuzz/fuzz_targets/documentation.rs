//! Arbitrary descriptions: rustdoc finds no code, HTML or image in the documentation.
#![no_main]

use lowcodeapi_codegen::{Config, Inputs, Source, generate};
use serde_json::json;

#[path = "../../codegen/tests/suite/documentation/judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Docs", "version": "1", "description": text },
        "servers": [{ "url": "https://api.example" }],
        "paths": { "/a": { "get": {
            "operationId": "a", "summary": text, "tags": [text], "externalDocs": { "url": text },
            "parameters": [{ "name": "q", "in": "query", "required": true, "description": text,
                "schema": { "type": "string", "default": text, "enum": [text, "b"] } }],
            "responses": { "200": { "description": text }, "400": { "description": text } },
        } } },
    });
    let text = document.to_string();
    let generated = generate(&Inputs::new(Source { name: "docs.json", text: &text }), &Config::default());
    for file in generated.output.into_iter().flat_map(|output| output.files) {
        for comment in judge::comments_of(&file.source) {
            assert_eq!(judge::harm(&comment), None, "{comment}");
        }
    }
});
