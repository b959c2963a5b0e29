//! `cargo xtask ci`: runs the steps of `.ci/run` that need only the checkout, and `check`.

use std::{env, process::Command};

use crate::{
    failure::{Failure, Status},
    finding::Finding,
    project::Project,
    report::Report,
};

/// The arguments of Cargo, and an additional environment variable.
type Step = (&'static [&'static str], Option<(&'static str, &'static str)>);

const STEPS: &[Step] = &[
    (&["test", "--workspace"], None),
    (&["run", "--quiet", "--", "--mock", "demo"], None),
    (&["run", "--quiet", "--example", "quickstart", "-p", "lowcodeapi-jasper"], None),
    (&["run", "--quiet", "-p", "notion-example"], None),
    // The tests have compared the golden output.
    (&["xtask", "check", "--skip-golden"], None),
    (&["fmt", "--all", "--check"], None),
    (&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], None),
    // With the examples, dependencies have the features that Clippy has checked them with.
    (&["doc", "--workspace", "--no-deps", "--lib", "--bins", "--examples"], Some(("RUSTDOCFLAGS", "-D warnings"))),
];

/// Prints and runs each step, and stops at the first failure.
pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    let tag = last_release(project);
    // What this generator makes of the last release's document, for the callers of that release.
    let guard = tag.as_deref().map(|tag| ["xtask", "diff", "--generator", tag, "--fail-on", "major"]);
    let guard: Option<(&[&str], _)> = guard.as_ref().map(|arguments| (arguments.as_slice(), None));
    for (arguments, variable) in STEPS.iter().copied().chain(guard) {
        let shown = format!("cargo {}", arguments.join(" "));
        let prefix = variable.map(|(name, value)| format!("{name}=\"{value}\" ")).unwrap_or_default();
        Report::status(format_args!("\n==> {prefix}{shown}"));
        let mut command = cargo(project);
        command.args(arguments).envs(variable);
        let status = status_of(&mut command)?;
        if status != 0 {
            let finding = Finding::error("ci-step", "", format!("`{shown}` failed with exit status {status}"));
            return Err(Failure::new(Status::Step(status), finding));
        }
    }
    if tag.is_none() {
        Report::status("\nthere is no tag of a release, so the generated code is not compared with that of one");
    }
    Report::status("\nall checks passed");
    Ok(())
}

/// Returns the tag of the last release.
fn last_release(project: &Project) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(project.root()).args(["describe", "--tags", "--abbrev=0", "--match", "v*"]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Returns a Cargo command in the root of the project. By default, snapshots are compared and not written.
pub(crate) fn cargo(project: &Project) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project.root()).env("INSTA_UPDATE", "no");
    command
}

/// Runs a command and returns its exit status. After a signal it is 101, Cargo's status for a panic.
pub(crate) fn status_of(command: &mut Command) -> Result<u8, Failure> {
    let status = command.status().map_err(|error| {
        Failure::io(command.get_program().as_ref(), &error).help("is Cargo installed and on the PATH?")
    })?;
    Ok(status.code().map_or(101, |code| u8::try_from(code).unwrap_or(101)))
}
