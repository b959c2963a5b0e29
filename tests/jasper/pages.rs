//! Lists: all pages, selections, and readers that stop early.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::support::{Gateway, TOKEN, jasper, run_at};

fn gateway_with_tones(count: usize) -> Gateway {
    let gateway = Gateway::start();
    for number in 0..count {
        let name = format!("tone {number}");
        let made = run_at(&gateway.base_url(), &["tones", "create", "--name", &name, "--value", "dry"]);
        assert_eq!(made.status, 0, "{made:?}");
    }
    gateway
}

#[test]
fn all_pages_arrive_item_by_item() {
    let gateway = gateway_with_tones(5);
    let ran = run_at(&gateway.base_url(), &["tones", "list", "--all", "--size", "2"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let mut names: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["tone 0", "tone 1", "tone 2", "tone 3", "tone 4"]);
    assert_eq!(gateway.lines().iter().filter(|line| line.starts_with("GET")).count(), 3);
}

#[test]
fn a_selection_is_all_that_is_written() {
    let gateway = gateway_with_tones(2);
    let ran = run_at(&gateway.base_url(), &["tones", "list", "--select", "$.data[*].name", "--output", "jsonl"]);
    let mut lines: Vec<&str> = ran.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, [r#""tone 0""#, r#""tone 1""#], "{ran:?}");
    let ran = run_at(&gateway.base_url(), &["tones", "list", "--all", "--select", "$.data[*].name", "--output", "raw"]);
    let mut lines: Vec<&str> = ran.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["tone 0", "tone 1"], "{ran:?}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let gateway = gateway_with_tones(3);
    let mut command = jasper(&["tones", "list", "--all", "--size", "1"]);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("LOWCODEAPI_BASE_URL", gateway.base_url()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("tone"), "{line}");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
