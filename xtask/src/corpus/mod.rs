//! `cargo xtask corpus`: generates from many documents, each in its own process.

mod compile;
mod documents;
mod generation;
mod roundtrip;
mod row;
mod supervise;
mod table;

use std::{
    env, fs,
    num::NonZero,
    panic::resume_unwind,
    path::{Path, PathBuf, absolute},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use clap::Args;

pub(crate) use self::{
    compile::{Extent, Libraries, build_libraries},
    generation::{BOUNDS, GenerateOne, generate_one},
    roundtrip::examples,
    supervise::{Bounds, Program, Supervise, run_within, supervise},
};
use self::{
    documents::Document,
    row::{Row, Totals},
};
use crate::{
    download::Limits,
    failure::Failure,
    finding::Finding,
    parts::OtherFiles,
    progress::Progress,
    project::Project,
    report::Report,
    write::{Wanted, write_all},
};

/// Options of `corpus`.
#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// Read these documents, folders of `.json`, `.yaml` and `.yml` files, or @FILE with one such path per line
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Compile each client, with catalogue and program, with warnings denied
    #[arg(long)]
    check: bool,
    /// Read each example as its generated type, write it, and compare
    #[arg(long)]
    roundtrip: bool,
    /// Write the tables and details to this file as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    files: OtherFiles,
    #[command(flatten)]
    limits: Limits,
    /// Work on this many documents at a time; by default one per core
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
}

/// Generates from each document, prints the table, and fails if a document is not whole.
pub(crate) fn run(args: &Corpus, project: &Project, report: &Report) -> Result<(), Failure> {
    let target = target_folder(project);
    let documents = documents::collect(&args.paths, &target.join("documents"))?;
    let steps = Steps::of(args, project, &target)?;
    let rows = put_through(&documents, &steps, args.jobs);
    let totals = Totals::of(&rows);
    if !report.is_json() {
        let labels: Vec<&str> = documents.iter().map(|document| document.label.as_str()).collect();
        anstream::print!("{}", table::render(&labels, &rows, &totals, &steps));
    }
    if let Some(path) = &args.report {
        write_all(path, &[Wanted { path: path.clone(), text: row::to_json(&rows, &totals) }])?;
    }
    Report::status(format_args!("the generated code is in {}", target.join("documents").display()));
    let broken: Vec<_> = rows.iter().filter_map(finding).collect();
    report.findings(&broken, &[]);
    if broken.is_empty() {
        return Ok(());
    }
    let message = format!("{} of {} documents are not whole; see above", broken.len(), rows.len());
    Err(Failure::problem("corpus-not-whole", "", message))
}

/// The steps for each document after its generation.
#[derive(Debug)]
struct Steps {
    /// The checkout.
    root: PathBuf,
    /// Present if a step compiles.
    libraries: Option<Libraries>,
    check: bool,
    roundtrip: bool,
    /// The options for the files that documents refer to.
    files: Vec<String>,
}

impl Steps {
    fn of(args: &Corpus, project: &Project, target: &Path) -> Result<Self, Failure> {
        let extent = if args.roundtrip { Extent::Code } else { Extent::Metadata };
        let libraries = (args.check || args.roundtrip).then(|| build_libraries(project, target, extent));
        let files =
            args.files.arguments(|path| absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string());
        Ok(Self {
            root: project.root().to_owned(),
            libraries: libraries.transpose()?,
            check: args.check,
            roundtrip: args.roundtrip,
            files: files.into_iter().chain(args.limits.arguments()).collect(),
        })
    }
}

/// Why a document is not whole.
fn finding(row: &Row) -> Option<Finding> {
    row.reason.as_ref().map(|reason| Finding::error("document-not-whole", row.path.clone(), reason))
}

/// The folder of everything that this command writes, absolute, for the programs it runs work in other folders.
fn target_folder(project: &Project) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| project.root().join("target"), PathBuf::from);
    let folder = target.join("corpus");
    absolute(&folder).unwrap_or(folder)
}

/// The rows, in the order of the documents.
fn put_through(documents: &[Document], steps: &Steps, jobs: Option<NonZero<usize>>) -> Vec<Row> {
    let jobs = jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let progress = Mutex::new(Progress::new());
    let work = || {
        let mut rows = Vec::new();
        while let Some((index, document)) = take(documents, &next) {
            let shown = format!("{} of {}: {}", index + 1, documents.len(), document.label);
            progress.lock().unwrap_or_else(PoisonError::into_inner).show(&shown);
            rows.push((index, put_one_through(document, steps)));
        }
        rows
    };
    let mut rows: Vec<(usize, Row)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.min(documents.len())).map(|_| scope.spawn(work)).collect();
        // A worker that panics is a defect of this program, so the panic goes on.
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    rows.sort_by_key(|(index, _)| *index);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn take<'a>(documents: &'a [Document], next: &AtomicUsize) -> Option<(usize, &'a Document)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    documents.get(index).map(|document| (index, document))
}

fn put_one_through(document: &Document, steps: &Steps) -> Row {
    let mut row = match prepare_folder(&document.folder) {
        Ok(()) => generation::generate_apart(document, steps),
        Err(failure) => Row::failed(document, failure.finding.message),
    };
    let Some(libraries) = steps.libraries.as_ref().filter(|_| row.generated) else { return row };
    if steps.check {
        row.add_check(compile::check(&document.folder, libraries));
    }
    if steps.roundtrip {
        row.add_roundtrip(roundtrip::run(&document.folder, libraries));
    }
    row
}

/// Removes the output of an earlier run.
fn prepare_folder(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Failure::io(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| Failure::io(folder, &error))
}
