//! `skill`: a page from which agents learn to call the API.

mod http;
mod inputs;
mod page;

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Command, ValueHint};
use lowcodeapi_runtime::catalogue::{Catalogue, Described, Operation};
use tempfile::NamedTempFile;

use self::{http::Requests, page::Page};
use crate::{
    app::App,
    failure::{Class, Failure},
    output::print,
    settings::Settings,
};

/// The most operations whose inputs are on the page. A longer page would fill an agent's context.
const DETAILED: usize = 60;

/// The options of `skill`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Write the page to this file instead of standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Describe only the commands of this group; may be given several times
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
}

/// Returns the command.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("skill")).about("Write a page that teaches agents to call the API").long_about(
        "Write a page in Markdown that teaches agents to call the API, by this program and by HTTP: a `SKILL.md`. \
             The page has the inputs of each operation if there are at most 60 of them.",
    )
}

/// Runs the command. Nothing is sent, and no token is read.
pub(crate) fn run<C: Described>(app: &App, options: &Options, settings: &Settings) -> Result<(), Failure> {
    let operations = chosen(C::CATALOGUE, &options.group)?;
    let requests = Requests::new::<C>(app.commands, settings)?;
    let page = Page { app, catalogue: C::CATALOGUE, operations: &operations, requests: &requests };
    let text = page.text(operations.len() <= DETAILED);
    match options.out.as_deref() {
        Some(path) if path.as_os_str() != "-" => {
            let failed = |error| Failure::new(Class::File, format!("cannot write {}: {error}", path.display()));
            write(path, &text).map_err(failed)
        }
        _ => print(&text),
    }
}

/// Returns the operations of the groups, or all.
fn chosen(catalogue: &Catalogue, groups: &[String]) -> Result<Vec<&'static Operation>, Failure> {
    let has = |name: &String| catalogue.operations.iter().any(|operation| operation.group == name);
    if let Some(unknown) = groups.iter().find(|name| !has(name)) {
        return Err(Failure::usage(format!("there is no group `{unknown}`")));
    }
    let is_chosen = |it: &&Operation| groups.is_empty() || groups.iter().any(|name| name == it.group);
    Ok(catalogue.operations.iter().copied().filter(is_chosen).collect())
}

/// Writes the file as a whole or not at all. A link is replaced, not followed.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = new_file(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Creates a file that others may read as far as the user's mask allows.
#[cfg(unix)]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CATALOGUE, COMMANDS, Client};

    fn page(operations: &[&'static Operation], is_detailed: bool) -> String {
        let app = App::new(&COMMANDS);
        let requests = Requests::new::<Client>(&COMMANDS, &Settings::default()).unwrap();
        Page { app: &app, catalogue: &CATALOGUE, operations, requests: &requests }.text(is_detailed)
    }

    #[test]
    fn the_page_has_every_operation_by_command_and_by_http() {
        let text = page(CATALOGUE.operations, true);
        for operation in CATALOGUE.operations {
            let heading = format!("### {} {}", COMMANDS.name, operation.words());
            assert!(text.contains(&heading), "{heading}: {text}");
        }
        assert!(text.starts_with("---\nname: "), "{text}");
        assert!(text.contains("curl --globoff --request DELETE 'https://notes.example/api/notes/"), "{text}");
        assert!(text.contains("\"$NOTES_TOKEN\""), "{text}");
        assert!(!text.contains("URL Format"), "{text}");
    }

    #[test]
    fn a_page_without_details_tells_where_they_are() {
        let text = page(CATALOGUE.operations, false);
        assert!(!text.contains("### ") && text.contains("--schema"), "{text}");
    }

    #[test]
    fn a_group_is_chosen_by_its_name() {
        let names: Vec<_> = chosen(&CATALOGUE, &["files".to_owned()]).unwrap().iter().map(|it| it.name).collect();
        assert_eq!(names, ["upload_file", "get_file"]);
        assert_eq!(chosen(&CATALOGUE, &["nonsense".to_owned()]).unwrap_err().class, Class::Usage);
    }
}
