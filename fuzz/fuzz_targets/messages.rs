//! Whatever comes as server-sent events, or as JSON lines.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| lowcodeapi_runtime::fuzzing::read_messages(body));
