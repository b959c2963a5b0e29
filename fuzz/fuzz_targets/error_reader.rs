//! Arbitrary error responses: no panic, and no credential in what is kept.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_error(body));
