//! The rooms of the repository: no folder and no file of these crates depends on what depends on it, no file is too long,
//! and every path that the documents name exists.

mod graph;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use graph::Graph;

/// The crates whose rooms are looked at.
const CRATES: [&str; 3] = ["cli-runtime", "codegen", "runtime"];

/// The most lines of a file.
const MAX_LINES: usize = 500;

/// Files that documents name and the repository does not have: those of generated crates, and of any golden case.
const ELSEWHERE: [&str; 13] = [
    "api.rs",
    "client.rs",
    "requests.rs",
    "types.rs",
    "wire.rs",
    "client/tones.rs",
    "requests/tones.rs",
    "src/",
    "SKILL.md",
    "docs/reference/",
    "lowcodeapi.lock.json",
    "roundtrip.rs",
    "openapi.yaml",
];

/// What stands for a name in the path of a file.
const PLACEHOLDERS: [&str; 2] = ["PROGRAM", "PROVIDER"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below a folder, in order.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, into) } else { into.push(entry) }
    }
}

#[test]
fn no_room_leads_back_to_itself() {
    let mut circles: BTreeMap<String, String> = BTreeMap::new();
    for name in CRATES {
        let found = Graph::of(&root().join(name).join("src")).circles().into_iter();
        circles.extend(found.map(|(folder, circle)| (format!("{name}/src/{folder}"), circle)));
    }
    let shown: Vec<String> = circles.iter().map(|(folder, circle)| format!("in {folder}\n{circle}")).collect();
    assert!(circles.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "mod a; mod b; pub use a::One; #[cfg(test)] mod tests;");
    let exported = "#[macro_export] macro_rules! two { () => { $crate::b::two() }; }";
    write(
        "a/mod.rs",
        &format!("mod inner; pub struct One; #[cfg(test)] mod tests {{ use crate::b::Two; }} {exported}"),
    );
    write("a/inner.rs", "pub(in crate::a) fn inner() { let _ = crate::b::two(); }");
    write("b.rs", "pub struct Two; pub fn two() {} // crate::a::One");
    write("tests.rs", "use crate::b::Two;");
    assert!(Graph::of(folder.path()).circles().is_empty());
    write("b.rs", "use crate::One; pub struct Two; pub fn two() {}");
    let circles = Graph::of(folder.path()).circles();
    assert_eq!(circles.len(), 1, "through the re-export of the root: {circles:?}");
    assert!(circles[0].1.contains("a/inner.rs -> b.rs") && circles[0].1.contains("b.rs -> a/mod.rs"), "{circles:?}");
    write("b.rs", "pub struct Two; pub fn two() {}");
    write("a/mod.rs", "mod inner; pub struct One; fn one() { inner::inner() }");
    write("a/inner.rs", "use super::One; pub fn inner() {}");
    assert_eq!(Graph::of(folder.path()).circles().len(), 1, "of a folder with its own file");
}

#[test]
fn no_file_is_too_long() {
    let mut found = Vec::new();
    for name in CRATES {
        files(&root().join(name).join("src"), &mut found);
    }
    found.retain(|path| path.extension().is_some_and(|it| it == "rs"));
    assert!(found.len() > 100, "only {} files were found", found.len());
    found.retain(|path| fs::read_to_string(path).unwrap().lines().count() > MAX_LINES);
    assert!(found.is_empty(), "of more than {MAX_LINES} lines: {found:?}");
}

/// The texts between backticks of one line. One that is the text of a link has its target.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let pieces: Vec<&str> = line.split('`').collect();
    let is_link =
        |at: usize| pieces[at - 1].ends_with('[') && pieces.get(at + 1).is_some_and(|it| it.starts_with("]("));
    let found: Vec<&str> = (1..pieces.len()).step_by(2).filter(|at| !is_link(*at)).map(|at| pieces[at]).collect();
    found.into_iter()
}

/// Whether a text is written as the path of a file or of a folder of the repository.
fn is_path(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let has_extension = [".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".snap"].iter().any(|it| text.ends_with(it));
    let is_placed = !text.starts_with(['/', '.', '-'])
        && !text.starts_with("target/")
        && !PLACEHOLDERS.iter().any(|it| text.contains(it));
    text.chars().all(known) && is_placed && (has_extension || text.ends_with('/')) && !ELSEWHERE.contains(&text)
}

/// Where a path is: below the root, below the folder of the document, or below a folder around the path before it, as
/// `walk.rs` is after `codegen/src/lower/schema/mod.rs`.
fn find(path: &str, document: &Path, before: Option<&Path>) -> Option<PathBuf> {
    let around = before.into_iter().flat_map(Path::ancestors).map(Path::to_owned);
    let bases = [root(), document.parent().unwrap().to_owned()].into_iter().chain(around);
    bases.map(|base| base.join(path)).find(|path| path.exists())
}

/// The paths of a document that are nowhere, and how many paths it has.
fn check_paths(document: &Path, text: &str) -> (Vec<String>, usize) {
    let (mut missing, mut count, mut is_code) = (Vec::new(), 0, false);
    let mut before: Option<PathBuf> = None;
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        // A paragraph and a row of a table each begin anew.
        if line.is_empty() || line.starts_with(['|', '#']) {
            before = None;
        }
        for path in quoted(line).filter(|path| !is_code && is_path(path)) {
            count += 1;
            match find(path, document, before.as_deref()) {
                Some(found) => before = Some(found),
                None => missing.push(format!("{}: `{path}`", document.display())),
            }
        }
    }
    (missing, count)
}

#[test]
fn paths_in_documents_exist() {
    let mut documents = vec![root().join("ARCHITECTURE.md"), root().join("README.md")];
    files(&root().join("docs"), &mut documents);
    let (mut missing, mut count) = (Vec::new(), 0);
    for document in documents.iter().filter(|path| path.extension().is_some_and(|it| it == "md")) {
        let (lost, all) = check_paths(document, &fs::read_to_string(document).unwrap());
        missing.extend(lost);
        count += all;
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(count > 100, "only {count} paths were found");
}

#[test]
fn a_path_that_is_nowhere_is_found() {
    let text = "`codegen/src/lower/schema/mod.rs`, `walk.rs`,\n`nowhere.rs`\n\n`view.rs`; `/paths`, `a b.rs`, `x.y`";
    let (missing, count) = check_paths(&root().join("README.md"), text);
    let names: Vec<&str> = missing.iter().filter_map(|it| it.split('`').nth(1)).collect();
    assert_eq!((names, count), (vec!["nowhere.rs", "view.rs"], 4));
}
