//! `cargo xtask diff`: what a change of a document means for callers of its client.

mod accepted;
mod bindings;
mod compare;
mod entry;
mod history;
mod places;
mod prove;
mod report;
mod rules;
mod show;
mod side;
mod surface;
mod verdict;

use std::{path::PathBuf, str::FromStr};

use clap::Args;
use lowcodeapi_codegen::{Output, Severity};
use semver::Version;
use serde_json::Value;

pub(crate) use self::{
    bindings::Bindings,
    compare::words,
    entry::{Effect, Entry, Step},
    history::{History, tell},
    report::Changes,
    rules::{RULES, Rule},
    show::{in_text, markdown, section},
    side::{lock_at, read_client},
};
use self::{
    compare::Generated,
    show::Format,
    side::{Built, Side},
};
use crate::{
    download::Limits,
    failure::Failure,
    project::{Project, Text, read},
    provenance::today,
    report::Report,
    rot,
};

/// Options of `diff`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUSES)]
pub(crate) struct Diff {
    /// The old document: a revision, REVISION:PATH, a file, a folder or an address; by default the committed snapshot
    old: Option<String>,
    /// The new document, named in the same way; by default the snapshot of the checkout
    new: Option<String>,
    /// Compare the snapshots of this provider
    #[arg(long, default_value = "jasper", value_parser = crate::provider_name)]
    provider: String,
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fail if a change asks for this step of the version, or a larger one. Accepted changes do not count
    #[arg(long, value_enum, value_name = "STEP")]
    fail_on: Option<FailOn>,
    /// Compare the committed client at this revision with what this generator makes of the same document
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["old", "new", "prove"])]
    generator: Option<String>,
    /// Prove the report: compile code against both clients, and compare their requests and results
    #[arg(long)]
    prove: bool,
    /// Read accepted changes from this file; by default from `spec/PROVIDER.accepted.yaml`
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
    /// The present version of the client; by default that of the workspace, for the snapshots of a provider
    #[arg(long, value_name = "VERSION", value_parser = Version::from_str)]
    version: Option<Version>,
    #[command(flatten)]
    limits: Limits,
}

const EXIT_STATUSES: &str = "Exit statuses:
  0  the report is printed, and nothing in it is as large as --fail-on
  1  a change is as large as --fail-on, a side generates no client, or the proof disagrees with the report
  2  the command line is invalid
  3  the network or the file system failed

As a difftool of Git: git difftool -x 'cargo xtask diff' REVISION -- spec/jasper.openapi.json";

/// The step of the version from which on a comparison fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Major,
    Minor,
    Patch,
}

impl Diff {
    /// The time limit for the network, in seconds. A proof runs compilers, each within limits of its own.
    pub(crate) fn network_seconds(&self) -> Option<u64> {
        (!self.prove).then(|| 2 * self.limits.seconds())
    }
}

/// Compares, prints the report, and fails if it asks for too much.
pub(crate) fn run(args: &Diff, project: &Project, report: &Report) -> Result<(), Failure> {
    if let Some(revision) = &args.generator {
        return across_generators(args, revision, project, report);
    }
    let (old, new) = sides(args, project)?;
    let file = new.path.clone();
    let is_provider = new.document.name == format!("{}.openapi.json", args.provider);
    let (overlay, before, after) = (new.overlay.clone(), old.raw(), new.raw());
    let old = old.build(None, report)?;
    let known = old.output.lock.to_string();
    let new = new.build(Some(&known), report)?;
    let mut changes = changes(&old, &new);
    changes.version = match &args.version {
        None if is_provider => present_version(project)?,
        version => version.clone(),
    };
    let own = is_provider.then(|| project.root().join(format!("spec/{}.accepted.yaml", args.provider)));
    let path = args.accepted.clone().or(own);
    if args.prove {
        prove::prove(&mut changes, &old, &new, project)?;
    }
    let mut findings = match &path {
        Some(path) => accepted::mark(path, args.accepted.is_some(), &mut changes.entries, &today())?,
        None => Vec::new(),
    };
    if let (Some(overlay), Some(before), Some(after)) = (&overlay, &before, &after) {
        findings.extend(rot::contradictions(overlay, before, after));
        findings.extend(rot::untyped(&new.client.bindings, &file));
    }
    anstream::print!("{}", show::show(args.format, &changes, &file));
    report.findings(&findings, &[]);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Failure::problem("accepted-expired", "", "accepted changes have expired"));
    }
    if let Some(summary) = changes.proof.as_ref().filter(|summary| !summary.disagreements.is_empty()) {
        let message = format!("the proof disagrees with the report: {}", summary.disagreements.join("; "));
        return Err(Failure::problem("proof-disagrees", "", message).help("report this defect with both documents"));
    }
    fail_on(args, &changes)
}

/// Compares the committed client at a revision with what this generator makes of its document.
fn across_generators(args: &Diff, revision: &str, project: &Project, report: &Report) -> Result<(), Failure> {
    let new = side::at(revision, &args.provider, project)?.build(None, report)?;
    let old = Generated { bindings: read_client(&new.output)?.bindings, ..side::committed(revision, project)? };
    let mut entries = compare::compare(&old, &new.client);
    places::settle(&mut entries, &new.tree, &new.tree);
    let mut changes = Changes {
        old: format!("the generator at {revision}"),
        new: "this generator".to_owned(),
        operations: (new.output.operations_emitted, new.output.operations_emitted),
        entries,
        version: args.version.clone().map_or_else(|| present_version(project), |version| Ok(Some(version)))?,
        ..Changes::default()
    };
    let path = args.accepted.clone().unwrap_or_else(|| project.root().join("spec/generator.accepted.yaml"));
    let findings = accepted::mark(&path, args.accepted.is_some(), &mut changes.entries, &today())?;
    anstream::print!("{}", show::show(args.format, &changes, &format!("spec/{}.openapi.json", args.provider)));
    report.findings(&findings, &[]);
    fail_on(args, &changes)
}

/// Compares the snapshot at a revision with that of the checkout, whose lock may be replaced.
pub(crate) fn since(
    revision: &str,
    provider: &str,
    project: &Project,
    lock: Option<&Text>,
    report: &Report,
) -> Result<Changes, Failure> {
    let old = side::at(revision, provider, project)?.build(None, report)?;
    let known = old.output.lock.to_string();
    let mut new = side::working(provider, project)?;
    new.lock = lock.cloned().or(new.lock);
    let new = new.build(Some(&known), report)?;
    Ok(Changes { version: present_version(project)?, ..changes(&old, &new) })
}

fn sides(args: &Diff, project: &Project) -> Result<(Side, Side), Failure> {
    let open = |argument: &str| side::open(argument, &args.provider, project, args.limits);
    let old = open(args.old.as_deref().unwrap_or("HEAD"))?;
    let new = match &args.new {
        Some(new) => open(new)?,
        None => side::working(&args.provider, project)?,
    };
    Ok((old, new))
}

/// Compares two built sides.
fn changes(old: &Built, new: &Built) -> Changes {
    let mut entries = compare::compare(&old.client, &new.client);
    places::settle(&mut entries, &old.tree, &new.tree);
    Changes {
        old: old.name.clone(),
        new: new.name.clone(),
        operations: (old.output.operations_emitted, new.output.operations_emitted),
        places: places::others(&old.tree, &new.tree, &entries),
        entries,
        ..Changes::default()
    }
}

/// A document as it was fetched, and its client, whose bindings were requested.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fetched<'a> {
    pub(crate) name: &'a str,
    pub(crate) tree: &'a Value,
    /// `None` if no client can be generated.
    pub(crate) output: Option<&'a Output>,
}

/// Compares two fetched documents. Without an old one, everything is added.
pub(crate) fn between(old: Option<Fetched<'_>>, new: Fetched<'_>) -> Result<Changes, Failure> {
    let read = |side: Option<Fetched<'_>>| match side.and_then(|side| side.output) {
        Some(output) => read_client(output),
        None => Ok(Generated::default()),
    };
    let remark = match old {
        None => Some("This is the first snapshot."),
        Some(Fetched { output: None, .. }) => {
            Some("No client can be generated from the old document, so only the documents are compared.")
        }
        Some(_) => None,
    };
    let mut entries = if remark.is_none() { compare::compare(&read(old)?, &read(Some(new))?) } else { Vec::new() };
    if let Some(old) = old {
        places::settle(&mut entries, old.tree, new.tree);
    }
    let count =
        |side: Option<Fetched<'_>>| side.and_then(|side| side.output).map_or(0, |output| output.operations_emitted);
    Ok(Changes {
        old: old.map_or_else(|| "nothing".to_owned(), |old| old.name.to_owned()),
        new: new.name.to_owned(),
        operations: (count(old), count(Some(new))),
        remark,
        places: old.map(|old| places::others(old.tree, new.tree, &entries)).unwrap_or_default(),
        entries,
        ..Changes::default()
    })
}

/// Returns the version of the workspace.
pub(crate) fn present_version(project: &Project) -> Result<Option<Version>, Failure> {
    let manifest = project.root().join("Cargo.toml");
    let text = if manifest.is_file() { read(&manifest)? } else { return Ok(None) };
    let line = text.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    Ok(line.and_then(|version| Version::parse(version).ok()))
}

fn fail_on(args: &Diff, changes: &Changes) -> Result<(), Failure> {
    let Some(least) = args.fail_on else { return Ok(()) };
    let least = match least {
        FailOn::Major => Step::Major,
        FailOn::Minor => Step::Minor,
        FailOn::Patch => Step::Patch,
    };
    let counts = |entry: &&Entry| entry.accepted.is_none() && entry.step() >= least;
    let found: Vec<&Entry> = changes.entries.iter().filter(counts).collect();
    let Some(first) = found.first() else { return Ok(()) };
    let message = format!(
        "{} changes ask for a {} version or more, such as {} ({})",
        found.len(),
        least.word(),
        first.item,
        first.rule.id
    );
    Err(Failure::problem("changes-refused", "", message)
        .help("accept a change by its fingerprint, with a reason and a day, in the file of accepted changes"))
}
