//! Arbitrary server-sent events and JSON lines.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_messages(body));
