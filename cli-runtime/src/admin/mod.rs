//! The commands that are not operations.

pub(crate) mod auth;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod exit_codes;
mod ids;
pub(crate) mod man;
#[cfg(feature = "mcp")]
pub(crate) mod mcp;
mod report;
mod sample;
pub(crate) mod skill;
mod url_format;

use clap::{ArgMatches, FromArgMatches as _};
use lowcodeapi_runtime::catalogue::Described;

use crate::{app::App, failure::Failure, settings::Settings};

/// A command that is not an operation.
#[derive(Debug, Clone)]
pub(crate) enum AdminAction {
    /// Writes a completion script. It needs the whole tree of commands.
    Completions(completions::Options, Box<clap::Command>),
    /// Writes manual pages. They need the whole tree of commands.
    Man(man::Options, Box<clap::Command>),
    /// Explains the exit statuses.
    ExitCodes,
    /// Stores, shows and removes the token.
    Auth(auth::Options),
    /// Tells what is configured, and what answers.
    Doctor(doctor::Options),
    /// Writes a page for agents.
    Skill(skill::Options),
    /// Serves the operations as tools.
    #[cfg(feature = "mcp")]
    Mcp(mcp::Options),
    /// Calls all operations of the embedded gateway.
    Demo(demo::Options),
}

impl AdminAction {
    /// Returns whether the command ends by itself when there is a signal.
    pub(crate) fn handles_signals(&self) -> bool {
        match self {
            #[cfg(feature = "mcp")]
            Self::Mcp(_) => true,
            _ => false,
        }
    }
}

/// Returns the commands.
pub(crate) fn commands(app: &App) -> Vec<clap::Command> {
    let mut commands = vec![
        auth::command(),
        completions::command(app.commands.name),
        doctor::command(),
        man::command(),
        skill::command(),
    ];
    if app.mock.is_some() {
        commands.push(demo::command());
    }
    #[cfg(feature = "mcp")]
    commands.push(mcp::command());
    commands
}

/// Reads the options of a command. `tree` makes the whole tree of commands. Returns `None` if there is no command of
/// this name.
pub(crate) fn read(
    name: &str,
    matches: &ArgMatches,
    tree: impl FnOnce() -> clap::Command,
) -> Result<Option<AdminAction>, clap::Error> {
    Ok(Some(match name {
        "auth" => AdminAction::Auth(auth::Options::from_arg_matches(matches)?),
        "completions" => AdminAction::Completions(completions::Options::from_arg_matches(matches)?, Box::new(tree())),
        "demo" => AdminAction::Demo(demo::Options::from_arg_matches(matches)?),
        "doctor" => AdminAction::Doctor(doctor::Options::from_arg_matches(matches)?),
        "man" => AdminAction::Man(man::Options::from_arg_matches(matches)?, Box::new(tree())),
        #[cfg(feature = "mcp")]
        "mcp" => AdminAction::Mcp(mcp::Options::from_arg_matches(matches)?),
        "skill" => AdminAction::Skill(skill::Options::from_arg_matches(matches)?),
        _ => return Ok(None),
    }))
}

/// Runs a command that is not an operation.
pub(crate) async fn run<C: Described>(app: &App, action: AdminAction, settings: &Settings) -> Result<(), Failure> {
    match action {
        AdminAction::Completions(options, tree) => completions::run(&options, *tree),
        AdminAction::Man(options, tree) => man::run(&options, *tree),
        AdminAction::ExitCodes => exit_codes::run(),
        AdminAction::Auth(options) => auth::run::<C>(app, options, settings).await,
        AdminAction::Doctor(options) => doctor::run::<C>(app, options, settings).await,
        AdminAction::Skill(options) => skill::run::<C>(app, &options, settings),
        #[cfg(feature = "mcp")]
        AdminAction::Mcp(options) => mcp::run::<C>(app, options, settings).await,
        AdminAction::Demo(options) => demo::run::<C>(app, options, settings).await,
    }
}
