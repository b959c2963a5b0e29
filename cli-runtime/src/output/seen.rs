//! Text of servers, made safe to show: a server must not control the terminal, nor hide what it shows.

use std::fmt::Write as _;

/// Returns whether a character is invisible, or changes how others are displayed. Joiners and emoji selectors are not,
/// because scripts and emoji need them.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns the text with its lines and tabs. Control characters are shown as escapes, so that nothing of a sequence for
/// the terminal remains in effect. Other unseen characters are removed.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left = text.chars().peekable();
    while let Some(c) = left.next() {
        match c {
            '\n' | '\t' => out.push(c),
            // The line feed that follows ends the line.
            '\r' if left.peek() == Some(&'\n') => {}
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c if is_unseen(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns the text on one line. White space becomes one space.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                c if c.is_control() => out.extend(c.escape_unicode()),
                c if is_unseen(c) => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// Adds the text of a JSON string without its quotes, with unseen characters as escapes of JSON. It means the same.
pub(crate) fn escape_json(fragment: &str, out: &mut String) {
    for c in fragment.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        for (given, shown) in [
            ("a\nb\tc", "a\nb\tc"),
            ("a\r\nb\rc", "a\nb\\u{d}c"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("\u{9b}2Jgone", "\\u{9b}2Jgone"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("tags\u{e0041}\u{e0042}", "tags"),
            ("one\u{2028}two\u{85}three", "one\ntwo\nthree"),
            ("é 日本 👩\u{200d}💻 שלום", "é 日本 👩\u{200d}💻 שלום"),
        ] {
            assert_eq!(text(given), shown);
        }
    }

    #[test]
    fn a_line_has_one_line() {
        assert_eq!(line(" a \r\n\tb\u{2028}c\u{1b}[A "), "a b c\\u{1b}[A");
        assert_eq!(line("\u{202e}"), "");
    }

    #[test]
    fn escaped_json_means_the_same() {
        let given = "a\u{202e}b\u{9b}\u{e0041}é";
        let mut escaped = String::new();
        escape_json(given, &mut escaped);
        assert!(!escaped.contains(is_unseen), "{escaped}");
        assert_eq!(serde_json::from_str::<String>(&format!("\"{escaped}\"")).unwrap(), given);
    }
}
