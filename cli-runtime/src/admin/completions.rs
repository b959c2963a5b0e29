//! `completions`: scripts by which shells complete the command line.

use std::io::{self, Write as _};

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::{Class, Failure};

/// The options of `completions`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

const LONG_ABOUT: &str = "\
Write the script by which a shell completes the command line. For a program `notes`:

bash: source <(notes completions bash)
zsh:  notes completions zsh > \"${fpath[1]}/_notes\"
fish: notes completions fish > ~/.config/fish/completions/notes.fish";

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("completions"))
        .about("Write the script by which a shell completes the command line")
        .long_about(LONG_ABOUT)
}

/// Writes the script to standard output.
pub(crate) fn run(options: &Options, mut tree: Command) -> Result<(), Failure> {
    let name = tree.get_name().to_owned();
    // The generator panics if its output is closed, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut tree, name, &mut script);
    match io::stdout().lock().write_all(&script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Class::Other, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
