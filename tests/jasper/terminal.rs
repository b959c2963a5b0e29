//! What the program does at a terminal.

use std::process::Command;

use rexpect::{
    process::WaitStatus,
    session::{PtySession, spawn_command},
};

use crate::support::{Gateway, TOKEN, jasper};

/// Runs the program at a terminal of its own.
fn at_terminal(gateway: &Gateway, arguments: &[&str]) -> PtySession {
    let mut command = plain(gateway, arguments);
    command.env("LOWCODEAPI_TOKEN", TOKEN);
    spawn_command(command, Some(20_000)).unwrap()
}

fn plain(gateway: &Gateway, arguments: &[&str]) -> Command {
    let given = jasper(arguments);
    // The terminal takes the place of the streams that are set.
    let mut command = Command::new(given.get_program());
    command.args(given.get_args()).env_clear().env("TERM", "xterm-256color");
    command.env("LOWCODEAPI_BASE_URL", gateway.base_url());
    command
}

/// The rest of the output, and the exit status.
fn ended(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().unwrap();
    let ended = session.process().wait().unwrap();
    // A signal that ends the program is no exit status.
    let status = if let WaitStatus::Exited(_, status) = ended { status } else { -1 };
    (rest, status)
}

#[test]
fn a_terminal_gets_a_table_and_anything_else_json() {
    let gateway = Gateway::start();
    let (made, status) = ended(at_terminal(&gateway, &["tones", "create", "--name", "Dry", "--value", "v"]));
    assert_eq!(status, 0, "{made}");
    assert!(made.contains("Dry") && !made.contains('{'), "{made}");
    let (listed, status) = ended(at_terminal(&gateway, &["tones", "list"]));
    assert_eq!(status, 0, "{listed}");
    assert!(listed.contains("ton_1") && !listed.contains('{') && listed.contains('\u{1b}'), "{listed}");
    let mut command = plain(&gateway, &["tones", "list"]);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("NO_COLOR", "1");
    let (listed, _) = ended(spawn_command(command, Some(20_000)).unwrap());
    assert!(listed.contains("ton_1") && !listed.contains("\u{1b}[3"), "{listed}");
}

#[test]
fn a_deletion_asks_first() {
    let gateway = Gateway::start();
    let made = crate::support::run_at(&gateway.base_url(), &["tones", "create", "--name", "Dry", "--value", "v"]);
    assert_eq!(made.status, 0);
    let mut session = at_terminal(&gateway, &["tones", "delete", "ton_1"]);
    session.exp_string("ton_1").unwrap();
    session.send_line("n").unwrap();
    let (said, status) = ended(session);
    assert_eq!(status, 11, "{said}");
    assert!(gateway.lines().iter().all(|line| !line.starts_with("DELETE")));
    let mut session = at_terminal(&gateway, &["tones", "delete", "ton_1"]);
    session.exp_string("ton_1").unwrap();
    session.send_line("y").unwrap();
    let (said, status) = ended(session);
    assert_eq!(status, 0, "{said}");
    assert_eq!(gateway.lines().last().map(String::as_str), Some("DELETE /jasper/v1/tones/ton_1"));
}

#[test]
fn a_missing_token_is_asked_for_and_not_shown() {
    let gateway = Gateway::start();
    let mut session = spawn_command(plain(&gateway, &["tones", "list"]), Some(20_000)).unwrap();
    session.exp_string(":").unwrap();
    session.send_line(TOKEN).unwrap();
    let (said, status) = ended(session);
    assert_eq!(status, 0, "{said}");
    assert!(!said.contains(TOKEN), "{said}");
}

#[test]
fn a_picture_is_not_written_to_a_terminal() {
    let gateway = Gateway::start();
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/generated-client/examples/rabbit.png");
    let (said, status) = ended(at_terminal(&gateway, &["image", "remove-background", "--image-file", picture]));
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("--to"), "{said}");
    assert!(gateway.lines().is_empty());
}

#[test]
fn ctrl_c_ends_a_question() {
    let gateway = Gateway::start();
    let mut session = at_terminal(&gateway, &["tones", "delete", "ton_1"]);
    session.exp_string("[y/N]").unwrap();
    session.send_control('c').unwrap();
    let (said, status) = ended(session);
    assert_eq!(status, 130, "{said}");
    assert!(said.contains("the call was not sent"), "{said}");
    assert!(gateway.lines().is_empty());
}

/// The prompt hides what is typed, which must not outlast it.
#[test]
fn a_signal_at_the_prompt_leaves_the_terminal_as_it_was() {
    const SCRIPT: &str = r#"trap : INT
before=$(stty -g)
sh -c 'echo "id=$$."; exec "$0" "$@"' "$0" "$@"
echo "status=$?."
[ "$before" = "$(stty -g)" ] && echo unchanged"#;
    let gateway = Gateway::start();
    for (is_key, expected) in [(true, "status=130."), (false, "status=143.")] {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, env!("CARGO_BIN_EXE_jasper"), "tones", "list"]).env_clear();
        shell.env("LOWCODEAPI_BASE_URL", gateway.base_url()).env("TERM", "xterm-256color");
        shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut session = spawn_command(shell, Some(20_000)).unwrap();
        session.exp_string("id=").unwrap();
        let id = session.exp_string(".").unwrap();
        session.exp_string("Token for").unwrap();
        // The terminal is changed after the question is written.
        std::thread::sleep(std::time::Duration::from_millis(300));
        if is_key {
            session.send_control('c').unwrap();
        } else {
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        }
        let (said, status) = ended(session);
        assert_eq!(status, 0, "{said}");
        assert!(said.contains(expected) && said.contains("unchanged"), "{said}");
    }
}
