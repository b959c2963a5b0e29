//! A program run within bounds of time and memory, whatever becomes of it.
//!
//! The measured use is that of a process with all its children, so each program has a process of this one between itself
//! and the run: `cargo xtask supervise`.

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

/// How often a running program is looked at.
const INTERVAL: Duration = Duration::from_millis(5);

/// What a program may use.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Bounds {
    /// Its time by the clock
    #[arg(long)]
    pub(crate) seconds: u64,
    /// Its address space
    #[arg(long)]
    pub(crate) mebibytes: u64,
}

/// Options of the hidden command `supervise`.
#[derive(Debug, Args)]
pub(crate) struct Supervise {
    #[command(flatten)]
    bounds: Bounds,
    /// Where to write how it ended
    #[arg(long)]
    outcome: PathBuf,
    /// The program and its arguments
    #[arg(required = true, last = true)]
    program: Vec<OsString>,
}

/// How a program ended, and what it used.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    /// Its exit status or signal, or that its time was over.
    pub(crate) end: String,
    /// User and system time.
    pub(crate) cpu_s: f64,
    /// The most memory that was resident at a time, in MiB.
    pub(crate) peak_mb: f64,
}

/// Runs the program and writes its outcome.
pub(crate) fn supervise(args: &Supervise) -> Result<(), Failure> {
    let Some(program) = args.program.first() else { return Err(Failure::usage("there is no program to run")) };
    let status = run_within(args.bounds, &args.program).map_err(|error| Failure::io(Path::new(program), &error))?;
    let (cpu_s, peak_mb) = usage::of_children();
    let late = || format!("it was not done after {} s", args.bounds.seconds);
    let end = status.map_or_else(late, |status| status.to_string());
    let outcome = Outcome { success: status.is_some_and(|status| status.success()), end, cpu_s, peak_mb };
    // A struct of numbers and text serialises.
    let text = serde_json::to_string(&outcome).unwrap_or_default();
    fs::write(&args.outcome, text).map_err(|error| Failure::io(&args.outcome, &error))
}

/// Runs a program and its arguments; gives the status it ends with, and `None` where its time was over and it was killed.
pub(crate) fn run_within(bounds: Bounds, program: &[OsString]) -> io::Result<Option<ExitStatus>> {
    wait(&mut usage::within(bounds.mebibytes, program).spawn()?, Duration::from_secs(bounds.seconds))
}

/// The status it ends with; `None` where its time was over and it was killed.
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

/// What a supervised program is called, and where what it prints goes.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    pub(crate) file: OsString,
    pub(crate) arguments: Vec<OsString>,
    /// Where its output goes.
    pub(crate) folder: &'a Path,
    /// The files are `STEP.out`, `STEP.err` and `STEP.json`.
    pub(crate) step: &'a str,
}

impl Program<'_> {
    /// This program with one of its own commands.
    pub(crate) fn own<'a>(folder: &'a Path, step: &'a str, arguments: Vec<OsString>) -> io::Result<Program<'a>> {
        Ok(Program { file: env::current_exe()?.into(), arguments, folder, step })
    }

    /// Runs it; an error is about this program, not about that one.
    pub(crate) fn run(self, bounds: Bounds) -> io::Result<Outcome> {
        let file = |ending: &str| self.folder.join(format!("{}.{ending}", self.step));
        let outcome = file("json");
        let mut command = Command::new(env::current_exe()?);
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

/// The one line of what a failed program printed that says most: the panic with its message, its error, or the last one.
fn telling_line(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if let Some(panic) = lines.clone().position(|line| line.contains(" panicked at ")) {
        let place = lines.nth(panic)?.rsplit_once(" panicked at ")?.1;
        return Some(format!("panicked at {place} {}", lines.next().unwrap_or_default()));
    }
    let error = lines.clone().find(|line| line.starts_with("error"));
    error.or_else(|| lines.rfind(|line| !line.starts_with("note:"))).map(str::to_owned)
}

/// The bound and the measure that the operating system has for a process with its children.
#[cfg(unix)]
mod usage {
    use std::{ffi::OsString, process::Command};

    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::{TimeVal, TimeValLike},
    };

    /// The program within the bound. The shell sets it and becomes the program: this process could not, for its allocator
    /// reserves more address space than some bounds leave.
    pub(super) fn within(mebibytes: u64, program: &[OsString]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -v "$0" && exec "$@""#, &(mebibytes * 1024).to_string()]).args(program);
        command
    }

    /// Seconds of all children together, and the MiB of the largest.
    #[expect(clippy::cast_precision_loss, reason = "these are measures, of far fewer than 52 bits")]
    pub(super) fn of_children() -> (f64, f64) {
        let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return (0.0, 0.0) };
        let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
        // macOS counts bytes, everything else KiB.
        let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
        (seconds(usage.user_time()) + seconds(usage.system_time()), usage.max_rss() as f64 / unit)
    }
}

/// Elsewhere only time is bounded.
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
