//! The maintainers' commands: `cargo xtask COMMAND`.

mod accept;
mod apart;
mod changes;
mod check;
mod ci;
mod committed;
mod corpus;
mod document;
mod download;
mod explain;
mod failure;
mod fetch;
mod finding;
mod generate;
mod locate;
mod lock;
mod obtain;
mod package;
mod progress;
mod project;
mod provenance;
mod render;
mod report;
mod shown;
mod write;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

use crate::{
    accept::Accept,
    check::Check,
    corpus::{Corpus, GenerateOne, Supervise},
    failure::Failure,
    fetch::Fetch,
    generate::Generate,
    project::Project,
    report::{MessageFormat, Report},
};

/// Generating is making small things by the million: with this, it takes two thirds of the time that it takes with the
/// system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const EXIT_STATUSES: &str = "Exit statuses:
  0  all is well
  1  the document, or what was checked, has problems
  2  the command line makes no sense
  3  the network or the file system failed
`ci` ends with the status of the step that failed.

NO_COLOR is respected. With --message-format json, standard output holds nothing but one JSON object a line.";

#[derive(Parser)]
#[command(about = "The maintainers' commands", bin_name = "cargo xtask", after_help = EXIT_STATUSES)]
struct Arguments {
    /// The form of findings
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    message_format: MessageFormat,
    /// Show people the notes too: what was mended, and what is for the record
    #[arg(long, global = true)]
    notes: bool,
    /// The checkout to work on; by default the one that the current folder is in
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Where the gateway describes its providers, for the tests of this program
    #[arg(long, global = true, hide = true, value_name = "URL", default_value = "https://backend.lowcodeapi.com")]
    backend: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Takes over upstream's document, or refuses it and leaves every file as it is
    Fetch(Fetch),
    /// Makes a crate of its own of any document
    Generate(Generate),
    /// Checks that snapshot, overlay, lock, provenance and golden output agree
    Check(Check),
    /// Puts many documents through the generator, each in a process of its own
    Corpus(Corpus),
    /// Generates from one document of the corpus
    #[command(hide = true)]
    CorpusGenerate(GenerateOne),
    /// Runs a program within bounds and says how it ended
    #[command(hide = true)]
    Supervise(Supervise),
    /// Runs everything that CI checks
    Ci,
    /// Says what a kind of finding means and what to do; without a code, lists all of them
    Explain {
        /// The code, as findings show it: `dangling-ref`
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Adds to the lock what is new in snapshot and overlay; recorded names stay
    Lock {
        /// Whose lock
        #[arg(long, default_value = "jasper", value_parser = provider_name)]
        provider: String,
        /// Write nothing; fail where something is missing
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        accept: Accept,
    },
}

fn main() -> ExitCode {
    let Arguments { message_format, notes, root, backend, command } = Arguments::parse();
    let report = Report { format: message_format, notes };
    let project = Project::find(root, backend);
    let network_seconds = match &command {
        Command::Fetch(args) => Some(args.network_seconds()),
        Command::Generate(args) => Some(args.network_seconds()),
        Command::Lock { .. } => Some(0),
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
        // The command line may say all that a checkout would.
        Command::Generate(args) => generate::run(args, project, report),
        Command::Check(args) => check::run(args, &project?, report),
        Command::Corpus(args) => corpus::run(args, &project?, report),
        Command::CorpusGenerate(args) => corpus::generate_one(args, &project?),
        Command::Supervise(args) => corpus::supervise(args),
        Command::Ci => ci::run(&project?),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Lock { provider, check, accept } => lock::run(provider, *check, accept, &project?, report),
    }
}

/// A provider's name becomes part of addresses and file names.
fn provider_name(text: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(known) {
        Ok(text.to_owned())
    } else {
        Err("a provider's name has lower-case letters, digits, `-` and `_`".to_owned())
    }
}
