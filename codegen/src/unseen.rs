//! Characters that are invisible or change how others are displayed.

/// Whether a character is invisible, or changes how others are displayed: control characters, bidirectional marks, line and
/// paragraph separators, invisible operators, tags.
///
/// Joiners do not count, because scripts and emoji need them. Text of upstream is shown without unseen characters in
/// documentation, terminals and reports.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || turns_text(c)
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Whether the compiler refuses the character in source, because it changes the direction of the text that follows.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns the text on one line, without unseen characters. Each white-space character becomes a space.
pub(crate) fn in_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unseen(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_seen() {
        assert!(!"a é\u{200D}\u{200C} 日本 👩\u{200D}💻 שלום".contains(is_unseen));
        for c in "\0\u{1b}\r\u{85}\u{202E}\u{200F}\u{61C}\u{2028}\u{2067}\u{E0041}\u{FEFF}".chars() {
            assert!(is_unseen(c), "{c:?}");
        }
        assert_eq!(in_one_line("a\u{1b}[31m\r\n\tb\u{202E}"), "a[31m   b");
    }
}
