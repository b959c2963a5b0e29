//! The command line of benchmarks that run each of their cases in a process of its own.

use std::{env, error::Error, process::ExitCode};

use lowcodeapi_codegen::{Generated, Severity};

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// Runs one case, which `run` and its own arguments name, or measures all cases whose names have the argument in them. Fails
/// where a measured case is over its limit.
pub(crate) fn main(
    run: impl Fn(&[&str]) -> Result<(), Failure>,
    measure: impl Fn(&str) -> Result<bool, Failure>,
) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", case @ ..] => run(case).map(|()| true),
        [] => measure(""),
        [part, ..] => measure(part),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The first error, or that there is a client.
pub(crate) fn outcome(generated: &Generated) -> &'static str {
    let error = generated.diagnostics.iter().find(|found| found.severity() == Severity::Error);
    error.map_or("generated", |error| error.code.id)
}
