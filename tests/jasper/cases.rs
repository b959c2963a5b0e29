//! The output of each command: `tests/cmd` has what is typed and what is written. `TRYCMD=overwrite` takes over a change.

#[test]
fn commands_write_what_their_cases_say() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").env("LOWCODEAPI_TOKEN", "").run();
}
