//! How long the names of operations are.

/// A summary that makes a longer name is left to the words of the path, unless these are longer still.
pub(super) const MAX_LENGTH: usize = 60;

/// What tells operations of one name apart may make their names this long.
const MAX_DISTINCT_LENGTH: usize = 70;

pub(super) fn brief(name: String) -> Option<String> {
    usable(name).filter(|name| name.len() <= MAX_LENGTH)
}

pub(super) fn distinct(name: String) -> Option<String> {
    usable(name).filter(|name| name.len() <= MAX_DISTINCT_LENGTH)
}

pub(super) fn usable(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}
