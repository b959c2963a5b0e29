//! Arbitrary documents: diagnostics, and never a panic.
#![no_main]

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = generate(&Inputs::new(Source { name: "document", text }), &Config::default());
});
