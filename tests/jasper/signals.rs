//! Signals cancel the call, and the program says whether it may have been processed.
#![cfg(unix)]

use std::{fs, os::unix::process::ExitStatusExt as _, process::Command};

use crate::support::{Answer, Server, TOKEN, jasper};

/// Starts a call, sends a signal once the server has the request, and returns exit status and standard error.
fn interrupted(signal: &str, answer: Answer, arguments: &[&str]) -> (Option<i32>, String) {
    let server = Server::start(answer);
    let mut command = jasper(arguments);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("LOWCODEAPI_BASE_URL", &server.base_url);
    let child = command.spawn().unwrap();
    server.wait_for_request();
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), None);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_signal_cancels_and_tells_what_may_have_happened() {
    let silent = || Answer::Pause(Vec::new());
    let create = ["tones", "create", "--name", "n", "--value", "v"];
    let (status, said) = interrupted("-INT", silent(), &create);
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("may have been processed"), "{said}");
    let (status, said) = interrupted("-TERM", silent(), &["tones", "list"]);
    assert_eq!(status, Some(143), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
}

#[test]
fn a_signal_leaves_no_part_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("cut.png");
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/generated-client/examples/rabbit.png");
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1000\r\n\r\n\x7fpart";
    let arguments = ["image", "remove-background", "--image-file", picture, "--to", to.to_str().unwrap()];
    let (status, said) = interrupted("-INT", Answer::Pause(head.as_bytes().to_vec()), &arguments);
    assert_eq!(status, Some(130), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
