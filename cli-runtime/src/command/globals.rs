//! The options that every command has, and the [`Settings`] that they make.

use std::{path::PathBuf, time::Duration};

use clap::{
    Arg, ArgAction, ArgMatches, Command, ValueHint,
    builder::{PossibleValuesParser, TypedValueParser},
    value_parser,
};
use lowcodeapi_runtime::{
    UrlFormat,
    catalogue::{Catalogue, Effect, Operation},
};

use crate::{
    app::App,
    failure::Failure,
    settings::{Color, ErrorFormat, Format, Settings},
};

/// What the identifiers of these options begin with, so that no input has one of them.
const PREFIX: &str = "--";

const REQUEST: &str = "Request";
const OUTPUT: &str = "Output";
const CONNECTION: &str = "Connection";

/// Returns the options of all commands.
pub(super) fn common(app: &App, catalogue: &Catalogue) -> Vec<Arg> {
    let mut options = output();
    options.extend(connection(app, catalogue));
    options
}

/// Returns the options of the commands that call an operation, next to those of all commands. Without an operation,
/// these may precede the command.
pub(super) fn of_calls(operation: Option<&Operation>) -> Vec<Arg> {
    let deletes = operation.is_some_and(|operation| operation.effect() == Effect::Delete);
    let mut options = vec![
        value("body", "JSON", REQUEST, "The inputs as a JSON or YAML object: text, `@FILE`, or `-` for standard input")
            .value_hint(ValueHint::FilePath)
            .long_help(
                "The inputs as a JSON or YAML object: text, `@FILE`, or `-` for standard input.\n\n\
                 Its keys are the names of the inputs, as `--sample` prints them. Options override what it says.",
            ),
        flag("sample", REQUEST, "Print an example of the inputs for `--body`, and send nothing"),
        flag("schema", REQUEST, "Print the JSON Schemas of inputs and result, and send nothing"),
        flag("dry-run", REQUEST, "Print the request as a `curl` command without credentials, and send nothing"),
        flag("yes", REQUEST, "Delete without asking").short('y').hide(!deletes),
    ];
    // Before the command, nothing tells what the operation has. `check` does so later.
    if operation.is_none_or(|operation| operation.pages.is_some()) {
        options.push(flag("all", REQUEST, "Request all pages, and print their items as they arrive"));
    }
    if operation.is_none_or(Operation::gives_file) {
        options.push(
            value("to", "FILE", OUTPUT, "Write the result to this file; `-` is standard output")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath),
        );
    }
    let is_hidden = operation.is_none();
    options.into_iter().map(|option| if is_hidden { option.hide(true) } else { option }).collect()
}

/// Fails if an option before the command has no meaning for the operation.
pub(super) fn check(settings: &Settings, operation: &Operation) -> Result<(), Failure> {
    if settings.all && operation.pages.is_none() {
        return Err(Failure::usage("`--all` is for lists with pages, which this operation does not return"));
    }
    if settings.to.is_some() && !operation.gives_file() {
        return Err(Failure::usage("`--to` is for files, which this operation does not return")
            .help("`--output` and a redirection write other results to a file"));
    }
    Ok(())
}

/// Returns the option `--help`, which is listed last. The program's own takes the place of clap's in all commands, because
/// clap would list its own first.
pub(super) fn help() -> Arg {
    let help = "Print help; `--help` prints more than `-h`";
    Arg::new(id("help")).short('h').long("help").action(ArgAction::Help).help(help).help_heading("Help")
}

fn output() -> Vec<Arg> {
    vec![
        value("output", "FORMAT", OUTPUT, "How results are written: `table`, `json`, `jsonl`, `yaml` or `raw`")
            .short('o')
            .hide_possible_values(true)
            .value_parser(formats())
            .long_help(
                "How results are written.\n\n\
                 - table: for people; the default on a terminal\n\
                 - json: one indented JSON text; the default elsewhere\n\
                 - jsonl: one line of JSON for each item\n\
                 - yaml: YAML\n\
                 - raw: text or bytes as they are, strings without quotes",
            ),
        value("select", "JSONPATH", OUTPUT, "Print only what this JSONPath selects, such as `$.data[*].id`"),
        flag("verbose", OUTPUT, "Report each attempt on standard error; twice, also harmless headers")
            .short('v')
            .action(ArgAction::Count)
            .hide_short_help(true),
        value("error-format", "FORMAT", OUTPUT, "How errors are written: `human` or `json`")
            .hide_possible_values(true)
            .hide_short_help(true)
            .value_parser(PossibleValuesParser::new(["human", "json"]).map(|name| match name.as_str() {
                "json" => ErrorFormat::Json,
                _ => ErrorFormat::Human,
            })),
        value("color", "WHEN", OUTPUT, "When output is coloured: `auto`, `always` or `never`")
            .hide_possible_values(true)
            .hide_short_help(true)
            .value_parser(PossibleValuesParser::new(["auto", "always", "never"]).map(|name| match name.as_str() {
                "always" => Color::Always,
                "never" => Color::Never,
                _ => Color::Auto,
            })),
    ]
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["table", "json", "jsonl", "yaml", "raw"]).map(|name| match name.as_str() {
        "table" => Format::Table,
        "jsonl" => Format::Jsonl,
        "yaml" => Format::Yaml,
        "raw" => Format::Raw,
        _ => Format::Json,
    })
}

fn connection(app: &App, catalogue: &Catalogue) -> Vec<Arg> {
    let mut options = vec![
        value("token-file", "FILE", CONNECTION, "Read the token from this file; `-` is standard input")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath),
        value("timeout", "TIME", CONNECTION, "The timeout of a call with its retries, such as `30s` or `2m`")
            .value_parser(duration),
        value("retries", "N", CONNECTION, "How often a call is retried at most").value_parser(value_parser!(u32)),
        value("base-url", "URL", CONNECTION, "The base URL of the API").value_hint(ValueHint::Url),
    ];
    if catalogue.is_gateway {
        options.push(
            value(
                "url-format",
                "FORMAT",
                CONNECTION,
                "The gateway's URL format: `new` or `old`; the default is to detect it",
            )
            .hide_possible_values(true)
            .value_parser(PossibleValuesParser::new(["new", "old"]).map(|name| match name.as_str() {
                "old" => UrlFormat::Old,
                _ => UrlFormat::New,
            })),
        );
    }
    if app.mock.is_some() {
        options.push(flag("mock", CONNECTION, "Call an embedded server instead of the API; it needs no token"));
    }
    options.into_iter().map(|option| option.hide_short_help(true)).collect()
}

fn flag(name: &'static str, heading: &'static str, help: &'static str) -> Arg {
    option(name, heading, help).action(ArgAction::SetTrue)
}

fn value(name: &'static str, value_name: &'static str, heading: &'static str, help: &'static str) -> Arg {
    option(name, heading, help).value_name(value_name)
}

fn option(name: &'static str, heading: &'static str, help: &'static str) -> Arg {
    Arg::new(id(name)).long(name).help(help).help_heading(heading)
}

fn id(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Reads a duration: `30`, `30s`, `1.5m`, `500ms`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    const FORM: &str = "expected a number of seconds, or a number with `ms`, `s`, `m` or `h`, such as `30s`";
    let unit_at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        _ => return Err(FORM.to_owned()),
    };
    let seconds: f64 = number.trim().parse().map_err(|_| FORM.to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds * factor).map_err(|_| FORM.to_owned())?;
    if duration.is_zero() { Err("a timeout must be longer than 0".to_owned()) } else { Ok(duration) }
}

/// The matches of the program, then those of its subcommands, with their names.
type Levels<'a> = &'a [(&'a str, &'a ArgMatches)];

/// Reads the options, from the matches of the program and of its subcommands, outermost first. Inner ones win.
pub(super) fn read(levels: Levels<'_>) -> Settings {
    Settings {
        output: last(levels, "output"),
        select: last(levels, "select"),
        all: is_set(levels, "all"),
        to: last(levels, "to"),
        body: last(levels, "body"),
        sample: is_set(levels, "sample"),
        schema: is_set(levels, "schema"),
        dry_run: is_set(levels, "dry-run"),
        yes: is_set(levels, "yes"),
        token_file: last(levels, "token-file"),
        timeout: last(levels, "timeout"),
        retries: last(levels, "retries"),
        base_url: last(levels, "base-url"),
        url_format: last(levels, "url-format"),
        verbose: levels.iter().filter_map(|(_, level)| one::<u8>(level, "verbose")).fold(0, u8::saturating_add),
        error_format: last(levels, "error-format").unwrap_or_default(),
        color: last(levels, "color").unwrap_or_default(),
        mock: is_set(levels, "mock"),
    }
}

/// Returns the first option that only calls have, if one is given.
pub(super) fn call_option(levels: Levels<'_>) -> Option<&'static str> {
    let has_value = |name: &str| last::<String>(levels, name).is_some() || last::<PathBuf>(levels, name).is_some();
    let is_given = |name: &&str| is_set(levels, name) || has_value(name);
    ["body", "sample", "schema", "dry-run", "yes", "all", "to"].into_iter().find(is_given)
}

fn last<T: Clone + Send + Sync + 'static>(levels: Levels<'_>, name: &str) -> Option<T> {
    levels.iter().rev().find_map(|(_, level)| one(level, name))
}

fn is_set(levels: Levels<'_>, name: &str) -> bool {
    levels.iter().any(|(_, level)| one(level, name).unwrap_or(false))
}

/// Returns the value of an option. A level need not have the option.
fn one<T: Clone + Send + Sync + 'static>(level: &ArgMatches, name: &str) -> Option<T> {
    level.try_get_one::<T>(&id(name)).ok().flatten().cloned()
}

/// Adds options to a command, except those whose names the command uses itself.
pub(super) fn add(command: Command, options: Vec<Arg>) -> Command {
    options.into_iter().fold(command, |command, option| {
        let is_used = option.get_long().is_some_and(|long| has_long(&command, long));
        let has_short = |short| command.get_arguments().any(|argument| argument.get_short() == Some(short));
        if is_used || option.get_short().is_some_and(has_short) { command } else { command.arg(option) }
    })
}

/// Returns whether a command has an option of this long name.
pub(super) fn has_long(command: &Command, long: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_long() == Some(long))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("30"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("1.5h"), Ok(Duration::from_secs(5_400)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for mistake in ["", "s", "1d", "-1s", "0", "1e400", "2m30s", "nan", "inf"] {
            assert!(duration(mistake).is_err(), "{mistake}");
        }
    }
}
