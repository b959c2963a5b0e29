//! Makes text from outside safe to show in a terminal, the log of a workflow, or a report.

use std::fmt::Write as _;

use lowcodeapi_codegen::is_unseen;

/// GitHub's runner reads this as the start of a command, anywhere in a line of a log.
const COMMAND: &str = "##[";

/// Commands of the form `::error file=a::b`. The runner reads them at the start of a line only, but a part of a line may be
/// copied to one.
const NAMES: &[&str] = &[
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// Whether a text after two colons continues as a command. Paths of Rust do not have these names before further colons.
fn names_command(text: &str) -> bool {
    let name = text.split([':', ' ']).next().unwrap_or_default();
    NAMES.contains(&name) && text[name.len()..].starts_with([':', ' ']) && text.contains("::")
}

/// Returns the text with the colons of such commands replaced.
fn without_commands(text: &str, colons: &str) -> String {
    let mut parts = text.split("::");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut rest = &text[out.len()..];
    for part in parts {
        rest = &rest["::".len()..];
        out.push_str(if names_command(rest) { colons } else { "::" });
        out.push_str(part);
        rest = &rest[part.len()..];
    }
    out
}

/// Returns the text on one line, without unseen characters and without commands to GitHub's runner: `##[…]` and `::error::`
/// anywhere, `::…::` at the start of a line.
pub(crate) fn shown(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let seen: String = spaced.filter(|c| !is_unseen(*c)).collect();
    let seen = seen.replace(COMMAND, "## [");
    match seen.trim_start().strip_prefix("::") {
        Some(rest) => format!(": :{}", without_commands(rest, ": :")),
        None => without_commands(&seen, ": :"),
    }
}

/// Returns the text as code in Markdown. Backticks in it become apostrophes.
pub(crate) fn in_code(text: &str) -> String {
    format!("`{}`", shown(text).replace('`', "'"))
}

/// Returns the same JSON with unseen characters and commands escaped.
pub(crate) fn in_json(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    // Both occur only within strings, where each character has an escape.
    for c in without_commands(&line.replace(COMMAND, "#\\u0023["), ":\\u003a").chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const HOSTILE: &str = "::set-output name=a::b\n::stop##[group]\u{1b}[2J\u{202e}`c\u{e0041}";

    #[test]
    fn nothing_is_a_command_or_unseen() {
        assert_eq!(shown(HOSTILE), ": :set-output name=a::b ::stop## [group][2J`c");
        assert_eq!(shown(" \t::error::a"), ": :error::a");
        assert_eq!(in_code(HOSTILE), "`: :set-output name=a::b ::stop## [group][2J'c`");
        assert_eq!(shown("a::b # [c] é"), "a::b # [c] é");
        assert_eq!(in_code("GET /::error file=a::b"), "`GET /: :error file=a::b`");
        assert_eq!(shown("a::::warning::::group::b:::echo::"), "a::: :warning::: :group::b:::echo::");
        assert_eq!(
            shown("fn client::Client::group(&self) -> requests::error"),
            "fn client::Client::group(&self) -> requests::error"
        );
    }

    #[test]
    fn json_says_the_same() {
        let line = Value::from(HOSTILE).to_string();
        let safe = in_json(&line);
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), Some(Value::from(HOSTILE)));
        assert!(!safe.contains("##[") && !safe.contains(is_unseen), "{safe}");
    }
}
