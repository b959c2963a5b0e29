//! The workflows: what they run is pinned, and nothing of upstream's is compiled where something can be written.

use std::fs;

use serde_json::Value;

use crate::support::checkout;

/// Each job of each workflow, by its name.
fn jobs() -> Vec<(String, Value)> {
    let mut jobs = Vec::new();
    for entry in fs::read_dir(checkout().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let workflow: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let default = &workflow["permissions"];
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let mut job = job.clone();
            if job.get("permissions").is_none() {
                job["permissions"] = default.clone();
            }
            jobs.push((format!("{}: {name}", path.display()), job));
        }
    }
    assert!(jobs.len() > 3);
    jobs
}

#[test]
fn actions_are_pinned_by_their_hash() {
    for (name, job) in jobs() {
        for step in job["steps"].as_array().unwrap() {
            let Some(action) = step["uses"].as_str() else { continue };
            let hash = action.split_once('@').map_or("", |(_, hash)| hash);
            assert!(hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{name}: {action}");
        }
    }
}

#[test]
fn nothing_is_compiled_where_something_can_be_written() {
    for (name, job) in jobs() {
        assert!(job["permissions"].is_object(), "{name} says what it may do");
        let can_write = job["permissions"].to_string().contains("write");
        let script = job["steps"].to_string();
        assert!(!can_write || !["cargo", "rustup", "rustc"].iter().any(|it| script.contains(it)), "{name}");
        assert!(can_write || script.contains("\"persist-credentials\":false"), "{name} keeps no token");
    }
}
