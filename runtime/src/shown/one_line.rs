//! Formats external text on one line, so that a server cannot control the terminal or log that shows it.

use std::fmt::{self, Write};

/// Writes text on one line, up to a maximum length. White space becomes one space. Characters that could move the
/// cursor, change the direction of the text, or be invisible are escaped.
pub(crate) struct OneLine<'w, W: Write + ?Sized> {
    to: &'w mut W,
    /// The number of characters that may follow; `None` once the text was truncated.
    left: Option<usize>,
    /// Whether white space is pending.
    is_after_space: bool,
    is_empty: bool,
}

/// The maximum length of a displayed error, in characters.
pub(crate) const LINE: usize = 1000;

impl<'w, W: Write + ?Sized> OneLine<'w, W> {
    pub(crate) fn new(to: &'w mut W, limit: usize) -> Self {
        Self { to, left: Some(limit), is_after_space: false, is_empty: true }
    }

    fn put(&mut self, c: char) -> fmt::Result {
        match self.left {
            None => Ok(()),
            Some(0) => {
                self.left = None;
                self.to.write_char('…')
            }
            Some(left) => {
                self.left = Some(left - 1);
                self.is_empty = false;
                self.to.write_char(c)
            }
        }
    }
}

impl<W: Write + ?Sized> Write for OneLine<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.left.is_none() {
                break;
            }
            if c.is_whitespace() {
                self.is_after_space = true;
                continue;
            }
            if std::mem::take(&mut self.is_after_space) && !self.is_empty {
                self.put(' ')?;
            }
            if is_unseen(c) {
                c.escape_unicode().try_for_each(|c| self.put(c))?;
            } else {
                self.put(c)?;
            }
        }
        Ok(())
    }
}

/// Returns whether the character is a control character, or changes how its neighbours are displayed.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the beginning of a text, on one line.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    // Writing to a `String` cannot fail.
    let _ = OneLine::new(&mut line, limit).write_str(text);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_that_does_nothing() {
        for (text, line) in [
            ("a  b\r\n\tc\u{2028}d ", "a b c d"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
            ("é 🦀", "é 🦀"),
            ("", ""),
        ] {
            assert_eq!(one_line(text, 100), line);
        }
        assert_eq!(one_line("four words are here", 10), "four words…");
        assert_eq!(one_line("exactly", 7), "exactly");
    }
}
