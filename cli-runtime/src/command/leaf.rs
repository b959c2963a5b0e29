//! The command of an operation.

use std::ffi::{OsStr, OsString};

use clap::{
    Arg, ArgAction, Command, Error, ValueHint,
    builder::{PossibleValue, TypedValueParser},
    value_parser,
};
use lowcodeapi_runtime::catalogue::Catalogue;

use super::globals;
use crate::{
    app::App,
    table::{self, Kind, Known, Opt},
    text,
};

/// Returns the identifier of the argument without a name that an option is also taken as.
pub(crate) fn positional_id(option: &Opt) -> String {
    format!("<{}>", option.name)
}

/// Returns a command by name only, for lists.
pub(super) fn outline(command: &'static table::Command) -> Command {
    Command::new(command.name).about(command.about)
}

/// Returns a command with its options.
pub(super) fn build(app: &App, catalogue: &'static Catalogue, command: &'static table::Command) -> Command {
    let operation = catalogue.operation(command.operation);
    let mut general = globals::of_calls(operation);
    general.extend(globals::common(app, catalogue));
    let mut built = outline(command).override_usage(text::usage(app.commands.name, command)).disable_help_flag(true);
    if let Some(operation) = operation {
        built = built.after_help(text::facts(catalogue, operation));
        if operation.is_deprecated {
            built = built.about(format!("{} [deprecated]", command.about));
        }
    }
    if !command.long_about.is_empty() {
        built = built.long_about(command.long_about);
    }
    for option in in_order(command) {
        // The generator reserves the names of the other options, and gives each option a name of its own.
        let is_reserved = option.name == "help" || general.iter().any(|it| it.get_long() == Some(option.name));
        if is_reserved || globals::has_long(&built, option.name) {
            continue;
        }
        if option.is_positional {
            built = built.arg(positional(option));
        }
        built = built.arg(named(option));
    }
    built.args(general).arg(globals::help())
}

/// Returns the options in the order of the inputs, so that properties follow their object.
fn in_order(command: &'static table::Command) -> Vec<&'static Opt> {
    let mut options: Vec<&Opt> = command.options.iter().collect();
    options.sort_by_cached_key(|option| command.options.iter().position(|first| first.input == option.input));
    options
}

fn positional(option: &'static Opt) -> Arg {
    let argument = Arg::new(positional_id(option)).value_name(text::value_name(option)).help(option.help);
    // The usage shows it, and the list of inputs describes it.
    accept(argument.hide(true), option)
}

fn named(option: &'static Opt) -> Arg {
    let argument = Arg::new(option.name)
        .long(option.name)
        .value_name(text::value_name(option))
        .help(text::short_help(option))
        .long_help(text::long_help(option))
        .help_heading("Inputs");
    let argument = match option.kind {
        Kind::Boolean if !option.is_many => argument.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Kind::Integer | Kind::Number | Kind::Decimal => argument.allow_negative_numbers(true),
        Kind::File => argument,
        // Texts may begin with a dash, as lists do.
        _ => argument.allow_hyphen_values(true),
    };
    let is_list = option.is_many || option.kind == Kind::Object;
    accept(argument, option).action(if is_list { ArgAction::Append } else { ArgAction::Set })
}

/// Sets which values an option takes.
fn accept(argument: Arg, option: &'static Opt) -> Arg {
    match option.kind {
        Kind::File => argument.value_parser(value_parser!(OsString)).value_hint(ValueHint::FilePath),
        Kind::Boolean => argument.value_parser(Open(&BOOLEANS)).hide_possible_values(true),
        _ => argument.value_parser(Open(option.values)).hide_possible_values(true),
    }
}

const BOOLEANS: [Known; 2] = [Known::new("true", ""), Known::new("false", "")];

/// Takes any text, and proposes the known values to shells.
#[derive(Debug, Clone, Copy)]
struct Open(&'static [Known]);

impl TypedValueParser for Open {
    type Value = OsString;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<OsString, Error> {
        // Fails for what is no Unicode.
        clap::builder::StringValueParser::new().parse_ref(command, argument, value).map(OsString::from)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.0.is_empty() {
            return None;
        }
        Some(Box::new(self.0.iter().map(|known| {
            let value = PossibleValue::new(known.value);
            if known.help.is_empty() { value } else { value.help(known.help) }
        })))
    }
}
