//! The output of each command: `tests/cmd` has what is typed and what is written. `TRYCMD=overwrite` takes over a change.

#[test]
fn commands_write_what_their_cases_say() {
    let cases = trycmd::TestCases::new();
    cases.case("tests/cmd/*.trycmd").env("LOWCODEAPI_TOKEN", "");
    if cfg!(feature = "keychain") {
        // What it says depends on the keychain of the machine.
        cases.skip("tests/cmd/state.trycmd");
    }
    cases.run();
}
