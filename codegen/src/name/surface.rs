//! Reads the names of an existing client: its public surface, as this generator or `cargo public-api` writes it, or a plain list.

use std::collections::{BTreeMap, BTreeSet};

/// The names of a client.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Surface {
    /// The methods that take a client.
    pub(super) methods: BTreeSet<String>,
    /// The types, each with its fields or variants.
    pub(super) types: BTreeMap<String, BTreeSet<String>>,
    /// Names by `POST /v1/pets`, by an `operationId` or by a schema.
    pub(super) listed: BTreeMap<String, String>,
    /// Lines that say none of this.
    pub(super) unread: Vec<String>,
}

const METHODS: [&str; 9] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];

/// Modules whose types are no models.
const OTHER_MODULES: [&str; 4] = ["client", "requests", "builder", "prelude"];

/// Reads a surface, line by line.
pub(super) fn read_surface(text: &str) -> Surface {
    let mut surface = Surface::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '/'])) {
        surface.read(line);
    }
    surface
}

impl Surface {
    fn read(&mut self, line: &str) {
        let item =
            ["pub ", "async ", "unsafe "].iter().fold(line, |item, word| item.strip_prefix(word).unwrap_or(item));
        let (kind, rest) = item.split_once(' ').unwrap_or((item, ""));
        match kind {
            "fn" => self.read_method(rest),
            "struct" | "enum" => self.read_type(rest),
            // An alias and the items that types have are no names of the document.
            "type" | "impl" | "impl<T>" | "const" | "static" | "mod" | "use" | "trait" | "macro" => {}
            _ if item.len() == line.len() => self.read_listed(line),
            _ => {}
        }
    }

    /// `client::Client::list_pets(&self) -> requests::ListPets`
    fn read_method(&mut self, item: &str) {
        let Some((path, inputs)) = item.split_once('(') else { return };
        let mut segments = path.rsplit("::").map(|segment| segment.split('<').next().unwrap_or_default());
        let (name, owner) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        if owner.ends_with("Client") && inputs.trim_start().starts_with("&self") {
            self.methods.insert(name.to_owned());
        }
    }

    /// `types::Pet`, `types::Pet.name: String`, `types::Colour::Red`
    fn read_type(&mut self, item: &str) {
        let path = item.split([' ', '<', '(', '{', ':']).next().unwrap_or_default();
        // A colon that is not double ends the path.
        let mut end = path.len();
        while item[end..].starts_with("::") {
            end += 2;
            end += item[end..].find([' ', '<', '(', '{', ':']).unwrap_or(item.len() - end);
        }
        let (path, field) =
            item[..end].split_once('.').map_or((&item[..end], None), |(path, field)| (path, Some(field)));
        let mut segments: Vec<&str> = path.split("::").collect();
        let is_type = |name: &&str| name.starts_with(char::is_uppercase);
        let types = segments.iter().filter(|name| is_type(name)).count();
        let variant = if types > 1 { segments.pop() } else { None };
        let Some(name) = segments.pop().filter(is_type) else { return };
        if segments.last().is_some_and(|module| OTHER_MODULES.contains(module)) {
            return;
        }
        self.types.entry(name.to_owned()).or_default().extend(variant.or(field).map(str::to_owned));
    }

    /// `POST /v1/pets create_pet`, `createPet create_pet`, `PetDto Pet`
    fn read_listed(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [method, path, name] if METHODS.contains(method) => {
                self.listed.insert(format!("{method} {path}"), (*name).to_owned());
            }
            [known, name] => {
                self.listed.insert((*known).to_owned(), (*name).to_owned());
            }
            _ => self.unread.push(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn surfaces_and_lists_are_read() {
        let surface = read_surface(
            "mod types\n\
             fn client::Client::list_pets(&self, limit: i64) -> requests::ListPets\n\
             fn client::Client::builder() -> ClientBuilder\n\
             pub async fn shop::Client::get_pet(&self, id: &str) -> Result<Pet, Error>\n\
             pub fn shop::PetBuilder::name(&self) -> Self\n\
             fn types::Pet::new(name: impl Into<String>) -> Self\n\
             struct client::Client\n\
             struct requests::ListPets\n\
             struct types::Pet\n\
             struct types::Pet.kind: Option<types::Kind>\n\
             enum types::Kind\n\
             enum types::Kind::Cat\n\
             enum types::Kind::Dog(types::Dog)\n\
             pub struct shop::types::Page<T>\n\
             # a comment\n\
             DELETE /pets/{id} remove_pet\n\
             createPet add_pet\n\
             what is this\n",
        );
        assert_eq!(surface.methods, set(&["list_pets", "get_pet"]));
        let types: Vec<&str> = surface.types.keys().map(String::as_str).collect();
        assert_eq!(types, ["Kind", "Page", "Pet"]);
        assert_eq!((&surface.types["Kind"], &surface.types["Pet"]), (&set(&["Cat", "Dog"]), &set(&["kind"])));
        let listed: Vec<_> = surface.listed.iter().map(|(known, name)| (known.as_str(), name.as_str())).collect();
        assert_eq!(listed, [("DELETE /pets/{id}", "remove_pet"), ("createPet", "add_pet")]);
        assert_eq!(surface.unread, ["what is this"]);
    }
}
