//! The instructions of two ways to do the same, as `callgrind` counts them: the same from one run to the next, but for how
//! the bytes of an answer happen to arrive.
//!
//! What they are spent on, `callgrind_annotate` shows, given the files that this leaves in `target/tmp/callgrind/`. Build
//! with `CARGO_PROFILE_BENCH_DEBUG=true` for lines.

#[path = "../../../codegen/benches/shared/callgrind.rs"]
mod callgrind;

use std::{fs, path::Path};

use crate::Failure;

/// How often what is counted is done.
pub(crate) const TIMES: u32 = 500;

/// `callgrind` is told to count what is done below this function, by its name.
#[inline(never)]
pub(crate) fn measured<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Counts both; this program, given their arguments, does it so often.
pub(crate) fn compare(ours: &[&str], other: &[&str]) -> Result<String, Failure> {
    match (count(ours)?, count(other)?) {
        (Some(ours), Some(other)) => Ok(format!("{ours:.0}, {other:.0}, {:.3}", ours / other)),
        _ => Ok("not counted: there is no `valgrind`".to_owned()),
    }
}

/// The instructions of doing it once; `None` where there is nothing that counts them.
fn count(arguments: &[&str]) -> Result<Option<f64>, Failure> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind");
    fs::create_dir_all(&folder)?;
    let out = format!("--callgrind-out-file={}", folder.join(format!("{}.out", arguments.join("."))).display());
    let counted =
        callgrind::count(&["--toggle-collect=*instructions::measured*", &out], &[&["repeat"], arguments].concat())?;
    Ok(counted.map(|(instructions, _)| instructions / f64::from(TIMES)))
}
