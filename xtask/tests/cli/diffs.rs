//! What `diff` compares, and how it reports.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::support::{Root, checkout, snapshot};

/// A root with its files in a commit, and a changed snapshot in the checkout: an input is no longer required.
fn committed(test: &str) -> Root {
    let root = Root::new(test);
    root.write("Cargo.toml", "[workspace.package]\nversion = \"0.4.1\"\n");
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "Snapshot"], &["tag", "v0.4.1"]] {
        git(&root, arguments);
    }
    root.write("spec/jasper.openapi.json", &changed().to_string());
    root
}

fn git(root: &Root, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(&root.0)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status();
    assert!(status.unwrap().success(), "{arguments:?}");
}

fn changed() -> Value {
    let mut document = snapshot();
    let apply = &mut document["paths"]["/v1/styles/style_id/apply"]["post"]["requestBody"]["content"];
    apply["application/json"]["schema"]["properties"]["content"].as_object_mut().unwrap().remove("required");
    document
}

fn report(root: &Root, arguments: &[&str]) -> Value {
    let run = root.run(&[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(run.status, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

fn rules(report: &Value) -> Vec<&str> {
    report["entries"].as_array().unwrap().iter().map(|entry| entry["rule"].as_str().unwrap()).collect()
}

#[test]
fn the_committed_snapshot_is_compared_with_that_of_the_checkout() {
    let root = committed("diff-default");
    let by_default = report(&root, &[]);
    assert_eq!(rules(&by_default), ["input-optional"]);
    assert_eq!(by_default["verdict"]["versions"], json!({"present": "0.4.1", "next": "0.5.0"}));
    assert_eq!(by_default["verdict"]["because"], by_default["entries"][0]["fingerprint"]);
    // The same documents, called otherwise.
    for arguments in [&["v0.4.1"][..], &["v0.4.1", "spec/jasper.openapi.json"], &["HEAD:spec/jasper.openapi.json"]] {
        assert_eq!(report(&root, arguments)["entries"], by_default["entries"], "{arguments:?}");
    }
    assert_eq!(rules(&report(&root, &["HEAD", "v0.4.1"])), <[&str; 0]>::default());
    let unknown = root.run(&["diff", "v9"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("v9 is no file, no folder, no address"), "{unknown:?}");
}

#[test]
fn a_copy_of_a_snapshot_has_the_overlay_and_the_lock_of_the_checkout() {
    // Git makes such copies for its tools.
    let root = committed("diff-copies");
    root.write("copies/a/jasper.openapi.json", &snapshot().to_string());
    root.write("copies/b/jasper.openapi.json", &changed().to_string());
    let files = report(&root, &["copies/a/jasper.openapi.json", "copies/b/jasper.openapi.json"]);
    assert_eq!(rules(&files), ["input-optional"]);
    assert_eq!(report(&root, &["copies/a", "copies/b"])["entries"], files["entries"]);
    let none = root.run(&["diff", "copies", "copies/b"]);
    assert!(none.status == 2 && none.stderr.contains("copies has 0 files called"), "{none:?}");
}

#[test]
fn documents_of_several_files_are_compared() {
    let root = Root::new("diff-files");
    let document = |path: &str| {
        let schema = json!({"$ref": format!("{path}#/Thing")});
        json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://a.example"}],
            "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "It.",
                "content": {"application/json": {"schema": schema}}}}}}}})
    };
    for (side, ty) in [("old", "string"), ("new", "integer")] {
        root.write(&format!("{side}/openapi.json"), &document("parts.json").to_string());
        let parts = json!({"Thing": {"type": "object", "properties": {"a": {"type": ty}}}});
        root.write(&format!("{side}/parts.json"), &parts.to_string());
    }
    let found = report(&root, &["old", "new"]);
    assert_eq!(rules(&found), ["field-type"]);
    assert_eq!(found["entries"][0]["item"], "types::Thing::a");
}

#[test]
fn accepted_changes_do_not_fail_until_they_expire() {
    let root = committed("diff-accepted");
    let fails = root.run(&["diff", "--fail-on", "major"]);
    assert!(fails.status == 1 && fails.stderr.contains("error[changes-refused]"), "{fails:?}");
    assert_eq!(root.run(&["diff", "HEAD", "HEAD", "--fail-on", "patch"]).status, 0);
    let fingerprint = report(&root, &[])["entries"][0]["fingerprint"].as_str().unwrap().to_owned();
    let accept = |expires: &str| {
        let text = format!(
            "- fingerprint: {fingerprint}\n  reason: Nobody uses it.\n  expires: {expires}\n- {{ fingerprint: gone, reason: Old., expires: 2999-01-01 }}\n"
        );
        root.write("spec/jasper.accepted.yaml", &text);
    };
    accept("2999-01-01");
    let run = root.run(&["diff", "--fail-on", "major", "--notes"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("accepted: Nobody uses it."), "{}", run.stdout);
    assert!(run.stdout.contains("verdict: major (0.4.1 to 0.5.0)"), "{}", run.stdout);
    assert!(run.stderr.contains("note[accepted-unused]"), "{}", run.stderr);
    accept("2020-01-01");
    let run = root.run(&["diff"]);
    assert!(run.status == 1 && run.stderr.contains("error[accepted-expired]"), "{run:?}");
    root.write("spec/jasper.accepted.yaml", "- fingerprint: 1\n");
    let run = root.run(&["diff"]);
    assert!(run.status == 1 && run.stderr.contains("error[accepted-malformed]"), "{run:?}");
}

#[test]
fn a_fingerprint_stays_when_other_things_change() {
    let root = committed("diff-fingerprints");
    let before = report(&root, &[])["entries"][0]["fingerprint"].clone();
    let mut document = changed();
    let apply = &mut document["paths"]["/v1/styles/style_id/apply"]["post"];
    apply["summary"] = json!("Reworded");
    apply["requestBody"]["content"]["application/json"]["schema"]["properties"]["more"] =
        json!({"type": "string", "required": true});
    root.write("spec/jasper.openapi.json", &document.to_string());
    let after = report(&root, &[]);
    assert!(after["entries"].as_array().unwrap().len() > 2);
    let entry = after["entries"].as_array().unwrap().iter().find(|entry| entry["rule"] == "input-optional").unwrap();
    assert_eq!(entry["fingerprint"], before);
}

#[test]
fn the_documentation_shows_an_example() {
    let root = Root::new("diff-example");
    let text = fs::read_to_string(checkout().join("xtask/tests/pairs/example.yaml")).unwrap();
    let pair: Value = serde_yaml::from_str(&text).unwrap();
    for side in ["old", "new"] {
        root.write(&format!("{side}.yaml"), &pair[side].to_string());
    }
    let run = root.run(&["diff", "old.yaml", "new.yaml", "--version", "1.2.3"]);
    let page = fs::read_to_string(checkout().join("docs/changes.md")).unwrap();
    assert!(page.contains(&format!("```text\n{}```\n", run.stdout)), "{}", run.stdout);
}

#[test]
fn each_format_has_what_its_readers_need() {
    let root = committed("diff-formats");
    let shown = |format: &str| root.run(&["diff", "--format", format]).stdout;
    let sarif: Value = serde_json::from_str(&shown("sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("input-optional"), &json!("error")));
    assert_eq!(result["partialFingerprints"]["entry/v1"].as_str().unwrap().len(), 16);
    assert!(shown("github").starts_with(
        "::error file=spec/jasper.openapi.json,title=Client%3A%3Aapply_style(content) (input-optional)::Upstream no longer"
    ));
    assert!(
        shown("markdown")
            .contains("\n## Code no longer compiles\n\n- **`Client::apply_style(content)`** (input-optional): ")
    );
    assert!(shown("text").contains("\n    - client.apply_style(\"style_id\", \"content\").await?\n    + client."));
}

/// A workspace whose snapshot has changed since its last release.
fn workspace(test: &str) -> Root {
    let root = committed(test);
    root.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"client\"]\n\n[workspace.package]\nversion = \"0.4.1\"\nedition = \"2024\"\n",
    );
    root.write(
        "client/Cargo.toml",
        "[package]\nname = \"client\"\nversion.workspace = true\nedition.workspace = true\n",
    );
    root.write("client/src/lib.rs", "");
    root.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Fixed\n\n- A defect.\n\n## 0.4.1 - 2026-01-01\n");
    let lock = Command::new(env!("CARGO")).args(["generate-lockfile", "--offline"]).current_dir(&root.0).status();
    assert!(lock.unwrap().success());
    git(&root, &["add", "."]);
    root
}

#[test]
fn a_release_takes_version_and_changelog_from_the_changes() {
    let root = workspace("release");
    let small = root.run(&["release", "--version", "0.4.2"]);
    assert!(small.status == 1 && small.stderr.contains("error[release-too-small]"), "{small:?}");
    assert!(root.read("CHANGELOG.md").contains("## Unreleased\n\n### Fixed\n"), "nothing is written");

    let draft = root.run(&["release", "--draft"]);
    assert_eq!(draft.status, 0, "{draft:?}");
    let text = root.read("CHANGELOG.md");
    let line = "- **Breaking:** `Client::apply_style(content)`: Upstream no longer requires the body property `content` of \
                `POST /v1/styles/{style\\_id}/apply`.";
    let line = line.replace("style\\_id", "style_id");
    assert!(
        text.contains(&format!("## Unreleased\n\n### The API\n\n{line} Write `client.apply_style(\"style_id\")")),
        "{text}"
    );
    assert!(text.contains("\n### Fixed\n\n- A defect.\n\n## 0.4.1"), "{text}");
    // A draft can be made again, and edited.
    assert_eq!(root.run(&["release", "--draft"]).status, 0);
    assert_eq!(root.read("CHANGELOG.md"), text);
    root.write("CHANGELOG.md", &text.replace("- **Breaking:**", "- Ours:"));

    let release = root.run(&["release"]);
    assert_eq!(release.status, 0, "{release:?}");
    assert!(release.stderr.contains("nothing is committed, published or pushed"), "{release:?}");
    let text = root.read("CHANGELOG.md");
    assert!(text.contains("## Unreleased\n\n## 0.5.0 - ") && text.contains("\n- Ours: `Client::apply_style"), "{text}");
    assert!(root.read("Cargo.toml").contains("version = \"0.5.0\""));
    assert!(root.read("Cargo.lock").contains("name = \"client\"\nversion = \"0.5.0\""));
}

#[test]
fn the_commits_since_a_revision_are_one_page() {
    let root = committed("changes");
    git(&root, &["commit", "-qam", "Apply styles without | content"]);
    let mut document = changed();
    document["paths"]["/v1/command"]["post"]["summary"] = json!("Run a command");
    root.write("spec/jasper.openapi.json", &document.to_string());
    git(&root, &["commit", "-qam", "Reword"]);
    let run = root.run(&["changes", "--since", "v0.4.1"]);
    assert_eq!(run.status, 0, "{run:?}");
    let page = run.stdout;
    assert!(page.starts_with("# jasper since `v0.4.1`\n\nVersion: major (0.4.1 to 0.5.0), because of "), "{page}");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), 2, "{page}");
    assert!(rows[0].ends_with(" | Apply styles without \\| content | major | 1 | 0 | 0 | 0 | 0 |"), "{}", rows[0]);
    assert!(rows[1].ends_with(" | Reword | patch | 0 | 0 | 0 | 0 | 1 |"), "{}", rows[1]);
    assert_eq!(
        page.matches("\n## ").count(),
        6,
        "two effects, other places, the table, and a section for each commit: {page}"
    );
    let none = root.run(&["changes", "--since", "HEAD"]);
    assert!(none.status == 0 && none.stdout.is_empty(), "{none:?}");
    assert_eq!(root.run(&["changes", "--since", "v9"]).status, 2);
}

#[test]
fn a_rename_leaves_an_alias_for_one_release() {
    let root = workspace("renames");
    root.write("spec/jasper.openapi.json", &snapshot().to_string());
    let unknown = root.run(&["lock", "--rename", "create_tune=add_tone"]);
    assert!(unknown.status == 1 && unknown.stderr.contains("error[name-unknown]"), "{unknown:?}");
    let run = root.run(&["lock", "--rename", "create_tone=add_tone", "--rename", "types::Tone=Voice"]);
    assert_eq!(run.status, 0, "{run:?}");
    let renamed = report(&root, &[]);
    assert_eq!(rules(&renamed), ["operation-aliased", "type-aliased"]);
    assert_eq!(renamed["verdict"]["versions"]["next"], "0.4.2");
    // Callers have had the aliases of 0.4.2 when 0.5.0 is made.
    git(&root, &["commit", "-qam", "Rename"]);
    let release = root.run(&["release"]);
    assert_eq!(release.status, 0, "{release:?}");
    assert!(root.read("spec/jasper.lock.json").contains("\"was\": \"create_tone\""));
    git(&root, &["commit", "-qam", "Release"]);
    git(&root, &["tag", "v0.4.2"]);
    let release = root.run(&["release", "--version", "0.5.0"]);
    assert_eq!(release.status, 0, "{release:?}");
    assert!(release.stderr.contains("names that were deprecated in the last release are gone"), "{release:?}");
    let lock = root.read("spec/jasper.lock.json");
    assert!(!lock.contains("\"was\"") && lock.contains("\"add_tone\""));
}
