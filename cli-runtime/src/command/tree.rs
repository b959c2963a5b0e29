//! The tree of commands.

use std::collections::HashSet;

use clap::{Arg, ColorChoice, Command};
use lowcodeapi_runtime::catalogue::Catalogue;

use super::{globals, leaf};
use crate::{admin, app::App, table, text};

/// Which commands are built with their options. A table may have thousands of options, and a command line needs few.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    /// The command, or the group, that these words name.
    Named(Option<&'a str>, Option<&'a str>),
    /// All of them.
    All,
}

impl Scope<'_> {
    fn first(self, name: &str) -> bool {
        match self {
            Self::Named(first, _) => first == Some(name),
            Self::All => true,
        }
    }

    fn second(self, name: &str) -> bool {
        match self {
            Self::Named(_, second) => second == Some(name),
            Self::All => true,
        }
    }
}

/// Returns the tree of commands.
pub(super) fn build(app: &App, catalogue: &'static Catalogue, scope: Scope<'_>, color: ColorChoice) -> Command {
    let table = app.commands;
    let mut tree = Command::new(table.name)
        .bin_name(table.name)
        .about(table.about)
        .version(app.version)
        .color(color)
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .args(globals::of_calls(None))
        .args(globals::common(app, catalogue))
        .disable_help_flag(true)
        .arg(globals::help())
        .after_long_help(text::program_notes(catalogue));
    if !table.long_about.is_empty() {
        tree = tree.long_about(table.long_about);
    }
    let groups = table
        .groups
        .iter()
        .map(|group| if scope.first(group.name) { full_group(app, catalogue, group, scope) } else { outline(group) });
    let commands = table.commands.iter().filter(|command| command.group.is_empty());
    let commands = commands.map(|command| {
        if scope.first(command.name) { leaf::build(app, catalogue, command) } else { leaf::outline(command) }
    });
    let mut admin = admin::commands(app);
    admin.push(help());
    admin.sort_by(|one, other| one.get_name().cmp(other.get_name()));
    let admin = admin
        .into_iter()
        .map(|command| if scope.first(command.get_name()) { with_common(app, catalogue, command) } else { command });
    tree.subcommands(distinct(groups.chain(commands).chain(admin)))
}

/// Returns the commands in their order. Of commands with one name, it takes the first, because clap would panic. The
/// generator gives each a name of its own.
fn distinct(commands: impl Iterator<Item = Command>) -> impl Iterator<Item = Command> {
    let mut names = HashSet::new();
    let distinct = commands.filter(move |command| names.insert(command.get_name().to_owned()));
    distinct.enumerate().map(|(order, command)| command.display_order(order))
}

/// Adds the options of all commands to a command that is not an operation, and to its subcommands.
fn with_common(app: &App, catalogue: &'static Catalogue, command: Command) -> Command {
    let options = || globals::common(app, catalogue).into_iter().chain([globals::help()]).collect();
    globals::add(command, options()).mut_subcommands(|inner| globals::add(inner, options()))
}

fn outline(group: &'static table::Group) -> Command {
    Command::new(group.name).about(group.about)
}

fn full_group(app: &App, catalogue: &'static Catalogue, group: &'static table::Group, scope: Scope<'_>) -> Command {
    let built = outline(group)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .args(globals::of_calls(None))
        .args(globals::common(app, catalogue).into_iter().map(|option| option.hide(true)))
        .arg(globals::help())
        .after_help("The options of all commands may also stand here. `--help` of a command lists them.");
    let commands = app.commands.commands.iter().filter(|command| command.group == group.name);
    let commands = commands.map(|command| {
        if scope.second(command.name) { leaf::build(app, catalogue, command) } else { leaf::outline(command) }
    });
    built.subcommands(distinct(commands))
}

/// The command `help`, which is turned into the option `--help` of a command before the command line is parsed.
fn help() -> Command {
    let words = Arg::new("words").value_name("COMMAND").num_args(0..).help("A command, or `exit-codes`");
    Command::new("help").about("Explain a command, or the exit statuses: `help exit-codes`").arg(words)
}
