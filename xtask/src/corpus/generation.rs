//! Generates from one document in its own process: the parent and the child.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Instant};

use clap::Args;
use lowcodeapi_codegen::{
    BackEnd, Config, Diagnostic, Generated, Inputs, Severity, Source, code, generate, package::Package, prepare,
};
use serde::{Deserialize, Serialize};

use super::{
    Steps,
    documents::Document,
    roundtrip,
    row::Row,
    supervise::{Bounds, Program},
};
use crate::{
    document::operations,
    download::Limits,
    failure::Failure,
    finding::from_diagnostics,
    package,
    parts::OtherFiles,
    project::Project,
    write::{Wanted, write_all},
};

/// Limits far above the needs of published documents.
pub(crate) const BOUNDS: Bounds = Bounds { seconds: 60, mebibytes: 4096 };

/// The file with the result of the child.
const SUMMARY: &str = "summary.json";

/// Options of the hidden command `corpus-generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateOne {
    /// The document
    document: PathBuf,
    /// The folder of the crate
    folder: PathBuf,
    /// Collect the examples too, with the program that reads them
    #[arg(long)]
    examples: bool,
    /// Generate the catalogue and the program too
    #[arg(long)]
    program: bool,
    #[command(flatten)]
    files: OtherFiles,
    #[command(flatten)]
    limits: Limits,
}

/// The number of findings by severity.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Severities {
    pub(crate) error: usize,
    pub(crate) warning: usize,
    pub(crate) note: usize,
}

/// The result of a generation.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// The number of operations in the document.
    pub(crate) operations: usize,
    /// The number of operations that are methods of the client.
    pub(crate) emitted: usize,
    /// The number of skipped operations, each with a diagnostic.
    pub(crate) skipped: usize,
    pub(crate) diagnostics: Severities,
    /// The number of diagnostics by code.
    pub(crate) codes: BTreeMap<String, usize>,
    /// What has become of the keys of the document, by kind of object: expressed, without meaning, told of, unused.
    pub(crate) keys: BTreeMap<String, [usize; 4]>,
    /// The time of the generator alone.
    pub(crate) ms: u64,
    /// The lines of the generated modules.
    pub(crate) lines: usize,
}

/// Further results for the parent.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Answer {
    summary: Summary,
    generated: bool,
    /// The first diagnostic that explains why the document is not whole.
    reason: Option<String>,
}

/// Starts the child for one document and waits for it.
pub(crate) fn generate_apart(document: &Document, steps: &Steps) -> Row {
    let mut arguments = vec!["--root".into(), steps.root.clone().into(), "corpus-generate".into()];
    arguments.extend([document.path.clone().into(), document.folder.clone().into()]);
    arguments.extend(steps.files.iter().map(Into::into));
    arguments.extend(steps.roundtrip.then(|| "--examples".into()));
    arguments.extend(steps.check.then(|| "--program".into()));
    let run = Program::own(&document.folder, "generate", arguments).and_then(|program| program.run(BOUNDS));
    let outcome = match run {
        Ok(outcome) if outcome.success => outcome,
        Ok(outcome) => return Row::failed(document, outcome.end),
        Err(error) => return Row::failed(document, error.to_string()),
    };
    let text = fs::read_to_string(document.folder.join(SUMMARY)).unwrap_or_default();
    match serde_json::from_str::<Answer>(&text) {
        Ok(result) => Row::of(document, result.summary, result.generated, result.reason),
        Err(error) => Row::failed(document, format!("{} without a result: {error}", outcome.end)),
    }
}

/// The child: generates and writes a crate, the diagnostics and the result.
pub(crate) fn generate_one(args: &GenerateOne, project: &Project) -> Result<(), Failure> {
    let name = args.document.display().to_string();
    let bytes = fs::read(&args.document).map_err(|error| Failure::io(&args.document, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::problem("syntax", &name, format!("the document is not UTF-8 text: {}", error.utf8_error()))
    })?;
    let files = args.files.of(&name, args.limits)?;
    let inputs = Inputs::new(Source { name: &name, text: &text }).files(&files);
    let mut config = Config::default();
    if args.program {
        config = config.also(BackEnd::Catalogue).also(BackEnd::Command);
    }
    let started = Instant::now();
    let generated = generate(&inputs, &config);
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut summary = summarise(&generated, ms);
    let tree = || prepare(&inputs, &config).tree;
    if let Some(output) = &generated.output {
        let runtime = package::choose_runtime(None, Some(project.root()), &args.folder, args.program)?;
        let files = Package::new(output, runtime).tools().files().into_iter();
        let wanted = files.map(|file| Wanted { path: args.folder.join(&file.path), text: file.source });
        write_all(&args.folder, &wanted.collect::<Vec<_>>())?;
        if let Some(tree) = args.examples.then(tree).flatten() {
            roundtrip::prepare(&args.folder, &tree, output)?;
        }
    } else {
        summary.operations = tree().iter().flat_map(operations).count();
    }
    let reason = reason(&generated, &summary);
    let result = Answer { summary, generated: generated.output.is_some(), reason };
    write_all(
        &args.folder,
        &[
            Wanted { path: args.folder.join("diagnostics.jsonl"), text: lines_of(&generated.diagnostics) },
            // A struct of numbers and text serialises.
            Wanted { path: args.folder.join(SUMMARY), text: serde_json::to_string(&result).unwrap_or_default() },
        ],
    )
}

fn summarise(generated: &Generated, ms: u64) -> Summary {
    let mut summary = Summary { ms, ..Summary::default() };
    for found in &generated.diagnostics {
        *summary.codes.entry(found.code.id.to_owned()).or_default() += 1;
        match found.severity() {
            Severity::Error => summary.diagnostics.error += 1,
            Severity::Warning => summary.diagnostics.warning += 1,
            _ => summary.diagnostics.note += 1,
        }
    }
    summary.skipped = summary.codes.get(code::OPERATION_SKIPPED.id).copied().unwrap_or_default();
    if let Some(output) = &generated.output {
        let keys = output.keys.iter();
        summary.keys =
            keys.map(|(object, it)| ((*object).to_owned(), [it.expressed, it.listed, it.told, it.unused])).collect();
        summary.operations = output.operations_read;
        summary.emitted = output.operations_emitted;
        summary.lines = output.files.iter().map(|file| file.source.lines().count()).sum();
    }
    summary
}

/// Returns the reason on one line if operations are missing.
fn reason(generated: &Generated, summary: &Summary) -> Option<String> {
    let all = &generated.diagnostics;
    if generated.output.is_none() {
        let errors = all.iter().filter(|found| found.severity() == Severity::Error);
        return Some(first_of(errors).unwrap_or_else(|| "there is neither output nor an error".to_owned()));
    }
    if summary.emitted + summary.skipped != summary.operations {
        let Summary { operations, emitted, skipped, .. } = summary;
        return Some(format!(
            "of {operations} operations, {emitted} were emitted and {skipped} skipped; the others were lost"
        ));
    }
    first_of(all.iter().filter(|found| found.code == code::OPERATION_SKIPPED))
}

/// Returns the first finding, and the number of others.
fn first_of<'a>(mut found: impl Iterator<Item = &'a Diagnostic>) -> Option<String> {
    let first = found.next()?;
    let more = found.count();
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    let message = first.message.replace(['\n', '\r'], " ");
    Some(format!("{} at `{}`: {message}{more}", first.code.id, first.pointer))
}

/// Writes the diagnostics in the form of `--message-format json`.
fn lines_of(diagnostics: &[Diagnostic]) -> String {
    // A finding is text in a struct, which serialises.
    from_diagnostics(diagnostics).iter().filter_map(|it| serde_json::to_string(it).ok()).map(|it| it + "\n").collect()
}
