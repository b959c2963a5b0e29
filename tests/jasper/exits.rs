//! Each class of failure has its exit status, and says what happened in one block or one JSON object.

use std::net::TcpListener;

use serde_json::Value;

use crate::support::{Answer, Gateway, Ran, Server, TOKEN, finish, jasper, run, run_at};

/// Asserts the exit status, that nothing is on standard output, and that standard error says this.
fn assert_fails(ran: &Ran, status: i32, said: &str) {
    assert_eq!(ran.status, status, "{ran:?}");
    assert_eq!(ran.stdout, "", "{ran:?}");
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(said), "{ran:?}");
}

#[test]
fn a_mistake_in_the_command_line_is_2_and_nothing_is_sent() {
    let gateway = Gateway::start();
    let at = |arguments: &[&str]| run_at(&gateway.base_url(), arguments);
    assert_fails(&at(&["tones", "lst"]), 2, "lst");
    assert_fails(&at(&["tones", "list", "--pages", "1"]), 2, "--pages");
    assert_fails(&at(&["tones", "list", "--page", "one"]), 2, "one");
    assert_fails(&at(&["tones", "get"]), 2, "tone-id");
    assert_fails(&at(&["tones", "create", "--body", r#"{"name": "n", "value": "v", "colour": "blue"}"#]), 2, "colour");
    assert_fails(&at(&["tones", "list", "--select", "$["]), 2, "--select");
    assert_fails(&at(&["tones", "delete", "ton_1"]), 2, "--yes");
    assert_eq!(gateway.lines(), Vec::<String>::new());
}

#[test]
fn a_missing_or_refused_token_is_3() {
    assert_fails(&run(&["tones", "list"]), 3, "LOWCODEAPI_TOKEN");
    let gateway = Gateway::start();
    let mut command = jasper(&["tones", "list"]);
    command.env("LOWCODEAPI_TOKEN", "at_wrong_0123456789").env("LOWCODEAPI_BASE_URL", gateway.base_url());
    let ran = finish(command, None);
    assert_fails(&ran, 3, "status: 401");
    assert!(!ran.stderr.contains("at_wrong"), "{ran:?}");
}

#[test]
fn answers_of_the_server_have_a_status_by_their_class() {
    let gateway = Gateway::start();
    let at = |arguments: &[&str]| run_at(&gateway.base_url(), arguments);
    assert_fails(&at(&["tones", "get", "ton_none"]), 4, "404");
    for (status, expected) in [(422, 5), (409, 5), (429, 6), (500, 7)] {
        gateway.fail_next(status, "out of order");
        assert_fails(
            &at(&["tones", "create", "--name", "n", "--value", "v", "--retries", "0"]),
            expected,
            "out of order",
        );
    }
    let html = Server::answering("200 OK", "content-type: text/html\r\n", b"<html>hello</html>");
    assert_fails(&run_at(&html.base_url, &["tones", "get", "ton_1"]), 1, "expected");
}

#[test]
fn no_answer_is_8_and_a_late_one_9() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = run_at(&format!("http://{closed}/jasper"), &["tones", "list", "--retries", "0"]);
    assert_fails(&ran, 8, "may have been processed: no");
    let silent = Server::start(Answer::Pause(Vec::new()));
    let ran = run_at(&silent.base_url, &["tones", "create", "--name", "n", "--value", "v", "--timeout", "1s"]);
    assert_fails(&ran, 9, "may have been processed: yes");
}

#[test]
fn a_file_that_cannot_be_read_is_10() {
    let gateway = Gateway::start();
    let ran = run_at(&gateway.base_url(), &["knowledge", "create", "--name", "n", "--file", "/no/such/file"]);
    assert_fails(&ran, 10, "/no/such/file");
    assert_fails(&run(&["tones", "list", "--token-file", "/no/such/file"]), 10, "/no/such/file");
}

#[test]
fn errors_can_be_json() {
    let gateway = Gateway::start();
    let ran = run_at(&gateway.base_url(), &["tones", "get", "ton_none", "--error-format", "json"]);
    let error: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(
        (ran.status, &error["error"]["class"], &error["error"]["status"]),
        (4, &"not-found".into(), &404.into())
    );
    assert_eq!(error["error"]["exit_status"], 4);
    assert_eq!(error["error"]["may_have_been_processed"], false);
    let ran = run_at(&gateway.base_url(), &["tones", "lst", "--error-format", "json"]);
    let error: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!((ran.status, &error["error"]["class"]), (2, &"usage".into()));
    assert!(!ran.stderr.contains(TOKEN));
}

#[test]
fn the_help_lists_every_status() {
    let help = run(&["help", "exit-codes"]);
    assert_eq!(help.status, 0);
    for status in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130, 143] {
        let listed = help.stdout.lines().any(|line| line.trim_start().starts_with(&format!("{status} ")));
        assert!(listed, "{status} is not in {}", help.stdout);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_10() {
    for arguments in
        [&["--help"][..], &["tones", "list", "--help"], &["help", "exit-codes"], &["tones", "list", "--schema"]]
    {
        let mut command = jasper(arguments);
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        assert_fails(&finish(command, None), 10, "standard output");
    }
}
