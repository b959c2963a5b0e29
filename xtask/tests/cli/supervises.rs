//! Programs that end in every way, each within bounds.

use serde_json::Value;

use crate::support::{Root, Run};

/// Runs a shell's script with a bound of one second and some memory.
fn supervise(test: &str, mebibytes: &str, script: &str) -> (Run, Value) {
    let root = Root::new(test);
    let bounds = ["supervise", "--seconds", "1", "--mebibytes", mebibytes, "--outcome", "outcome.json"];
    let run = root.run(&[bounds.as_slice(), &["--", "sh", "-c", script]].concat());
    let outcome = serde_json::from_str(&root.read("outcome.json")).unwrap();
    (run, outcome)
}

#[test]
fn a_program_that_succeeds_or_fails() {
    let (run, outcome) = supervise("supervise-succeeds", "1024", "echo hello");
    assert_eq!((run.status, run.stdout.as_str()), (0, "hello\n"));
    assert_eq!((&outcome["success"], &outcome["end"]), (&true.into(), &"exit status: 0".into()));
    let (run, outcome) = supervise("supervise-fails", "1024", "exit 7");
    assert_eq!((run.status, &outcome["success"], &outcome["end"]), (0, &false.into(), &"exit status: 7".into()));
}

#[test]
fn a_program_that_is_killed() {
    let (_, outcome) = supervise("supervise-killed", "1024", "kill -9 $$");
    assert_eq!((&outcome["success"], &outcome["end"]), (&false.into(), &"signal: 9 (SIGKILL)".into()));
}

#[test]
fn a_program_that_hangs() {
    let (_, outcome) = supervise("supervise-hangs", "1024", "exec sleep 60");
    assert_eq!((&outcome["success"], &outcome["end"]), (&false.into(), &"the program did not end within 1 s".into()));
}

#[test]
fn a_program_that_takes_all_memory() {
    // `tail` keeps a line until it has the whole of it, and this one has no end.
    let (run, outcome) = supervise("supervise-memory", "64", "exec tail -n 1 /dev/zero");
    assert_eq!(outcome["success"], Value::from(false));
    assert!(!outcome["end"].as_str().unwrap().contains("not done"), "{outcome} {run:?}");
    assert!(outcome["peak_mb"].as_f64().unwrap() < 64.0, "{outcome}");
}

#[test]
fn what_a_program_uses_is_measured() {
    let (_, idle) = supervise("supervise-idle", "1024", "exec sleep 0.2");
    let (_, busy) = supervise("supervise-busy", "1024", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    assert!(busy["cpu_s"].as_f64().unwrap() > idle["cpu_s"].as_f64().unwrap(), "{busy} {idle}");
    assert!(idle["peak_mb"].as_f64().unwrap() > 0.1, "{idle}");
}
