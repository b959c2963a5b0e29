//! What a command line ends with before anything runs: help, or a mistake.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    failure::{Class, Failure},
    output,
    settings::{ErrorFormat, Settings},
    table::{Command, Commands},
    text,
};

/// How many commands of a name are shown.
const HINTS: usize = 3;

/// Help that is asked for, or a mistake.
#[derive(Debug)]
pub(super) enum Mistake {
    /// What clap says.
    Clap(Box<clap::Error>),
    /// What only this program knows.
    Failure(Failure),
}

impl From<clap::Error> for Mistake {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

impl From<Failure> for Mistake {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Mistake {
    /// Creates a mistake from what clap says of a table of commands. A name without its group gets a hint.
    pub(super) fn of(mut error: clap::Error, commands: &Commands) -> Self {
        if error.kind() == ErrorKind::InvalidSubcommand
            && let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand)
        {
            let tips: Vec<StyledStr> = elsewhere(commands, name).map(StyledStr::from).collect();
            if !tips.is_empty() {
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
            }
        }
        Self::Clap(Box::new(error))
    }

    /// Prints it, and returns the exit status.
    pub(super) fn print(self, is_json: bool) -> ExitCode {
        let error_format = if is_json { ErrorFormat::Json } else { ErrorFormat::Human };
        let settings = Settings { error_format, ..Settings::default() };
        match self {
            Self::Failure(failure) => output::fail(&failure, &settings),
            Self::Clap(error) if is_json && error.use_stderr() => output::fail(&failure_of(&error), &settings),
            Self::Clap(error) => match error.print().and_then(|()| io::stdout().flush()) {
                // Who closes the pipe has read enough.
                Err(cause) if !error.use_stderr() && cause.kind() != io::ErrorKind::BrokenPipe => {
                    let message = format!("cannot write to standard output: {cause}");
                    output::fail(&Failure::new(Class::File, message), &settings)
                }
                _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
            },
        }
    }
}

/// Returns hints of commands that have this name in a group, or whose operation has it.
fn elsewhere(commands: &Commands, name: &str) -> impl Iterator<Item = String> {
    let operation = name.replace('-', "_");
    let is_meant =
        move |command: &&Command| !command.group.is_empty() && (command.name == name || command.operation == operation);
    commands.commands.iter().filter(is_meant).take(HINTS).map(|command| format!("there is '{}'", text::words(command)))
}

/// Returns the failure that an error of clap is: its first paragraph is the message, the others are help.
fn failure_of(error: &clap::Error) -> Failure {
    let without = [ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, ErrorKind::MissingSubcommand];
    if without.contains(&error.kind()) {
        return Failure::usage("no command is given").help("`--help` lists the commands");
    }
    let text = error.render().to_string();
    let text = text.trim().strip_prefix("error: ").unwrap_or(&text);
    match text.split_once("\n\n") {
        Some((message, help)) => Failure::usage(message.trim()).help(help.trim()),
        None => Failure::usage(text.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_a_message_and_help() {
        let parse = |line: &[&str]| {
            let inner = clap::Command::new("list").arg(clap::Arg::new("page").long("page"));
            let tree = clap::Command::new("jot").subcommand(inner).subcommand_required(true);
            failure_of(&tree.try_get_matches_from(line).unwrap_err())
        };
        let failure = parse(&["jot", "list", "--pag", "1"]);
        assert_eq!(failure.message, "unexpected argument '--pag' found");
        assert!(failure.help.unwrap().starts_with("tip: a similar argument exists: '--page'"));
        assert_eq!(parse(&["jot"]).message, "no command is given");
    }
}
