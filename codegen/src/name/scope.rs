//! A scope of unique names.

use foldhash::{HashMap, HashSet};

/// The used names of a Rust scope.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
    reserved: HashSet<String>,
    /// Of names that were given with a number, the number after the last one: no name is ever free again.
    numbers: HashMap<String, usize>,
}

impl Scope {
    /// A scope in which some names, between spaces, are taken from the start.
    pub(super) fn reserving(names: &str) -> Self {
        let reserved: HashSet<String> = names.split_whitespace().map(str::to_owned).collect();
        Self { taken: reserved.clone(), reserved, numbers: HashMap::default() }
    }

    /// A scope in which the names of a list are taken from the start.
    pub(super) fn of(names: &[&str]) -> Self {
        let mut scope = Self::default();
        scope.reserve(names.iter().copied());
        scope
    }

    /// Takes names for what is not there.
    pub(super) fn reserve<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            self.taken.insert(name.to_owned());
            self.reserved.insert(name.to_owned());
        }
    }

    /// Claims a name. Returns `false` if it is already used.
    pub(super) fn claim(&mut self, name: &str) -> bool {
        !name.is_empty() && self.taken.insert(name.to_owned())
    }

    /// Whether the name is already used.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Whether the name was taken by another claim, and not reserved from the start.
    pub(super) fn is_contested(&self, name: &str) -> bool {
        self.taken.contains(name) && !self.reserved.contains(name)
    }

    /// Claims the first free candidate, else the last one with a number.
    pub(super) fn claim_first(&mut self, candidates: &[String]) -> String {
        for candidate in candidates {
            if self.claim(candidate) {
                return candidate.clone();
            }
        }
        let base =
            candidates.iter().rev().map(|it| it.trim_end_matches('_')).find(|it| !it.is_empty()).unwrap_or("value");
        let mut number = self.numbers.get(base).copied().unwrap_or(2);
        loop {
            let name = format!("{base}{}{number}", separator(base));
            number += 1;
            if self.claim(&name) {
                self.numbers.insert(base.to_owned(), number);
                return name;
            }
        }
    }
}

/// `name_2` for functions, `Name2` for types; `Name1_2` where the number would run into another.
fn separator(base: &str) -> &'static str {
    let is_pascal = base.starts_with(char::is_uppercase);
    if is_pascal && !base.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "_" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_given_once() {
        let mut scope = Scope::reserving("send");
        let mut claim = |names: &[&str]| scope.claim_first(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(claim(&["send", "send_"]), "send_");
        assert_eq!(claim(&["Name"]), "Name");
        assert_eq!(claim(&["Name"]), "Name2");
        assert_eq!(claim(&["Name2"]), "Name2_2");
        assert_eq!(claim(&["name"]), "name");
        assert_eq!(claim(&["name"]), "name_2");
        assert_eq!(claim(&[""]), "value_2");
    }
}
