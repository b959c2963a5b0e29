//! Agents: a session of the Python SDK of the Model Context Protocol.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::{Value, json};

use crate::support::{Gateway, TOKEN};

const SESSION: &str = include_str!("session.py");

/// Returns the Python that has the SDK: `MCP_PYTHON`, or `python3`.
fn python() -> Option<String> {
    let python = std::env::var("MCP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let check = "import mcp.client.stdio, importlib.metadata as m; assert int(m.version('mcp').split('.')[0]) >= 2";
    let found = Command::new(&python).args(["-c", check]).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success()).then_some(python)
}

/// Starts a server that never answers. It tells when a request arrives, and when its client goes.
fn silent() -> (String, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/jasper", listener.local_addr().unwrap());
    let (sender, events) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).unwrap() > 0);
        sender.send(()).unwrap();
        while matches!(stream.read(&mut buffer), Ok(length) if length > 0) {}
        sender.send(()).unwrap();
    });
    (base_url, events)
}

/// Runs the session, and returns what the SDK saw.
fn session(python: &str, gateway: &Gateway) -> Vec<Value> {
    let (silent, events) = silent();
    let mut child = Command::new(python)
        .args(["-c", SESSION, env!("CARGO_BIN_EXE_jasper"), &gateway.base_url(), &silent])
        .env("LOWCODEAPI_TOKEN", TOKEN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let told = thread::spawn(move || {
        // The request has arrived: cancel it. The connection has gone: go on.
        while events.recv().is_ok() {
            writeln!(input).unwrap();
        }
    });
    let output = BufReader::new(child.stdout.take().unwrap());
    let seen: Vec<Value> = output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert!(child.wait().unwrap().success(), "{seen:?}");
    told.join().unwrap();
    seen
}

#[test]
fn the_python_sdk_lists_calls_and_cancels() {
    let Some(python) = python() else {
        eprintln!("skipped: Python has no package `mcp` of version 2 or later; set MCP_PYTHON to one that has");
        return;
    };
    let gateway = Gateway::start();
    let seen = session(&python, &gateway);
    let of = |what: &str| seen.iter().filter(|it| it["what"] == what).collect::<Vec<_>>();
    let called = |name: &str| of("called").into_iter().filter(|it| it["name"] == name).collect::<Vec<_>>();

    assert_eq!(of("initialized")[0]["name"], "jasper");
    let tools = of("tool");
    assert_eq!(tools.len(), 20);
    let list = tools.iter().find(|it| it["name"] == "list_tones").unwrap();
    assert_eq!((&list["read_only"], &list["has_result"]), (&json!(true), &json!(true)));

    assert!(called("create_tone").iter().all(|it| it["error"] == false));
    let parts = [called("list_tones"), called("continue_result")].concat();
    assert!(parts.len() > 2, "the list is long enough to be continued");
    let names: Vec<&str> = parts
        .iter()
        .flat_map(|part| part["result"]["result"]["data"].as_array().unwrap())
        .map(|tone| tone["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 12);
    assert!((0..12).all(|number| names.contains(&format!("Tone {number}").as_str())), "{names:?}");

    assert_eq!(called("create_knowledge")[0]["error"], false);
    assert_eq!(called("delete_tone")[0]["error"], false);
    let failed = called("get_tone");
    assert!(failed.iter().all(|it| it["error"] == true));
    assert!(failed[0]["text"][0].as_str().unwrap().contains("\"status\":404"), "{failed:?}");
    assert!(failed[1]["text"][0].as_str().unwrap().contains("`token` is not an input"), "{failed:?}");

    assert_eq!(of("cancelled").len(), 1);
    assert_eq!(of("alive")[0]["tools"], 20);
    assert!(!format!("{seen:?}").contains(TOKEN));
}
