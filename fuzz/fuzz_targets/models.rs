//! Whatever stands in a response: models and unions of them, read in every way there is.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_models(body));
