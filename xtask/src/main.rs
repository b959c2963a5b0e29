//! Commands for maintainers: `cargo xtask COMMAND`.

mod accept;
mod apart;
mod check;
mod ci;
mod committed;
mod corpus;
mod diff;
mod document;
mod download;
mod explain;
mod failure;
mod fetch;
mod finding;
mod generate;
mod lock;
mod obtain;
mod package;
mod parts;
mod progress;
mod project;
mod provenance;
mod release;
mod render;
mod report;
mod rot;
mod selected;
mod shown;
mod write;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

use crate::{
    check::Check,
    corpus::{Corpus, GenerateOne, Supervise},
    diff::{Diff, History},
    failure::Failure,
    fetch::Fetch,
    generate::Generate,
    lock::Lock,
    project::Project,
    release::Release,
    report::{MessageFormat, Report},
};

/// The generator allocates millions of small values. With this allocator it takes two thirds of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const EXIT_STATUSES: &str = "Exit statuses:
  0  success
  1  the document, or a checked file, has problems
  2  the command line is invalid
  3  the network or the file system failed
`ci` exits with the status of the step that failed.

NO_COLOR is respected. With --message-format json, standard output has one JSON object per line.";

#[derive(Parser)]
#[command(about = "Commands for maintainers", bin_name = "cargo xtask", after_help = EXIT_STATUSES)]
struct Arguments {
    /// Print findings in this form
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    message_format: MessageFormat,
    /// Also print notes: repairs, and constructs without effect on the client
    #[arg(long, global = true)]
    notes: bool,
    /// Work on this checkout; by default the one around the current folder
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Request the documents of providers here, in tests of this program
    #[arg(long, global = true, hide = true, value_name = "URL", default_value = "https://backend.lowcodeapi.com")]
    backend: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch upstream's document, or refuse it and change no file
    Fetch(Fetch),
    /// Tell what a change of a document means for callers of its client, and which version to publish
    Diff(Diff),
    /// Tell what the commits since a revision mean for callers, as one page
    Changes(History),
    /// Generate a crate from any document
    Generate(Generate),
    /// Check that snapshot, overlay, lock, provenance and golden output agree
    Check(Check),
    /// Generate from many documents, each in its own process
    Corpus(Corpus),
    /// Generate from one document of the corpus
    #[command(hide = true)]
    CorpusGenerate(GenerateOne),
    /// Run a program within limits and print how it ended
    #[command(hide = true)]
    Supervise(Supervise),
    /// Run all checks of CI
    Ci,
    /// Explain a finding: meaning, example, effect and what to do; without a code, list all
    Explain {
        /// Explain this code, such as `dangling-ref`
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Take the version and the changelog from what has changed for callers; publishes and pushes nothing
    Release(Release),
    /// Add new names to the lock and write the generated files; recorded names stay
    Lock(Lock),
}

fn main() -> ExitCode {
    let Arguments { message_format, notes, root, backend, command } = Arguments::parse();
    let report = Report { format: message_format, notes };
    let project = Project::find(root, backend);
    let network_seconds = match &command {
        Command::Fetch(args) => Some(args.network_seconds()),
        Command::Generate(args) => Some(args.network_seconds()),
        Command::Diff(args) => args.network_seconds(),
        Command::Lock(_) | Command::Changes(_) => Some(0),
        _ => None,
    };
    if let Some(ended) = network_seconds.and_then(apart::run) {
        return ended.unwrap_or_else(|failure| {
            report.failure(&failure);
            failure.status.into()
        });
    }
    match run(&command, project, &report) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report.failure(&failure);
            failure.status.into()
        }
    }
}

fn run(command: &Command, project: Result<Project, Failure>, report: &Report) -> Result<(), Failure> {
    match command {
        Command::Fetch(args) => fetch::run(args, &project?, report),
        Command::Diff(args) => diff::run(args, &project?, report),
        Command::Changes(args) => diff::tell(args, &project?, report),
        // The command line may replace the checkout.
        Command::Generate(args) => generate::run(args, project, report),
        Command::Check(args) => check::run(args, &project?, report),
        Command::Corpus(args) => corpus::run(args, &project?, report),
        Command::CorpusGenerate(args) => corpus::generate_one(args, &project?),
        Command::Supervise(args) => corpus::supervise(args),
        Command::Release(args) => release::run(args, &project?, report),
        Command::Ci => ci::run(&project?),
        Command::Explain { code } => explain::run(code.as_deref()),
        // The command line may replace the checkout.
        Command::Lock(args) => lock::run(args, project, report),
    }
}

/// A provider's name becomes part of addresses and file names.
fn provider_name(text: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(known) {
        Ok(text.to_owned())
    } else {
        Err("a provider's name may have lower-case letters, digits, `-` and `_` only".to_owned())
    }
}
