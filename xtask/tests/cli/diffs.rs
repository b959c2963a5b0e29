//! What `diff` compares, and how it reports.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Root, snapshot};

/// A root with its files in a commit, and a changed snapshot in the checkout: an input is no longer required.
fn committed(test: &str) -> Root {
    let root = Root::new(test);
    root.write("Cargo.toml", "[workspace.package]\nversion = \"0.4.1\"\n");
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "Snapshot"], &["tag", "v0.4.1"]] {
        let git = Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(&root.0)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .status();
        assert!(git.unwrap().success(), "{arguments:?}");
    }
    root.write("spec/jasper.openapi.json", &changed().to_string());
    root
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
fn each_format_has_what_its_readers_need() {
    let root = committed("diff-formats");
    let shown = |format: &str| root.run(&["diff", "--format", format]).stdout;
    let sarif: Value = serde_json::from_str(&shown("sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("input-optional"), &json!("error")));
    assert_eq!(result["partialFingerprints"]["entry/v1"].as_str().unwrap().len(), 16);
    assert!(shown("github").starts_with(
        "::error file=jasper.openapi.json,title=Client%3A%3Aapply_style(content) (input-optional)::Upstream no longer"
    ));
    assert!(
        shown("markdown")
            .contains("\n## Code no longer compiles\n\n- **`Client::apply_style(content)`** (input-optional): ")
    );
    assert!(shown("text").contains("\n    - client.apply_style(\"style_id\", \"content\").await?\n    + client."));
}
