//! `cargo xtask changes`: what the commits since a revision mean for callers.

use std::{fmt::Write as _, path::Path, process::Command};

use clap::Args;

use super::{
    Changes, Effect, changes, in_text, present_version, section,
    side::{self, Built},
};
use crate::{
    failure::Failure,
    project::Project,
    report::Report,
    shown::{in_code, shown},
};

/// Options of `changes`.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// Begin after this revision
    #[arg(long, value_name = "REVISION")]
    since: String,
    /// Tell of the snapshots of this provider
    #[arg(long, default_value = "jasper", value_parser = crate::provider_name)]
    provider: String,
}

/// A commit that changes the snapshot, its overlay or its lock.
struct Commit {
    hash: String,
    date: String,
    subject: String,
}

/// Prints the changes of the whole time, and those of each commit, as Markdown.
pub(crate) fn tell(args: &History, project: &Project, report: &Report) -> Result<(), Failure> {
    let commits = commits(args, project.root())?;
    let build = |revision: &str, known: Option<&Built>| -> Result<Built, Failure> {
        let known = known.map(|built| built.output.lock.to_string());
        side::at(revision, &args.provider, project)?.build(known.as_deref(), report)
    };
    let first = build(&args.since, None)?;
    let mut sections = String::new();
    let mut table = String::from(
        "\n| commit | date | subject | version | source | behaviour | lint | adds | docs |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut before: Option<Built> = None;
    for commit in &commits {
        let earlier = before.as_ref().unwrap_or(&first);
        let Ok(after) = build(&commit.hash, Some(earlier)) else {
            // Its findings are printed. The next commit is compared with the one before.
            let _ = writeln!(table, "| {} | {} | no client | | | | | | |", in_code(short(&commit.hash)), commit.date);
            continue;
        };
        let between = changes(earlier, &after);
        push_row(&mut table, commit, &between);
        if !between.entries.is_empty() {
            let title = format!("{} ({}): {}", in_code(short(&commit.hash)), commit.date, in_text(&commit.subject));
            sections.push('\n');
            sections.push_str(&section(&between, &title, "##"));
        }
        before = Some(after);
    }
    let Some(last) = &before else {
        let since = shown(&args.since);
        Report::status(format_args!("no commit since {since} changes the snapshot, the overlay or the lock"));
        return Ok(());
    };
    let whole = Changes { version: present_version(project)?, ..changes(&first, last) };
    let title = format!("{} since {}", in_text(&args.provider), in_code(&args.since));
    anstream::print!("{}\n## Commits\n{table}{sections}", section(&whole, &title, "#"));
    Ok(())
}

fn push_row(table: &mut String, commit: &Commit, changes: &Changes) {
    let count = |effect| changes.of(effect).count();
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        table,
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        in_code(short(&commit.hash)),
        commit.date,
        in_text(&commit.subject).replace('|', "\\|").replace("\\\\|", "\\|"),
        changes.verdict().step.word(),
        count(Effect::Source),
        count(Effect::Behaviour),
        count(Effect::Lint),
        count(Effect::Adds),
        count(Effect::Docs)
    );
}

fn short(hash: &str) -> &str {
    hash.get(..7).unwrap_or(hash)
}

/// Returns the commits in their order.
fn commits(args: &History, root: &Path) -> Result<Vec<Commit>, Failure> {
    let files = ["openapi.json", "overlay.yaml", "lock.json"].map(|ending| format!("spec/{}.{ending}", args.provider));
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["log", "--reverse", "--first-parent", "--format=%H%x09%cs%x09%s"]);
    command.args(["--end-of-options", &format!("{}..HEAD", args.since), "--"]).args(files);
    let output = command.output().map_err(|error| Failure::io("git".as_ref(), &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let message = format!("git knows no revision {}: {}", shown(&args.since), shown(said.trim()));
        return Err(Failure::usage(message));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let commit = |line: &str| {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        Some(Commit { hash: parts.next()?, date: parts.next()?, subject: parts.next()? })
    };
    Ok(text.lines().filter_map(commit).collect())
}
