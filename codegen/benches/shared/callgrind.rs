//! Runs a benchmark once more below `callgrind`, which counts instructions.

use std::{
    env,
    error::Error,
    io::ErrorKind,
    process::{Command, Output},
};

/// The instructions of this program with the arguments, and its output. `None` where there is no `valgrind`.
pub(crate) fn count(
    options: &[&str],
    arguments: &[&str],
) -> Result<Option<(f64, Output)>, Box<dyn Error + Send + Sync>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind").args(options).arg(env::current_exe()?).args(arguments);
    let output = match valgrind.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output?,
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<f64>().ok());
    match collected {
        Some(instructions) if output.status.success() => Ok(Some((instructions, output))),
        _ => Err(format!("valgrind failed: {said}").into()),
    }
}
