//! The commands that are not operations.

use std::fs;

use serde_json::Value;

use crate::support::{Gateway, TOKEN, finish, jasper, run, run_at};

#[test]
fn the_demo_calls_every_operation() {
    let ran = run(&["--mock", "demo"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(ran.stdout.lines().last(), Some("19 operations called"), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("  200     ").count(), 19, "{}", ran.stdout);
    assert!(!ran.stdout.contains("at_mock"), "{}", ran.stdout);
}

#[test]
fn the_demo_is_for_programs_too() {
    let ran = run(&["--mock", "demo", "--output", "json", "--select", "$[?@.status == 200].operation"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let operations: Vec<String> = serde_json::from_str(&ran.stdout).unwrap();
    assert!(operations.len() > 10 && operations.contains(&"tones list".to_owned()), "{ran:?}");
}

#[test]
fn the_demo_leaves_the_real_server_alone() {
    let gateway = Gateway::start();
    let ran = run_at(&gateway.base_url(), &["demo"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(!ran.stdout.contains(&gateway.base_url()), "{}", ran.stdout);
}

#[test]
fn the_doctor_tells_what_answers() {
    let gateway = Gateway::start();
    let ran = run_at(&gateway.base_url(), &["doctor"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["base_url"], gateway.base_url());
    assert_eq!(report["base_url_from"], "environment variable LOWCODEAPI_BASE_URL");
    assert_eq!(report["token_from"], "environment variable LOWCODEAPI_TOKEN");
    assert_eq!((&report["status"], &report["url_format"]), (&200.into(), &"new".into()));
}

#[test]
fn the_doctor_reports_what_does_not_answer() {
    let mut command = jasper(&["doctor", "--base-url", "http://127.0.0.1:9", "--retries", "0"]);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("NO_PROXY", "secret.example");
    let ran = finish(command, None);
    assert_eq!(ran.status, 8, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["answers"], &report["status"]), (&false.into(), &Value::Null));
    assert_eq!(report["proxy_variables"], serde_json::json!(["NO_PROXY"]));
    assert!(!ran.stdout.contains("secret.example"), "{}", ran.stdout);
    let ran = run(&["doctor"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    assert!(ran.stdout.contains("https://api.lowcodeapi.com/jasper"), "{ran:?}");
}

#[test]
fn the_status_of_the_token_is_its_source() {
    let ran = run_at("https://a.example/jasper", &["auth", "status"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, &report["token_from"]), (0, &"environment variable LOWCODEAPI_TOKEN".into()));
    let ran = run(&["auth", "status"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    assert!(ran.stderr.contains("LOWCODEAPI_TOKEN") && ran.stderr.contains("--token-file"), "{ran:?}");
}

#[cfg(not(feature = "keychain"))]
#[test]
fn without_a_keychain_the_other_ways_are_told() {
    for action in ["login", "logout"] {
        let ran = run(&["auth", action]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("LOWCODEAPI_TOKEN") && ran.stderr.contains("--token-file"), "{ran:?}");
    }
}

#[test]
fn the_page_for_agents_is_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("SKILL.md");
    let ran = run(&["skill", "--out", file.to_str().unwrap()]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let page = fs::read_to_string(&file).unwrap();
    assert_eq!(page, run(&["skill"]).stdout);
    assert_eq!(page.matches("\n### jasper ").count(), 19);
    // Both URL formats are shown.
    assert!(page.contains("/v1/knowledge/KNOWLEDGE_ID?api_token="), "{page}");
    assert!(page.contains("/v1/knowledge/knowledge_id?knowledge_id=KNOWLEDGE_ID&api_token="), "{page}");
    let one = run(&["skill", "--group", "tones"]).stdout;
    assert_eq!(one.matches("\n### jasper tones ").count(), one.matches("\n### ").count());
}

#[cfg(feature = "mcp")]
#[test]
fn the_configuration_of_hosts_has_the_options_that_stand_beside_it() {
    let arguments =
        ["--url-format", "old", "--timeout", "90s", "--retries", "1", "mcp", "--print-config", "-o", "json"];
    let ran = run(&arguments);
    let hosts: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let content: serde_json::Value = serde_json::from_str(hosts[0]["content"].as_str().unwrap()).unwrap();
    let expected = serde_json::json!(["--url-format", "old", "--timeout", "90000ms", "--retries", "1", "mcp"]);
    assert_eq!(content["mcpServers"]["jasper"]["args"], expected, "{ran:?}");
}
