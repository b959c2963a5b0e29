//! The instructions of calls, as `callgrind` counts them: the same from one run to the next but for how the bytes of an
//! answer happen to arrive.
//!
//! What they are spent on, `callgrind_annotate` shows, given the files that this leaves in `target/tmp/callgrind/`. Build
//! with `CARGO_PROFILE_BENCH_DEBUG=true` for lines.

use std::{env, fs, io::ErrorKind, path::Path, process::Command};

use crate::{
    Failure,
    calls::{Calls, Operation, Side},
};

const CALLS: u32 = 500;

/// Makes the calls that are counted; the first one, which connects, is not.
pub(crate) fn run(operation: Operation, side: Side) -> Result<(), Failure> {
    let calls = Calls::new()?;
    calls.check()?;
    calls.repeat(operation, side, CALLS)
}

pub(crate) fn compare(operation: Operation) -> Result<String, Failure> {
    let [client, by_hand] = Side::BOTH.map(|side| count(operation, side));
    match (client?, by_hand?) {
        (Some(client), Some(by_hand)) => Ok(format!("{client:.0}, {by_hand:.0}, {:.3}", client / by_hand)),
        _ => Ok("not counted: there is no `valgrind`".to_owned()),
    }
}

/// The instructions of one call; `None` where there is nothing that counts them.
fn count(operation: Operation, side: Side) -> Result<Option<f64>, Failure> {
    let program = env::current_exe()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind");
    fs::create_dir_all(&folder)?;
    let out = folder.join(format!("{}.{}.out", operation.name(), side.name()));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--toggle-collect=*measured_calls*"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(program)
        .args(["repeat", operation.name(), side.name()]);
    let output = match valgrind.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output?,
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<f64>().ok());
    match collected {
        Some(instructions) if output.status.success() => Ok(Some(instructions / f64::from(CALLS))),
        _ => Err(format!("valgrind failed: {said}").into()),
    }
}
