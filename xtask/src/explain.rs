//! `cargo xtask explain`: prints the explanation of a finding.

use std::io::Write as _;

use lowcodeapi_codegen::{code, explain};

use crate::{
    diff::{RULES, Rule},
    failure::Failure,
};

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
    let rules = RULES.iter().map(|rule| (rule.id, rule.meaning));
    if let Some((id, text)) = OWN.iter().copied().chain(rules).find(|(own, _)| *own == id) {
        return Ok(format!("{id}\n\n{text}\n"));
    }
    let near = nearest(&id).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    let help = format!("{near}run `cargo xtask explain` to list all codes");
    Err(Failure::usage(format!("the code `{given}` does not exist")).help(help))
}

fn list() -> String {
    let line = |code: &lowcodeapi_codegen::Code| format!("{:<8} {:<26} {}\n", code.severity, code.id, code.meaning);
    let own = |(id, text): &(&str, &str)| format!("{:<8} {id:<26} {text}\n", "command");
    let rule = |rule: &&Rule| format!("{:<8} {:<26} {}\n", "change", rule.id, rule.meaning);
    code::ALL.iter().map(line).chain(OWN.iter().map(own)).chain(RULES.iter().map(rule)).collect()
}

/// The findings of the commands themselves. Those of the generator are in `code::ALL`.
const OWN: &[(&str, &str)] = &[
    ("accepted-expired", "An acceptance of a change has expired. Remove it, or extend it with its reason."),
    ("accepted-malformed", "The file of accepted changes is not of its form."),
    ("accepted-unused", "No change has this fingerprint any more. Remove the acceptance."),
    ("changes-refused", "A change asks for a larger step of the version than `--fail-on` permits."),
    ("check-failed", "`check` found the errors above."),
    ("ci-step", "A step of `ci` failed. Run that step alone to see its output."),
    ("changelog-malformed", "The changelog has no section `## Unreleased`."),
    ("client-not-built", "A generated client does not compile, so nothing is proven. Please report it."),
    ("corpus-not-whole", "A run over documents skipped some of them, or found defects of the generator."),
    ("document-not-whole", "Of one document, not every operation is generated or reported."),
    ("generated-outdated", "A generated file differs from what the inputs generate. Generate again."),
    ("golden-outdated", "A snapshot of a golden case differs from the generated code. Review and accept it."),
    ("internal", "The tool is defective. Please report it with the document."),
    ("io", "A file cannot be read or written."),
    ("lock-not-updated", "Cargo cannot update a lock file without network."),
    ("lock-rewritten", "Generation would change a recorded name. Restore the lock if it was edited by hand."),
    ("lock-stale", "The lock lacks names. Run `cargo xtask lock`."),
    ("name-unknown", "The lock has no such name to be changed."),
    ("network", "A request failed. Check the address and the network."),
    ("not-a-file", "The path is a link, a pipe, a device or a folder. It is not followed or replaced."),
    ("not-generated", "A file in the way was not generated. Choose another folder, or move the file."),
    ("not-generating", "The document has the errors above, so no client is generated."),
    ("over-bounds", "The command exceeded its limit of time or memory and was stopped."),
    ("proof-disagrees", "A proof shows something that the report does not say. Please report it with both documents."),
    ("proof-not-built", "The program of a proof does not compile. Please report it."),
    ("proof-not-run", "The program of a proof failed."),
    (
        "overlay-contradicts",
        "Upstream has changed a value that the overlay replaces. Correct the action, or remove it.",
    ),
    ("provenance-disagrees", "The provenance differs from the snapshot. Fetch again, or run `cargo xtask lock`."),
    ("provenance-invalid", "The provenance is not of its form. Fetch again."),
    ("refused-connection", "The document changes a server, a credential or a variable. Accept the change by name."),
    ("refused-html", "The server returned a web page instead of a document."),
    ("refused-no-operations", "The document has no operations."),
    ("refused-not-generating", "No client can be generated from the new document. No file was changed."),
    ("refused-not-openapi", "The text is not an OpenAPI document of version 3.0, 3.1 or 3.2."),
    ("refused-shrunk", "The new document lacks many operations of the old one."),
    ("refused-status", "The server returned an error status."),
    ("refused-too-large", "The document exceeds the limit of a download."),
    ("refused-truncated", "The document ends early."),
    ("release-empty", "No change asks for another version. Pass --version to release anyway."),
    ("release-too-small", "The version is smaller than the changes ask for."),
    ("roundtrip-build", "The crate that reads and writes a document's examples does not compile."),
    ("runtime-not-built", "The runtime does not compile, so no generated code was tried."),
    ("snapshot-missing", "The provider has no snapshot. Run `cargo xtask fetch`."),
    ("snapshot-not-canonical", "The snapshot was edited or reformatted. Fetch again."),
    (
        "untyped",
        "The document does not describe a value, which is any JSON value. Describe it in the overlay if its form is known.",
    ),
    ("usage", "The command line is invalid. `--help` lists the options."),
];

/// The code with the smallest edit distance, if that is less than half of its length.
fn nearest(given: &str) -> Option<&'static str> {
    let own = OWN.iter().map(|(id, _)| *id).chain(RULES.iter().map(|rule| rule.id));
    let all = code::ALL.iter().map(|code| code.id).chain(own);
    let ranked = all.map(|id| (strsim::levenshtein(given, id), id));
    ranked.min().filter(|(edits, id)| edits * 2 < id.len()).map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn codes_are_explained_in_any_spelling() {
        assert!(
            explained("DANGLING_REF")
                .is_ok_and(|text| text.starts_with("warning[dangling-ref]\n\nA `$ref` or `$dynamicRef` has no target"))
        );
        assert_eq!(list().lines().count(), code::ALL.len() + OWN.len() + RULES.len());
    }

    #[test]
    fn the_codes_of_the_commands_are_explained() {
        let mut unused: BTreeSet<&str> = OWN.iter().map(|(id, _)| *id).collect();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("explain.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    for call in ["Finding::error(", "Failure::problem("] {
                        for after in text.split(call).skip(1) {
                            let Some(code) = after.trim_start().strip_prefix('"') else { continue };
                            let code = code.split('"').next().unwrap();
                            assert!(explained(code).is_ok(), "{code} in {}", path.display());
                        }
                    }
                    unused.retain(|id| !text.contains(&format!("\"{id}\"")));
                }
            }
        }
        assert!(unused.is_empty(), "explained, and reported by no command: {unused:?}");
    }

    #[test]
    fn the_nearest_code_is_named() {
        for (given, near) in [("danglingref", Some("dangling-ref")), ("repair-inf", Some("repair-info")), ("xyz", None)]
        {
            assert_eq!(nearest(given), near, "{given}");
        }
        let failure = explained("circular-reff").expect_err("there is no such code");
        assert!(failure.finding.help.is_some_and(|help| help.contains("`circular-ref`")));
    }
}
