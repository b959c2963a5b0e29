//! The words of the help.

use std::{fmt::Write as _, time::Duration};

use lowcodeapi_runtime::catalogue::{Catalogue, Effect, Operation};
use serde_json::Value;

use crate::table::{Command, Kind, Opt};

/// Returns the usage of a command, without `Usage:`.
pub(crate) fn usage(program: &str, command: &Command) -> String {
    let mut usage = format!("{program} {}", words(command));
    usage.push_str(" [OPTIONS]");
    for option in needed(command) {
        let value = value_name(option);
        if option.is_positional {
            write!(usage, " <{value}>").ok();
        } else {
            write!(usage, " --{} <{value}>", option.name).ok();
        }
    }
    usage
}

/// Returns the options that a call needs. The options of required properties replace the option of their object.
pub(crate) fn needed(command: &Command) -> impl Iterator<Item = &'static Opt> {
    let options = command.options;
    let is_needed = move |option: &Opt| {
        let above = |it: &&Opt| it.input == option.input && option.path.starts_with(it.path);
        options.iter().filter(above).all(|it| it.is_required)
    };
    let is_below = |option: &Opt, above: &Opt| {
        option.input == above.input && option.path.len() > above.path.len() && option.path.starts_with(above.path)
    };
    let needed = options.iter().filter(move |option| option.is_required && is_needed(option));
    needed.filter(move |option| !options.iter().any(|it| is_below(it, option) && it.is_required && is_needed(it)))
}

/// Returns the words of a command: `knowledge list`.
pub(crate) fn words(command: &Command) -> String {
    format!("{} {}", command.group, command.name).trim_start().to_owned()
}

/// Returns the placeholder for the value of an option.
pub(crate) fn value_name(option: &Opt) -> String {
    match option.kind {
        _ if option.is_positional => option.name.to_uppercase().replace(['-', '.'], "_"),
        Kind::Text => "TEXT".to_owned(),
        Kind::Integer => "INTEGER".to_owned(),
        Kind::Number | Kind::Decimal => "NUMBER".to_owned(),
        Kind::Boolean => "true|false".to_owned(),
        Kind::Time => "TIME".to_owned(),
        Kind::Object => "KEY=VALUE".to_owned(),
        Kind::Json => "JSON".to_owned(),
        Kind::File => "FILE".to_owned(),
    }
}

/// Returns the help of an option on one line.
pub(super) fn short_help(option: &Opt) -> String {
    let mut help = option.help.to_owned();
    let mut note = |note: String| {
        let gap = if help.is_empty() { "" } else { " " };
        write!(help, "{gap}[{note}]").ok();
    };
    if option.is_required && option.path.is_empty() {
        note(if option.is_positional { "required; the option's name may be left out" } else { "required" }.to_owned());
    }
    if !option.values.is_empty() {
        note(format!("known: {}", known(option).join(", ")));
    }
    if !option.default.is_empty() {
        note(format!("default: {}", plain(option.default)));
    }
    help
}

/// Returns the help of an option with all that is known of it.
pub(super) fn long_help(option: &Opt) -> String {
    let mut parts = Vec::new();
    let text = if option.long_help.is_empty() { option.help } else { option.long_help };
    if !text.is_empty() {
        parts.push(text.to_owned());
    }
    if !option.values.is_empty() {
        let mut list = "Known values; others are accepted:".to_owned();
        for value in option.values {
            let gap = if value.help.is_empty() { "" } else { ": " };
            write!(list, "\n- {}{gap}{}", value.value, value.help).ok();
        }
        parts.push(list);
    }
    if option.is_required {
        let needs = match (option.path.is_empty(), option.is_positional) {
            (true, true) => "Required. The name of the option may be left out.",
            (true, false) => "Required.",
            (false, _) => "Required in the object.",
        };
        parts.push(needs.to_owned());
    }
    if !option.default.is_empty() {
        parts.push(format!("The server's default: {}", plain(option.default)));
    }
    if let Some(form) = form(option) {
        parts.push(form.to_owned());
    }
    if option.is_secret {
        parts.push("A secret: pass it as `@FILE` or `-` to keep it out of the shell's history.".to_owned());
    }
    parts.join("\n\n")
}

/// Says how the value is written, where that is not obvious.
fn form(option: &Opt) -> Option<&'static str> {
    Some(match (option.kind, option.is_many) {
        (Kind::Object, _) => "`KEY=VALUE`, once for each property, or the whole as JSON or YAML.",
        (Kind::File, true) => "A path, or `-` for standard input. May be given several times.",
        (Kind::File, false) => "A path, or `-` for standard input.",
        (Kind::Time, _) => "RFC 3339, such as `2030-01-31T12:00:00Z`.",
        (Kind::Json, false) => "JSON or YAML.",
        (_, true) => "May be given several times, or once as a JSON array.",
        _ => return None,
    })
}

fn known(option: &Opt) -> Vec<&'static str> {
    option.values.iter().map(|known| known.value).collect()
}

/// Returns JSON as text: a string without quotes.
fn plain(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::String(text)) => text,
        _ => json.to_owned(),
    }
}

/// Returns the facts of an operation for the end of its help.
pub(super) fn facts(catalogue: &Catalogue, operation: &Operation) -> String {
    let mut facts = vec![("HTTP", format!("{} {}", operation.method, operation.path))];
    if let Some(path) = operation.old_path {
        facts.push(("Old Format", format!("{} {path}", operation.method)));
    }
    facts.push(("Effect", effect(operation).to_owned()));
    facts.push(("Retries", retries(operation).to_owned()));
    if let Some(limit) = catalogue.rate_limit(operation) {
        let unit = if limit.requests() == 1 { "request" } else { "requests" };
        let period = period(limit.period());
        facts.push(("Rate limit", format!("{} {unit} {period} ({})", limit.requests(), limit.name())));
    }
    if !operation.scopes.is_empty() {
        facts.push(("Scopes", operation.scopes.join(", ")));
    }
    if let Some(link) = operation.link {
        facts.push(("Reference", link.to_owned()));
    }
    let lines: Vec<String> =
        facts.into_iter().map(|(name, fact)| format!("{:<12} {fact}", format!("{name}:"))).collect();
    lines.join("\n")
}

fn effect(operation: &Operation) -> &'static str {
    match operation.effect() {
        Effect::Read => "reads",
        Effect::Delete => "deletes; asks for confirmation, unless `--yes` is given",
        _ => "changes or creates",
    }
}

fn retries(operation: &Operation) -> &'static str {
    if operation.is_idempotent() {
        "after failed connections and statuses 408, 429, 502, 503 and 504"
    } else {
        "only if the server did not process it: no connection, 429, or 503 with `Retry-After`"
    }
}

fn period(period: Duration) -> String {
    match period.as_secs() {
        1 => "per second".to_owned(),
        60 => "per minute".to_owned(),
        3_600 => "per hour".to_owned(),
        86_400 => "per day".to_owned(),
        _ => format!("in {period:?}"),
    }
}

/// The end of the long help of the program.
pub(super) fn program_notes(catalogue: &Catalogue) -> String {
    let mut notes = "\
Values:
  @FILE        the content of a file, without a final line break
  -            standard input
  @@TEXT       the text `@TEXT`
"
    .to_owned();
    let is_one = catalogue.credentials.len() == 1;
    let credentials = catalogue.credentials.iter().map(|credential| {
        let meaning = if is_one { "the token".to_owned() } else { format!("the credential `{}`", credential.name) };
        (credential.variable.to_owned(), meaning)
    });
    let mut variables: Vec<(String, String)> = credentials.collect();
    variables.push((format!("{}_BASE_URL", catalogue.variables), "the base URL".to_owned()));
    if catalogue.is_gateway {
        variables.push((format!("{}_URL_FORMAT", catalogue.variables), "the URL format: `new` or `old`".to_owned()));
    }
    let width = variables.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    notes.push_str("\nEnvironment:\n");
    for (name, meaning) in variables {
        writeln!(notes, "  {name:<width$}  {meaning}").ok();
    }
    notes.push_str("\n`help exit-codes` explains the exit statuses.");
    notes
}
