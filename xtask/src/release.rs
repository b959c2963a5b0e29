//! `cargo xtask release`: takes the version and the entry of the changelog from what the document's changes mean for callers. It
//! publishes and pushes nothing.

use std::{fmt::Write as _, path::Path, process::Command};

use clap::Args;
use semver::Version;
use serde_json::Value;

use crate::{
    ci::{cargo, status_of},
    diff::{Changes, Effect, Entry, in_text, lock_at, since},
    failure::Failure,
    project::{Project, Text, read},
    provenance::today,
    report::Report,
    shown::in_code,
    write::{Wanted, outdated, write_all},
};

/// Options of `release`.
#[derive(Debug, Args)]
pub(crate) struct Release {
    /// Compare with the snapshot at this revision; by default at the tag of the present version, such as `v0.1.0`
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// Compare the snapshots of this provider
    #[arg(long, default_value = "jasper", value_parser = crate::provider_name)]
    provider: String,
    /// Release this version; by default the one that the changes ask for. A smaller one is refused
    #[arg(long, value_name = "VERSION")]
    version: Option<Version>,
    /// Only write the changes into the section `Unreleased` of the changelog, to be edited before the release
    #[arg(long)]
    draft: bool,
}

const CHANGELOG: &str = "CHANGELOG.md";
const UNRELEASED: &str = "## Unreleased\n";

/// The heading of the changes of the document in the changelog.
const HEADING: &str = "### The API\n";

/// The folders with a lock file of their own.
const LOCKED: [&str; 2] = [".", "fuzz"];

/// Drafts the entry of the changelog, or makes the release.
pub(crate) fn run(args: &Release, project: &Project, report: &Report) -> Result<(), Failure> {
    let present = crate::diff::present_version(project)?.ok_or_else(|| {
        Failure::usage("the manifest of the workspace has no version").help("add `version` to `[workspace.package]`")
    })?;
    let revision = args.since.clone().unwrap_or_else(|| format!("v{present}"));
    let ended = without_ended_aliases(args, &revision, project)?;
    let changes = since(&revision, &args.provider, project, ended.as_ref(), report)?;
    let changelog = read(&project.root().join(CHANGELOG))?;
    let drafted = has_draft(&changelog);
    // What a person has edited stays.
    let changelog = if args.draft || !drafted { with_draft(&changelog, &changes)? } else { changelog };
    if args.draft {
        write(project, vec![(CHANGELOG.into(), changelog)])?;
        Report::status(format_args!("version: {}", changes.verdict_text()));
        Report::status(format_args!("edit {CHANGELOG}, then run `cargo xtask release`"));
        return Ok(());
    }
    let version = next_version(args, &changes, &present)?;
    let mut files = manifests(project, &present, &version)?;
    files.push((CHANGELOG.into(), released(&changelog, &version, &today())?));
    let has_ended = ended.is_some();
    files.extend(ended.map(|lock| (lock.name, lock.text)));
    write(project, files)?;
    if has_ended {
        Report::status(
            "names that were deprecated in the last release are gone; run `cargo xtask lock`, then accept the golden output",
        );
    }
    update_locks(project)?;
    Report::status(format_args!(
        "{present} is {version} now, because the changes since {revision} ask for it: {}",
        changes.verdict_text()
    ));
    Report::status(format_args!(
        "nothing is committed, published or pushed; after the review: git commit --all --message 'Release {version}' && git tag v{version}"
    ));
    Ok(())
}

/// Returns the version to release.
fn next_version(args: &Release, changes: &Changes, present: &Version) -> Result<Version, Failure> {
    let verdict = changes.verdict();
    let asked = verdict.versions.map_or_else(|| present.clone(), |(_, next)| next);
    let version = args.version.clone().unwrap_or_else(|| asked.clone());
    if version < asked {
        let message = format!("{version} is too small: the changes ask for {asked} ({})", changes.verdict_text());
        return Err(
            Failure::problem("release-too-small", CHANGELOG, message).help("omit --version, or pass a larger one")
        );
    }
    if version <= *present {
        let message = format!("no change asks for a version after {present}");
        return Err(Failure::problem("release-empty", CHANGELOG, message)
            .help("pass --version to release changes that are not of the document"));
    }
    Ok(version)
}

/// Returns the lock without the aliases that callers have had for a release: those that the lock of the last release has too. `None`
/// if there are none.
fn without_ended_aliases(args: &Release, revision: &str, project: &Project) -> Result<Option<Text>, Failure> {
    let spec = project.spec(&args.provider)?;
    let (Some(lock), Some(released)) = (&spec.lock, lock_at(revision, &spec.name("lock.json"), project)) else {
        return Ok(None);
    };
    let tree = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (mut current, released) = (tree(&lock.text), tree(&released));
    let mut has_ended = false;
    for section in ["operations", "types"] {
        for (key, entry) in current.get_mut(section).and_then(Value::as_object_mut).into_iter().flatten() {
            let before = released[section].get(key).and_then(|entry| entry.get("was"));
            if let Some(entry) = entry.as_object_mut().filter(|entry| before.is_some() && entry.get("was") == before) {
                entry.remove("was");
                has_ended = true;
            }
        }
    }
    Ok(has_ended.then(|| Text { name: lock.name.clone(), text: format!("{current:#}\n") }))
}

/// Returns the text of `Unreleased`.
fn unreleased(changelog: &str) -> Option<&str> {
    let (_, rest) = changelog.split_once(UNRELEASED)?;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

fn has_draft(changelog: &str) -> bool {
    unreleased(changelog).is_some_and(|text| text.contains(HEADING))
}

/// Writes the changes below `Unreleased`, in place of an earlier draft.
fn with_draft(changelog: &str, changes: &Changes) -> Result<String, Failure> {
    let text = unreleased(changelog).ok_or_else(|| {
        Failure::problem("changelog-malformed", CHANGELOG, "the changelog has no section `## Unreleased`")
    })?;
    let draft = draft(changes);
    let kept = match text.split_once(HEADING) {
        Some((before, after)) => {
            let rest = after.find("\n### ").map_or("", |at| &after[at + 1..]);
            format!("{before}{rest}")
        }
        None => text.to_owned(),
    };
    let drafted = if draft.is_empty() {
        kept
    } else {
        format!("\n{HEADING}\n{draft}{}{}", if kept.starts_with('\n') { "" } else { "\n" }, kept)
    };
    Ok(changelog.replacen(&format!("{UNRELEASED}{text}"), &format!("{UNRELEASED}{drafted}"), 1))
}

/// Returns a line for each change that callers meet.
fn draft(changes: &Changes) -> String {
    let mut out = String::new();
    for entry in changes.entries.iter().filter(|entry| entry.effect() != Effect::Docs) {
        // Writing to a `String` cannot fail.
        let _ =
            writeln!(out, "- {}{}: {}{}", mark(entry), in_code(&entry.item), in_text(&entry.upstream), instead(entry));
    }
    let documented = changes.of(Effect::Docs).count();
    if documented > 0 {
        let plural = if documented == 1 { "" } else { "s" };
        let _ = writeln!(out, "- The documentation has {documented} change{plural}.");
    }
    out
}

fn mark(entry: &Entry) -> &'static str {
    if entry.effect() == Effect::Source { "**Breaking:** " } else { "" }
}

/// What to write now, where code no longer compiles.
fn instead(entry: &Entry) -> String {
    match &entry.new_code {
        Some(code) if entry.effect() == Effect::Source && entry.old_code.as_ref() != Some(code) => {
            format!(" Write {}.", in_code(code))
        }
        _ => String::new(),
    }
}

/// Gives what is unreleased its version and date.
fn released(changelog: &str, version: &Version, date: &str) -> Result<String, Failure> {
    if unreleased(changelog).is_none() {
        return Err(Failure::problem("changelog-malformed", CHANGELOG, "the changelog has no section `## Unreleased`"));
    }
    Ok(changelog.replacen(UNRELEASED, &format!("{UNRELEASED}\n## {version} - {date}\n"), 1))
}

/// Returns the manifests with the new version: the workspace's own, and those of dependencies by path.
fn manifests(project: &Project, present: &Version, version: &Version) -> Result<Vec<(String, String)>, Failure> {
    let listed =
        Command::new("git").arg("-C").arg(project.root()).args(["ls-files", "Cargo.toml", "*/Cargo.toml"]).output();
    let listed = listed.map_err(|error| Failure::io("git".as_ref(), &error))?;
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut changed = Vec::new();
    for name in names.lines() {
        let text = read(&project.root().join(name))?;
        let updated = with_version(&text, present, version);
        if updated != text {
            changed.push((name.to_owned(), updated));
        }
    }
    Ok(changed)
}

fn with_version(manifest: &str, present: &Version, version: &Version) -> String {
    let (old, new) = (format!("version = \"{present}\""), format!("version = \"{version}\""));
    let is_ours = |line: &str| line.trim() == old || line.contains("path = ");
    let lines = manifest.split_inclusive('\n');
    lines.map(|line| if is_ours(line) { line.replace(&old, &new) } else { line.to_owned() }).collect()
}

/// Lets Cargo write the versions of the members into the lock files. No other dependency changes.
fn update_locks(project: &Project) -> Result<(), Failure> {
    for folder in LOCKED.iter().map(|folder| project.root().join(folder)).filter(|it| it.join("Cargo.lock").is_file()) {
        let mut command = cargo(project);
        command.current_dir(&folder).args(["update", "--workspace", "--offline", "--quiet"]);
        if status_of(&mut command)? != 0 {
            let name = folder.join("Cargo.lock").display().to_string();
            return Err(Failure::problem("lock-not-updated", name, "`cargo update --workspace --offline` failed"));
        }
    }
    Ok(())
}

fn write(project: &Project, files: Vec<(String, String)>) -> Result<(), Failure> {
    let wanted = files.into_iter().map(|(name, text)| Wanted { path: project.root().join(name), text }).collect();
    let outdated = outdated(project.root(), wanted)?;
    write_all(project.root(), &outdated)?;
    for file in &outdated {
        let name = file.path.strip_prefix(project.root()).unwrap_or(Path::new(&file.path));
        Report::status(format_args!("wrote {}", name.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_versions_change() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\"\n\n[dependencies]\nours = { path = \"a\", version = \"0.1.0\" }\ntheirs = { version = \"0.1.0\" }\n";
        let updated = with_version(manifest, &Version::new(0, 1, 0), &Version::new(0, 2, 0));
        assert_eq!(
            updated,
            "[workspace.package]\nversion = \"0.2.0\"\n\n[dependencies]\nours = { path = \"a\", version = \"0.2.0\" }\ntheirs = { version = \"0.1.0\" }\n"
        );
    }

    #[test]
    fn what_is_unreleased_gets_its_version() {
        let changelog = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 0.1.0 - 2026-01-01\n";
        let released = released(changelog, &Version::new(0, 2, 0), "2026-02-01").unwrap();
        assert_eq!(
            released,
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-02-01\n\n### Added\n\n- A.\n\n## 0.1.0 - 2026-01-01\n"
        );
    }
}
