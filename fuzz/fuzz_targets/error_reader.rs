//! Whatever a server says with an error status: no panic, and no credential in what is kept of it.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_error(body));
