//! Runs a program within limits of time and memory.
//!
//! The operating system measures all children of a process together. So each program is the only child of a process
//! `cargo xtask supervise`.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The interval of checks of a running program.
const INTERVAL: Duration = Duration::from_millis(5);

/// The limits of a program.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Bounds {
    /// Limit the wall time, in seconds
    #[arg(long)]
    pub(crate) seconds: u64,
    /// Limit the address space, in MiB
    #[arg(long)]
    pub(crate) mebibytes: u64,
}

/// Options of the hidden command `supervise`.
#[derive(Debug, Args)]
pub(crate) struct Supervise {
    #[command(flatten)]
    bounds: Bounds,
    /// Write the outcome to this file
    #[arg(long)]
    outcome: PathBuf,
    /// Run this program with these arguments
    #[arg(required = true, last = true)]
    program: Vec<OsString>,
}

/// The outcome of a program.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    /// The exit status, the signal or the timeout.
    pub(crate) end: String,
    /// User and system time.
    pub(crate) cpu_s: f64,
    /// The peak of resident memory, in MiB.
    pub(crate) peak_mb: f64,
}

/// Runs the program and writes its outcome.
pub(crate) fn supervise(args: &Supervise) -> Result<(), Failure> {
    let Some(program) = args.program.first() else {
        return Err(Failure::usage("no program is given; pass one after `--`"));
    };
    let status = run_within(args.bounds, &args.program).map_err(|error| Failure::io(Path::new(program), &error))?;
    let (cpu_s, peak_mb) = usage::of_children();
    let late = || format!("the program did not end within {} s", args.bounds.seconds);
    let end = status.map_or_else(late, |status| status.to_string());
    let outcome = Outcome { success: status.is_some_and(|status| status.success()), end, cpu_s, peak_mb };
    // A struct of numbers and text serialises.
    let text = serde_json::to_string(&outcome).unwrap_or_default();
    fs::write(&args.outcome, text).map_err(|error| Failure::io(&args.outcome, &error))
}

/// Runs a program. Returns its exit status, or `None` if it was killed after its time limit.
pub(crate) fn run_within(bounds: Bounds, program: &[OsString]) -> io::Result<Option<ExitStatus>> {
    wait(&mut usage::within(bounds.mebibytes, program).spawn()?, Duration::from_secs(bounds.seconds))
}

/// Returns the exit status, or `None` if the program was killed after its time limit.
fn wait(child: &mut Child, bound: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= bound {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(INTERVAL);
    }
}

/// A supervised program and its output.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    pub(crate) file: OsString,
    pub(crate) arguments: Vec<OsString>,
    /// The folder of the output.
    pub(crate) folder: &'a Path,
    /// The files are `STEP.out`, `STEP.err` and `STEP.json`.
    pub(crate) step: &'a str,
}

impl Program<'_> {
    /// A command of this program.
    pub(crate) fn own<'a>(folder: &'a Path, step: &'a str, arguments: Vec<OsString>) -> io::Result<Program<'a>> {
        Ok(Program { file: env::current_exe()?.into(), arguments, folder, step })
    }

    /// Runs the program. An error is one of this program.
    pub(crate) fn run(self, bounds: Bounds) -> io::Result<Outcome> {
        let file = |ending: &str| self.folder.join(format!("{}.{ending}", self.step));
        let outcome = file("json");
        let mut command = Command::new(env::current_exe()?);
        // Generated code reads these; Cargo sets them, and `rustc` alone does not.
        command.env("CARGO_PKG_NAME", "client").env("CARGO_PKG_VERSION", "0.0.0");
        command
            .arg("supervise")
            .args(["--seconds", &bounds.seconds.to_string(), "--mebibytes", &bounds.mebibytes.to_string()])
            .arg("--outcome")
            .arg(&outcome)
            .arg("--")
            .arg(self.file)
            .args(self.arguments)
            .stdin(Stdio::null())
            .stdout(File::create(file("out"))?)
            .stderr(File::create(file("err"))?);
        let status = command.status()?;
        let ended = fs::read_to_string(&outcome).ok().and_then(|text| serde_json::from_str(&text).ok());
        let mut outcome = ended.unwrap_or_else(|| Outcome { end: status.to_string(), ..Outcome::default() });
        if !outcome.success {
            let said = fs::read(file("err")).unwrap_or_default();
            if let Some(line) = telling_line(&String::from_utf8_lossy(&said)) {
                outcome.end = format!("{}: {line}", outcome.end);
            }
        }
        Ok(outcome)
    }
}

/// Returns the most specific line of the output of a failed program: the panic, the error or the last line.
fn telling_line(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if let Some(panic) = lines.clone().position(|line| line.contains(" panicked at ")) {
        let place = lines.nth(panic)?.rsplit_once(" panicked at ")?.1;
        return Some(format!("panicked at {place} {}", lines.next().unwrap_or_default()));
    }
    let error = lines.clone().find(|line| line.starts_with("error"));
    error.or_else(|| lines.rfind(|line| !line.starts_with("note:"))).map(str::to_owned)
}

/// Limits and measures of the operating system for a process with its children.
#[cfg(unix)]
mod usage {
    use std::{ffi::OsString, process::Command};

    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::{TimeVal, TimeValLike},
    };

    /// Returns the program within the limit, which a shell sets. This process cannot, because its allocator reserves
    /// more address space than some limits allow.
    pub(super) fn within(mebibytes: u64, program: &[OsString]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -v "$0" && exec "$@""#, &(mebibytes * 1024).to_string()]).args(program);
        command
    }

    /// Returns the seconds of all children, and the MiB of the largest.
    #[expect(clippy::cast_precision_loss, reason = "these are measures, of far fewer than 52 bits")]
    pub(super) fn of_children() -> (f64, f64) {
        let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return (0.0, 0.0) };
        let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
        // macOS counts bytes, everything else KiB.
        let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
        (seconds(usage.user_time()) + seconds(usage.system_time()), usage.max_rss() as f64 / unit)
    }
}

/// Other systems limit only time.
#[cfg(not(unix))]
mod usage {
    use std::{ffi::OsString, process::Command};

    pub(super) fn within(_mebibytes: u64, program: &[OsString]) -> Command {
        let mut command = Command::new(&program[0]);
        command.args(&program[1..]);
        command
    }

    pub(super) fn of_children() -> (f64, f64) {
        (0.0, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_line_is_the_panic_the_error_or_the_last() {
        let panic = "\nthread 'main' (7) panicked at codegen/src/a.rs:1:2:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`\n";
        assert_eq!(telling_line(panic).as_deref(), Some("panicked at codegen/src/a.rs:1:2: index out of bounds"));
        let overflow = "\nthread 'main' (7) has overflowed its stack\nfatal runtime error: stack overflow, aborting\n";
        assert_eq!(telling_line(overflow).as_deref(), Some("fatal runtime error: stack overflow, aborting"));
        let error = "error[io]: no such file\n  --> a.json\n";
        assert_eq!(telling_line(error).as_deref(), Some("error[io]: no such file"));
        assert_eq!(telling_line("\n"), None);
    }
}
