//! Tells which regular expressions every validator of JSON Schemas takes.
//!
//! Documents hold expressions of many languages. A validator that compiles schemas in advance refuses a whole schema for one
//! expression that it cannot read, so that only those are written that ECMAScript reads in its strict form (the flag `u`),
//! and that other engines read alike.

use std::{iter::Peekable, str::Chars};

/// Whether an expression is one of ECMAScript in its strict form.
pub(super) fn is_portable(pattern: &str) -> bool {
    let mut reader = Reader { rest: pattern.chars().peekable(), open: 0, can_repeat: false };
    reader.read().is_some() && reader.open == 0
}

/// Reads an expression. `None` is the result for one that is not portable.
struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    /// The number of open groups.
    open: usize,
    /// Whether there is something before this place that may be repeated.
    can_repeat: bool,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        while let Some(c) = self.rest.next() {
            self.can_repeat = match c {
                '\\' => self.escape(false).map(|escape| !matches!(escape, Escape::Place))?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    self.open = self.open.checked_sub(1)?;
                    true
                }
                '*' | '+' | '?' => self.repeated()?,
                '{' => self.counted()?,
                ']' | '}' => return None,
                '^' | '$' | '|' => false,
                _ => true,
            };
        }
        Some(())
    }

    /// What follows `\`.
    fn escape(&mut self, in_class: bool) -> Option<Escape> {
        match self.rest.next()? {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => Some(Escape::Class),
            'b' | 'B' if !in_class => Some(Escape::Place),
            't' | 'n' | 'r' | 'f' | 'v' | '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{'
            | '}' | '|' | '/' => Some(Escape::Character),
            '-' if in_class => Some(Escape::Character),
            'x' => self.digits(2),
            'u' => self.digits(4),
            _ => None,
        }
    }

    /// The hexadecimal digits of a character.
    fn digits(&mut self, count: usize) -> Option<Escape> {
        let digits: Vec<char> = self.rest.by_ref().take(count).collect();
        (digits.len() == count && digits.iter().all(char::is_ascii_hexdigit)).then_some(Escape::Character)
    }

    /// What follows `[`, up to `]`.
    fn class(&mut self) -> Option<bool> {
        self.rest.next_if_eq(&'^');
        // The last character, if it may begin a range; a class such as `\d` may not.
        let mut last: Option<char> = None;
        let (mut is_empty, mut is_range) = (true, false);
        loop {
            let c = self.rest.next()?;
            let item = match c {
                // Engines differ on an empty class.
                ']' => return (!is_empty).then_some(true),
                '-' if !is_range && !is_empty && self.rest.peek() != Some(&']') => {
                    last?;
                    is_range = true;
                    continue;
                }
                '\\' => match self.escape(true)? {
                    Escape::Class if is_range => return None,
                    Escape::Class => None,
                    _ if is_range => Some(char::MAX),
                    _ => Some('\0'),
                },
                // Engines differ on a class within a class, and on operators between two of them.
                '[' => return None,
                '&' | '~' if self.rest.peek() == Some(&c) => return None,
                c => Some(c),
            };
            if is_range && item? < last? {
                return None;
            }
            // What ends a range begins none.
            (last, is_range, is_empty) = (item.filter(|_| !is_range), false, false);
        }
    }

    /// What follows `(`.
    fn group(&mut self) -> Option<bool> {
        self.open += 1;
        if self.rest.next_if_eq(&'?').is_some() {
            // Names and conditions are left out: engines spell them differently.
            match self.rest.next()? {
                ':' | '=' | '!' => {}
                '<' => drop(self.rest.next_if(|c| matches!(c, '=' | '!'))?),
                _ => return None,
            }
        }
        Some(false)
    }

    /// After a repetition that may be a lazy one.
    fn repeated(&mut self) -> Option<bool> {
        self.rest.next_if_eq(&'?');
        self.can_repeat.then_some(false)
    }

    /// What follows `{`, up to `}`.
    fn counted(&mut self) -> Option<bool> {
        let bounds: String = std::iter::from_fn(|| self.rest.next_if(|c| *c != '}')).collect();
        self.rest.next()?;
        let (least, most) = bounds.split_once(',').unwrap_or((&bounds, &bounds));
        let least: u32 = least.parse().ok()?;
        let is_bounded = most.is_empty() || most.parse().is_ok_and(|most: u32| least <= most);
        if is_bounded { self.repeated() } else { None }
    }
}

/// What an escape stands for.
enum Escape {
    Character,
    /// A class of characters.
    Class,
    /// A place between characters, which cannot be repeated.
    Place,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_every_engine_are_told_from_others() {
        for portable in [
            "",
            "^[a-z0-9_-]{1,63}$",
            r"^\d{4}-\d{2}-\d{2}$",
            r"^(?:a|b)+?\.(?!c)[^\]\-x]*$",
            r"^[\w.-]+@[\w.-]+$",
            "^[-a]$",
            r"[\u0020-\u007e]",
            r"^(?<=a)b{2,}$",
        ] {
            assert!(is_portable(portable), "{portable}");
        }
        for other in [
            "(?i)^a$",
            r"\A\d+\z",
            "a++",
            "(a",
            "a)",
            "[a",
            "[]",
            "[z-a]",
            r"[\w-x]",
            r"a\-b",
            r"\_",
            "*a",
            "a|*",
            "a{2,1}",
            "{a}",
            "a}",
            "]",
            "(?P<n>a)",
            r"\p{Greek}",
            "[[:alpha:]]",
            "a\\",
        ] {
            assert!(!is_portable(other), "{other}");
        }
    }
}
