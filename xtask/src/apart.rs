//! Runs commands that read foreign documents in a process with limits of time and memory. The generator has its own limits;
//! these apply if it has a defect.

use std::{
    env,
    ffi::OsString,
    process::{ExitCode, ExitStatus},
};

use crate::{
    corpus::{BOUNDS, Bounds, run_within},
    failure::Failure,
};

/// The variable that marks the inner process.
const MARK: &str = "LOWCODEAPI_XTASK_APART";

/// A command generates at most twice, to compare the results.
const TIMES: u64 = 2;

/// Runs this command again within limits, with additional seconds for the network. Returns its exit status, or `None`
/// in the inner process.
pub(crate) fn run(network_seconds: u64) -> Option<Result<ExitCode, Failure>> {
    if env::var_os(MARK).is_some() {
        return None;
    }
    let bounds = Bounds { seconds: TIMES * BOUNDS.seconds + network_seconds, ..BOUNDS };
    Some(run_again(bounds))
}

fn run_again(bounds: Bounds) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::io("this program".as_ref(), &error);
    let mut program: Vec<OsString> = vec!["env".into(), format!("{MARK}=1").into()];
    program.push(env::current_exe().map_err(failed)?.into());
    program.extend(env::args_os().skip(1));
    match run_within(bounds, &program).map_err(failed)? {
        Some(status) => code_of(status).ok_or_else(|| over(bounds, &status.to_string())),
        None => Err(over(bounds, "it did not end in time")),
    }
}

/// Returns `None` if a signal ended the process.
fn code_of(status: ExitStatus) -> Option<ExitCode> {
    status.code().map(|code| u8::try_from(code).unwrap_or(u8::MAX).into())
}

fn over(bounds: Bounds, end: &str) -> Failure {
    let Bounds { seconds, mebibytes } = bounds;
    Failure::problem(
        "over-bounds",
        "",
        format!("the command exceeded its limits of {seconds} s and {mebibytes} MiB of memory: {end}"),
    )
    .help("remove parts that the client does not need; if the document has a usual size, report this defect")
}
