//! `completions`: scripts by which shells complete the command line.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::{failure::Failure, output};

/// The options of `completions`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Returns the command of a program.
pub(crate) fn command(program: &str) -> Command {
    let about = "Print the completion script for a shell";
    Options::augment_args(Command::new("completions")).about(about).long_about(format!(
        "{about}:\n\n\
         bash: source <({program} completions bash)\n\
         zsh:  {program} completions zsh > \"${{fpath[1]}}/_{program}\"\n\
         fish: {program} completions fish > ~/.config/fish/completions/{program}.fish"
    ))
}

/// Writes the script to standard output.
pub(crate) fn run(options: &Options, tree: Command) -> Result<(), Failure> {
    output::print(&script(options.shell, tree))
}

fn script(shell: Shell, mut tree: Command) -> String {
    let name = tree.get_name().to_owned();
    // The generator panics if it cannot write, and memory can always be written.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_completes_the_commands() {
        for shell in Shell::value_variants() {
            let tree = Command::new("jot").subcommand(Command::new("remember").about("Keeps a note"));
            assert!(script(*shell, tree).contains("remember"), "{shell}");
        }
    }
}
