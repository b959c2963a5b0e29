//! The words of a command.

use std::fmt;

/// The words of a command: `knowledge list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Words {
    /// Empty if the command has no group.
    pub(crate) group: String,
    pub(crate) name: String,
}

impl Words {
    /// Reads recorded words. `None` if they are not what this module makes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_word = |word: &str| {
            word.starts_with(char::is_alphanumeric) && word.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let (group, name) = text.split_once(' ').unwrap_or(("", text));
        (is_word(name) && (group.is_empty() || is_word(group)))
            .then(|| Self { group: group.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.group, if self.group.is_empty() { "" } else { " " }, self.name)
    }
}
