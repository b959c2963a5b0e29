//! Characters that are invisible or change how others are displayed.

/// Whether a character is invisible, or changes how others are displayed: control characters, bidirectional marks, line and
/// paragraph separators, fillers, invisible operators, tags, and other characters that Unicode lets programs ignore.
///
/// Joiners and emoji selectors do not count, because scripts and emoji need them. Text of upstream is shown without unseen
/// characters in documentation, terminals and reports.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || turns_text(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether the compiler refuses the character in source, because it changes the direction of the text that follows.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns the text on one line, without unseen characters. Each white-space character becomes a space.
pub(crate) fn in_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unseen(*c)).collect()
}

/// A command of a workflow runner, anywhere in a line of its log.
const COMMAND: &str = "##[";

/// Returns the text on one line for the log of a build, without unseen characters and commands of workflow runners.
pub(crate) fn in_log(text: &str) -> String {
    in_one_line(text).replace(COMMAND, "## [")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_seen() {
        assert!(!"a é\u{200D}\u{200C} 日本 👩\u{200D}💻 שלום".contains(is_unseen));
        for c in "\u{34F}\u{115F}\u{3164}\u{FFA0}\u{180B}\u{E0100}\u{1D173}\0\u{1b}\r\u{85}\u{202E}\u{200F}\u{61C}\u{2028}\u{2067}\u{E0041}\u{FEFF}".chars() {
            assert!(is_unseen(c), "{c:?}");
        }
        assert_eq!(in_log("a##[error]\u{202E}b ##\u{200B}[group]"), "a## [error]b ## [group]");
        assert_eq!(in_one_line("a\u{1b}[31m\r\n\tb\u{202E}"), "a[31m   b");
    }
}
