//! `cargo xtask fetch`: writes upstream's document as the snapshot, or refuses it and changes no file.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use clap::Args;
use lowcodeapi_codegen::{BackEnd, Config, Generated, code};

use crate::{
    accept::Accept,
    committed,
    diff::{self, Changes, Fetched},
    document::{self, Document},
    download::Limits,
    failure::{Failure, Status},
    finding::{Finding, from_diagnostics},
    lock,
    obtain::{self, Obtained},
    parts::OtherFiles,
    project::{Project, Spec, Text},
    provenance::{self, Provenance, count_repairs, sha256, today},
    report::Report,
    rot,
    write::{Wanted, outdated, write_all},
};

const METHOD: &str = "cargo xtask fetch";

/// Options of `fetch`.
#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// Fetch the document of this provider
    #[arg(long, default_value = "jasper", value_parser = crate::provider_name)]
    provider: String,
    /// Request only this address instead of the two of the gateway
    #[arg(long)]
    url: Option<String>,
    /// Read this file instead of the network; with --url, record that address as its source
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Accept a document that has lost more than a third of its operations
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    files: OtherFiles,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    accept: Accept,
}

impl Fetch {
    /// The time limit for the network, in seconds.
    pub(crate) fn network_seconds(&self) -> u64 {
        self.limits.seconds()
    }
}

/// Obtains the document, validates it, writes it, and prints the changes.
pub(crate) fn run(args: &Fetch, project: &Project, report: &Report) -> Result<(), Failure> {
    let mut spec = project.spec(&args.provider)?;
    let Some(mut obtained) = obtain(args, project, &spec).map_err(untouched)? else {
        Report::status(format_args!("{}: not modified upstream", spec.name("openapi.json")));
        return Ok(());
    };
    let content_type = obtained.body.content_type.as_deref();
    let text =
        document::decode(obtained.source.clone(), std::mem::take(&mut obtained.body.bytes)).map_err(untouched)?;
    let files = args.files.of(&base(args, &obtained), args.limits).map_err(untouched)?;
    let document =
        Document::accept(text, content_type, Some(&files), report).and_then(refuse_empty).map_err(untouched)?;
    let before = match &spec.document {
        Some(old) => Some(
            Document::accept(old.clone(), None, None, report)
                .map_err(|failure| untouched(failure.help("restore the snapshot from version control")))?,
        ),
        None => None,
    };
    if let Some(before) = before.as_ref().filter(|_| !args.force) {
        refuse_shrunk(before, &document).map_err(untouched)?;
    }
    let old = before.as_ref().map(|before| (before, generate_old(project, &spec)));
    if let Some(output) = old.as_ref().and_then(|(_, old)| old.as_ref()?.output.as_ref()) {
        spec.pin(output);
    }
    let generated = spec.generate(
        &document.text,
        spec.overlay.as_ref(),
        &args.accept.apply(Config::default().also(BackEnd::Bindings)),
    );
    let mut findings = from_diagnostics(&generated.diagnostics);
    let Some(output) = &generated.output else {
        report.findings(&findings, &spec.texts(&document.text));
        return Err(untouched(refusal(&document.text.name, &generated)));
    };
    let lock = lock::extended(output, spec.lock.as_ref()).map_err(untouched)?;
    let provenance = describe(args, &document, obtained, &generated);
    let snapshot = spec.name("openapi.json");
    let old = old.as_ref().map(|(document, old)| Fetched {
        name: &snapshot,
        tree: &document.tree,
        output: old.as_ref().and_then(|generated| generated.output.as_ref()),
    });
    let new = Fetched { name: &provenance.source, tree: &document.tree, output: Some(output) };
    let changes = diff::between(old, new)?;
    findings.extend(rotten(&spec, &new, before.as_ref())?);
    report.findings(&findings, &spec.texts(&document.text));
    let changes = Changes { version: diff::present_version(project)?, ..changes };
    let written = write(project, &spec, &document, lock, &provenance)?;
    tell(&spec, &changes, written, report);
    Ok(())
}

/// Returns what the references of the document are relative to: its file, or its address.
fn base(args: &Fetch, obtained: &Obtained) -> String {
    args.from.as_ref().map_or_else(|| obtained.source.clone(), |path| path.display().to_string())
}

/// Returns the failure for a document that does not generate: the maintainer corrects the overlay, or accepts a change.
fn refusal(name: &str, generated: &Generated) -> Failure {
    let pins = [code::ORIGIN_CHANGED, code::BASE_PATH_CHANGED, code::CREDENTIAL_CHANGED];
    if generated.diagnostics.iter().any(|found| pins.contains(&found.code)) {
        let message = "the document sends calls or credentials to another place than the lock";
        return Failure::problem("refused-connection", name, message)
            .help("accept right changes with the options in the errors above");
    }
    Failure::problem("refused-not-generating", name, "no client can be generated from the new document")
        .help("correct the overlay for the errors above, then fetch again")
}

/// Returns `None` if upstream reports that the snapshot is current.
fn obtain(args: &Fetch, project: &Project, spec: &Spec) -> Result<Option<Obtained>, Failure> {
    let urls = match &args.url {
        Some(url) => vec![obtain::parse_url(url)?],
        None => obtain::provider_urls(project.backend(), &args.provider)?,
    };
    if let Some(path) = &args.from {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = if args.url.is_some() { urls.first().map(provenance::without_secrets) } else { None };
        return obtain::from_file(path, source.unwrap_or(name), args.limits).map(Some);
    }
    // The ETag belongs to the fetched snapshot, so it is not sent once that was edited.
    let known = spec.provenance.as_ref().and_then(|text| Provenance::read(text).ok()).filter(|known| {
        !args.force && spec.document.as_ref().is_some_and(|document| sha256(&document.text) == known.sha256)
    });
    let etag = known.as_ref().and_then(|known| Some((known.source.as_str(), known.etag.as_deref()?)));
    obtain::from_urls(&urls, etag, args.limits)
}

/// Refuses a document without operations.
fn refuse_empty(document: Document) -> Result<Document, Failure> {
    if document.operations().next().is_some() {
        return Ok(document);
    }
    Err(Failure::problem("refused-no-operations", &document.text.name, "the document has no operations"))
}

/// Refuses a document that lacks more than a third of the operations: it is more likely incomplete than intended.
fn refuse_shrunk(before: &Document, after: &Document) -> Result<(), Failure> {
    let kept: BTreeSet<_> = after.operations().collect();
    let old: Vec<_> = before.operations().collect();
    let gone: Vec<_> = old.iter().filter(|operation| !kept.contains(operation)).collect();
    if gone.len() * 3 <= old.len() {
        return Ok(());
    }
    let named: Vec<_> = gone.iter().take(5).map(|(method, path)| format!("{method} {path}")).collect();
    let more = if gone.len() > named.len() { ", …" } else { "" };
    let message = format!("the document lacks {} of {} operations: {}{more}", gone.len(), old.len(), named.join(", "));
    Err(Failure::problem("refused-shrunk", &after.text.name, message)
        .help("if upstream removed them, run the command with --force"))
}

/// Generates the old client for comparison. If the old snapshot does not fit the corrected overlay, the committed overlay is
/// used.
fn generate_old(project: &Project, spec: &Spec) -> Option<Generated> {
    let document = spec.document.as_ref()?;
    let config = Config::default().also(BackEnd::Bindings);
    let generated = spec.generate(document, spec.overlay.as_ref(), &config);
    if generated.output.is_some() {
        return Some(generated);
    }
    let name = &spec.overlay.as_ref()?.name;
    let shown =
        Command::new("git").arg("-C").arg(project.root()).args(["show", &format!("HEAD:./{name}")]).output().ok()?;
    let text = String::from_utf8(shown.stdout).ok().filter(|_| shown.status.success())?;
    Some(spec.generate(document, Some(&Text { name: name.clone(), text }), &config))
}

/// Where the overlay has become wrong, and what it leaves open.
fn rotten(spec: &Spec, new: &Fetched<'_>, before: Option<&Document>) -> Result<Vec<Finding>, Failure> {
    let overlay = spec.overlay.as_ref().zip(before);
    let contradictions = overlay.map(|(overlay, before)| rot::contradictions(overlay, &before.tree, new.tree));
    let untyped = new.output.map(|output| rot::untyped_of(output, new.name)).transpose()?;
    Ok(contradictions.into_iter().chain(untyped).flatten().collect())
}

fn describe(args: &Fetch, document: &Document, obtained: Obtained, generated: &Generated) -> Provenance {
    let method = if args.from.is_some() { format!("{METHOD} --from") } else { METHOD.to_owned() };
    Provenance {
        source: obtained.source,
        redirected: obtained.body.redirected,
        retrieved: today(),
        method,
        sha256: sha256(&document.canonical()),
        // The server knows only the document by its tag, not the other files.
        etag: obtained.body.etag.filter(|_| document.parts.is_empty()),
        parts: document.parts.iter().map(|part| (part.place.clone(), sha256(&part.text))).collect(),
        repairs: Some(count_repairs(&generated.diagnostics)),
    }
}

/// Writes the files that differ, and returns their names. A fetch without changes writes nothing, not even its date.
fn write(
    project: &Project,
    spec: &Spec,
    document: &Document,
    lock: String,
    provenance: &Provenance,
) -> Result<Vec<String>, Failure> {
    let wanted = |ending: &str, text: String| Wanted { path: project.root().join(spec.name(ending)), text };
    let canonical = document.canonical();
    let code = committed::wanted(spec, &canonical, &lock, project)?;
    let paths: Vec<_> = code.iter().map(|file| file.path.clone()).collect();
    let mut wanted = vec![
        wanted("openapi.json", canonical),
        wanted("lock.json", lock),
        wanted("provenance.json", provenance.text()),
    ];
    let known = spec.provenance.as_ref().and_then(|text| Provenance::read(text).ok());
    let same = |known: &Provenance| {
        let dated = Provenance { retrieved: known.retrieved.clone(), ..provenance.clone() };
        *known == dated
    };
    if known.is_some_and(|known| same(&known)) {
        wanted.pop();
    }
    wanted.extend(code);
    let outdated = outdated(project.root(), wanted)?;
    write_all(project.root(), &outdated)?;
    committed::remove_others(&paths, project)?;
    let name = |file: &Wanted| file.path.strip_prefix(project.root()).unwrap_or(&file.path).display().to_string();
    Ok(outdated.iter().map(name).collect())
}

fn tell(spec: &Spec, changes: &Changes, written: Vec<String>, report: &Report) {
    if written.is_empty() {
        Report::status(format_args!("{}: nothing has changed upstream", spec.name("openapi.json")));
        return;
    }
    if report.is_json() {
        report.findings(&changes.findings(&spec.name("openapi.json")), &[]);
    } else {
        anstream::print!("{}", diff::markdown(changes));
    }
    for name in written {
        Report::status(format_args!("wrote {name}"));
    }
}

/// Adds to the message that no file was changed.
fn untouched(mut failure: Failure) -> Failure {
    if failure.status != Status::Usage {
        failure.finding.message.push_str("; no file was changed");
    }
    failure
}
