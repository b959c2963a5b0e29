//! `cargo xtask explain`: prints the explanation of a finding.

use std::io::Write as _;

use lowcodeapi_codegen::{code, explain};

use crate::failure::Failure;

/// Prints the explanation of a code, or the list of all codes.
pub(crate) fn run(given: Option<&str>) -> Result<(), Failure> {
    let text = match given {
        Some(given) => explained(given)?,
        None => list(),
    };
    // A reader such as `head` may close early. That is not an error.
    let _ = anstream::stdout().write_all(text.as_bytes());
    Ok(())
}

fn explained(given: &str) -> Result<String, Failure> {
    let id = given.trim().to_ascii_lowercase().replace('_', "-");
    let known = code::ALL.iter().find(|code| code.id == id);
    if let Some((code, text)) = known.and_then(|code| Some((code, explain(code.id)?))) {
        return Ok(format!("{}[{}]\n\n{text}\n", code.severity, code.id));
    }
    let near = nearest(&id).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    let help = format!("{near}run `cargo xtask explain` to list all codes");
    Err(Failure::usage(format!("the code `{given}` does not exist")).help(help))
}

fn list() -> String {
    let line = |code: &lowcodeapi_codegen::Code| format!("{:<8} {:<26} {}\n", code.severity, code.id, code.meaning);
    code::ALL.iter().map(line).collect()
}

/// The code with the smallest edit distance, if that is less than half of its length.
fn nearest(given: &str) -> Option<&'static str> {
    let ranked = code::ALL.iter().map(|code| (edits(given, code.id), code.id));
    ranked.min().filter(|(edits, id)| edits * 2 < id.len()).map(|(_, id)| id)
}

/// The Levenshtein distance of two texts.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (at, expected) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *expected);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_explained_in_any_spelling() {
        assert!(
            explained("DANGLING_REF")
                .is_ok_and(|text| text.starts_with("error[dangling-ref]\n\nA `$ref` has no target"))
        );
        assert_eq!(list().lines().count(), code::ALL.len());
    }

    #[test]
    fn the_nearest_code_is_named() {
        for (given, near) in
            [("danglingref", Some("dangling-ref")), ("repair-con", Some("repair-const")), ("xyz", None)]
        {
            assert_eq!(nearest(given), near, "{given}");
        }
        let failure = explained("circular-reff").expect_err("there is no such code");
        assert!(failure.finding.help.is_some_and(|help| help.contains("`circular-ref`")));
        assert_eq!((edits("kitten", "sitting"), edits("", "ab"), edits("ab", "ab")), (3, 2, 0));
    }
}
