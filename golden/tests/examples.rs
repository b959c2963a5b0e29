//! The examples of the reference: they compile, and every operation has one.

#![allow(
    dead_code,
    unused_imports,
    unused_variables,
    deprecated,
    clippy::pedantic,
    reason = "examples are compiled, not run, and the documents decide what they hold"
)]

use lowcodeapi_runtime::{DateTime, Error, Upload, serde_json};

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

#[test]
fn every_operation_has_an_example() {
    for (case, operations, examples) in COUNTS {
        // What would need too many values has none.
        assert_eq!(examples, operations, "{case}");
    }
}
