//! Arbitrary responses: models and unions, read in every way.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_models(body));
