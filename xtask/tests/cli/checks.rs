//! `check` and `lock`: what disagrees is told, all of it at once.

use std::fs;

use serde_json::json;

use crate::support::{Root, snapshot};

const CHECK: [&str; 4] = ["check", "--skip-golden", "--message-format", "json"];

#[test]
fn what_is_committed_agrees() {
    let root = Root::new("agrees");
    let run = root.run(&CHECK);
    assert_eq!((run.status, run.codes()), (0, Vec::new()), "{run:?}");
    assert_eq!(root.run(&["lock", "--check"]).status, 0);
}

#[test]
fn a_file_among_the_committed_code_that_is_not_generated_is_found_and_removed() {
    let root = Root::new("other-files");
    fs::create_dir_all(root.0.join("generated-client/src/generated/client")).unwrap();
    assert_eq!(root.run(&["lock"]).status, 0);
    root.write("generated-client/src/generated/.hidden", "");
    assert_eq!(root.run(&CHECK).status, 0);
    root.write("generated-client/src/generated/client/other.rs", "");
    assert_eq!(root.run(&CHECK).codes(), ["generated-outdated", "check-failed"]);
    assert_eq!(root.run(&["lock", "--check"]).status, 1);
    assert_eq!(root.run(&["lock"]).status, 0);
    assert!(!root.0.join("generated-client/src/generated/client/other.rs").exists());
    assert!(root.0.join("generated-client/src/generated/.hidden").exists());
    assert_eq!(root.run(&CHECK).status, 0);
}

#[test]
fn an_edited_snapshot_is_found() {
    let root = Root::new("edited");
    let mut document = snapshot();
    document["info"]["description"] = json!("edited");
    root.write("spec/jasper.openapi.json", &document.to_string());
    let run = root.run(&CHECK);
    assert_eq!(run.status, 1);
    assert_eq!(run.codes(), ["snapshot-not-canonical", "provenance-disagrees", "check-failed"]);
}

#[test]
fn a_provenance_that_disagrees_is_found() {
    let root = Root::new("provenance");
    let mut provenance = root.provenance();
    provenance["source"] = json!("https://example.com/openapi?api_token=at_1");
    provenance["repairs"] = json!({"repair-info": 7});
    root.write("spec/jasper.provenance.json", &provenance.to_string());
    let run = root.run(&CHECK);
    let places: Vec<_> =
        run.json().iter().filter(|it| it["severity"] == "error").map(|it| it["pointer"].clone()).collect();
    assert_eq!((run.status, places), (1, vec![json!("/source"), json!("/repairs"), json!("")]));
    assert!(!run.stdout.contains("at_1"));

    // `lock` counts the repairs again.
    assert_eq!(root.run(&["lock", "--check"]).status, 1);
    assert_eq!(root.run(&["lock"]).status, 0);
    assert_eq!(root.provenance()["repairs"]["repair-info"], 2);

    root.write("spec/jasper.provenance.json", "{}");
    assert_eq!(root.run(&CHECK).codes(), ["provenance-invalid", "check-failed"]);
}

#[test]
fn a_stale_overlay_is_found_and_shown() {
    let root = Root::new("stale");
    let overlay = root.read("spec/jasper.overlay.yaml").replacen("'/v1/command'", "'/v1/commands'", 1);
    root.write("spec/jasper.overlay.yaml", &overlay);
    let run = root.run(&["check", "--skip-golden"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.is_empty());
    for said in [
        "error[overlay-unmatched]: `target: $.paths['/v1/commands'].post` matches nothing in the document\n",
        "  --> spec/jasper.overlay.yaml#/actions/1/target (line ",
        "   | $.paths['/v1/commands'].post\n",
        "   = help: correct the target, remove the action",
        "1 error, ",
        "error[check-failed]: the check found 1 problem; see above\n",
    ] {
        assert!(run.stderr.contains(said), "{said}\n{}", run.stderr);
    }
    assert_eq!(root.run(&["lock"]).status, 1);
}

#[test]
fn a_lock_that_lacks_names_is_found_and_extended() {
    let root = Root::new("lock");
    let lock = root.read("spec/jasper.lock.json");
    root.write("spec/jasper.lock.json", "{\"version\": 1, \"operations\": {}, \"types\": {}}\n");
    assert_eq!(root.run(&CHECK).codes(), ["lock-stale", "check-failed"]);
    assert_eq!(root.run(&["lock", "--check"]).status, 1);
    assert_eq!(root.run(&["lock"]).status, 0);
    assert_eq!(root.read("spec/jasper.lock.json"), lock);
}

#[test]
fn notes_are_shown_on_demand() {
    let root = Root::new("notes");
    let quiet = root.run(&["check", "--skip-golden"]).stderr;
    assert!(!quiet.contains("note[") && quiet.contains("notes (shown with --notes)"), "{quiet}");
    let loud = root.run(&["check", "--skip-golden", "--notes"]).stderr;
    assert!(
        loud.contains("note[repair-info]: `info.title` is missing; it is read as `jasper`\n  --> spec/jasper.openapi.json (line 1, column 1)\n"),
        "{loud}"
    );
}

#[test]
fn a_missing_provider_is_said() {
    let root = Root::new("missing");
    let run = root.run(&["check", "--skip-golden", "--provider", "notion"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("= help: run `cargo xtask fetch --provider notion`"), "{run:?}");
}

#[test]
fn colours_are_given_up_for_those_who_do_not_want_them() {
    let root = Root::new("colours");
    root.write("spec/jasper.provenance.json", "{}");
    let command = ["check", "--skip-golden"];
    let forced = ("CLICOLOR_FORCE", "1");
    assert!(root.run_with(&[forced], &command).stderr.contains("\u{1b}[1m"));
    assert!(!root.run_with(&[forced, ("NO_COLOR", "1")], &command).stderr.contains('\u{1b}'));
    assert!(!root.run(&command).stderr.contains('\u{1b}'));
    let json = [command.as_slice(), &["--message-format", "json"]].concat();
    assert!(!root.run_with(&[forced], &json).stdout.contains('\u{1b}'));
}
