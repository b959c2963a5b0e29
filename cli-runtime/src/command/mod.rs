//! The command line: the tree of commands, and what is read from it.

mod globals;
mod leaf;
mod mistake;
mod peek;
mod tree;

use std::{ffi::OsString, process::ExitCode};

use clap::{ArgMatches, ColorChoice};
use lowcodeapi_runtime::catalogue::Catalogue;

pub(crate) use self::leaf::positional_id;
use self::{mistake::Mistake, peek::Peek, tree::Scope};
pub(crate) use crate::text::{needed, usage, words};
use crate::{
    admin::{self, AdminAction},
    app::App,
    failure::Failure,
    settings::Settings,
    table::Command,
};

/// A command line.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) settings: Settings,
    pub(crate) action: Action,
}

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Action {
    /// To call an operation. The matches are those of its options.
    Call { command: &'static Command, matches: ArgMatches },
    /// A command that is not an operation.
    Admin(AdminAction),
}

/// Reads a command line. Prints help and mistakes, and returns the exit status then.
pub(crate) fn parse(app: &App, catalogue: &'static Catalogue, arguments: Vec<OsString>) -> Result<Parsed, ExitCode> {
    let is_json = peek::option_value(&arguments, "error-format") == Some("json");
    read(app, catalogue, arguments).map_err(|mistake| mistake.print(is_json))
}

fn read(app: &App, catalogue: &'static Catalogue, mut arguments: Vec<OsString>) -> Result<Parsed, Mistake> {
    let color = match peek::option_value(&arguments, "color") {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    };
    let mut options = globals::common(app, catalogue);
    options.extend(globals::of_calls(None));
    let mut peek = Peek::at(&arguments, &options);
    if let Some(("help", index)) = peek.words.first().map(|(index, word)| (word.as_str(), *index)) {
        if peek.word(1) == Some("exit-codes") {
            return Ok(Parsed { settings: Settings::default(), action: Action::Admin(AdminAction::ExitCodes) });
        }
        arguments.remove(index);
        arguments.push("--help".into());
        peek = Peek::at(&arguments, &options);
    }
    let scope = Scope::Named(peek.word(0), peek.word(1));
    let matches = tree::build(app, catalogue, scope, color)
        .try_get_matches_from(arguments)
        .map_err(|error| Mistake::of(error, app.commands))?;
    let mut levels = vec![("", &matches)];
    while let Some((name, inner)) = levels.last().and_then(|(_, outer)| outer.subcommand()) {
        levels.push((name, inner));
    }
    let settings = globals::read(&levels);
    let action = action(app, catalogue, &levels)?;
    if let Action::Call { command, .. } = &action
        && let Some(operation) = catalogue.operation(command.operation)
    {
        globals::check(&settings, operation)?;
    }
    Ok(Parsed { settings, action })
}

/// Returns what the matches ask for: those of the program, then those of its subcommands with their names.
fn action(app: &App, catalogue: &'static Catalogue, levels: &[(&str, &ArgMatches)]) -> Result<Action, Mistake> {
    let (group, (name, matches)) = match levels {
        [_, leaf] => ("", *leaf),
        [_, (group, _), leaf, ..] => (*group, *leaf),
        _ => return Err(Failure::usage("no command is given").into()),
    };
    let command = app.commands.commands.iter().find(|command| command.group == group && command.name == name);
    if let Some(command) = command {
        return Ok(Action::Call { command, matches: matches.clone() });
    }
    let (name, matches) = levels[1];
    if let Some(option) = globals::call_option(levels) {
        return Err(Failure::usage(format!("`--{option}` is an option of calls, which `{name}` is not")).into());
    }
    match admin::read(name, matches, || tree::build(app, catalogue, Scope::All, ColorChoice::Never))? {
        Some(action) => Ok(Action::Admin(action)),
        None => Err(Failure::usage(format!("there is no command `{name}`")).into()),
    }
}

#[cfg(test)]
mod tests;
