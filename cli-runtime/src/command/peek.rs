//! Finds out which command a command line names before it is parsed, so that only that command is built.

use std::ffi::OsString;

use clap::Arg;

/// What a command line says at first glance.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Peek {
    /// The first arguments that are neither options nor their values, at most two, with their indices.
    pub(super) words: Vec<(usize, String)>,
}

impl Peek {
    /// Looks at the arguments. The first is the program. `options` may precede the command.
    pub(super) fn at(arguments: &[OsString], options: &[Arg]) -> Self {
        let mut words = Vec::new();
        let mut rest = arguments.iter().enumerate().skip(1);
        while let Some((index, argument)) = rest.next() {
            let Some(argument) = argument.to_str() else { break };
            match argument.strip_prefix('-') {
                Some("-") => break,
                Some(option) if !option.is_empty() => {
                    if wants_next(option, options) {
                        rest.next();
                    }
                }
                _ => words.push((index, argument.to_owned())),
            }
            if words.len() == 2 {
                break;
            }
        }
        Self { words }
    }

    /// Returns a word.
    pub(super) fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(|(_, word)| word.as_str())
    }
}

/// Returns whether the next argument is the value of an option, given without its first dash.
fn wants_next(option: &str, options: &[Arg]) -> bool {
    let takes_value = |option: &Arg| option.get_action().takes_values();
    if let Some(long) = option.strip_prefix('-') {
        return options.iter().any(|option| option.get_long() == Some(long) && takes_value(option));
    }
    // Of `-vo json`, the last letter takes the value; of `-ojson`, what follows the letter is the value.
    let valued = |letter| options.iter().any(|option| option.get_short() == Some(letter) && takes_value(option));
    option.chars().position(valued).is_some_and(|index| index + 1 == option.chars().count())
}

/// Returns the value of an option, wherever it stands. Before parsing, nothing tells whether it is an input's value.
pub(super) fn option_value<'a>(arguments: &'a [OsString], long: &str) -> Option<&'a str> {
    let mut arguments =
        arguments.iter().filter_map(|argument| argument.to_str()).take_while(|argument| *argument != "--");
    let mut found = None;
    while let Some(argument) = arguments.next() {
        let Some(option) = argument.strip_prefix("--").and_then(|option| option.strip_prefix(long)) else { continue };
        if option.is_empty() {
            found = arguments.next();
        } else if let Some(value) = option.strip_prefix('=') {
            found = Some(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use clap::ArgAction;

    use super::*;

    fn words(line: &str) -> Vec<String> {
        let options = [
            Arg::new("output").long("output").short('o'),
            Arg::new("verbose").long("verbose").short('v').action(ArgAction::Count),
        ];
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Peek::at(&arguments, &options).words.into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn options_before_the_command_are_passed_over() {
        for line in [
            "notes files get",
            "notes --output json files get x",
            "notes --output=json files get",
            "notes -o json files get",
            "notes -ojson files get",
            "notes -vo json files get",
            "notes -v files -vv --output json get --file x",
            "notes --unknown files get",
        ] {
            assert_eq!(words(line), ["files", "get"], "{line}");
        }
        assert_eq!(words("notes --output json"), [""; 0]);
        assert_eq!(words("notes files -- get"), ["files"]);
    }

    #[test]
    fn the_last_value_of_an_option_counts() {
        let arguments: Vec<OsString> =
            ["notes", "--color", "always", "get", "--color=never", "--", "--color=auto"].map(OsString::from).into();
        assert_eq!(option_value(&arguments, "color"), Some("never"));
        assert_eq!(option_value(&arguments, "error-format"), None);
    }
}
