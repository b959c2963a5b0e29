//! Checks the layers of `src/` in ARCHITECTURE.md: no folder uses one above it.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{collections::BTreeSet, fs, path::Path};

/// The folders from the lowest to the highest layer. Folders of the same layer do not use each other.
const LAYERS: &[&[&str]] = &[
    &["platform"],
    &["http", "model", "shown"],
    &["gateway"],
    &["error"],
    &["client"],
    &["call"],
    &["reply"],
    &["send"],
    &["catalogue"],
];

/// Files outside of folders, and those that use all layers on purpose.
const APART: &[&str] = &["__private", "fuzzing", "expansion", "properties", "sealed", "lib"];

fn rank(folder: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&folder))
}

/// Returns the code of a file without comments and tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    own.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Returns the first segment of every path that begins with `crate::`.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let Some(tree) = rest.strip_prefix('{') else {
            used.insert(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut is_start = true;
        for (index, c) in tree.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => is_start = true,
                _ if depth == 0 && is_start && !c.is_whitespace() => {
                    used.insert(name(&tree[index..]));
                    is_start = false;
                }
                _ => {}
            }
        }
    }
    used
}

#[test]
fn no_folder_uses_one_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut edges = 0;
    for folder in fs::read_dir(&src).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_stem().unwrap().to_str().unwrap().to_owned();
        let Some(own) = rank(&name) else {
            assert!(APART.contains(&name.as_str()), "`{name}` is in no layer");
            continue;
        };
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            for other in used(&code(&file)) {
                let Some(rank) = rank(&other).filter(|_| other != name) else { continue };
                assert!(rank < own, "{} uses `{other}`", file.display());
                edges += 1;
            }
        }
    }
    assert!(edges > 100, "{edges} uses were found");
}
