//! Arbitrary pages of a list: it ends, or returns an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_pages(body));
