//! Makes text from outside safe to show in a terminal, the log of a workflow, or a report.

use std::fmt::Write as _;

use lowcodeapi_codegen::is_unseen;

/// GitHub's runner reads this as the start of a command, anywhere in a line of a log.
const COMMAND: &str = "##[";

/// Returns the text on one line, without unseen characters and without commands to GitHub's runner: `##[…]` anywhere, `::…::`
/// at the start of a line.
pub(crate) fn shown(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let seen: String = spaced.filter(|c| !is_unseen(*c)).collect();
    let seen = seen.replace(COMMAND, "## [");
    match seen.trim_start().strip_prefix("::") {
        Some(rest) => format!(": :{rest}"),
        None => seen,
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
    for c in line.replace(COMMAND, "#\\u0023[").chars() {
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
    }

    #[test]
    fn json_says_the_same() {
        let line = Value::from(HOSTILE).to_string();
        let safe = in_json(&line);
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), Some(Value::from(HOSTILE)));
        assert!(!safe.contains("##[") && !safe.contains(is_unseen), "{safe}");
    }
}
