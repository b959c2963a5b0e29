//! The files of a document, each read once.

use foldhash::HashMap;
use serde_json::Value;

use super::index::Index;
use crate::{
    budget,
    diagnostic::{Findings, code},
    files::{Files, PartFile, Unavailable},
    input::Source,
    read::{
        load,
        location::{is_remote, join},
        pointer,
    },
};

/// The most files of a document. The largest known one has 2,850.
const MAX_FILES: usize = 20_000;

/// The most bytes of all files together.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The files that were read, by their places.
pub(super) struct Library<'a> {
    files: Option<&'a dyn Files>,
    /// The name of the document in diagnostics, and its place.
    name: &'a str,
    place: String,
    read: HashMap<String, Result<String, Absent>>,
    trees: HashMap<String, Result<Volume, Absent>>,
    /// Files by the URIs that they or schemas in them declare.
    uris: HashMap<String, (String, String)>,
    bytes: usize,
}

struct Volume {
    tree: Value,
    index: Index,
}

/// The reason why a file is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Absent {
    /// It does not exist, or has no such part. This costs only the reference.
    Missing(String),
    /// It may not be read. This is an error, with what to do.
    Refused(String, &'static str),
    /// An error in the file is already reported.
    Told,
}

impl<'a> Library<'a> {
    pub(super) fn new(name: &'a str, files: Option<&'a dyn Files>) -> Self {
        let is_url = is_remote(name);
        let place = if is_url { name } else { name.rsplit_once(['/', '\\']).map_or(name, |(_, name)| name) };
        Self {
            files,
            name,
            place: place.to_owned(),
            read: HashMap::default(),
            trees: HashMap::default(),
            uris: HashMap::default(),
            bytes: 0,
        }
    }

    /// The place of the document.
    pub(super) fn document(&self) -> &str {
        &self.place
    }

    /// Takes note of the names in the document. Its tree is kept only if references need more than these.
    pub(super) fn open_document(&mut self, tree: &Value) {
        let index = Index::of(tree, &self.place);
        let tree = if index.is_plain() { Value::Null } else { tree.clone() };
        self.keep(self.place.clone(), Volume { tree, index });
    }

    fn keep(&mut self, place: String, volume: Volume) {
        for (uri, at) in volume.index.uris() {
            self.uris.entry(uri.to_owned()).or_insert_with(|| (place.clone(), at.to_owned()));
        }
        self.trees.insert(place, Ok(volume));
    }

    /// The name of a file in diagnostics.
    pub(super) fn name(&self, place: &str) -> String {
        if place == self.place { self.name.to_owned() } else { join(self.name, place) }
    }

    /// Returns the file and the pointer that have this URI.
    pub(super) fn by_uri(&self, uri: &str) -> Option<(String, String)> {
        self.uris.get(uri).cloned()
    }

    /// Returns the place of a file that the document calls by a URI below its own `$self`.
    pub(super) fn below_self(&self, uri: &str) -> Option<String> {
        let own = self.index(&self.place)?.resource("").1;
        let (folder, _) = own.rsplit_once('/').filter(|_| own != self.place)?;
        uri.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned)
    }

    pub(super) fn index(&self, place: &str) -> Option<&Index> {
        self.trees.get(place)?.as_ref().ok().map(|volume| &volume.index)
    }

    /// Returns a node of a file that was opened.
    pub(super) fn node(&self, place: &str, at: &str) -> Option<&Value> {
        pointer::find(&self.trees.get(place)?.as_ref().ok()?.tree, at)
    }

    /// Reads a file as JSON or YAML, unless it is known already.
    pub(super) fn open(&mut self, place: &str, findings: &mut Findings) -> Result<(), Absent> {
        if let Some(known) = self.trees.get(place) {
            return known.as_ref().map(drop).map_err(Clone::clone);
        }
        match self.parse(place, findings) {
            Ok(volume) => self.keep(place.to_owned(), volume),
            Err(absent) => {
                self.trees.insert(place.to_owned(), Err(absent.clone()));
                return Err(absent);
            }
        }
        Ok(())
    }

    fn parse(&mut self, place: &str, findings: &mut Findings) -> Result<Volume, Absent> {
        self.text(place)?;
        let Some(Ok(text)) = self.read.get(place) else { return Err(Absent::Told) };
        let tree = load::load_tree(&Source { name: &self.name(place), text }, findings);
        findings.in_file(self.name);
        let tree = tree.ok_or(Absent::Told)?;
        let index = Index::of(&tree, place);
        Ok(Volume { tree, index })
    }

    /// Returns the text of a file, which is read once.
    pub(super) fn text(&mut self, place: &str) -> Result<&str, Absent> {
        if !self.read.contains_key(place) {
            let text = self.fetch(place);
            self.bytes = self.bytes.saturating_add(text.as_ref().map_or(0, String::len));
            self.read.insert(place.to_owned(), text);
        }
        match self.read.get(place) {
            Some(Ok(text)) => Ok(text),
            Some(Err(absent)) => Err(absent.clone()),
            None => Err(Absent::Told),
        }
    }

    fn fetch(&self, place: &str) -> Result<String, Absent> {
        let Some(files) = self.files else {
            let reason = "it refers to another file, and the generator reads none".to_owned();
            return Err(Absent::Refused(
                reason,
                "pass the folder of the document, or bundle the files into one document",
            ));
        };
        if self.read.len() >= MAX_FILES || self.bytes > MAX_BYTES {
            let reason = format!("the document has more than {MAX_FILES} files, or {} MiB", MAX_BYTES >> 20);
            return Err(Absent::Refused(reason, budget::SMALLER));
        }
        // A reference is a URI, in which some characters of a name are escaped.
        let text = match files.read(place) {
            Err(Unavailable::Missing) if place.contains('%') => files.read(&pointer::percent_decode(place)),
            text => text,
        };
        text.map_err(|unavailable| match unavailable {
            Unavailable::Missing => Absent::Missing(format!("there is no file {}", self.name(place))),
            Unavailable::Refused(reason) if is_remote(place) => Absent::Refused(
                format!("{place} is not read: {reason}"),
                "allow addresses with `--fetch-refs`, or save the file beside the document",
            ),
            Unavailable::Refused(reason) => Absent::Refused(
                format!("{} is not read: {reason}", self.name(place)),
                "allow a folder that contains all files with `--ref-root`, or move the file",
            ),
        })
    }

    /// The code of an absent file, and what the message says.
    pub(super) fn report(&self, findings: &mut Findings, spot: (&str, &str), reference: &str, absent: &Absent) {
        let (code, reason, help) = match absent {
            Absent::Told => return,
            Absent::Missing(reason) => (code::DANGLING_REF, reason, "correct the reference, or add the file"),
            Absent::Refused(reason, help) => (code::EXTERNAL_REF, reason, *help),
        };
        let message = format!("`$ref: {reference}` has no target: {reason}");
        findings.add_in(&self.name(spot.0), code, spot.1.to_owned(), message, help);
    }

    /// Returns all files that were read, in the order of their places.
    pub(super) fn into_files(self) -> Vec<PartFile> {
        let name = |place: &str| if is_remote(place) { place.to_owned() } else { join(self.name, place) };
        let read = self.read.into_iter().filter_map(|(place, text)| Some((place, text.ok()?)));
        let mut files: Vec<PartFile> = read.map(|(place, text)| PartFile { name: name(&place), place, text }).collect();
        files.sort_by(|one, other| one.place.cmp(&other.place));
        files
    }
}
