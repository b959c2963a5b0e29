//! The token is in nothing that the program writes, whatever a server echoes.

use std::fs;

use crate::support::{Gateway, Server, TOKEN, finish, jasper, run_at};

#[test]
fn no_output_has_the_token() {
    let gateway = Gateway::start();
    for arguments in [
        &["tones", "list", "-vv"][..],
        &["tones", "list", "--dry-run"],
        &["knowledge", "create", "--name", "n", "--file", "Cargo.toml", "--dry-run", "-vv"],
        &["tones", "get", "ton_none", "-vv"],
        &["tones", "get", "ton_none", "--error-format", "json"],
        &["doctor"],
        &["doctor", "--output", "json"],
        &["auth", "status"],
        &["skill"],
        &["mcp", "--print-config"],
        &["mcp", "--budget"],
    ] {
        let ran = run_at(&gateway.base_url(), arguments);
        assert!(!ran.stdout.contains(TOKEN) && !ran.stderr.contains(TOKEN), "{arguments:?}: {ran:?}");
        assert!(!ran.stdout.is_empty() || !ran.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_a_server_echoes_is_redacted() {
    let body = format!(r#"{{"message": "the token {TOKEN} is bad", "error": {{"message": "{TOKEN}"}}}}"#);
    let server = Server::answering("400 Bad Request", "content-type: application/json\r\n", body.as_bytes());
    for arguments in [&["tones", "list"][..], &["tones", "list", "--error-format", "json"], &["tones", "list", "-vv"]] {
        let ran = run_at(&server.base_url, arguments);
        assert_eq!(ran.status, 5, "{ran:?}");
        assert!(!ran.stderr.contains(TOKEN), "{ran:?}");
    }
}

#[test]
fn the_token_is_read_from_a_file_or_from_standard_input_and_never_from_an_argument() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let arguments = ["tones", "list", "--token-file", file.to_str().unwrap()];
    let mut command = jasper(&arguments);
    command.env("LOWCODEAPI_BASE_URL", gateway.base_url());
    let ran = finish(command, None);
    assert_eq!(ran.status, 0, "{ran:?}");
    let mut command = jasper(&["tones", "list", "--token-file", "-"]);
    command.env("LOWCODEAPI_BASE_URL", gateway.base_url());
    let ran = finish(command, Some(&format!("{TOKEN}\n")));
    assert_eq!(ran.status, 0, "{ran:?}");
    let ran = run_at(&gateway.base_url(), &["tones", "list", "--token", TOKEN]);
    assert_eq!(ran.status, 2, "{ran:?}");
}

/// What other users of the machine see of a running program.
#[test]
#[cfg(target_os = "linux")]
fn the_process_list_does_not_show_the_token() {
    use crate::support::Answer;

    let silent = Server::start(Answer::Pause(Vec::new()));
    let mut command = jasper(&["tones", "list"]);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("LOWCODEAPI_BASE_URL", &silent.base_url);
    let mut child = command.spawn().unwrap();
    silent.wait_for_request();
    let shown = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(shown.starts_with(env!("CARGO_BIN_EXE_jasper").as_bytes()));
    assert!(!String::from_utf8_lossy(&shown).contains(TOKEN));
}

#[test]
fn dot_env_files_are_not_read() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), format!("LOWCODEAPI_TOKEN={TOKEN}\n")).unwrap();
    let mut command = jasper(&["tones", "list"]);
    command.env("LOWCODEAPI_BASE_URL", gateway.base_url()).current_dir(folder.path());
    assert_eq!(finish(command, None).status, 3);
    assert!(gateway.lines().is_empty());
}
