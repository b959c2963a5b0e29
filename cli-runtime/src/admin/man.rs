//! `man`: manual pages.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Command, ValueHint};
use clap_mangen::Man;

use crate::{
    failure::{Class, Failure},
    output,
};

/// The options of `man`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Write the pages of all commands into this directory, which is created
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("man"))
        .about("Print the manual page, or write those of all commands with `--dir`")
}

/// Writes the page to standard output, or all pages into a directory.
pub(crate) fn run(options: &Options, tree: Command) -> Result<(), Failure> {
    let mut tree = tree.disable_help_subcommand(true);
    tree.build();
    let Some(directory) = &options.dir else {
        let page = page(tree).map_err(|error| failed("the page", &error))?;
        return output::print(&String::from_utf8_lossy(&page));
    };
    fs::create_dir_all(directory).map_err(|error| failed(&directory.display().to_string(), &error))?;
    write_pages(tree, directory)
}

/// Writes the page of a command and those of its subcommands.
fn write_pages(command: Command, directory: &Path) -> Result<(), Failure> {
    for inner in command.get_subcommands() {
        write_pages(inner.clone(), directory)?;
    }
    let path = directory.join(format!("{}.1", title(&command)));
    let written = page(command).and_then(|page| fs::write(&path, page));
    written.map_err(|error| failed(&path.display().to_string(), &error))
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let title = title(&command);
    Man::new(command).title(title).render(&mut page)?;
    Ok(page)
}

/// Returns the name of the page: `jasper-knowledge-list`.
fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn failed(what: &str, error: &io::Error) -> Failure {
    Failure::new(Class::File, format!("cannot write {what}: {error}"))
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    #[test]
    fn each_command_has_a_page() {
        let inner = Command::new("list").about("Lists notes").arg(Arg::new("page").long("page").help("The page"));
        let tree = Command::new("jot").about("Keeps notes").subcommand(Command::new("notes").subcommand(inner));
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("new").join("man1");
        run(&Options { dir: Some(target.clone()) }, tree).unwrap();
        let mut names: Vec<String> =
            fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["jot-notes-list.1", "jot-notes.1", "jot.1"]);
        let page = fs::read_to_string(target.join("jot-notes-list.1")).unwrap();
        assert!(page.contains("Lists notes") && page.contains("\\-\\-page"), "{page}");
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_a_file_error() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        let failure = run(&Options { dir: Some(file) }, Command::new("jot")).unwrap_err();
        assert_eq!(failure.class, Class::File);
    }
}
