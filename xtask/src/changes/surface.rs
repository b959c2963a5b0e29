//! Identifies and groups lines of the public surface of generated code.

use std::collections::{BTreeMap, BTreeSet};

use lowcodeapi_codegen::{Output, public_surface};
use serde_json::Value;

/// The public surface of one output.
#[derive(Debug, Default)]
pub(super) struct Surface {
    /// The lines, by their declared item.
    pub(super) lines: BTreeMap<String, String>,
    /// The names of the models.
    pub(super) types: BTreeSet<String>,
    /// The method and path for each request type.
    operations: BTreeMap<String, String>,
    /// The client's method for each method and path.
    methods: BTreeMap<String, String>,
}

/// The owner of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    Request(&'a str),
    Model(&'a str),
    Client,
}

impl Surface {
    /// `keys` are the operations of the document. The lock also has removed ones.
    pub(super) fn new(output: &Output, keys: &BTreeSet<String>) -> Self {
        let text = public_surface(&output.files);
        let lines: BTreeMap<_, _> = text.lines().map(|line| (identity(line).to_owned(), line.to_owned())).collect();
        let types = lines
            .keys()
            .filter(|line| ["struct ", "enum ", "type "].iter().any(|kind| line.starts_with(kind)))
            .filter_map(|line| match owner(line) {
                Owner::Model(name) => Some(name.to_owned()),
                _ => None,
            })
            .collect();
        let lock: Value = serde_json::from_str(&output.lock.to_string()).unwrap_or_default();
        let (mut operations, mut methods) = (BTreeMap::new(), BTreeMap::new());
        for key in keys {
            let Some(method) = lock["operations"][key]["name"].as_str() else { continue };
            let line = lines.get(&format!("fn client::Client::{method}"));
            if let Some(Owner::Request(name)) = line.map(|line| owner(line)) {
                operations.insert(name.to_owned(), key.clone());
                methods.insert(key.clone(), method.to_owned());
            }
        }
        Self { lines, types, operations, methods }
    }

    pub(super) fn method(&self, key: &str) -> Option<&str> {
        self.methods.get(key).map(String::as_str)
    }

    pub(super) fn operation(&self, request: &str) -> Option<&str> {
        self.operations.get(request).map(String::as_str)
    }
}

/// Returns the declared item of a line, without its type or signature.
fn identity(line: &str) -> &str {
    let end = match line.split(' ').next() {
        Some("fn") => line.find(['(', '<']),
        Some("enum") => line.find(['(', '{']),
        Some("struct") => line.find(": "),
        Some("type") => line.find(" = "),
        _ => None,
    };
    end.map_or(line, |end| &line[..end])
}

/// A method of the client belongs to its request.
pub(super) fn owner(line: &str) -> Owner<'_> {
    let subject = if line.starts_with("impl ") { line.rsplit_once(" for ") } else { line.split_once(' ') };
    let subject = subject.map_or(line, |(_, subject)| subject);
    let request = line.rsplit_once("-> requests::").filter(|_| subject.starts_with("client::Client::"));
    if let Some(name) = request.map(|(_, name)| name).or_else(|| subject.strip_prefix("requests::")) {
        Owner::Request(first_word(name))
    } else if let Some(name) = subject.strip_prefix("types::") {
        Owner::Model(first_word(name))
    } else {
        Owner::Client
    }
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(text)
}

/// Whether a line of an added or removed item is worth listing.
pub(super) fn is_telling(line: &str) -> bool {
    let model_setter = line.starts_with("fn types::") && !identity(line).ends_with("::new");
    let verb = ["::send", "::send_with_response", "::with_timeout"].iter().any(|it| identity(line).ends_with(it));
    let bare = line.starts_with("impl ") || (line.starts_with("struct ") && !line.contains(": "));
    !(model_setter || verb || bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_what_they_declare() {
        for (line, expected) in [
            ("fn client::Client::get(&self, id: impl Into<String>) -> requests::Get", "fn client::Client::get"),
            ("struct types::Tone.id: Option<String>", "struct types::Tone.id"),
            ("struct types::Tone", "struct types::Tone"),
            ("enum types::Kind::Unknown(String)", "enum types::Kind::Unknown"),
            ("type types::List = Vec<Tone>", "type types::List"),
            ("impl Default for types::Tone", "impl Default for types::Tone"),
        ] {
            assert_eq!(identity(line), expected);
        }
    }

    #[test]
    fn lines_belong_to_operations_and_models() {
        assert_eq!(owner("fn client::Client::get(&self) -> requests::Get"), Owner::Request("Get"));
        assert_eq!(owner("fn requests::Get::size(self, size: i64) -> Self"), Owner::Request("Get"));
        assert_eq!(owner("impl IntoFuture for requests::Get"), Owner::Request("Get"));
        assert_eq!(owner("enum types::Kind::Unknown(String)"), Owner::Model("Kind"));
        assert_eq!(owner("impl From<&str> for types::Kind"), Owner::Model("Kind"));
        assert_eq!(owner("fn client::Client::from_env() -> Result<Self, Error>"), Owner::Client);
    }
}
