//! The inputs of an operation as a table.

use std::fmt::Write as _;

use lowcodeapi_runtime::catalogue::{Operation, Place};

use crate::{
    output::line,
    table::{Command, Kind, Opt},
};

/// The most known values of an input that are listed.
const VALUES: usize = 12;

/// Returns the table of a command's inputs. Empty if it has none.
pub(super) fn table(operation: &Operation, command: &Command) -> String {
    if command.options.is_empty() {
        return String::new();
    }
    let mut table = "| option | sent as | type | required | description |\n|---|---|---|---|---|\n".to_owned();
    for option in command.options {
        let required = match (option.is_required, option.path.is_empty()) {
            (true, true) => "yes",
            (true, false) => "with its object",
            _ => "no",
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            table,
            "| `--{}` | {} | {} | {required} | {} |",
            option.name,
            cell(&sent_as(operation, option)),
            cell(&kind(option)),
            cell(&description(option))
        );
    }
    table
}

/// Returns text for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}

/// Returns the place and name of an input in the request.
fn sent_as(operation: &Operation, option: &Opt) -> String {
    let Some(input) = operation.input(option.input) else { return String::new() };
    let place = match input.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
        Place::Field => "JSON body",
        Place::Part => "multipart",
        Place::Form => "form",
        _ => "body",
    };
    let names = [&[input.wire], option.path].concat();
    // A body that is one value has no name in the request.
    let names = if place == "body" { &names[1..] } else { &names };
    if names.is_empty() { place.to_owned() } else { format!("{place} `{}`", names.join(".")) }
}

fn kind(option: &Opt) -> String {
    let kind = match option.kind {
        Kind::Integer => "integer",
        Kind::Number | Kind::Decimal => "number",
        Kind::Boolean => "boolean",
        Kind::Time => "time",
        Kind::Object => "object",
        Kind::Json => "JSON",
        Kind::File => "file",
        Kind::Text => "text",
    };
    let kind = if option.is_many && option.kind != Kind::Object { format!("list of {kind}") } else { kind.to_owned() };
    if option.is_positional { kind + ", also without the name" } else { kind }
}

fn description(option: &Opt) -> String {
    let mut text = option.help.to_owned();
    let mut add = |more: String| {
        if !text.is_empty() {
            text.push_str(if text.ends_with('.') { " " } else { ". " });
        }
        text.push_str(&more);
    };
    if !option.values.is_empty() {
        let values: Vec<String> = option.values.iter().take(VALUES).map(|known| format!("`{}`", known.value)).collect();
        let more = if option.values.len() > VALUES { ", …" } else { "" };
        add(format!("Known values: {}{more}", values.join(", ")));
    }
    if !option.default.is_empty() {
        add(format!("Default: `{}`", option.default));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CATALOGUE, COMMANDS};

    #[test]
    fn an_input_has_its_option_and_its_place_in_the_request() {
        let command = COMMANDS.commands.iter().find(|command| command.operation == "create_note").unwrap();
        let table = table(CATALOGUE.operation("create_note").unwrap(), command);
        let row = |option: &str| table.lines().find(|line| line.contains(&format!("`--{option}`"))).unwrap_or_default();
        assert!(row("title").contains("| JSON body `title` | text | yes |"), "{table}");
        assert!(row("status").contains("Known values: `draft`"), "{table}");
        assert!(row("author.name").contains("JSON body `author.name`"), "{table}");
    }

    #[test]
    fn text_of_a_document_stays_in_its_cell() {
        assert_eq!(cell("a | b\n\u{1b}[1m# c"), "a \\| b \\u{1b}[1m# c");
    }
}
