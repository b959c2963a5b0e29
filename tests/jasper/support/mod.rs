//! Runs the program.

mod server;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

pub(crate) use self::server::{Answer, Gateway, Server};

/// A token that no other text contains.
pub(crate) const TOKEN: &str = "at_test_0123456789abcdef";

/// What the program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program without the environment of this test, except what programs need to start.
pub(crate) fn jasper(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jasper"));
    command.args(arguments).env_clear().envs(
        std::env::vars_os().filter(|(name, _)| {
            ["PATH", "SYSTEMROOT", "TEMP", "TMP"].iter().any(|kept| name.eq_ignore_ascii_case(kept))
        }),
    );
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program with these arguments.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    finish(jasper(arguments), None)
}

/// Runs the program against a server, with a token.
pub(crate) fn run_at(base_url: &str, arguments: &[&str]) -> Ran {
    let mut command = jasper(arguments);
    command.env("LOWCODEAPI_TOKEN", TOKEN).env("LOWCODEAPI_BASE_URL", base_url);
    finish(command, None)
}

/// Runs the program, and writes its standard input.
pub(crate) fn finish(mut command: Command, input: Option<&str>) -> Ran {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().unwrap();
    if let Some(input) = input {
        // The program may end before it has read all of it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { status: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
