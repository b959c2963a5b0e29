//! Arbitrary values of `Retry-After`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| lowcodeapi_runtime::fuzzing::read_delay(text));
