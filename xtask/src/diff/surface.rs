//! The public surface of a client, line by line, and who a line belongs to.

use std::collections::{BTreeMap, BTreeSet};

/// The lines of a public surface, by the item that each declares.
#[derive(Debug, Default)]
pub(crate) struct Surface(BTreeMap<String, String>);

/// The owner of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Client,
    Request(String),
    Model(String),
}

/// A line of the public surface that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// Whether code that uses the item may no longer compile.
    pub(crate) breaks: bool,
}

/// The lines that differ and that no entry has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Lines(BTreeMap<Owner, BTreeMap<String, Line>>);

impl Surface {
    pub(crate) fn new(text: &str) -> Self {
        // What is exported again is declared too, and the catalogue does not depend on the document.
        let is_internal = |line: &str| line.starts_with("pub use ") || line == "mod catalogue";
        let lines = text.lines().filter(|line| !is_internal(line));
        Self(lines.map(|line| (identity(line).to_owned(), line.to_owned())).collect())
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    pub(crate) fn has(&self, identity: &str) -> bool {
        self.0.contains_key(identity)
    }
}

impl Lines {
    /// Returns the lines that differ. `exhaustive` are the structs that callers write with all of their fields, so that another
    /// field breaks their code.
    pub(crate) fn between(old: &Surface, new: &Surface, exhaustive: &BTreeSet<String>) -> Self {
        let identities: BTreeSet<&String> = old.0.keys().chain(new.0.keys()).collect();
        let mut lines = Self::default();
        for identity in identities {
            let (before, after) = (old.0.get(identity).cloned(), new.0.get(identity).cloned());
            if before.as_deref().map(named) != after.as_deref().map(named) {
                let owner = before.as_ref().or(after.as_ref()).map_or(Owner::Client, |text| owner(text));
                let of = identity.strip_prefix("struct ").and_then(|path| path.split_once('.'));
                let completes =
                    of.is_some_and(|(name, _)| exhaustive.contains(name) && old.has(&format!("struct {name}")));
                let breaks = before.is_some() || completes;
                let line = Line { before, after, breaks };
                lines.0.entry(owner).or_default().insert(identity.clone(), line);
            }
        }
        lines
    }

    /// Takes the lines of an owner whose items are accepted.
    pub(crate) fn take(&mut self, owner: &Owner, accepts: impl Fn(&str) -> bool) -> Vec<Line> {
        self.0.get_mut(owner).map(|lines| take_from(lines, |identity, _| accepts(identity))).unwrap_or_default()
    }

    /// Gives lines of an owner back.
    pub(crate) fn give(&mut self, owner: &Owner, lines: Vec<Line>) {
        let lines = lines.into_iter().map(|line| (line.item().to_owned(), line));
        self.0.entry(owner.clone()).or_default().extend(lines);
    }

    /// Takes all lines of an owner.
    pub(crate) fn take_all(&mut self, owner: &Owner) -> Vec<Line> {
        self.0.remove(owner).unwrap_or_default().into_values().collect()
    }

    /// Takes the lines that are accepted, whoever they belong to.
    pub(crate) fn take_where(&mut self, accepts: impl Fn(&Line) -> bool) -> Vec<Line> {
        self.0.values_mut().flat_map(|lines| take_from(lines, |_, line| accepts(line))).collect()
    }

    /// Takes what is left, with its owner.
    pub(crate) fn into_rest(self) -> impl Iterator<Item = (Owner, Line)> {
        self.0.into_iter().flat_map(|(owner, lines)| lines.into_values().map(move |line| (owner.clone(), line)))
    }
}

impl Line {
    /// The item that the line declares.
    pub(crate) fn item(&self) -> &str {
        self.before.as_ref().or(self.after.as_ref()).map_or("", |text| identity(text))
    }
}

/// A line without the crate of the runtime, which files name or import as they need.
fn named(line: &str) -> String {
    line.replace("::lowcodeapi_runtime::", "").replace("lowcodeapi_runtime::", "")
}

fn take_from(lines: &mut BTreeMap<String, Line>, accepts: impl Fn(&str, &Line) -> bool) -> Vec<Line> {
    let mut taken = Vec::new();
    lines.retain(|identity, line| {
        let is_taken = accepts(identity, line);
        if is_taken {
            taken.push(line.clone());
        }
        !is_taken
    });
    taken
}

/// Returns the declared item of a line, without its type or signature.
pub(crate) fn identity(line: &str) -> &str {
    let end = match line.split(' ').next() {
        Some("fn") => line.find('('),
        Some("enum") => line.find(['(', '{']),
        Some("struct" | "const") => line.find(": "),
        Some("type") => line.find(" = "),
        _ => None,
    };
    end.map_or(line, |end| &line[..end])
}

/// A method of the client belongs to its request.
fn owner(line: &str) -> Owner {
    let subject = if line.starts_with("impl ") { line.rsplit_once(" for ") } else { line.split_once(' ') };
    let subject = subject.map_or(line, |(_, subject)| subject);
    let request = line.rsplit_once("-> requests::").filter(|_| subject.starts_with("client::Client::"));
    if let Some(name) = request.map(|(_, name)| name).or_else(|| subject.strip_prefix("requests::")) {
        Owner::Request(first_word(name).to_owned())
    } else if let Some(name) = subject.strip_prefix("types::") {
        Owner::Model(first_word(name).to_owned())
    } else {
        Owner::Client
    }
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_what_they_declare() {
        for (line, expected) in [
            ("fn client::Client::get(&self, id: impl Into<String>) -> requests::Get", "fn client::Client::get"),
            ("fn requests::GetHeaders<'r>::x_id(&self) -> Option<String>", "fn requests::GetHeaders<'r>::x_id"),
            ("struct types::Tone.id: Option<String>", "struct types::Tone.id"),
            ("struct types::Tone", "struct types::Tone"),
            ("enum types::Kind::Unknown(String)", "enum types::Kind::Unknown"),
            ("type types::List = Vec<Tone>", "type types::List"),
            ("const types::Kind::VALUES: &'static [Self]", "const types::Kind::VALUES"),
            ("impl Default for types::Tone", "impl Default for types::Tone"),
        ] {
            assert_eq!(identity(line), expected);
        }
    }

    #[test]
    fn lines_belong_to_operations_and_models() {
        let request = |name: &str| Owner::Request(name.to_owned());
        let model = |name: &str| Owner::Model(name.to_owned());
        assert_eq!(owner("fn client::Client::get(&self) -> requests::Get"), request("Get"));
        assert_eq!(owner("fn requests::Get::size(self, size: i64) -> Self"), request("Get"));
        assert_eq!(owner("impl IntoFuture for requests::Get"), request("Get"));
        assert_eq!(owner("enum types::Kind::Unknown(String)"), model("Kind"));
        assert_eq!(owner("impl From<&str> for types::Kind"), model("Kind"));
        assert_eq!(owner("fn client::Client::from_env() -> Result<Self, Error>"), Owner::Client);
    }
}
