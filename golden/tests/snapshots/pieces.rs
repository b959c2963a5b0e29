//! Splits generated files into the pieces that cases pin: items, and the members of `impl` blocks.

use std::{collections::BTreeSet, fmt::Write};

use lowcodeapi_codegen::File;

/// The methods of a client that make requests, and the module of these.
const OPERATIONS: &str = "operations";

/// The pieces of the case `plain`, which other snapshots leave out.
pub(super) struct Common(BTreeSet<String>);

/// The names that a case gives, and those that were found.
struct Selection<'a> {
    names: &'a [String],
    found: BTreeSet<&'a str>,
}

/// An item, with its documentation and its attributes.
struct Item<'a> {
    /// The name of what it is about; imports and the documentation of a file have none.
    subject: Option<&'a str>,
    text: &'a str,
    /// The members of an `impl` block: name and text.
    members: Vec<(&'a str, &'a str)>,
}

impl Common {
    pub(super) fn new(files: &[File]) -> Self {
        let mut pieces = BTreeSet::new();
        for item in files.iter().flat_map(|file| items(body(&file.source))) {
            let subject = item.subject.unwrap_or_default();
            pieces.extend(item.members.iter().map(|(_, text)| without_name(text, subject)));
            pieces.insert(without_name(item.text, subject));
        }
        Self(pieces)
    }

    /// The pieces of a module that bear one of the names, or all of them where no name is given.
    pub(super) fn selected(&self, files: &[File], module: &str, names: &[String]) -> Result<String, String> {
        let is_wanted = |file: &&File| match module {
            OPERATIONS => matches!(module_of(file), "client" | "requests"),
            module => module_of(file) == module,
        };
        let of_module: Vec<&File> = files.iter().filter(is_wanted).collect();
        if of_module.is_empty() {
            return Err(format!("there is no module `{module}`; there are {}", join(files.iter().map(module_of))));
        }
        let mut selection = Selection { names, found: BTreeSet::new() };
        let mut subjects = Vec::new();
        let mut text = String::new();
        for file in of_module {
            let mut items = items(body(&file.source));
            if module == OPERATIONS && module_of(file) == "client" {
                for item in &mut items {
                    item.members.retain(|(_, text)| text.contains("-> requests::"));
                }
                items.retain(|item| !item.members.is_empty());
            }
            subjects.extend(items.iter().filter_map(|item| item.subject));
            let pieces: Vec<String> = items.iter().filter_map(|item| self.piece(item, &mut selection)).collect();
            if file.path.contains('/') && !pieces.is_empty() {
                let _ = write!(text, "// {}\n\n", file.path);
            }
            for piece in pieces {
                let _ = write!(text, "{piece}\n\n");
            }
        }
        if let Some(name) = names.iter().find(|name| !selection.found.contains(name.as_str())) {
            return Err(format!("`{module}` has no item `{name}`; it has {}", join(subjects.into_iter())));
        }
        if text.is_empty() {
            return Err("all of it is pinned by the case `plain` already".to_owned());
        }
        Ok(text.trim_end().to_owned())
    }

    /// What a snapshot has of an item.
    fn piece(&self, item: &Item<'_>, selection: &mut Selection<'_>) -> Option<String> {
        let subject = item.subject?;
        let is_wanted = selection.has(subject, None);
        let is_new = |text: &str| !self.0.contains(&without_name(text, subject));
        if item.members.is_empty() {
            return (is_wanted && is_new(item.text)).then(|| item.text.to_owned());
        }
        let mut members = item.members.clone();
        members.retain(|(name, text)| (selection.has(subject, Some(name)) || is_wanted) && is_new(text));
        let members: Vec<&str> = members.into_iter().map(|(_, text)| text).collect();
        let head = &item.text[..=item.text.find(" {\n")? + 1];
        (!members.is_empty()).then(|| format!("{head}\n{}\n}}", members.join("\n\n")))
    }
}

impl Selection<'_> {
    /// Whether an item or a member of it is wanted: `CreateTone`, `CREATE_TONE`, `size` and `CreateTone::size` are names.
    fn has(&mut self, subject: &str, member: Option<&str>) -> bool {
        let mut has = self.names.is_empty() && member.is_none();
        for name in self.names {
            let is_it = match (name.split_once("::"), member) {
                (Some((of, name)), Some(member)) => is_same(of, subject) && name == member,
                (None, Some(member)) => name == member,
                (None, None) => is_same(name, subject),
                (Some(_), None) => false,
            };
            if is_it {
                self.found.insert(name);
                has = true;
            }
        }
        has
    }
}

/// All files, each under its path.
pub(super) fn whole(files: &[File]) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("// {}\n\n{}", file.path, file.source)).collect();
    files.join("\n").trim_end().to_owned()
}

/// A file without the header that says where it is from.
fn body(source: &str) -> &str {
    source.split_once("\n\n").map_or(source, |(_, body)| body)
}

/// The file `requests.rs` and those in the folder `requests` are of one module.
fn module_of(file: &File) -> &str {
    file.path.split(['/', '.']).next().unwrap_or_default()
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// The items of a file. The generator puts an empty line between two of them, but for macros behind what they are about.
fn items(source: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut before = "";
    for line in source.split_inclusive('\n') {
        let is_model = line.starts_with("text_model!(") || line.starts_with("integer_model!(");
        let is_start = before.is_empty() && !line.starts_with([' ', '\n']) || before == "}" || is_model;
        if is_start && at > start {
            items.push(item(source[start..at].trim()));
            start = at;
        }
        at += line.len();
        before = line.trim_end_matches('\n');
    }
    items.push(item(source[start..].trim()));
    items
}

fn item(text: &str) -> Item<'_> {
    // An attribute can have several lines.
    let is_code = |line: &&str| !line.starts_with("//") && !line.starts_with("#[") && !line.starts_with([' ', ')']);
    let line = text.lines().find(is_code).unwrap_or_default();
    // The table of a model names it in its own line.
    let line = if line == "model! {" { text.lines().nth(1).unwrap_or_default().trim_start() } else { line };
    let is_impl = line.starts_with("impl");
    Item { subject: subject(line), text, members: if is_impl { members(text) } else { Vec::new() } }
}

/// What an item is about, by its first line.
fn subject(line: &str) -> Option<&str> {
    let line = ["pub ", "pub(super) ", "pub(crate) "].iter().find_map(|it| line.strip_prefix(it)).unwrap_or(line);
    let path = if let Some((_, argument)) = line.split_once("!(") {
        argument
    } else if line.starts_with("types::") {
        line
    } else if line.starts_with("impl") {
        line.rsplit_once(" for ").or_else(|| line.split_once(' '))?.1
    } else {
        ["struct ", "enum ", "type ", "static ", "const ", "mod ", "fn "].iter().find_map(|it| line.strip_prefix(it))?
    };
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '#' | ':');
    let path = path.split(|character| !is_name(character)).next()?;
    path.trim_end_matches(':').rsplit("::").next()
}

/// The members of an `impl` block; an empty line stands between them.
fn members(text: &str) -> Vec<(&str, &str)> {
    let Some((_, inner)) = text.split_once(" {\n") else { return Vec::new() };
    let inner = inner.strip_suffix("\n}").unwrap_or(inner);
    let mut members = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let mut ends = rest.match_indices("\n\n    ").filter(|(at, gap)| !rest[at + gap.len()..].starts_with(' '));
        let (member, after) = ends.next().map_or((rest, ""), |(at, _)| (&rest[..at], &rest[at + 2..]));
        members.push((member_name(member), member));
        rest = after;
    }
    members
}

fn member_name(member: &str) -> &str {
    let is_code = |line: &&str| !line.starts_with("//") && !line.starts_with("#[");
    let line = member.lines().map(str::trim_start).find(is_code).unwrap_or_default();
    let name = ["fn ", "type ", "const "].iter().find_map(|it| Some(line.split_once(it)?.1)).unwrap_or(line);
    name.split(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '#'))
        .next()
        .unwrap_or_default()
}

/// Whether two names are the same but for their case.
fn is_same(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.replace(['_', '#'], "").to_lowercase();
    letters(one) == letters(other)
}

/// A piece without the name of what it is about, and without the line breaks that depend on the name's length.
fn without_name(text: &str, subject: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_alphanumeric() || matches!(character, '_' | '#') {
            word.push(character);
            continue;
        }
        out.push_str(if is_same(&word, subject) { "_" } else { &word });
        word.clear();
        if !character.is_whitespace() {
            out.push(character);
        }
    }
    // Comments are wrapped, the last of several lines of arguments ends in a comma, and requests with a tag are one level
    // deeper.
    out.replace("///", "").replace(",)", ")").replace("insuper::super", "super").replace("super::super::", "super::")
}
