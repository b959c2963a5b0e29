//! Whatever the pages of a list are: it comes to an end, or to an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_pages(body));
